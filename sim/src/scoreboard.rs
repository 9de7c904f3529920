//! The scoreboard: the first difference between two executors.

use std::fmt;

use crate::error::SimError;
use crate::executor::Executor;

/// What was being simulated, for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The network and the array, such as `spoken-digits on 4x4x8`.
    pub design: String,
    /// The seed of the stimulus.
    pub seed: u64,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, seed {}", self.design, self.seed)
    }
}

/// The first value in which an executor differs from the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Network, array and seed.
    pub context: Context,
    /// The executor that gave the expected value.
    pub reference: String,
    /// The executor that differs.
    pub executor: String,
    /// Which sequence of the stimulus.
    pub sequence: usize,
    /// The step whose output differs.
    pub step: usize,
    /// Which value of the output: a head's output or a hidden unit.
    pub unit: usize,
    /// Layer and sum, such as `layer 0, gate f`, where the values compared are the sums of gates.
    pub gate: Option<String>,
    /// The reference's value; `None` if it has none there.
    pub expected: Option<i32>,
    /// The executor's value; `None` if it has none there.
    pub got: Option<i32>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value =
            |value: Option<i32>| value.map_or("nothing".to_owned(), |value| value.to_string());
        let Context { design, seed } = &self.context;
        let Mismatch {
            reference,
            executor,
            sequence,
            step,
            unit,
            ..
        } = self;
        let gate = self
            .gate
            .as_ref()
            .map_or(String::new(), |gate| format!(", {gate}"));
        write!(
            f,
            "{executor} differs from {reference} in {design}, seed {seed}, sequence {sequence}, step {step}{gate}, unit {unit}: "
        )?;
        write!(
            f,
            "expected {}, got {}",
            value(self.expected),
            value(self.got)
        )
    }
}

impl std::error::Error for Mismatch {}

/// Runs both executors on every sequence of `stimulus[sequence][step][X]` and fails at the first value that differs.
pub fn compare(
    reference: &mut dyn Executor,
    executor: &mut dyn Executor,
    stimulus: &[Vec<Vec<i32>>],
    context: &Context,
) -> Result<(), SimError> {
    for (sequence, steps) in stimulus.iter().enumerate() {
        let expected = reference.run(steps)?;
        let got = executor.run(steps)?;
        if let Some((output, unit, expected_value, got_value)) = first_difference(&expected, &got) {
            return Err(SimError::from(Mismatch {
                context: context.clone(),
                reference: reference.name().to_owned(),
                executor: executor.name().to_owned(),
                sequence,
                // outputs are one a step, or one for the last step
                step: if expected.len() == steps.len() {
                    output
                } else {
                    steps.len().saturating_sub(1)
                },
                unit,
                gate: None,
                expected: expected_value,
                got: got_value,
            }));
        }
    }
    Ok(())
}

/// The first place `(output, unit)` at which two lists of outputs differ, with both values.
pub fn first_difference(
    expected: &[Vec<i32>],
    got: &[Vec<i32>],
) -> Option<(usize, usize, Option<i32>, Option<i32>)> {
    (0..expected.len().max(got.len())).find_map(|output| {
        let values = |outputs: &[Vec<i32>]| outputs.get(output).cloned().unwrap_or_default();
        let (expected, got) = (values(expected), values(got));
        let unit = (0..expected.len().max(got.len()))
            .find(|unit| expected.get(*unit) != got.get(*unit))?;
        Some((
            output,
            unit,
            expected.get(unit).copied(),
            got.get(unit).copied(),
        ))
    })
}
