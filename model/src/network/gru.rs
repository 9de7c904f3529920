//! Gated recurrent unit: gate order and parameters.

use serde::{Deserialize, Serialize};

use super::HiddenState;
use crate::bound::{magnitude, row};

/// Gates of a GRU. The order of the variants is the order of the row blocks in every tensor but
/// the bias (PyTorch's r, z, n), and this is the only place where it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GruGate {
    /// Reset gate r.
    Reset,
    /// Update gate z.
    Update,
    /// New (candidate) gate n.
    New,
}

impl GruGate {
    /// The gates in the order of their row blocks.
    pub const ORDER: [GruGate; 3] = [GruGate::Reset, GruGate::Update, GruGate::New];

    /// Position of the gate's row block.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether the gate's values are signed: the candidate's lie in `[-2^F, 2^F]`, the others' in
    /// `[0, 2^F]`.
    pub const fn is_signed(self) -> bool {
        matches!(self, GruGate::New)
    }

    /// The gate's letter in the equations.
    pub const fn symbol(self) -> &'static str {
        match self {
            GruGate::Reset => "r",
            GruGate::Update => "z",
            GruGate::New => "n",
        }
    }
}

/// Sums of a GRU, which are also the blocks of its bias: the candidate keeps the input's part and
/// the hidden state's part apart, because the reset gate scales only the latter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GruBias {
    /// Reset gate.
    Reset,
    /// Update gate.
    Update,
    /// Input part of the candidate.
    NewInput,
    /// Hidden part of the candidate.
    NewHidden,
}

impl GruBias {
    /// The blocks in the order of the bias: r, z, in, hn.
    pub const ORDER: [GruBias; 4] = [
        GruBias::Reset,
        GruBias::Update,
        GruBias::NewInput,
        GruBias::NewHidden,
    ];

    /// The sum's name in the equations.
    pub const fn symbol(self) -> &'static str {
        match self {
            GruBias::Reset => "r",
            GruBias::Update => "z",
            GruBias::NewInput => "in",
            GruBias::NewHidden => "hn",
        }
    }

    /// Position of the block.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// Parameters of a GRU layer with input size X and hidden size H.
///
/// A model file keeps the sizes and constants as JSON and the vectors as tensors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gru {
    /// Input size X, 1..=4096.
    pub input_size: usize,
    /// Hidden size H, 1..=4096.
    pub hidden_size: usize,
    /// Fraction bits F of gates and candidate, 0..=8.
    pub gate_frac: u32,
    /// Address bits A of the activation tables, 1..=10.
    pub lut_bits: u32,
    /// Bits C of the state q, two's complement, 2..=24.
    pub state_bits: u32,
    /// The input product is scaled by `2^input_shift`, 0..=31.
    pub input_shift: u32,
    /// The hidden product is scaled by `2^hidden_shift`, 0..=31.
    pub hidden_shift: u32,
    /// Right shift of a gate's sum before its table, by [`GruGate::index`], 0..=31.
    pub lut_shift: [u32; 3],
    /// Threshold of the ternary hidden state, at least 1, in units of `2^-F`; none where the hidden state is an integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<i32>,
    /// Bits of an integer hidden state, 3..=8; none where it is a trit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_bits: Option<u32>,
    /// Right shift that makes the integer hidden state, 0..=F; with `hidden_bits` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_round: Option<u32>,
    /// Ternary input weights, row-major `[3H, X]`.
    #[serde(skip)]
    pub weight_ih: Vec<i8>,
    /// Ternary hidden weights, row-major `[3H, H]`.
    #[serde(skip)]
    pub weight_hh: Vec<i8>,
    /// Biases `[4H]` in the order of [`GruBias`].
    #[serde(skip)]
    pub bias: Vec<i32>,
    /// Activation tables of the gates, row-major `[3, 2^A]`.
    #[serde(skip)]
    pub lut: Vec<i16>,
}

impl Gru {
    /// Input weights `[X]` of one unit's gate.
    pub fn weight_ih_row(&self, gate: GruGate, unit: usize) -> &[i8] {
        row(&self.weight_ih, self.row(gate, unit), self.input_size)
    }

    /// Hidden weights `[H]` of one unit's gate.
    pub fn weight_hh_row(&self, gate: GruGate, unit: usize) -> &[i8] {
        row(&self.weight_hh, self.row(gate, unit), self.hidden_size)
    }

    /// Bias of one unit's sum.
    pub fn sum_bias(&self, sum: GruBias, unit: usize) -> i32 {
        self.bias[sum.index() * self.hidden_size + unit]
    }

    /// Activation table `[2^A]` of a gate.
    pub fn gate_lut(&self, gate: GruGate) -> &[i16] {
        row(&self.lut, gate.index(), 1 << self.lut_bits)
    }

    /// How the layer makes its hidden state.
    pub fn hidden(&self) -> HiddenState {
        HiddenState::of(self.threshold, self.hidden_bits, self.hidden_round)
    }

    /// Row of one unit's gate in `weight_ih` and `weight_hh`.
    pub fn row(&self, gate: GruGate, unit: usize) -> usize {
        gate.index() * self.hidden_size + unit
    }

    /// Largest magnitude that one unit's sum can take when no input element exceeds `input_max`
    /// in magnitude.
    pub fn sum_bound(&self, sum: GruBias, unit: usize, input_max: i32) -> i64 {
        let input = |gate| {
            (magnitude(self.weight_ih_row(gate, unit)) * i64::from(input_max)) << self.input_shift
        };
        let hidden_max = i64::from(self.hidden().max());
        let hidden =
            |gate| (magnitude(self.weight_hh_row(gate, unit)) * hidden_max) << self.hidden_shift;
        let products = match sum {
            GruBias::Reset => input(GruGate::Reset) + hidden(GruGate::Reset),
            GruBias::Update => input(GruGate::Update) + hidden(GruGate::Update),
            GruBias::NewInput => input(GruGate::New),
            GruBias::NewHidden => hidden(GruGate::New),
        };
        products + i64::from(self.sum_bias(sum, unit)).abs()
    }

    /// Largest magnitude that the argument of one unit's gate table can take: the candidate's is
    /// the sum of both its parts, since the reset gate at most keeps the hidden part whole.
    pub fn gate_bound(&self, gate: GruGate, unit: usize, input_max: i32) -> i64 {
        let bound = |sum| self.sum_bound(sum, unit, input_max);
        match gate {
            GruGate::Reset => bound(GruBias::Reset),
            GruGate::Update => bound(GruBias::Update),
            GruGate::New => bound(GruBias::NewInput) + bound(GruBias::NewHidden),
        }
    }

    /// Largest magnitude of the argument of a gate's table, by [`GruGate::index`], over all units.
    pub fn gate_bounds(&self, input_max: i32) -> [i64; 3] {
        GruGate::ORDER.map(|gate| {
            let units = 0..self.hidden_size;
            units
                .map(|unit| self.gate_bound(gate, unit, input_max))
                .max()
                .unwrap_or(0)
        })
    }
}
