//! What real-valued cells do with an activation before they use it.

use crate::quantize::draws::Draws;
use crate::quantize::quantizer::{Quantizer, Range};

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

#[cfg(test)]
mod tests {
    use tern_model::network::Gate;

    use super::*;
    use crate::layer::cell::{Cell, Upstream};
    use crate::layer::gru::RealGru;
    use crate::layer::lstm::RealLstm;
    use crate::ops::exponential::sigmoid;
    use crate::testing::{Draw, values};

    const OUTPUT: usize = Gate::Output.index();

    #[test]
    fn the_gradient_of_an_lstm_meets_the_draws_of_the_step() {
        let mut draw = Draw::new(3);
        let operands = values(&draw.values(&[600, 9], 2.0, 1e-3));
        let cell = RealLstm::new([1.5; 5], Drawn::new(Quantizer::Bernoulli, Draws::of(5)));
        let upstream = Upstream {
            state: 0.0,
            hidden: 1.0,
        };
        let mut kinds = [0; 3];
        for o in operands.chunks(9) {
            let x = std::array::from_fn(|gate| o[gate]);
            let h = std::array::from_fn(|gate| o[4 + gate]);
            let (next, hidden) = cell.step(&x, &h, o[8]);
            assert_eq!(cell.step(&x, &h, o[8]), (next, hidden));
            kinds[(hidden + 1.0) as usize] += 1;
            // With an open output gate, its gradient is the rounded tanh, which is the hidden state.
            let open = sigmoid(1.5 * (x[OUTPUT] + h[OUTPUT]));
            let downstream = cell.gradient(&x, &h, o[8], upstream);
            if hidden != 0.0 {
                assert_eq!(downstream.x[OUTPUT], hidden * (open * (1.0 - open)) * 1.5);
            }
        }
        assert!(kinds.iter().all(|&count| count > 50), "{kinds:?}");
    }

    #[test]
    fn the_gradient_of_a_gru_meets_the_draws_of_the_step() {
        let mut draw = Draw::new(3);
        let operands = values(&draw.values(&[600, 7], 2.0, 1e-3));
        let cell = RealGru::new([1.5; 3], Drawn::new(Quantizer::Bernoulli, Draws::of(5)));
        let upstream = Upstream {
            state: 0.0,
            hidden: 1.0,
        };
        let mut kinds = [0; 2];
        for o in operands.chunks(7) {
            let (x, h, q) = ([o[0], o[1], o[2]], [o[3], o[4], o[5]], o[6]);
            let (next, hidden) = cell.step(&x, &h, q);
            assert_eq!(cell.step(&x, &h, q), (next, hidden));
            assert!([-1.0, 0.0, 1.0].contains(&hidden), "{hidden}");
            let update = cell.gradient(&x, &h, q, upstream).state;
            kinds[update as usize] += 1;
            match update {
                1.0 => assert_eq!(next, q),
                _ => assert!([-1.0, 0.0, 1.0].contains(&next), "{next}"),
            }
        }
        assert!(kinds.iter().all(|&count| count > 150), "{kinds:?}");
    }
}
