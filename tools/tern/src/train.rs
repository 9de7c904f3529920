//! `tern train`: from a data set to a model file or a checkpoint.

mod curve;
mod digits;
mod language;

use std::path::Path;

use clap::Subcommand;
use tern_gen_verilog::Failure;
use tern_train::language::corpus::CorpusName;

pub use language::{catch_interrupts, checkpoint, follow, make};

/// Trains a network.
#[derive(Subcommand)]
pub enum Train {
    /// Spoken digits: an LSTM on the Free Spoken Digit Dataset
    Digits(digits::Digits),
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
        Train::Digits(digits) => digits::execute(digits),
        Train::Ptb(language) => language::execute(CorpusName::Ptb, language),
        Train::Wikitext2(language) => language::execute(CorpusName::Wikitext2, language),
        Train::Shakespeare(language) => language::execute(CorpusName::Shakespeare, language),
    }
}

/// Fails now rather than after the first epoch if `file` cannot be written.
fn writable(file: &Path) -> Result<(), Failure> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match tempfile::tempfile_in(folder.unwrap_or(Path::new("."))) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::input(format!(
            "{}: cannot be written: {error}, expected a file in a folder to write to",
            file.display()
        ))),
    }
}
