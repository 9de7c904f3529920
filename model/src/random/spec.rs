//! What a random model is to be.

use crate::network::{CellKind, Output};

/// Everything of a random model but its tensors, thresholds and rounding shifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomSpec {
    /// Input size X.
    pub input_size: usize,
    /// Bits of one input element, 2..=8.
    pub input_bits: u32,
    /// Kind and hidden size of each recurrent layer, from the input up.
    pub cells: Vec<(CellKind, usize)>,
    /// Output size N of the linear head, where there is to be one.
    pub head: Option<usize>,
    /// When the network gives an output.
    pub output: Output,
    /// Fraction bits F of gates.
    pub gate_frac: u32,
    /// Address bits A of activation tables.
    pub lut_bits: u32,
    /// Bits C of recurrent states.
    pub state_bits: u32,
    /// Left shift of the first layer's input product; layers above take `hidden_shift` for both.
    pub input_shift: u32,
    /// Left shift of hidden products.
    pub hidden_shift: u32,
    /// Bits of each recurrent layer's hidden state, from the input up; 2 is a trit, as are all that the list leaves out.
    pub hidden_bits: Vec<u32>,
    /// Right shift of all sums before their tables.
    pub lut_shift: u32,
    /// Right shift of LSTM cell states before their table.
    pub state_lut_shift: u32,
}

impl RandomSpec {
    /// One layer of `kind` in pure HitNet numbers (F = 0) on ternary inputs, with an output every
    /// step and no head.
    pub fn hitnet(kind: CellKind, input_size: usize, hidden_size: usize) -> RandomSpec {
        RandomSpec {
            input_size,
            input_bits: 2,
            cells: vec![(kind, hidden_size)],
            head: None,
            output: Output::Every,
            gate_frac: 0,
            lut_bits: 4,
            state_bits: 4,
            input_shift: 0,
            hidden_shift: 0,
            hidden_bits: vec![],
            lut_shift: 0,
            state_lut_shift: 0,
        }
    }

    /// One layer of `kind` in fixed point (F = 7) on 8-bit inputs, with an output every step and
    /// no head.
    pub fn fixed_point(kind: CellKind, input_size: usize, hidden_size: usize) -> RandomSpec {
        RandomSpec {
            input_bits: 8,
            gate_frac: 7,
            lut_bits: 8,
            state_bits: 12,
            hidden_shift: 7,
            lut_shift: 3,
            state_lut_shift: 4,
            ..RandomSpec::hitnet(kind, input_size, hidden_size)
        }
    }
}
