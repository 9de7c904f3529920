//! Random numbers without an order: each is a function of what it is for.

/// The uniform numbers of a training step, or those of inference.
///
/// A number depends on the seed and on what it is drawn for alone, so that the gradient meets the
/// draws of the forward pass again, and a run broken off those of one that was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    seed: Option<u64>,
}

impl Draws {
    /// Inference: every number is 1/2, which makes stochastic quantizers deterministic.
    pub const CERTAIN: Draws = Draws { seed: None };

    /// The numbers of a training step with this seed.
    pub fn of(seed: u64) -> Draws {
        Draws {
            seed: Some(mix(seed)),
        }
    }

    /// The draws for a part of the network.
    pub fn part(self, part: u64) -> Draws {
        Draws {
            seed: self.seed.map(|seed| mix(seed ^ part)),
        }
    }

    /// The draws for operands: by their bits, so that equal operands get equal numbers.
    #[inline(always)]
    pub(crate) fn operands(self, operands: impl Iterator<Item = f32>) -> Draws {
        let joined = |seed| {
            operands.fold(seed, |sum: u64, value| {
                (sum ^ u64::from(value.to_bits())).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            })
        };
        Draws {
            seed: self.seed.map(joined),
        }
    }

    /// The number at a place, in `[0, 1)`.
    #[inline(always)]
    pub fn at(self, place: u64) -> f32 {
        match self.seed {
            None => 0.5,
            Some(seed) => (mix(seed ^ place) >> 40) as f32 / (1u32 << 24) as f32,
        }
    }
}

/// A bijection in which every bit depends on every other (SplitMix64, Steele et al., 2014).
#[inline(always)]
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
