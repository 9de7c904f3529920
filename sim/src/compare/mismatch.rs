//! The scoreboard: the first difference between the outputs of two executors.

use std::fmt;

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

impl Mismatch {
    /// Both values: `expected 3, got nothing`.
    pub fn values(&self) -> String {
        let [expected, got] = [self.expected, self.got]
            .map(|value| value.map_or("nothing".to_owned(), |value| value.to_string()));
        format!("expected {expected}, got {got}")
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch {
            context,
            reference,
            executor,
            sequence,
            step,
            unit,
            ..
        } = self;
        let gate = self.gate.as_ref();
        let gate = gate.map_or(String::new(), |gate| format!(", {gate}"));
        write!(
            f,
            "{executor} differs from {reference} in {context}, sequence {sequence}, step {step}{gate}, unit {unit}: {}",
            self.values()
        )
    }
}

impl std::error::Error for Mismatch {}

/// Compares the outputs `[sequence][output][value]` of two executors, the reference first, for a stimulus `[sequence][step][X]`.
///
/// # Errors
/// The first value that differs, or that one of the executors lacks.
pub fn compare(
    [reference, executor]: [&str; 2],
    stimulus: &[Vec<Vec<i32>>],
    expected: &[Vec<Vec<i32>>],
    got: &[Vec<Vec<i32>>],
    context: &Context,
) -> Result<(), Box<Mismatch>> {
    for (sequence, steps) in stimulus.iter().enumerate() {
        let outputs = |all: &[Vec<Vec<i32>>]| all.get(sequence).cloned().unwrap_or_default();
        let (expected, got) = (outputs(expected), outputs(got));
        if let Some((output, unit, expected_value, got_value)) = first_difference(&expected, &got) {
            return Err(Box::new(Mismatch {
                context: context.clone(),
                reference: reference.to_owned(),
                executor: executor.to_owned(),
                sequence,
                // There is one output per step, or one for the last step.
                step: match expected.len() == steps.len() {
                    true => output,
                    false => steps.len().saturating_sub(1),
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
fn first_difference(
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
