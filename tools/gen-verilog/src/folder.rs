//! The folder a core is written to.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use tern_model::file::{self, temporary_beside};

use crate::artifacts::Artifact;
use crate::failure::Failure;

/// `build/NAME`, where NAME is the network's, with what is no plain character in a file name replaced by `-`.
pub fn default_folder(model_name: &str) -> PathBuf {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let name: String = model_name
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect();
    let name = name.trim_start_matches('.');
    Path::new("build").join(if name.is_empty() { "model" } else { name })
}

/// Writes every file to `folder`, which is made if it is missing: all of them, or none when one cannot be written.
///
/// # Errors
/// When the folder or a file in it cannot be written.
pub fn write(folder: &Path, artifacts: &[Artifact]) -> Result<(), Failure> {
    let made = missing_folders(folder);
    stage(folder, artifacts)
        .and_then(|staged| persist(folder, staged))
        .map_err(|error| {
            for folder in made {
                // A folder that could not be made, or that somebody else has used since, stays as it is.
                let _ = std::fs::remove_dir(folder);
            }
            Failure::input(format!(
                "{}: cannot be written: {error}, expected a folder to write to",
                folder.display()
            ))
        })
}

/// Compares the files with those in `folder`.
///
/// # Errors
/// When one differs or is missing; the sentence names the first.
pub fn check(folder: &Path, artifacts: &[Artifact]) -> Result<(), Failure> {
    for artifact in artifacts {
        let path = folder.join(artifact.name);
        let difference = match std::fs::read(&path) {
            Ok(bytes) if bytes == artifact.bytes => continue,
            Ok(bytes) => format!(
                "differs from what is generated now, first in line {}",
                first_line(&bytes, &artifact.bytes)
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => "is missing".to_owned(),
            Err(error) => format!("cannot be read: {error}"),
        };
        return Err(Failure::difference(format!(
            "{} {difference}",
            path.display()
        )));
    }
    Ok(())
}

/// The folders that would have to be made for `folder`, innermost first.
fn missing_folders(folder: &Path) -> Vec<PathBuf> {
    folder
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .map(Path::to_owned)
        .collect()
}

/// The files under temporary names, complete.
fn stage(folder: &Path, artifacts: &[Artifact]) -> io::Result<Vec<(&'static str, NamedTempFile)>> {
    std::fs::create_dir_all(folder)?;
    let stage = |artifact: &Artifact| {
        if folder.join(artifact.name).is_dir() {
            let message = format!("{} is a folder", artifact.name);
            return Err(io::Error::other(message));
        }
        let mut file = temporary_beside(&folder.join(artifact.name))?;
        file.write_all(&artifact.bytes)?;
        Ok((artifact.name, file))
    };
    artifacts.iter().map(stage).collect()
}

fn persist(folder: &Path, staged: Vec<(&'static str, NamedTempFile)>) -> io::Result<()> {
    for (name, whole) in staged {
        file::persist(whole, &folder.join(name))?;
    }
    Ok(())
}

/// Number of the first line in which two texts differ, counted from 1.
fn first_line(a: &[u8], b: &[u8]) -> usize {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    1 + a[..same].iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{default_folder, first_line};

    #[test]
    fn a_name_cannot_leave_the_build_folder() {
        for (name, folder) in [
            ("spoken-digits", "build/spoken-digits"),
            ("../../etc", "build/-..-etc"),
            ("..", "build/model"),
            ("/a b\n", "build/-a-b-"),
            ("", "build/model"),
        ] {
            assert_eq!(default_folder(name), Path::new(folder));
        }
    }

    #[test]
    fn the_first_line_that_differs_is_found() {
        assert_eq!(first_line(b"a\nb\n", b"a\nc\n"), 2);
        assert_eq!(first_line(b"a\n", b"a\nb"), 2);
        assert_eq!(first_line(b"", b"a"), 1);
    }
}
