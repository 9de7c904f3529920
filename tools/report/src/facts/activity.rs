//! How much changes from step to step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Elements that change, or are not zero, in the steps of recorded data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// Where the counts come from.
    pub source: String,
    /// Steps that were counted.
    pub steps: usize,
    /// Inputs, then each recurrent layer.
    pub elements: Vec<Elements>,
    /// Elements of all lists together that change in each step, in rising order.
    pub changed_per_step: Vec<usize>,
}

/// A list of elements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Elements {
    /// What they are, such as `inputs`.
    pub name: String,
    /// How many there are.
    pub count: usize,
    /// How many change in a step, on average.
    pub changed: f64,
    /// How many are not zero, on average.
    pub nonzero: f64,
}
