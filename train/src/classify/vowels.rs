//! Japanese Vowels (Kudo, Toyama, Shimbo; CC BY 4.0): nine speakers by 12 LPC coefficients of a vowel.

use std::path::Path;

use crate::classify::sequences::{Known, Sequence, Sequences};
use crate::data::source::JAPANESE_VOWELS;
use crate::error::TrainError;

/// Folder below that of the data sets.
const FOLDER: &str = "japanese-vowels";
/// Of the training file's sequences of a speaker, every so many is for validation.
const VALIDATION_STEP: usize = 5;

/// Reads `japanese-vowels/JapaneseVowels_TRAIN.ts`, of which every fifth sequence of a speaker is
/// for validation, and `JapaneseVowels_TEST.ts`.
///
/// # Errors
/// When a file is missing or no `.ts` file of complete, labelled sequences; the sentence names the
/// line.
pub fn read(data_dir: &Path) -> Result<Sequences, TrainError> {
    let folder = data_dir.join(FOLDER);
    let [(labels, train), (test_labels, test)] = [
        read_ts(&folder.join("JapaneseVowels_TRAIN.ts"))?,
        read_ts(&folder.join("JapaneseVowels_TEST.ts"))?,
    ];
    let place = folder.display().to_string();
    if labels != test_labels {
        return Err(TrainError::new(format!(
            "{place}: the test file has the classes {test_labels:?}, expected {labels:?} as in training"
        )));
    }
    let mut seen = vec![0; labels.len()];
    let (validation, train) = train.into_iter().partition(|sequence: &Sequence| {
        seen[sequence.class] += 1;
        seen[sequence.class] % VALIDATION_STEP == 0
    });
    let sequences = Sequences {
        labels,
        train,
        validation,
        test,
        notes: Vec::new(),
    };
    sequences.check(&place, "at least 1")
}

/// Reads the same for a network that is trained.
///
/// # Errors
/// As [`read`], and when the classes or the number of features are not the network's.
pub fn read_known(data_dir: &Path, known: &Known) -> Result<Sequences, TrainError> {
    let sequences = read(data_dir)?;
    if sequences.labels != known.labels {
        return Err(TrainError::new(format!(
            "{}: has the classes {}, expected {}, as the network gives",
            data_dir.join(FOLDER).display(),
            sequences.labels.join(", "),
            known.labels.join(", ")
        )));
    }
    sequences.check_width(known.input_size, "as the network takes")?;
    Ok(sequences)
}

/// The class names and the sequences of a `.ts` file.
fn read_ts(path: &Path) -> Result<(Vec<String>, Vec<Sequence>), TrainError> {
    let wrong = |what: String| TrainError::new(format!("{}: {what}", path.display()));
    let text = tern_model::file::read_text(path)
        .map_err(|error| TrainError::unreadable(path, error, &JAPANESE_VOWELS.expected()))?;
    let mut labels: Vec<String> = Vec::new();
    let mut sequences = Vec::new();
    let mut data = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if data && labels.is_empty() {
            break;
        } else if data && !line.is_empty() {
            let name = format!("{} line {number}", path.display());
            let sequence = sequence(line, name, &labels);
            sequences.push(sequence.map_err(|what| wrong(format!("line {number}{what}")))?);
        } else if let Some(classes) = line.strip_prefix("@classLabel true") {
            labels = classes.split_whitespace().map(str::to_owned).collect();
        } else if line == "@data" {
            data = true;
        }
    }
    match labels.is_empty() {
        true => Err(wrong(
            "has no class names, expected a line that begins with @classLabel true".to_owned(),
        )),
        false => Ok((labels, sequences)),
    }
}

/// One line: features between colons, their values between commas, the class last.
fn sequence(line: &str, name: String, labels: &[String]) -> Result<Sequence, String> {
    let (features, label) = line.rsplit_once(':').unwrap_or((line, ""));
    let class = labels.iter().position(|known| known == label.trim());
    let class = class.ok_or_else(|| {
        let known = labels.join(", ");
        format!(" has the class \"{label}\", expected one of {known}")
    })?;
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for (k, feature) in features.split(':').enumerate() {
        let value = |text: &str| match text.trim().parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(format!(
                ", feature {} holds \"{text}\", expected a finite number",
                k + 1
            )),
        };
        columns.push(feature.split(',').map(value).collect::<Result<_, _>>()?);
        let (length, steps) = (columns[k].len(), columns[0].len());
        if length != steps {
            return Err(format!(
                ", feature {} has {length} time steps, expected {steps} as the first",
                k + 1
            ));
        }
    }
    let step = |t: usize| columns.iter().map(|column| column[t]).collect();
    Ok(Sequence {
        name,
        values: (0..columns[0].len()).map(step).collect(),
        class,
    })
}
