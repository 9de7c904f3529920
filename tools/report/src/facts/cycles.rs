//! Clock cycles of a time step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long a time step takes while the streams never stall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cycles {
    /// Clock cycles; of an event array the most, when every element is an event.
    pub per_step: u64,
    /// Those of an event array with the activity that the model's file carries.
    pub recorded: Option<Recorded>,
    /// Those of an event array on the data that the network was measured on for this report, exactly.
    pub measured: Option<Recorded>,
    /// Ternary multiply-accumulates that a step needs; a b-bit input counts b - 1 per weight.
    pub macs_per_step: usize,
    /// What keeps a step from being shorter, in a sentence.
    pub limit: Option<String>,
}

/// Cycles of the steps of an event array on recorded data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Their mean.
    pub mean: f64,
    /// As many or fewer in 99 of 100 steps.
    pub percentile_99: u64,
    /// The most.
    pub most: u64,
}

/// A time step in the simulation of the core.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What was fed in, in a few words.
    pub input: String,
    /// What simulated the core.
    pub simulator: String,
    /// Number of the time step, from 0.
    pub number: usize,
    /// Clock cycles that are shown, from the step's first to its last result.
    pub cycles: u64,
    /// The parts of the core, from the input stream to the output.
    pub lanes: Vec<Lane>,
}

/// When a part of the core works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// What works.
    pub name: String,
    /// When it does, in rising order, none touching the next.
    pub busy: Vec<Span>,
}

impl Lane {
    /// Cycles in which it works.
    pub fn cycles(&self) -> u64 {
        self.busy.iter().map(|span| span.to - span.from).sum()
    }
}

/// Cycles `from` to `to`, which is not one of them, counted from the step's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first.
    pub from: u64,
    /// The first after them.
    pub to: u64,
}

impl Cycles {
    /// Those of an event array on data: measured, or as the model's file has them.
    pub fn known(&self) -> Option<Recorded> {
        self.measured.or(self.recorded)
    }

    /// Cycles of a time step, of an event array on average where that is known.
    pub fn mean(&self) -> f64 {
        let known = self.known().map(|known| known.mean);
        known.unwrap_or(self.per_step as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::Recorded;
    use crate::sample::core;

    #[test]
    fn what_was_measured_comes_before_what_was_recorded() {
        let cycles = |mean| Recorded {
            mean,
            percentile_99: 9,
            most: 10,
        };
        let mut core = core();
        assert_eq!(core.cycles.mean(), 20.0, "those of every step");
        core.cycles.recorded = Some(cycles(7.0));
        assert_eq!(core.cycles.mean(), 7.0);
        core.cycles.measured = Some(cycles(5.0));
        assert_eq!(core.cycles.mean(), 5.0);
    }
}
