//! Folders that are made once and then kept.

use std::fs::{self, File};
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
    if !target.is_dir() {
        let work = tempfile::tempdir_in(parent)
            .map_err(|e| ToolError::file("create a folder in", parent, e))?;
        make(work.path())?;
        fs::rename(work.path(), &target).map_err(|e| ToolError::file("write", &target, e))?;
    }
    Ok(target)
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
