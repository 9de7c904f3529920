//! A run of the study.

use serde::{Deserialize, Serialize};

/// A combination of quantizers and slope, and what it reached.
#[derive(Clone, Serialize)]
pub struct Cell {
    pub weights: &'static str,
    pub activations: &'static str,
    pub sloped: bool,
    #[serde(flatten)]
    pub figures: Figures,
}

/// What a finished run reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub validation_perplexity: f64,
    pub test_perplexity: f64,
}
