//! `tern train`: from a data set to a checkpoint.

mod classify;
mod curve;
mod follow;
pub mod language;
pub mod log;
pub mod options;
pub mod session;

use clap::Subcommand;
use tern_features::tokens::CorpusName;
use tern_gen_verilog::failure::Failure;
use tern_train::classify::Task;

/// Trains a network.
#[derive(Subcommand)]
pub enum Train {
    /// Spoken digits: the Free Spoken Digit Dataset
    Digits(classify::Classify),
    /// Japanese Vowels: who of nine speaks
    Vowels(classify::Classify),
    /// Your own data: a folder of CSV or NPY files [time, features] and labels.csv with the columns file, label and, if
    /// wanted, split
    Folder(classify::Folder),
    /// Penn Treebank: the next word
    Ptb(language::Language),
    /// WikiText-2: the next word
    Wikitext2(language::Language),
    /// Shakespeare: the next character
    Shakespeare(language::Language),
}

/// Runs the command.
pub fn execute(train: &Train) -> Result<(), Failure> {
    match train {
        Train::Digits(digits) => classify::execute(Task::Digits, digits),
        Train::Vowels(vowels) => classify::execute(Task::Vowels, vowels),
        Train::Folder(folder) => classify::execute_folder(folder),
        Train::Ptb(language) => language::execute(CorpusName::Ptb, language),
        Train::Wikitext2(language) => language::execute(CorpusName::Wikitext2, language),
        Train::Shakespeare(language) => language::execute(CorpusName::Shakespeare, language),
    }
}
