//! Zip archives, whose files may claim any size.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::budget::Budget;
use crate::error::{ImportError, refuse};

/// Words of an archive's entry in memory.
const ENTRY: usize = 128;

/// Opens an archive.
///
/// # Errors
/// When the bytes are none.
pub(crate) fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, ImportError> {
    ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| ImportError::new(format!("not a zip archive: {error}")))
}

/// The bytes of a file in an archive.
///
/// # Errors
/// When there is no such file, or it is larger than the length of the archive explains.
pub(crate) fn take(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    budget: &Budget,
) -> Result<Vec<u8>, ImportError> {
    let broken = |error: &dyn std::fmt::Display| {
        ImportError::new(format!("{name} in the archive cannot be read: {error}"))
    };
    let file = archive.by_name(name).map_err(|error| broken(&error))?;
    let size = file.size();
    let words = usize::try_from(size / 4).unwrap_or(usize::MAX);
    budget
        .take(words.saturating_add(ENTRY))
        .map_err(|error| error.at(format!("{name} in the archive")))?;
    let mut bytes = Vec::new();
    // A file that is longer than it claims is cut where it should end.
    let read = file.take(size.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| broken(&error))?;
    match bytes.len() as u64 == size {
        true => Ok(bytes),
        false => refuse(format!(
            "{name} in the archive is not of {size} bytes, as the archive says"
        )),
    }
}
