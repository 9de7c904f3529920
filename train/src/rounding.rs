//! What real-valued cells do with an activation before they use it.

use crate::quantize::{Draws, Quantizer, Range};

/// A step between an activation and its use; the gradient passes it unchanged.
pub(crate) trait Rounding: Copy + Send + Sync {
    /// The step for one unit in one time step, whose operands tell it from others.
    fn of(self, operands: impl Iterator<Item = f32>) -> Self;

    /// The value used; `place` tells the unit's activations apart.
    fn value(self, activation: f32, range: Range, place: usize) -> f32;
}

/// No step: full precision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exact;

impl Rounding for Exact {
    #[inline(always)]
    fn of(self, _: impl Iterator<Item = f32>) -> Exact {
        self
    }

    #[inline(always)]
    fn value(self, activation: f32, _: Range, _: usize) -> f32 {
        activation
    }
}

/// A quantizer whose draws follow from a unit's operands, so that forward and backward pass make
/// the same ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    quantizer: Quantizer,
    draws: Draws,
}

impl Drawn {
    pub(crate) fn new(quantizer: Quantizer, draws: Draws) -> Drawn {
        Drawn { quantizer, draws }
    }
}

impl Rounding for Drawn {
    #[inline(always)]
    fn of(self, operands: impl Iterator<Item = f32>) -> Drawn {
        Drawn {
            draws: match self.quantizer {
                Quantizer::Bernoulli => self.draws.operands(operands),
                _ => Draws::CERTAIN,
            },
            ..self
        }
    }

    #[inline(always)]
    fn value(self, activation: f32, range: Range, place: usize) -> f32 {
        let draw = self.draws.at(place as u64);
        self.quantizer.value(activation, range, draw)
    }
}
