//! The folder of a sweep: a file for each point that is done.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tern_gen_verilog::failure::Failure;
use tern_model::file::write_atomic;
use tern_report::sweep::{Outcome, Point as Shown};

use super::plan::{Plan, Point};

/// What a point's file holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// SHA-256 of all that the result depends on.
    depends: String,
    #[serde(flatten)]
    point: Shown,
}

/// The folder of a sweep.
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The results in `folder`, which need not be there yet.
    pub fn new(folder: &Path) -> Store {
        Store {
            folder: folder.to_owned(),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of the point `id`.
    pub fn path(&self, id: &str) -> PathBuf {
        self.folder.join("points").join(format!("{id}.json"))
    }

    /// The file of the point `id` that failed and waits for another run.
    fn aside(&self, id: &str) -> PathBuf {
        self.folder.join("points").join(format!("{id}.failed.json"))
    }

    /// Where the tools write for the point `id`.
    pub fn work(&self, id: &str) -> PathBuf {
        self.folder.join("work").join(id)
    }

    /// What is known of a point: nothing where it is yet to be done, or was done of another network, version or tool.
    pub fn find(&self, point: &Point) -> Option<Shown> {
        let of = |path: PathBuf| {
            let kept: Kept = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
            (kept.depends == point.depends && kept.point.id == point.id).then_some(kept.point)
        };
        of(self.path(&point.id)).or_else(|| of(self.aside(&point.id)))
    }

    /// Whether a point need not be done again; one that failed must be.
    pub fn is_done(&self, point: &Point) -> bool {
        let failed = |shown: &Shown| matches!(shown.outcome, Outcome::Failed { .. });
        self.find(point).is_some_and(|shown| !failed(&shown))
    }

    /// Keeps what came out of a point.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn keep(&self, plan: &Plan, point: &Point, outcome: Outcome) -> Result<(), Failure> {
        let kept = Kept {
            depends: point.depends.clone(),
            point: Shown {
                id: point.id.clone(),
                network: plan.networks[point.network].name.clone(),
                device: point.device.name.to_owned(),
                array: point.array.name(),
                dataflow: point.dataflow.name().to_owned(),
                seed: point.seed,
                outcome,
                front: false,
                recommended: false,
            },
        };
        let text = serde_json::to_string_pretty(&kept).map_err(Failure::input)?;
        self.write(&self.path(&point.id), &format!("{text}\n"))?;
        remove(&self.aside(&point.id))
    }

    /// Puts the file of a point that failed where no workflow takes it for done.
    ///
    /// # Errors
    /// When the file cannot be moved.
    pub fn set_aside(&self, id: &str) -> Result<(), Failure> {
        let path = self.path(id);
        match std::fs::rename(&path, self.aside(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&path, &error)),
            _ => Ok(()),
        }
    }

    /// Leaves no file of a point that is yet to be done where a workflow looks for it.
    ///
    /// # Errors
    /// When the file cannot be moved or removed.
    pub fn clear(&self, point: &Point) -> Result<(), Failure> {
        match self.find(point) {
            None => remove(&self.path(&point.id)),
            Some(_) if self.is_done(point) => Ok(()),
            Some(_) => self.set_aside(&point.id),
        }
    }

    /// Writes a file whole, in a folder that is made if it is missing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path, text: &str) -> Result<(), Failure> {
        let folder = path.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        write_atomic(path, text.as_bytes()).map_err(|error| failed(path, &error))
    }
}

fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, &error)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::input(format!("{}: cannot be written: {error}", path.display()))
}
