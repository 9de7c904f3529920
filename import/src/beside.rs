//! Files beside the one that is read, which hold its tensors.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use tern_model::file::what_is_at;

use crate::budget::Budget;
use crate::error::{ImportError, refuse};

/// The folder of the file that is read; none where only its bytes are known.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    folder: Option<PathBuf>,
    known: RefCell<HashSet<PathBuf>>,
}

impl Beside {
    /// The folder of a file.
    pub fn of(file: &Path) -> Beside {
        Beside {
            folder: Some(file.parent().unwrap_or(Path::new("")).to_owned()),
            known: RefCell::default(),
        }
    }

    /// `expected` bytes of the file that `entries` name: its `location` in the folder, an `offset` and a `length`.
    ///
    /// # Errors
    /// When the file is missing, outside of the folder, or too short.
    pub fn range(
        &self,
        entries: &[(&str, &str)],
        expected: usize,
        budget: &Budget,
    ) -> Result<Vec<u8>, ImportError> {
        let entry = |key: &str| entries.iter().find(|(known, _)| *known == key);
        let Some((_, location)) = entry("location") else {
            return refuse("is in another file, whose location is missing");
        };
        let number = |key: &str, default: u64| match entry(key) {
            None => Ok(default),
            Some((_, text)) => text.parse::<u64>().or_else(|_| {
                refuse(format!(
                    "has the {key} {text:?} in {location}, expected a number"
                ))
            }),
        };
        let (offset, length) = (number("offset", 0)?, number("length", expected as u64)?);
        if length != expected as u64 {
            return refuse(format!(
                "has {length} bytes in {location}, expected {expected}"
            ));
        }
        let relative = Path::new(location);
        let is_inside = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let Some(folder) = self.folder.as_ref().filter(|_| is_inside) else {
            return refuse(format!(
                "is in {location}, expected a file in the folder of the network"
            ));
        };
        let path = folder.join(relative);
        let unreadable = |error: std::io::Error| {
            ImportError::new(format!(
                "is in {location}, which cannot be read: {error}; expected it beside the network"
            ))
        };
        if path.exists() && !path.is_file() {
            let what = what_is_at(&path);
            return refuse(format!(
                "is in {location}, which is {what}, expected a file beside the network"
            ));
        }
        let mut file = File::open(&path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        if offset.checked_add(length).is_none_or(|end| end > size) {
            return refuse(format!(
                "is in bytes {offset} and the next {length} of {location}, which has {size}"
            ));
        }
        if self.known.borrow_mut().insert(path) {
            budget.add(usize::try_from(size).unwrap_or(usize::MAX));
        }
        let mut bytes = vec![0; expected];
        file.seek(SeekFrom::Start(offset)).map_err(unreadable)?;
        file.read_exact(&mut bytes).map_err(unreadable)?;
        Ok(bytes)
    }
}
