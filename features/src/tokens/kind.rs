//! Corpora and what their tokens are.

use serde::{Deserialize, Serialize};

/// End of a line in a corpus of words.
pub const END: &str = "<eos>";
/// Stands for every word that training does not have, where a corpus has it.
pub const UNKNOWN: &str = "<unk>";

/// A corpus that Tern knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CorpusName {
    /// Penn Treebank, words: `ptb/train.txt`, `valid.txt`, `test.txt`.
    Ptb,
    /// WikiText-2, words: `wikitext-2/train.txt`, `valid.txt`, `test.txt`.
    Wikitext2,
    /// Shakespeare, characters: `tinyshakespeare.txt`, whose first 85 % train, next 5 % validate and
    /// last 10 % test.
    Shakespeare,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// A word between blanks, or the end of a line.
    Words,
    /// A character.
    Characters,
}

impl TokenKind {
    /// A text's tokens.
    pub fn split(self, text: &str) -> Vec<String> {
        match self {
            TokenKind::Characters => text.chars().map(String::from).collect(),
            TokenKind::Words => {
                let lines = str::lines(text);
                let line = |line: &str| -> Vec<String> {
                    let words = line.split_whitespace().chain([END]);
                    words.map(str::to_owned).collect()
                };
                lines.flat_map(line).collect()
            }
        }
    }
}

impl CorpusName {
    /// The name as a recipe spells it.
    pub const fn name(self) -> &'static str {
        match self {
            CorpusName::Ptb => "ptb",
            CorpusName::Wikitext2 => "wikitext2",
            CorpusName::Shakespeare => "shakespeare",
        }
    }

    /// What its tokens are.
    pub const fn tokens(self) -> TokenKind {
        match self {
            CorpusName::Ptb | CorpusName::Wikitext2 => TokenKind::Words,
            CorpusName::Shakespeare => TokenKind::Characters,
        }
    }
}
