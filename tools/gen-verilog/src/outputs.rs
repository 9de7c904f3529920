//! Outputs that destroy no input.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// An output: the option that names it, and its path.
pub type Output<'o> = (&'o str, PathBuf);

/// Refuses outputs that are one of `inputs`, and two outputs in one place. Devices and pipes may be both.
///
/// # Errors
/// When an input would be lost.
pub fn keep_apart(outputs: &[Output], inputs: &[&Path]) -> Result<(), Failure> {
    let read: Vec<PathBuf> = inputs.iter().filter_map(|path| place(path)).collect();
    let mut written: Vec<(PathBuf, &str)> = Vec::new();
    for (option, path) in outputs {
        let Some(place) = place(path) else {
            continue;
        };
        let shown = path.display();
        if read.contains(&place) {
            return Err(Failure::input(format!(
                "{option} would write {shown}, which is also read, expected another place"
            )));
        }
        if let Some((_, other)) = written.iter().find(|(there, _)| *there == place) {
            return Err(Failure::input(format!(
                "{option} would write {shown}, which {other} also writes, expected another place"
            )));
        }
        written.push((place, option));
    }
    Ok(())
}

/// Where a file is or will be, links followed; nothing for what is there and is no file.
fn place(path: &Path) -> Option<PathBuf> {
    if let Ok(there) = path.canonicalize() {
        return there.is_file().then_some(there);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::keep_apart;

    #[test]
    fn a_file_is_known_by_any_of_its_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("a"), "x").expect("a new file");
        let again = path("a");
        let dots = folder.path().join(".").join("a");
        let refused = keep_apart(&[("--out", dots)], &[&again]).expect_err("the same file");
        assert!(refused.to_string().contains("also read"), "{refused}");
        assert_eq!(keep_apart(&[("--out", path("b"))], &[&again]), Ok(()));

        let both = [("--vcd", path("b")), ("--svg", path("b"))];
        let refused = keep_apart(&both, &[]).expect_err("two outputs");
        assert!(
            refused.to_string().contains("--vcd also writes"),
            "{refused}"
        );
        let device = [("--vcd", "/dev/null".into()), ("--svg", "/dev/null".into())];
        assert_eq!(keep_apart(&device, &[Path::new("/dev/null")]), Ok(()));
    }
}
