//! Folders that are made once and then kept.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::eda::error::ToolError;

/// Makes the folder `target` with `make`, which gets an empty folder to fill, unless it exists.
///
/// Processes and threads that want the same folder wait for the first; a folder that exists is complete.
pub(super) fn once(
    target: &Path,
    make: &dyn Fn(&Path) -> Result<(), ToolError>,
) -> Result<PathBuf, ToolError> {
    let target = std::path::absolute(target).map_err(|e| ToolError::file("find", target, e))?;
    let parent = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| ToolError::file("create", parent, e))?;
    let lock_path = target.with_extension("lock");
    let lock = File::create(&lock_path).map_err(|e| ToolError::file("write", &lock_path, e))?;
    lock.lock()
        .map_err(|e| ToolError::file("lock", &lock_path, e))?;
    if target.is_dir() {
        return Ok(target);
    }
    // Of one name, so that what a process left that was ended is there no longer; the lock keeps others away.
    let work = target.with_extension("partial");
    remove(&work)?;
    fs::create_dir(&work).map_err(|e| ToolError::file("create", &work, e))?;
    let made = make(&work).and_then(|()| {
        fs::rename(&work, &target).map_err(|e| ToolError::file("write", &target, e))
    });
    if made.is_err() {
        // The first error is the one to tell.
        let _ = remove(&work);
    }
    made.map(|()| target)
}

/// Removes a folder that may be there.
fn remove(folder: &Path) -> Result<(), ToolError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(ToolError::file("remove", folder, e)),
        _ => Ok(()),
    }
}

/// The first 16 hexadecimal digits of a hash over lists of texts, which tells their boundaries apart.
pub(super) fn hash(lists: &[&[&str]]) -> String {
    let mut digest = Sha256::new();
    for list in lists {
        digest.update((list.len() as u64).to_le_bytes());
        for text in *list {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        }
    }
    digest
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Writes a file of a folder in the making.
pub(super) fn write(path: &Path, text: &str) -> Result<(), ToolError> {
    fs::write(path, text).map_err(|e| ToolError::file("write", path, e))
}

#[cfg(test)]
mod tests {
    use super::{ToolError, once, write};

    #[test]
    fn what_an_ended_process_left_is_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("kept.partial")).expect("room");
        write(&path("kept.partial/old"), "half").expect("room");
        let failed = once(&path("kept"), &|_| Err(ToolError::new("no tool")));
        assert_eq!(failed, Err(ToolError::new("no tool")));
        assert!(!path("kept.partial").exists());
        let made = once(&path("kept"), &|work| write(&work.join("new"), "whole"));
        assert_eq!(made, Ok(path("kept")));
        let names = std::fs::read_dir(path("kept")).expect("the folder");
        let names: Vec<_> = names.map(|entry| entry.expect("one").file_name()).collect();
        assert_eq!(names, ["new"]);
        assert!(!path("kept.partial").exists());
    }
}
