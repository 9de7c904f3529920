//! What a tool has written: JSON, read with an eye for tools and disks that failed in silence.

use std::io::ErrorKind;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::error::ToolError;

/// The value in the JSON file `path` that a tool wrote, which ended without an error.
///
/// # Errors
/// When the file is missing or ends too early, as where the disk was full, or holds something else.
pub(crate) fn written<T: DeserializeOwned>(path: &Path) -> Result<T, ToolError> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => ToolError::program(format!(
            "{} was not written by a tool that told no error, expected one that works: --tools pinned takes another",
            path.display()
        )),
        _ => ToolError::file("read", path, error),
    })?;
    serde_json::from_slice(&bytes).map_err(|error| match error.is_eof() {
        true => ToolError::program(format!(
            "{} ends after {} bytes, expected a whole file: the disk may be full",
            path.display(),
            bytes.len()
        )),
        false => ToolError::file("read", path, error),
    })
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn what_is_missing_or_cut_off_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("netlist.json");
        let error = || {
            written::<Vec<u32>>(&path)
                .expect_err("not whole")
                .to_string()
        };
        assert!(error().contains("was not written by a tool"), "{}", error());
        std::fs::write(&path, "[1, 2").expect("room");
        assert!(error().contains("ends after 5 bytes"), "{}", error());
        std::fs::write(&path, "[1, -2]").expect("room");
        assert!(error().starts_with("cannot read "), "{}", error());
        std::fs::write(&path, "[1, 2]").expect("room");
        assert_eq!(written::<Vec<u32>>(&path).expect("whole"), [1, 2]);
    }
}
