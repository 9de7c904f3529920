//! Text as tokens: words of PTB and WikiText-2, characters of Shakespeare.

use std::collections::HashMap;
use std::path::Path;

use tern_features::tokens::{CorpusName, TokenKind, UNKNOWN};

use crate::data::source::{PENN_TREEBANK, SHAKESPEARE, Source, WIKITEXT_2};
use crate::error::TrainError;

/// The fewest tokens that a split can have.
const LEAST: usize = 2;

/// A text as numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    /// The tokens by their number, the most frequent in training first.
    pub vocabulary: Vec<String>,
    /// Of each token, how often it occurs in training.
    pub counts: Vec<usize>,
    /// Training text.
    pub train: Vec<u32>,
    /// Validation text.
    pub validation: Vec<u32>,
    /// Test text.
    pub test: Vec<u32>,
}

fn read(file: &Path, source: &Source) -> Result<String, TrainError> {
    tern_model::file::read_text(file)
        .map_err(|error| TrainError::unreadable(file, error, &source.expected()))
}

/// A folder of `train.txt`, `valid.txt` and `test.txt`, words between blanks, a sentence a line.
fn words(folder: &Path, source: &Source) -> Result<Corpus, TrainError> {
    let files = ["train.txt", "valid.txt", "test.txt"].map(|name| folder.join(name));
    let mut texts = Vec::new();
    for file in &files {
        texts.push(read(file, source)?);
    }
    let tokens = |text: &String| TokenKind::Words.split(text);
    let splits: Vec<Vec<String>> = texts.iter().map(tokens).collect();
    let places = files.each_ref().map(|file| file.display().to_string());
    let [train, validation, test] = &splits[..] else {
        unreachable!("three files were read");
    };
    Corpus::new([train, validation, test], &places)
}

/// A file whose characters are the tokens.
fn characters(file: &Path) -> Result<Corpus, TrainError> {
    let tokens = TokenKind::Characters.split(&read(file, &SHAKESPEARE)?);
    let (train, rest) = tokens.split_at(tokens.len() * 85 / 100);
    let (validation, test) = rest.split_at(rest.len() / 3);
    let place = |part: &str| format!("{}, {part}", file.display());
    let places = ["training part", "validation part", "test part"].map(place);
    Corpus::new([train, validation, test], &places)
}

impl Corpus {
    /// Reads the corpus from the folder of the data sets.
    ///
    /// # Errors
    /// When a file is missing, is no text, is too short, or has a token that training lacks.
    pub fn read(name: CorpusName, folder: &Path) -> Result<Corpus, TrainError> {
        match name {
            CorpusName::Ptb => words(&folder.join("ptb"), &PENN_TREEBANK),
            CorpusName::Wikitext2 => words(&folder.join("wikitext-2"), &WIKITEXT_2),
            CorpusName::Shakespeare => characters(&folder.join("tinyshakespeare.txt")),
        }
    }

    /// The corpus of training, validation and test tokens; `places` name them in errors.
    fn new(splits: [&[String]; 3], places: &[String; 3]) -> Result<Corpus, TrainError> {
        for (split, place) in splits.iter().zip(places) {
            if split.len() < LEAST {
                return Err(TrainError::new(format!(
                    "{place}: has {} tokens, expected at least {LEAST}",
                    split.len()
                )));
            }
        }
        let mut occurrences: HashMap<&str, usize> = HashMap::new();
        for token in splits[0] {
            *occurrences.entry(token).or_default() += 1;
        }
        let mut sorted: Vec<(&str, usize)> = occurrences.into_iter().collect();
        sorted.sort_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
        let numbers: HashMap<&str, u32> = (0..).zip(&sorted).map(|(n, (t, _))| (*t, n)).collect();
        let number = |split: usize| -> Result<Vec<u32>, TrainError> {
            let number = |token: &String| {
                let unknown = numbers.get(UNKNOWN);
                let found = numbers.get(token.as_str()).or(unknown);
                found.copied().ok_or_else(|| {
                    TrainError::new(format!(
                        "{}: holds {token:?}, expected only tokens of the training text",
                        places[split]
                    ))
                })
            };
            splits[split].iter().map(number).collect()
        };
        Ok(Corpus {
            train: number(0)?,
            validation: number(1)?,
            test: number(2)?,
            vocabulary: sorted
                .iter()
                .map(|(token, _)| (*token).to_owned())
                .collect(),
            counts: sorted.iter().map(|(_, count)| *count).collect(),
        })
    }

    /// How often each token of training occurs in it, smoothed and as a natural logarithm of its
    /// share.
    pub fn log_shares(&self) -> Vec<f32> {
        let total = self.train.len() as f32;
        let counts = self.counts.iter();
        counts.map(|&count| (count as f32 / total).ln()).collect()
    }
}
