//! The hidden state's numbers: a trit, or a signed integer.

use crate::golden::arithmetic::{clamp_symmetric, rshift_round, ternary};

/// How a recurrent layer makes its hidden state h' of a value v: o·t in an LSTM, the state q' in a GRU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HiddenState {
    /// `h' = +1 if v >= threshold, -1 if v <= -threshold, else 0`.
    Ternary {
        /// At least 1.
        threshold: i32,
    },
    /// `h' = clampsym_b(rshift_round(v, round))`, where `clampsym_b` saturates to ±(2^(b-1) - 1).
    Integer {
        /// Bits b, 3..=8.
        bits: u32,
        /// Right shift of v.
        round: u32,
    },
}

impl HiddenState {
    /// What a layer's fields say; [`Model::validate`](crate::network::Model::validate) refuses a layer with other fields than one
    /// of the two forms has, whose hidden state would be zero.
    pub(super) fn of(threshold: Option<i32>, bits: Option<u32>, round: Option<u32>) -> HiddenState {
        match (bits, round) {
            (Some(bits), Some(round)) => HiddenState::Integer { bits, round },
            _ => HiddenState::Ternary {
                threshold: threshold.unwrap_or(i32::MAX),
            },
        }
    }

    /// Largest magnitude of a hidden state: 1 for a trit, `2^(b-1) - 1` for an integer of b bits.
    pub fn max(self) -> i32 {
        (1 << (self.bits() - 1)) - 1
    }

    /// Bits of a hidden state: 2 for a trit.
    pub fn bits(self) -> u32 {
        match self {
            HiddenState::Ternary { .. } => 2,
            HiddenState::Integer { bits, .. } => bits,
        }
    }

    /// The hidden state that the value `v` makes.
    pub(crate) fn value(self, v: i64) -> i64 {
        match self {
            HiddenState::Ternary { threshold } => ternary(v, threshold),
            HiddenState::Integer { bits, round } => clamp_symmetric(rshift_round(v, round), bits),
        }
    }
}
