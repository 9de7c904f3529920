//! What `torch.save` writes: a zip archive of a pickle and of the storages that it names.

use std::cell::RefCell;
use std::io::Cursor;
use std::rc::Rc;

use zip::ZipArchive;

use super::pickle::{self, Storage, View};
use super::state::{Entry, StateDict};
use crate::archive::{open, take};
use crate::budget::Budget;
use crate::error::{ImportError, refuse};
use crate::tensor::strided;

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// An open file.
pub(super) struct Saved<'b> {
    archive: RefCell<Archive<'b>>,
    /// Name of the archive's folder.
    folder: String,
    entries: Vec<Entry>,
    views: Vec<View>,
    /// The storage that was read last: the tensors of a module often share one.
    last: RefCell<Option<(String, Rc<Vec<u8>>)>>,
    budget: &'b Budget,
}

impl<'b> Saved<'b> {
    /// Opens a file.
    ///
    /// # Errors
    /// When the bytes are no such file, or its pickle is not that of a state dict.
    pub fn read(bytes: &'b [u8], budget: &'b Budget) -> Result<Saved<'b>, ImportError> {
        if !bytes.starts_with(b"PK") {
            return refuse(
                "not a zip archive as torch.save writes it since version 1.6, expected such a file; torch.load and torch.save renew an older one",
            );
        }
        let mut archive = open(bytes)?;
        let names = archive.file_names().flatten().map(|name| name.into_owned());
        let names: Vec<String> = names.collect();
        if names.iter().any(|name| name.ends_with("/constants.pkl")) {
            return refuse(
                "is a TorchScript archive, expected a state dict: torch.save(model.state_dict(), FILE) writes one",
            );
        }
        let folder = names.iter().find_map(|name| name.strip_suffix("data.pkl"));
        let Some(folder) = folder.map(str::to_owned) else {
            return refuse("the archive has no data.pkl, expected what torch.save writes");
        };
        let order = format!("{folder}byteorder");
        if names.contains(&order) && take(&mut archive, &order, budget)? != b"little" {
            return refuse("its numbers are big-endian, expected little-endian");
        }
        let program = take(&mut archive, &format!("{folder}data.pkl"), budget)?;
        let (entries, views) = pickle::state_dict(&program, budget)?
            .into_iter()
            .map(|(name, view)| {
                let shape = view.shape.clone();
                (Entry { name, shape }, view)
            })
            .unzip();
        Ok(Saved {
            archive: RefCell::new(archive),
            folder,
            entries,
            views,
            last: RefCell::new(None),
            budget,
        })
    }

    fn storage(&self, storage: &Storage) -> Result<Rc<Vec<u8>>, ImportError> {
        let mut last = self.last.borrow_mut();
        if let Some((key, bytes)) = &*last
            && *key == storage.key
        {
            return Ok(Rc::clone(bytes));
        }
        *last = None;
        let name = format!("{}data/{}", self.folder, storage.key);
        let bytes = Rc::new(take(&mut self.archive.borrow_mut(), &name, self.budget)?);
        *last = Some((storage.key.clone(), Rc::clone(&bytes)));
        Ok(bytes)
    }
}

impl StateDict for Saved<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, entry: usize) -> Result<Vec<f32>, ImportError> {
        let view = &self.views[entry];
        let bytes = self.storage(&view.storage)?;
        self.budget
            .take(bytes.len() / view.storage.element.bytes().max(1))?;
        let values = view.storage.element.read(&bytes)?;
        strided(
            &values,
            &view.shape,
            view.offset,
            &view.strides,
            self.budget,
        )
    }

    fn is_ordered(&self) -> bool {
        true
    }
}
