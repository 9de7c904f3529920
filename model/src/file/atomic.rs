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
    persist(stage(path, bytes)?, path)
}

/// A temporary file with `bytes`, for [`persist`].
///
/// # Errors
/// As [`temporary_beside`], and when the bytes cannot be written.
pub fn stage(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = temporary_beside(path)?;
    // The file itself: its errors do not name it.
    file.as_file_mut().write_all(bytes)?;
    Ok(file)
}

/// A temporary file that [`persist`] can put in the place of `path`. It vanishes when it is dropped, and has the permissions
/// of an ordinary new file, which the umask narrows.
///
/// # Errors
/// When the folder of `path` cannot be written, or a file there is marked as not to be written.
pub fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let target = target(path)?;
    if fs::metadata(&target).is_ok_and(|there| there.is_file() && there.permissions().readonly()) {
        let problem = "the file there is read-only";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, problem));
    }
    let builder = &mut tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let made = match target.parent() {
        _ if is_no_file(&target) => builder.tempfile(),
        Some(folder) if !folder.as_os_str().is_empty() => builder.tempfile_in(folder),
        _ => builder.tempfile_in("."),
    };
    made.map_err(without_place)
}

/// The error without the path of a temporary file, which its reader has never heard of.
fn without_place(error: io::Error) -> io::Error {
    match error.to_string().split_once(" at path ") {
        Some((problem, _)) => io::Error::new(error.kind(), problem),
        None => error,
    }
}

/// Puts a complete temporary file in the place of `path`; a link is followed, and what is no file is written to.
///
/// # Errors
/// When `path` cannot be written.
pub fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let target = target(path)?;
    if is_no_file(&target) {
        let mut file = file.as_file();
        file.rewind()?;
        io::copy(&mut file, &mut OpenOptions::new().write(true).open(target)?)?;
        return Ok(());
    }
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}

/// Links from one to the next, at most; as many as Linux follows.
const LINKS: usize = 40;

/// What `path` is or links to, whether that exists or not.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    // The link of a process to its own pipe leads to no path.
    if is_no_file(&target) {
        return Ok(target);
    }
    for _ in 0..LINKS {
        match fs::read_link(&target) {
            Ok(link) => target = target.parent().unwrap_or(Path::new("")).join(link),
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("it is a link that leads back to itself"))
}

/// Whether there is something at `path` that is neither a file nor a folder.
fn is_no_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}
