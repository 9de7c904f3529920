//! The folder a core is written to.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use tern_model::file;

use crate::artifacts::Artifact;
use crate::failure::Failure;

/// `build/NAME`, where NAME is the network's as a file name.
pub fn default_folder(model_name: &str) -> PathBuf {
    Path::new("build").join(file_name(model_name))
}

/// The longest name that is kept, in bytes.
const LONGEST: usize = 100;

/// A network's name as a file name: letters and digits of any script and `._-` as they are. Where another character is
/// replaced by `-`, or the name is cut, a number that the whole name gives is added, so that other names get other files.
pub fn file_name(model_name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let name: String = model_name
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect();
    let mut name = name.trim_start_matches('.').to_owned();
    while name.len() > LONGEST {
        name.pop();
    }
    if name.is_empty() {
        name = "model".to_owned();
    }
    match name == model_name {
        true => name,
        false => format!("{name}-{:08x}", number(model_name)),
    }
}

/// A number for a text: FNV-1a, which stays the same in every version and on every machine.
fn number(text: &str) -> u32 {
    let step = |sum: u32, byte: u8| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(0x811c_9dc5, step)
}

/// A folder that one command alone writes to, until this is dropped; the folder is made if it is missing, and vanishes again where
/// nothing was written to it.
///
/// # Errors
/// When the folder cannot be made, or another command has it.
pub fn lock(folder: &Path) -> Result<Lock, Failure> {
    let failed = |error: io::Error| {
        Failure::input(format!(
            "{}: cannot be written: {error}, expected a folder to write to",
            folder.display()
        ))
    };
    let made = Made::missing(folder);
    std::fs::create_dir_all(folder).map_err(failed)?;
    // Some file systems know no locks, and some systems no folders as files: there nothing is held.
    let Ok(file) = File::open(folder) else {
        return Ok(Lock {
            _made: made,
            _file: None,
        });
    };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Failure::input(format!(
            "{}: another command is writing to it, expected a folder of its own: --out names one",
            folder.display()
        ))),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Lock {
            _made: made,
            _file: Some(file),
        }),
    }
}

/// The lock of a folder.
pub struct Lock {
    _made: Made,
    _file: Option<File>,
}

/// Writes every file to `folder`, which is made if it is missing: all of them, or none when one cannot be written.
///
/// # Errors
/// When the folder or a file in it cannot be written.
pub fn write(folder: &Path, artifacts: &[Artifact]) -> Result<(), Failure> {
    let _made = Made::missing(folder);
    stage(folder, artifacts)
        .and_then(|staged| persist(folder, staged))
        .map_err(|error| {
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
        let difference = match file::read_bytes(&path) {
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

/// The folders that have to be made for another; those that are still empty when this is dropped vanish again, since nothing
/// could be written.
pub struct Made(Vec<PathBuf>);

impl Made {
    /// The folders that are missing on the way to `folder`, and itself.
    pub fn missing(folder: &Path) -> Made {
        // Innermost first.
        let missing = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        Made(missing.map(Path::to_owned).collect())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for folder in &self.0 {
            // One that was not made, or that holds a file, stays as it is.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// The files under temporary names, complete.
fn stage(folder: &Path, artifacts: &[Artifact]) -> io::Result<Vec<(&'static str, NamedTempFile)>> {
    std::fs::create_dir_all(folder)?;
    let stage = |artifact: &Artifact| {
        let path = folder.join(artifact.name);
        if path.exists() && !path.is_file() {
            let message = format!("{} is {}", artifact.name, file::what_is_at(&path));
            return Err(io::Error::other(message));
        }
        let file = file::stage(&path, &artifact.bytes)?;
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
    use std::collections::BTreeSet;

    use super::{default_folder, file_name, first_line, lock};

    #[test]
    fn a_name_cannot_leave_the_build_folder() {
        for (name, folder) in [
            ("spoken-digits", "build/spoken-digits"),
            ("数字", "build/数字"),
            ("цифры", "build/цифры"),
            ("../../etc", "build/-..-etc-"),
            ("..", "build/model-"),
            ("/a b\n", "build/-a-b--"),
            ("", "build/model-"),
        ] {
            let got = default_folder(name).display().to_string();
            let ending = got.strip_prefix(folder).expect("its own name");
            assert!(ending.is_empty() || ending.len() == 8, "{name}: {got}");
        }
        assert!(file_name(&"字".repeat(200)).len() < 120);
    }

    #[test]
    fn other_names_get_other_folders() {
        let names = [
            "a b", "a/b", "a-b", "☃", "☂", "", ".", "model", "数字", "文字",
        ];
        let folders: BTreeSet<_> = names.into_iter().map(default_folder).collect();
        assert_eq!(folders.len(), names.len());
        // The number is part of what users see: it stays.
        assert_eq!(file_name("a b"), "a-b-10a3f9f2");
    }

    #[test]
    fn a_folder_is_for_one_command_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = lock(folder.path()).expect("free");
        let refused = lock(folder.path()).err().expect("held").to_string();
        assert!(refused.contains("another command"), "{refused}");
        drop(held);
        assert!(lock(folder.path()).is_ok());
    }

    #[test]
    fn a_folder_that_stays_empty_vanishes_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/out");
        drop(lock(&path).expect("free"));
        assert!(!folder.path().join("new").exists());
        let held = lock(&path).expect("free");
        std::fs::write(path.join("file"), "x").expect("room");
        drop(held);
        assert!(path.join("file").exists());
    }

    #[test]
    fn the_first_line_that_differs_is_found() {
        assert_eq!(first_line(b"a\nb\n", b"a\nc\n"), 2);
        assert_eq!(first_line(b"a\n", b"a\nb"), 2);
        assert_eq!(first_line(b"", b"a"), 1);
    }
}
