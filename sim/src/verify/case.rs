//! A case: what one run sends through the rungs of the ladder.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use tern_model::network::Model;
use tern_model::random::random_sequence;

use super::draw::runner;
use crate::stream::stall::StallPattern;

/// Most cycles of arbitrary signals before a reset: enough for a reset in every state of a small core's controllers.
pub const RESET_CYCLES: u32 = 300;

/// Sequences back to back after a reset, all of it drawn from a seed.
///
/// As text: `steps=3+1,stalls=both,reset=17,seed=5` is a sequence of 3 steps and one of 1 step, after 17 cycles of
/// arbitrary signals and a reset; without `reset=` the reset comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Steps of each sequence.
    pub lengths: Vec<usize>,
    /// Which ends of the stream stall, and the seed of pauses, inputs and arbitrary signals.
    pub pattern: StallPattern,
    /// Cycles of arbitrary signals on the input ports, before the reset that begins the sequences.
    pub reset: Option<u32>,
}

impl Case {
    /// Cases with up to `sequences` sequences of up to `steps` steps; they shrink towards one step without stalls and resets.
    pub fn strategy(sequences: usize, steps: usize) -> impl Strategy<Value = Case> {
        let lengths = prop::collection::vec(1..=steps, 1..=sequences);
        let reset = prop::option::of(1..=RESET_CYCLES);
        (lengths, 0..4usize, reset, 0..1_000_000u64).prop_map(|(lengths, stalls, reset, seed)| {
            Case {
                lengths,
                pattern: StallPattern::all(seed)[stalls],
                reset,
            }
        })
    }

    /// `count` cases with up to `sequences` sequences of up to `steps` steps, drawn from `seed`.
    pub fn random(seed: u64, count: usize, sequences: usize, steps: usize) -> Vec<Case> {
        let (mut draws, strategy) = (runner(seed), Case::strategy(sequences, steps));
        let draw = |_| {
            strategy
                .new_tree(&mut draws)
                .ok()
                .map(|tree| tree.current())
        };
        (0..count).filter_map(draw).collect()
    }

    /// The inputs `[sequence][step][X]`.
    pub fn stimulus(&self, model: &Model) -> Vec<Vec<Vec<i32>>> {
        let seed = self.pattern.seed.wrapping_mul(1000);
        let sequence = |(number, steps)| random_sequence(model, steps, seed + number);
        (0..)
            .zip(self.lengths.iter().copied())
            .map(sequence)
            .collect()
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths: Vec<String> = self.lengths.iter().map(usize::to_string).collect();
        write!(
            f,
            "steps={},stalls={}",
            lengths.join("+"),
            self.pattern.name()
        )?;
        if let Some(cycles) = self.reset {
            write!(f, ",reset={cycles}")?;
        }
        write!(f, ",seed={}", self.pattern.seed)
    }
}

impl FromStr for Case {
    type Err = String;

    fn from_str(text: &str) -> Result<Case, String> {
        let wrong =
            |part: &str, expected: &str| format!("`{part}` in the case, expected {expected}");
        let mut case = Case {
            lengths: vec![],
            pattern: StallPattern::none(0),
            reset: None,
        };
        for part in text.split(',') {
            let within = |value: &str, range: RangeInclusive<u64>| -> Result<u64, String> {
                let expected = format!("a number from {} to {}", range.start(), range.end());
                let number = value.parse().ok().filter(|number| range.contains(number));
                number.ok_or_else(|| wrong(part, &expected))
            };
            match part.split_once('=') {
                Some(("steps", value)) => {
                    let lengths = value.split('+').map(|steps| within(steps, 1..=100_000));
                    let lengths: Result<Vec<u64>, String> = lengths.collect();
                    case.lengths = lengths?.into_iter().map(|steps| steps as usize).collect();
                }
                Some(("stalls", value)) => {
                    let mut all = StallPattern::all(case.pattern.seed).into_iter();
                    let found = all.find(|pattern| pattern.name() == value);
                    case.pattern =
                        found.ok_or_else(|| wrong(part, "none, source, sink or both"))?;
                }
                Some(("reset", value)) => case.reset = Some(within(value, 1..=1_000_000)? as u32),
                Some(("seed", value)) => case.pattern.seed = within(value, 0..=u64::MAX / 1001)?,
                _ => return Err(wrong(part, "steps=, stalls=, reset= or seed=")),
            }
        }
        match case.lengths.is_empty() {
            true => Err(format!("`{text}` is no case, expected steps= in it")),
            false => Ok(case),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, StallPattern};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_case_is_read_as_it_is_written(case in Case::strategy(4, 9)) {
            prop_assert_eq!(case.to_string().parse::<Case>(), Ok(case));
        }
    }

    #[test]
    fn what_is_no_case_is_named() {
        let case = Case {
            lengths: vec![3, 1],
            pattern: StallPattern::all(5)[3],
            reset: Some(17),
        };
        assert_eq!(case.to_string(), "steps=3+1,stalls=both,reset=17,seed=5");
        for (text, word) in [
            ("seed=1", "steps="),
            ("steps=0", "steps=0"),
            ("steps=1,stalls=often", "stalls=often"),
            ("steps=1,reset=none", "reset=none"),
            ("steps=1,seed=-1", "seed=-1"),
            ("steps=1,colour=red", "colour=red"),
        ] {
            let error = text.parse::<Case>().expect_err(text);
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
