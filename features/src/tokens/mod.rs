//! Tokens of a language model that is integers throughout: text to inputs, outputs to logits.

mod kind;
mod sampler;

use serde::{Deserialize, Serialize};
use tern_model::file::read_value;
use tern_model::network::{Embedding, Model, Output};

use crate::error::FeatureError;
pub use kind::{CorpusName, END, TokenKind, UNKNOWN};
pub use sampler::Sampler;

/// A language model's constants on the host, as they stand in a model file's `preprocessing`.
///
/// A token is a row of the model's `embedding`, which is the network's input, and a name among its
/// `labels`. An output y of the linear head is the logit `logit_scale * y`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenPreprocessing {
    /// What a token is.
    pub tokens: TokenKind,
    /// The text that the model is trained on.
    pub corpus: CorpusName,
    /// Logit that 1 of an output counts, above 0.
    pub logit_scale: f64,
}

/// The tokens of a model file.
#[derive(Clone, Debug)]
pub struct Tokens<'m> {
    labels: &'m [String],
    embedding: &'m Embedding,
    constants: TokenPreprocessing,
}

impl<'m> Tokens<'m> {
    /// The tokens of `model`.
    ///
    /// # Errors
    /// When the model lacks what a language model has: an embedding, a label for each of its rows and
    /// each output, an output every time step, the constants.
    pub fn of_model(model: &'m Model) -> Result<Tokens<'m>, FeatureError> {
        let lacks = |what: String| {
            FeatureError::new(format!(
                "the model {} {what}, expected a language model with a ternary softmax",
                model.name
            ))
        };
        let embedding = model.embedding.as_ref();
        let embedding = embedding.ok_or_else(|| lacks("has no embedding".to_owned()))?;
        let labels = model.labels.as_deref();
        let labels = labels.ok_or_else(|| lacks("has no labels".to_owned()))?;
        if labels.len() != embedding.vocabulary_size || labels.len() != model.output_size() {
            return Err(lacks(format!(
                "has {} labels for {} rows of its embedding",
                labels.len(),
                embedding.vocabulary_size
            )));
        }
        if model.output != Output::Every {
            return Err(lacks("gives an output a sequence".to_owned()));
        }
        let preprocessing = model.preprocessing.as_ref();
        let preprocessing =
            preprocessing.ok_or_else(|| lacks("has no preprocessing".to_owned()))?;
        let constants: TokenPreprocessing = read_value(preprocessing).map_err(|fault| {
            let path = fault.path("preprocessing");
            lacks(format!("has a {path} that {}", fault.problem))
        })?;
        let scale = constants.logit_scale;
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(lacks(format!("has the logit_scale {scale}")));
        }
        Ok(Tokens {
            labels,
            embedding,
            constants,
        })
    }

    /// The names of the tokens by their number.
    pub fn labels(&self) -> &'m [String] {
        self.labels
    }

    /// The text that the model is trained on.
    pub fn corpus(&self) -> CorpusName {
        self.constants.corpus
    }

    /// What a token is.
    pub fn kind(&self) -> TokenKind {
        self.constants.tokens
    }

    /// A text's tokens.
    ///
    /// # Errors
    /// When the text is empty, or a token is not among the labels and there is none for such.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, FeatureError> {
        let tokens = self.kind().split(text);
        if tokens.is_empty() {
            return Err(FeatureError::new("holds no token, expected at least one"));
        }
        let number = |label: &str| self.labels.iter().position(|own| own == label);
        let encode = |(at, token): (usize, &String)| {
            let number = number(token).or_else(|| number(UNKNOWN));
            number.map(|number| number as u32).ok_or_else(|| {
                let known: Vec<String> = self.labels.iter().map(|l| format!("{l:?}")).collect();
                FeatureError::new(format!(
                    "holds {token:?} as token {}, expected tokens of the model: {}",
                    at + 1,
                    known.join(" ")
                ))
            })
        };
        tokens.iter().enumerate().map(encode).collect()
    }

    /// A token as a piece of text.
    pub fn text(&self, token: u32) -> String {
        let label = &self.labels[token as usize];
        match self.kind() {
            TokenKind::Characters => label.clone(),
            TokenKind::Words if label == END => "\n".to_owned(),
            TokenKind::Words => format!("{label} "),
        }
    }

    /// The network's input `[X]` for a token.
    pub fn input(&self, token: u32) -> Vec<i32> {
        let size = self.embedding.weight.len() / self.labels.len();
        let row = &self.embedding.weight[token as usize * size..][..size];
        row.iter().map(|&x| i32::from(x)).collect()
    }

    /// The logits `[V]` of outputs `[V]`.
    pub fn logits<'o>(&self, outputs: &'o [i32]) -> impl Iterator<Item = f32> + use<'o> {
        let scale = self.constants.logit_scale as f32;
        outputs.iter().map(move |&output| output as f32 * scale)
    }
}
