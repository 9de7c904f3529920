//! What a classifier does on a part of a data set.

use candle_core::{D, Tensor};
use serde::{Deserialize, Serialize};

use crate::classify::data;
use crate::classify::evaluate::{Example, predict};
use crate::classify::network::Classifier;
use crate::error::TrainError;

/// Sequences that are run at once.
const CHUNK: usize = 64;

/// What a classifier does on a part of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Sequences classified rightly.
    pub correct: usize,
    /// Sequences.
    pub of: usize,
    /// Mean cross entropy in nats.
    pub loss: f64,
}

impl Outcome {
    /// Whether more is right than in the `other`, earlier one, or as much with no more loss. Of averaged networks the later one
    /// is as good whatever its loss: they differ little from epoch to epoch, and the least loss on a few sequences is
    /// that of an early one by chance.
    pub(crate) fn is_as_good_as(&self, other: &Outcome, averaged: bool) -> bool {
        match averaged {
            true => self.correct >= other.correct,
            false => (self.correct, -self.loss) >= (other.correct, -other.loss),
        }
    }
}

/// Runs a network in training on `examples`: of a ternary one, the simulation of its integers.
///
/// # Errors
/// When the tensor library fails.
pub fn outcome(network: &Classifier, examples: &[Example]) -> Result<Outcome, TrainError> {
    let (mut correct, mut loss) = (0, 0.0);
    for examples in examples.chunks(CHUNK) {
        let logits = network.logits(&data::batch(examples)?)?.detach();
        let log = log_softmax(&logits)?.to_vec2::<f32>()?;
        for ((logits, log), example) in logits.to_vec2::<f32>()?.iter().zip(&log).zip(examples) {
            correct += usize::from(predict(logits) == example.class);
            loss -= f64::from(log[example.class]);
        }
    }
    Ok(Outcome {
        correct,
        of: examples.len(),
        loss: loss / examples.len().max(1) as f64,
    })
}

/// Logarithms of the classes' probabilities `[B, N]`.
pub(crate) fn log_softmax(logits: &Tensor) -> candle_core::Result<Tensor> {
    logits.broadcast_sub(&logits.log_sum_exp(D::Minus1)?.unsqueeze(1)?)
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn among_as_many_right_the_loss_decides_or_of_averaged_networks_the_order() {
        let outcome = |correct, loss| Outcome {
            correct,
            of: 4,
            loss,
        };
        let earlier = outcome(3, 0.5);
        for (correct, loss, last, averaged) in [
            (4, 0.9, true, true),
            (3, 0.4, true, true),
            (3, 0.5, true, true),
            (3, 0.6, false, true),
            (2, 0.1, false, false),
        ] {
            let later = outcome(correct, loss);
            assert_eq!(later.is_as_good_as(&earlier, false), last, "{later:?}");
            assert_eq!(later.is_as_good_as(&earlier, true), averaged, "{later:?}");
        }
    }
}
