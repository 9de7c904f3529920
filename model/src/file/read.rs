//! Input files: read to their end, which a device does not have.

use std::fs::{File, FileType, metadata};
use std::io::{self, Read};
use std::path::Path;

/// Most bytes that are read of a pipe, whose end nobody knows.
const PIPE_BYTES: u64 = 1 << 28;
/// Where a shell puts the pipes that it opened itself: `<(command)`.
const OPEN_FILES: [&str; 2] = ["/dev/", "/proc/"];

/// The bytes of the input file at `path`.
///
/// # Errors
/// When it cannot be read or is neither a file nor a pipe that the shell opened; the sentence says what it is.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let kind = metadata(path)?.file_type();
    if kind.is_file() {
        return std::fs::read(path);
    }
    let is_open = OPEN_FILES.iter().any(|folder| path.starts_with(folder));
    if !(is_open && is_pipe(kind)) {
        return Err(io::Error::other(format!("it is {}", name(kind))));
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(PIPE_BYTES + 1)
        .read_to_end(&mut bytes)?;
    match bytes.len() as u64 > PIPE_BYTES {
        true => Err(io::Error::other(format!(
            "it is a pipe of more than {} MB",
            PIPE_BYTES >> 20
        ))),
        false => Ok(bytes),
    }
}

/// The text of the input file at `path`, without a mark of its encoding.
///
/// # Errors
/// As [`read_bytes`], and when it is not UTF-8; the sentence says from which byte on.
pub fn read_text(path: &Path) -> io::Result<String> {
    let text = String::from_utf8(read_bytes(path)?).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("byte {byte} is not UTF-8"),
        )
    })?;
    Ok(super::without_mark(&text).to_owned())
}

/// What is at `path` in place of a file, in words: a folder, a pipe, a device, or nothing.
pub fn what_is_at(path: &Path) -> String {
    match metadata(path) {
        Ok(there) => name(there.file_type()).to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => "missing".to_owned(),
        Err(error) => format!("unreadable: {error}"),
    }
}

fn name(kind: FileType) -> &'static str {
    match kind {
        kind if kind.is_file() => "a file",
        kind if kind.is_dir() => "a folder",
        kind if is_pipe(kind) => "a pipe",
        _ => "a device",
    }
}

#[cfg(unix)]
fn is_pipe(kind: FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

#[cfg(not(unix))]
fn is_pipe(_: FileType) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::{read_bytes, read_text, what_is_at};

    #[test]
    fn what_is_no_file_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::os::unix::fs::symlink("/dev/zero", path("zero")).expect("a link");
        std::os::unix::fs::symlink("round", path("round")).expect("a link");
        let made = std::process::Command::new("mkfifo")
            .arg(path("pipe"))
            .status();
        assert!(made.expect("mkfifo runs").success());
        for (file, what) in [
            (path("zero"), "a device"),
            ("/dev/zero".into(), "a device"),
            (path("pipe"), "a pipe"),
            (path(""), "a folder"),
        ] {
            let error = read_bytes(&file).expect_err("no file").to_string();
            assert_eq!(error, format!("it is {what}"));
            assert_eq!(what_is_at(&file), what);
        }
        assert_eq!(what_is_at(&path("nothing")), "missing");
        assert!(what_is_at(&path("round")).contains("symbolic links"));
    }

    #[test]
    fn a_pipe_of_the_shell_is_read_to_its_end() {
        use std::io::Write;
        use std::os::fd::AsRawFd;

        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        writer.write_all(b"\xef\xbb\xbfall").expect("room");
        drop(writer);
        let path = format!("/dev/fd/{}", reader.as_raw_fd());
        assert_eq!(read_text(path.as_ref()).expect("its text"), "all");
    }
}
