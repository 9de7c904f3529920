//! Outputs that destroy no input.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// An output: the option that names it, and its path.
pub type Output<'o> = (&'o str, PathBuf);

/// Refuses outputs that are one of `inputs`, two outputs in one place, and folders where a file is to be. Devices and pipes may be
/// both.
///
/// # Errors
/// When an input would be lost, or some outputs could be written and others not.
pub fn keep_apart(outputs: &[Output], inputs: &[&Path]) -> Result<(), Failure> {
    let read: Vec<Place> = inputs.iter().filter_map(|path| place(path)).collect();
    let mut written: Vec<(Place, &str)> = Vec::new();
    for (option, path) in outputs {
        let shown = path.display();
        if path.is_dir() {
            return Err(Failure::input(format!(
                "{option} would write {shown}, which is a folder, expected a file"
            )));
        }
        let Some(place) = place(path) else {
            continue;
        };
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

/// Refuses outputs that would replace a file in a folder of data, at any depth. A model file is none of the data.
///
/// # Errors
/// When a file of the data would be lost.
pub fn keep_out_of(outputs: &[Output], data: &Path) -> Result<(), Failure> {
    let Ok(data) = data.canonicalize() else {
        return Ok(());
    };
    for (option, path) in outputs {
        let there = path_of(path).filter(|place| place.exists() && place.starts_with(&data));
        let is_model = |place: &PathBuf| place.extension().is_some_and(|end| end == "safetensors");
        if there.is_some_and(|place| !is_model(&place)) {
            return Err(Failure::input(format!(
                "{option} would write {}, a file in the folder of the data, expected another place",
                path.display()
            )));
        }
    }
    Ok(())
}

/// What a file is known by, whichever of its names it goes by; nothing for what is there and is no file.
#[derive(PartialEq)]
enum Place {
    /// Device and number of a file that is there.
    #[cfg(unix)]
    File(u64, u64),
    /// The path of one that is not.
    Path(PathBuf),
}

fn place(path: &Path) -> Option<Place> {
    let path = path_of(path)?;
    #[cfg(unix)]
    if let Ok(there) = path.metadata() {
        use std::os::unix::fs::MetadataExt;
        return Some(Place::File(there.dev(), there.ino()));
    }
    Some(Place::Path(path))
}

/// Where a file is or will be, links followed; nothing for what is there and is no file.
fn path_of(path: &Path) -> Option<PathBuf> {
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

    use super::{keep_apart, keep_out_of};

    #[test]
    fn a_file_of_the_data_is_replaced_by_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("data/deep")).expect("a folder");
        for name in [
            "data/labels.csv",
            "data/deep/a.npy",
            "data/m.safetensors",
            "b",
        ] {
            std::fs::write(path(name), "x").expect("a new file");
        }
        let kept = |name: &str| keep_out_of(&[("--out", path(name))], &path("data"));
        for name in [
            "data/labels.csv",
            "data/deep/a.npy",
            "data/deep/../labels.csv",
        ] {
            let refused = kept(name).expect_err("a file of the data").to_string();
            assert!(
                refused.contains("--out") && refused.contains("the data"),
                "{refused}"
            );
        }
        for name in ["data/new.csv", "data/m.safetensors", "b"] {
            assert_eq!(kept(name), Ok(()), "{name}");
        }
        assert_eq!(
            keep_out_of(&[("--out", path("b"))], &path("missing")),
            Ok(())
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_known_by_its_hard_links() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("a"), "x").expect("a new file");
        std::fs::hard_link(path("a"), path("b")).expect("a second name");
        let (a, b) = (path("a"), path("b"));
        let refused = keep_apart(&[("--out", b.clone())], &[&a]).expect_err("the same file");
        assert!(refused.to_string().contains("also read"), "{refused}");
        let refused = keep_apart(&[("--vcd", a), ("--svg", b)], &[]).expect_err("two outputs");
        assert!(
            refused.to_string().contains("--vcd also writes"),
            "{refused}"
        );
    }

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
        let there = [("--vcd", path("b")), ("--svg", folder.path().to_owned())];
        let refused = keep_apart(&there, &[]).expect_err("a folder").to_string();
        assert!(
            refused.contains("--svg") && refused.contains("a folder"),
            "{refused}"
        );
    }
}
