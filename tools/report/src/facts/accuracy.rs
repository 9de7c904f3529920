//! How right a network is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was measured on data, and what the model's file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accuracy {
    /// Of a classifier, measured by the golden model for this report.
    pub classes: Option<Classes>,
    /// Of a language model, measured by the golden model for this report.
    pub perplexity: Option<Perplexity>,
    /// What the training wrote into the model's file; not measured again.
    pub claimed: Option<Claim>,
}

/// Right and wrong answers of a classifier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Classes {
    /// The folder of the data.
    pub data: String,
    /// What was classified, such as `recordings`.
    pub what: String,
    /// Names of the classes.
    pub labels: Vec<String>,
    /// `[true class][recognized class]`.
    pub confusion: Vec<Vec<usize>>,
}

/// How well a language model predicts the next token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Perplexity {
    /// The folder of the data.
    pub data: String,
    /// Tokens that were predicted.
    pub tokens: usize,
    /// Perplexity per token.
    pub perplexity: f64,
}

/// Right answers on the test data by the model's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Right answers.
    pub correct: usize,
    /// Answers.
    pub of: usize,
}

impl Classes {
    /// Answers that were counted.
    pub fn total(&self) -> usize {
        self.confusion.iter().flatten().sum()
    }

    /// Answers that are right.
    pub fn correct(&self) -> usize {
        let rows = self.confusion.iter().enumerate();
        rows.filter_map(|(class, row)| row.get(class)).sum()
    }
}
