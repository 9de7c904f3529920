//! What a file of inputs holds: by the ending of its name or, where that has none, as a pipe's, by its first bytes.

use std::path::Path;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A recording.
    Wav,
    /// A NumPy array.
    Npy,
    /// A table as text.
    Csv,
}

impl FileKind {
    /// The kind of the file at `path`, which holds `bytes`.
    ///
    /// # Errors
    /// When its name has another ending: the beginning of a sentence that goes on with what was expected.
    pub fn of(path: &Path, bytes: &[u8]) -> Result<FileKind, String> {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        match extension.to_ascii_lowercase().as_str() {
            "wav" => Ok(FileKind::Wav),
            "npy" => Ok(FileKind::Npy),
            "csv" => Ok(FileKind::Csv),
            "" if bytes.starts_with(b"RIFF") => Ok(FileKind::Wav),
            "" if bytes.starts_with(b"\x93NUMPY") => Ok(FileKind::Npy),
            "" => Ok(FileKind::Csv),
            _ => Err(format!("the file name ends in \"{extension}\"")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FileKind;

    #[test]
    fn a_name_without_an_ending_leaves_it_to_the_first_bytes() {
        for (name, bytes, kind) in [
            ("a.wav", "1,2", FileKind::Wav),
            ("b.c/a.NPY", "RIFF", FileKind::Npy),
            ("/dev/fd/63", "RIFF\0\0\0\0WAVE", FileKind::Wav),
            ("/dev/stdin", "1,2\n", FileKind::Csv),
            ("/dev/stdin", "", FileKind::Csv),
        ] {
            assert_eq!(FileKind::of(name.as_ref(), bytes.as_bytes()), Ok(kind));
        }
        let array = b"\x93NUMPY\x01\0";
        assert_eq!(FileKind::of("a".as_ref(), array), Ok(FileKind::Npy));
        let refused = FileKind::of("a.txt".as_ref(), array).expect_err("another ending");
        assert!(refused.contains("\"txt\""), "{refused}");
    }
}
