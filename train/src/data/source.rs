//! Where the data sets come from, for a user who does not have them.

/// A data set that is no part of Tern.
pub(crate) struct Source {
    what: &'static str,
    from: &'static str,
    /// The file or folder below that of the data sets.
    below: &'static str,
}

/// Recordings.
pub(crate) const SPOKEN_DIGITS: Source = Source {
    what: "the Free Spoken Digit Dataset",
    from: "https://github.com/Jakobovski/free-spoken-digit-dataset",
    below: "fsdd/recordings",
};
/// Speakers.
pub(crate) const JAPANESE_VOWELS: Source = Source {
    what: "the Japanese Vowels as .ts files",
    from: "https://www.timeseriesclassification.com/description.php?Dataset=JapaneseVowels",
    below: "japanese-vowels",
};
/// Words.
pub(crate) const PENN_TREEBANK: Source = Source {
    what: "the Penn Treebank as train.txt, valid.txt and test.txt",
    from: "http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz",
    below: "ptb",
};
/// Words.
pub(crate) const WIKITEXT_2: Source = Source {
    what: "WikiText-2 as train.txt, valid.txt and test.txt",
    from: "https://huggingface.co/datasets/Salesforce/wikitext",
    below: "wikitext-2",
};
/// Characters.
pub(crate) const SHAKESPEARE: Source = Source {
    what: "a text of Shakespeare",
    from: "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
    below: "tinyshakespeare.txt",
};

impl Source {
    /// What was expected: the data set, where it comes from, and how to say where it is.
    pub(crate) fn expected(&self) -> String {
        let Source { what, from, below } = self;
        format!("{what}, from {from}; --data or TERN_DATA names the folder that holds {below}")
    }
}
