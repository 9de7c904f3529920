//! Long short-term memory: gate order and parameters.

use serde::{Deserialize, Serialize};

use super::HiddenState;
use crate::bound::{magnitude, row};

/// Gates of an LSTM. The order of the variants is the order of the row blocks in every tensor
/// (PyTorch's i, f, g, o), and this is the only place where it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Input gate i.
    Input,
    /// Forget gate f.
    Forget,
    /// Cell candidate g.
    Cell,
    /// Output gate o.
    Output,
}

impl Gate {
    /// The gates in the order of their row blocks.
    pub const ORDER: [Gate; 4] = [Gate::Input, Gate::Forget, Gate::Cell, Gate::Output];

    /// Position of the gate's row block.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether the gate's values are signed: the candidate's lie in `[-2^F, 2^F]`, the others' in
    /// `[0, 2^F]`.
    pub const fn is_signed(self) -> bool {
        matches!(self, Gate::Cell)
    }

    /// The gate's letter in the equations.
    pub const fn symbol(self) -> &'static str {
        match self {
            Gate::Input => "i",
            Gate::Forget => "f",
            Gate::Cell => "g",
            Gate::Output => "o",
        }
    }
}

/// Parameters of an LSTM layer with input size X and hidden size H.
///
/// A model file keeps the sizes and constants as JSON and the vectors as tensors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lstm {
    /// Input size X, 1..=4096.
    pub input_size: usize,
    /// Hidden size H, 1..=4096.
    pub hidden_size: usize,
    /// Fraction bits F of gates and candidate, 0..=8.
    pub gate_frac: u32,
    /// Address bits A of the activation tables, 1..=10.
    pub lut_bits: u32,
    /// Bits C of the cell state, two's complement, 2..=24.
    pub state_bits: u32,
    /// The input product is scaled by `2^input_shift`, 0..=31.
    pub input_shift: u32,
    /// The hidden product is scaled by `2^hidden_shift`, 0..=31.
    pub hidden_shift: u32,
    /// Right shift of a gate's sum before its table, by [`Gate::index`], 0..=31.
    pub lut_shift: [u32; 4],
    /// Right shift of the cell state before `state_lut`, 0..=31.
    pub state_lut_shift: u32,
    /// Threshold of the ternary hidden state, at least 1, in units of `2^-2F`; none where the hidden state is an integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<i32>,
    /// Bits of an integer hidden state, 3..=8; none where it is a trit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_bits: Option<u32>,
    /// Right shift that makes the integer hidden state, 0..=2F; with `hidden_bits` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_round: Option<u32>,
    /// Ternary input weights, row-major `[4H, X]`.
    #[serde(skip)]
    pub weight_ih: Vec<i8>,
    /// Ternary hidden weights, row-major `[4H, H]`.
    #[serde(skip)]
    pub weight_hh: Vec<i8>,
    /// Biases `[4H]`.
    #[serde(skip)]
    pub bias: Vec<i32>,
    /// Activation tables of the gates, row-major `[4, 2^A]`.
    #[serde(skip)]
    pub lut: Vec<i16>,
    /// Table of the cell state's activation `[2^A]`, values in `[-2^F, 2^F]`.
    #[serde(skip)]
    pub state_lut: Vec<i16>,
}

impl Lstm {
    /// Input weights `[X]` of one unit's gate.
    pub fn weight_ih_row(&self, gate: Gate, unit: usize) -> &[i8] {
        row(&self.weight_ih, self.row(gate, unit), self.input_size)
    }

    /// Hidden weights `[H]` of one unit's gate.
    pub fn weight_hh_row(&self, gate: Gate, unit: usize) -> &[i8] {
        row(&self.weight_hh, self.row(gate, unit), self.hidden_size)
    }

    /// Bias of one unit's gate.
    pub fn gate_bias(&self, gate: Gate, unit: usize) -> i32 {
        self.bias[self.row(gate, unit)]
    }

    /// Activation table `[2^A]` of a gate.
    pub fn gate_lut(&self, gate: Gate) -> &[i16] {
        row(&self.lut, gate.index(), 1 << self.lut_bits)
    }

    /// How the layer makes its hidden state.
    pub fn hidden(&self) -> HiddenState {
        HiddenState::of(self.threshold, self.hidden_bits, self.hidden_round)
    }

    /// Row of one unit's gate in `weight_ih`, `weight_hh` and `bias`.
    pub fn row(&self, gate: Gate, unit: usize) -> usize {
        gate.index() * self.hidden_size + unit
    }

    /// Largest magnitude that one unit's gate sum can take when no input element exceeds
    /// `input_max` in magnitude.
    pub fn sum_bound(&self, gate: Gate, unit: usize, input_max: i32) -> i64 {
        ((magnitude(self.weight_ih_row(gate, unit)) * i64::from(input_max)) << self.input_shift)
            + ((magnitude(self.weight_hh_row(gate, unit)) * i64::from(self.hidden().max()))
                << self.hidden_shift)
            + i64::from(self.gate_bias(gate, unit)).abs()
    }

    /// Largest magnitude of a sum, by [`Gate::index`], over all units.
    ///
    /// ```text
    /// max_j  2^ex * sum_k |weight_ih[j][k]| * input_max + 2^eh * sum_k |weight_hh[j][k]| * hidden_max + |bias[j]|
    /// ```
    pub fn gate_bounds(&self, input_max: i32) -> [i64; 4] {
        Gate::ORDER.map(|gate| {
            let units = 0..self.hidden_size;
            units
                .map(|unit| self.sum_bound(gate, unit, input_max))
                .max()
                .unwrap_or(0)
        })
    }
}
