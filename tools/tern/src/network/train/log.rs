//! The folder of a training run: checkpoint, log and learning curve.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tern_gen_verilog::failure::Failure;
use tern_model::file::{read_json, read_text};

use super::curve::{self, Point};

/// Name of the checkpoint in a run's folder.
const CHECKPOINT: &str = "checkpoint.safetensors";
/// Name of the log in a run's folder: an epoch a line.
const LOG: &str = "log.jsonl";
/// The recipe that follows an imported network, in its run's folder.
pub const RECIPE: &str = "recipe.toml";
/// Name of the learning curve in a run's folder.
const CURVE: &str = "curve.svg";

/// The checkpoint of a run's folder.
pub fn checkpoint(run: &Path) -> PathBuf {
    run.join(CHECKPOINT)
}

/// Every file that training writes to a run's folder.
pub fn files(run: &Path) -> [PathBuf; 3] {
    [CHECKPOINT, LOG, CURVE].map(|name| run.join(name))
}

/// An epoch as a line of the log.
pub trait Line: Serialize + DeserializeOwned + Send {
    /// What the run measures on the validation part.
    type Validation;
    /// What an update has many of.
    const ITEMS: &'static str;
    /// What the learning curve draws.
    const WHAT: &'static str;

    /// An epoch that ended, with the items per second so far and the mean loss.
    fn new(epoch: usize, per_second: f64, loss: f64, validation: Self::Validation) -> Self;

    /// The validation and the best one so far, as the terminal shows them.
    fn tell(validation: &Self::Validation, best: &Self::Validation) -> String;

    /// Its values after this epoch.
    fn point(&self) -> Point;
}

/// The log of a run and the picture of it.
pub struct Log<L> {
    folder: PathBuf,
    lines: Vec<L>,
}

impl<L: Line> Log<L> {
    /// The log of a new run, or of one that is resumed.
    pub fn open(folder: &Path, resume: bool) -> Result<Log<L>, Failure> {
        let file = folder.join(LOG);
        let mut log = Log {
            folder: folder.to_owned(),
            lines: Vec::new(),
        };
        let text = match read_text(&file) {
            Ok(text) if resume => text,
            Ok(_) => return Ok(log),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(log),
            Err(error) => return Err(broken(&file, error)),
        };
        for line in text.lines() {
            let line = read_json(line).map_err(|fault| broken(&file, fault))?;
            log.lines.push(line);
        }
        Ok(log)
    }

    /// Adds an epoch that ended and draws the curve anew; the first of a new run takes the place of what was there.
    pub fn add(&mut self, line: L) -> Result<(), Failure> {
        let file = self.folder.join(LOG);
        let text = serde_json::to_string(&line).map_err(|error| broken(&file, error))?;
        let mut lines = std::fs::OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(self.lines.is_empty())
            .append(!self.lines.is_empty())
            .open(&file)
            .map_err(|error| broken(&file, error))?;
        writeln!(lines, "{text}").map_err(|error| broken(&file, error))?;
        self.lines.push(line);
        let points: Vec<Point> = self.lines.iter().map(Line::point).collect();
        let picture = self.folder.join(CURVE);
        let svg = curve::draw(L::WHAT, &points);
        tern_model::file::write_atomic(&picture, svg.as_bytes())
            .map_err(|error| broken(&picture, error))
    }
}

fn broken(file: &Path, error: impl std::fmt::Display) -> Failure {
    let file = file.display();
    Failure::input(format!(
        "{file}: {error}, expected the log of a run to write to"
    ))
}
