//! From the sums of a layer to its next state.

mod gru;
mod lstm;
mod table;

pub(super) use gru::GruCell;
pub(super) use lstm::LstmCell;

use super::vector::Vector;
use crate::network::HiddenState;

/// What makes a recurrent layer's next state.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Lstm(LstmCell),
    Gru(GruCell),
}

impl Cell {
    /// The next cell state and hidden state, of `sums`: a padded block for each bias of the layer. What is left in `sums` is of
    /// no use.
    #[inline(always)]
    pub fn step(&self, sums: &mut [i32], state: &mut [i32], hidden: &mut Vector) {
        match self {
            Cell::Lstm(cell) => cell.step(sums, state, &mut hidden.values),
            Cell::Gru(cell) => cell.step(sums, state, &mut hidden.values),
        }
        hidden.pack();
    }
}

/// The blocks of the sums, each as long as the padded state.
#[inline(always)]
fn blocks<const BLOCKS: usize>(sums: &mut [i32], units: usize) -> [&mut [i32]; BLOCKS] {
    let mut blocks = sums.chunks_exact_mut(units);
    std::array::from_fn(|_| blocks.next().unwrap_or_default())
}

/// `clamp_C(rshift_round(a*b + c*d, F))`.
#[derive(Clone, Copy, Debug)]
struct Blend {
    frac: u32,
    /// Half of `2^F`.
    half: i64,
    /// Largest state.
    high: i64,
    /// Whether the sum of the products may need 64 bits.
    wide: bool,
}

impl Blend {
    /// Of factors that are at most `2^frac`, and a state of `bits` bits.
    fn new(frac: u32, bits: u32) -> Blend {
        Blend {
            frac,
            half: (1 << frac) >> 1,
            high: (1 << (bits - 1)) - 1,
            wide: frac + bits > 31,
        }
    }

    /// The states `b` become those of `a*b + c*d`.
    #[inline(always)]
    fn update(self, b: &mut [i32], a: &[i32], c: &[i32], d: &[i32]) {
        let factors = b.iter_mut().zip(a).zip(c.iter().zip(d));
        if self.wide {
            for ((b, &a), (&c, &d)) in factors {
                let [a, c, d] = [a, c, d].map(i64::from);
                let value = (a * i64::from(*b) + c * d + self.half) >> self.frac;
                *b = value.clamp(-self.high - 1, self.high) as i32;
            }
        } else {
            let (half, high) = (self.half as i32, self.high as i32);
            for ((b, &a), (&c, &d)) in factors {
                *b = ((a * *b + c * d + half) >> self.frac).clamp(-high - 1, high);
            }
        }
    }
}

/// The hidden states `h` that values make.
#[inline(always)]
fn hidden_states(hidden: HiddenState, values: impl Iterator<Item = i32>, h: &mut [i8]) {
    let places = h.iter_mut().zip(values);
    match hidden {
        HiddenState::Ternary { threshold } => {
            for (h, v) in places {
                *h = i8::from(v >= threshold) - i8::from(v <= -threshold);
            }
        }
        HiddenState::Integer { round, .. } => {
            let (half, high) = ((1 << round) >> 1, hidden.max());
            for (h, v) in places {
                *h = ((v + half) >> round).clamp(-high, high) as i8;
            }
        }
    }
}
