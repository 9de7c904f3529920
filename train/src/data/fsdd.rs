//! The Free Spoken Digit Dataset (Zohar Jackson et al., CC BY-SA 4.0): where it is, what its file
//! names say and how it is split.

use std::path::{Path, PathBuf};

use crate::data::source::SPOKEN_DIGITS;
use crate::error::TrainError;

/// Class names, by digit.
pub const LABELS: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// Part of the data set that a recording belongs to, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Split {
    /// Index 0 to 4: only ever measured.
    Test,
    /// Index 5 to 39: what the gradient sees.
    Train,
    /// Index 40 and above: chooses among epochs and recipes.
    Validation,
}

impl Split {
    /// The name in words and files.
    pub const fn name(self) -> &'static str {
        match self {
            Split::Test => "test",
            Split::Train => "train",
            Split::Validation => "validation",
        }
    }

    /// The split that a recording's index puts it in.
    pub fn of_index(index: u32) -> Split {
        match index {
            0..=4 => Split::Test,
            5..=39 => Split::Train,
            _ => Split::Validation,
        }
    }
}

/// One recording of one digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The digit spoken, 0 to 9.
    pub digit: u32,
    /// Who speaks.
    pub speaker: String,
    /// Number of the recording among those of the same digit and speaker.
    pub index: u32,
    /// The WAV file.
    pub path: PathBuf,
}

impl Recording {
    /// The recording in a file named `{digit}_{speaker}_{index}.wav`; `None` for any other name.
    pub fn from_path(path: &Path) -> Option<Recording> {
        let name = path.file_name()?.to_str()?.strip_suffix(".wav")?;
        let (digit, rest) = name.split_once('_')?;
        let (speaker, index) = rest.rsplit_once('_')?;
        let digit = digit.parse().ok().filter(|&digit| digit <= 9)?;
        Some(Recording {
            digit,
            speaker: speaker.to_owned(),
            index: index.parse().ok()?,
            path: path.to_owned(),
        })
    }

    /// Name of the file.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// The split that the recording belongs to.
    pub fn split(&self) -> Split {
        Split::of_index(self.index)
    }
}

/// Folder of the data sets: the environment variable `TERN_DATA`, else `shared/data` in the nearest
/// folder above the working directory that has it, else `../shared/data`.
pub fn default_data_dir() -> PathBuf {
    let named = std::env::var_os("TERN_DATA").filter(|dir| !dir.is_empty());
    if let Some(dir) = named {
        return PathBuf::from(dir);
    }
    let near = || {
        let here = std::env::current_dir().ok()?;
        let mut candidates = here.ancestors().map(|dir| dir.join("shared/data"));
        candidates.find(|dir| dir.is_dir())
    };
    near().unwrap_or_else(|| PathBuf::from("../shared/data"))
}

/// What a folder of recordings is expected to hold, in words: the data set, where it comes from, and how to
/// say where it is.
pub fn expected() -> String {
    SPOKEN_DIGITS.expected()
}

/// All recordings in `data_dir/fsdd/recordings`, in the order of digit, speaker and index.
///
/// # Errors
/// When the folder is missing or holds no recording.
pub fn recordings(data_dir: &Path) -> Result<Vec<Recording>, TrainError> {
    let folder = data_dir.join("fsdd").join("recordings");
    let entries = std::fs::read_dir(&folder).map_err(|error| {
        TrainError::new(format!(
            "{}: the folder cannot be read ({error}), expected {}",
            folder.display(),
            SPOKEN_DIGITS.expected()
        ))
    })?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<Recording> = paths
        .filter_map(|path| Recording::from_path(&path))
        .collect();
    if found.is_empty() {
        return Err(TrainError::new(format!(
            "{}: holds no recording named {{digit}}_{{speaker}}_{{index}}.wav, expected {}",
            folder.display(),
            SPOKEN_DIGITS.expected()
        )));
    }
    found.sort_by(|a, b| (a.digit, &a.speaker, a.index).cmp(&(b.digit, &b.speaker, b.index)));
    Ok(found)
}

/// The recordings of one split.
///
/// # Errors
/// As [`recordings`].
pub fn split(data_dir: &Path, split: Split) -> Result<Vec<Recording>, TrainError> {
    let mut all = recordings(data_dir)?;
    all.retain(|recording| recording.split() == split);
    Ok(all)
}
