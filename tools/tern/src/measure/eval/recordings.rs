//! The recordings to evaluate on.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tern_gen_verilog::failure::Failure;
use tern_train::data::fsdd;
use tern_train::data::fsdd::Recording;

/// Part of the data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Split {
    /// The test part; of the spoken digits, index 0 to 4
    Test,
    /// The validation part; of the spoken digits, index 40 and above
    Validation,
    /// The training part; of the spoken digits, index 5 to 39
    Train,
    /// Every sequence
    All,
}

impl Split {
    /// The name on the command line.
    fn name(self) -> &'static str {
        match self {
            Split::Test => "test",
            Split::Validation => "validation",
            Split::Train => "train",
            Split::All => "all",
        }
    }

    /// The folder has no sequence of this part.
    pub fn is_empty(self, folder: &Path) -> Failure {
        Failure::input(format!(
            "{}: has 0 sequences for --split {}, expected at least 1",
            folder.display(),
            self.name()
        ))
    }

    fn holds(self, recording: &Recording) -> bool {
        match self {
            Split::Test => recording.split() == fsdd::Split::Test,
            Split::Validation => recording.split() == fsdd::Split::Validation,
            Split::Train => recording.split() == fsdd::Split::Train,
            Split::All => true,
        }
    }
}

/// The recordings of a split in the order of index, speaker and digit, so that the first ten hold every digit.
///
/// `folder` holds them itself, or is a folder above them: `fsdd/recordings` and `recordings` are looked into.
pub fn recordings(folder: &Path, split: Split) -> Result<Vec<Recording>, Failure> {
    let folders = [folder.join("fsdd/recordings"), folder.join("recordings")];
    let folder = folders
        .iter()
        .find(|folder| folder.is_dir())
        .map_or(folder, PathBuf::as_path);
    let entries = std::fs::read_dir(folder).map_err(|error| {
        Failure::input(format!(
            "{}: cannot be read: {error}, expected {}",
            folder.display(),
            fsdd::expected()
        ))
    })?;
    let mut found: Vec<Recording> = entries
        .filter_map(|entry| Recording::from_path(&entry.ok()?.path()))
        .filter(|recording| split.holds(recording))
        .collect();
    if found.is_empty() {
        return Err(Failure::input(format!(
            "{}: holds no recording of the split, expected files named DIGIT_SPEAKER_INDEX.wav: {}",
            folder.display(),
            fsdd::expected()
        )));
    }
    found.sort_by(|a, b| (a.index, &a.speaker, a.digit).cmp(&(b.index, &b.speaker, b.digit)));
    Ok(found)
}
