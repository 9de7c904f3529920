//! Files that are never seen half written.

use std::fs::{self, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes `bytes` to `path` such that the file is never seen half written: to a temporary file beside it, which takes its
/// place. A link is followed, and what is no file, such as a device or a pipe, is written to.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = temporary_beside(path)?;
    file.write_all(bytes)?;
    persist(file, path)
}

/// A temporary file that [`persist`] can put in the place of `path`. It vanishes when it is dropped, and has the permissions
/// of an ordinary new file, which the umask narrows.
///
/// # Errors
/// When the folder of `path` cannot be written.
pub fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let target = target(path);
    let builder = &mut tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    match target.parent() {
        _ if is_no_file(&target) => builder.tempfile(),
        Some(folder) if !folder.as_os_str().is_empty() => builder.tempfile_in(folder),
        _ => builder.tempfile_in("."),
    }
}

/// Puts a complete temporary file in the place of `path`; a link is followed, and what is no file is written to.
///
/// # Errors
/// When `path` cannot be written.
pub fn persist(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    let target = target(path);
    if is_no_file(&target) {
        file.rewind()?;
        io::copy(&mut file, &mut OpenOptions::new().write(true).open(target)?)?;
        return Ok(());
    }
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}

/// What `path` is or links to, whether that exists or not.
fn target(path: &Path) -> PathBuf {
    if let Ok(target) = fs::canonicalize(path) {
        return target;
    }
    match (fs::read_link(path), path.parent()) {
        (Ok(link), Some(folder)) => folder.join(link),
        _ => path.to_owned(),
    }
}

/// Whether there is something at `path` that is neither a file nor a folder.
fn is_no_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}
