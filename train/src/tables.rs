//! Constants of the quantized LSTM cell and the activation tables that follow from them.

use serde::{Deserialize, Serialize};
use tern_model::Gate;
#[cfg(doc)]
use tern_model::GruGate;

use crate::TrainError;

/// Bits within which a sum must stay for 32-bit floats to hold it exactly.
pub(crate) const EXACT_BITS: u32 = 24;

/// Sizes and number formats of the LSTM layer, and the slopes of its activations.
///
/// The names are those of the model file. A gate's table spans the pre-activations
/// `-gate_range..gate_range`, so that one unit of the integer sum `z` counts
/// `gate_range / 2^(lut_bits - 1 + lut_shift)`: the scale of the ternary weights and the sloping
/// factor of the activation in one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LstmConfig {
    /// Input size X.
    pub input_size: usize,
    /// Hidden size H.
    pub hidden_size: usize,
    /// Fraction bits F of gates and candidate.
    pub gate_frac: u32,
    /// Address bits A of the tables.
    pub lut_bits: u32,
    /// Bits C of the cell state.
    pub state_bits: u32,
    /// Shift of the input product.
    pub input_shift: u32,
    /// Shift of the hidden product.
    pub hidden_shift: u32,
    /// Right shift of the sums before their tables, one a gate.
    pub lut_shift: [u32; 4],
    /// Right shift of the cell state before its table.
    pub state_lut_shift: u32,
    /// Threshold of the hidden state, in units of `2^-2F`.
    pub threshold: i32,
    /// Pre-activation at the upper end of each gate's table.
    pub gate_range: [f64; 4],
    /// Argument of tanh at the upper end of the cell state's table.
    pub state_range: f64,
    /// Biases are multiples of `2^bias_shift`.
    pub bias_shift: u32,
}

impl LstmConfig {
    /// Checks that the tables exist and that floats can hold every sum.
    ///
    /// # Errors
    /// When a value is out of range; the sentence names it.
    pub fn validate(&self) -> Result<(), TrainError> {
        let rule = |field: &str, value: u32, low: u32, high: u32| match value {
            value if (low..=high).contains(&value) => Ok(()),
            value => Err(TrainError::new(format!(
                "{field} is {value}, expected {low} to {high}"
            ))),
        };
        rule("gate_frac", self.gate_frac, 0, 8)?;
        rule("lut_bits", self.lut_bits, 1, 10)?;
        rule("state_bits", self.state_bits, 2, EXACT_BITS)?;
        let widest = EXACT_BITS - self.lut_bits;
        rule("state_lut_shift", self.state_lut_shift, 0, widest)?;
        for gate in Gate::ORDER {
            let shift = self.lut_shift[gate.index()];
            rule("lut_shift", shift, 0, widest)?;
            rule("bias_shift", self.bias_shift, 0, self.lut_bits - 1 + shift)?;
        }
        let largest = ((self.input_size as u64 * 127) << self.input_shift.min(32))
            + ((self.hidden_size as u64) << self.hidden_shift.min(32));
        let bits = u64::BITS - largest.leading_zeros() + 1;
        rule("bits of the largest sum", bits, 2, EXACT_BITS)
    }

    /// Pre-activation that one unit of a gate's integer sum counts.
    pub fn gate_slope(&self, gate: Gate) -> f64 {
        let shift = self.lut_shift[gate.index()];
        self.gate_range[gate.index()] / f64::from(1u32 << (self.lut_bits - 1 + shift))
    }

    /// Argument of tanh that one unit of the integer cell state counts.
    pub fn state_slope(&self) -> f64 {
        self.state_range / f64::from(1u32 << (self.lut_bits - 1 + self.state_lut_shift))
    }

    /// Largest bias of a gate in steps of `2^bias_shift`: the end of the gate's table.
    pub fn bias_limit(&self, gate: Gate) -> f32 {
        let bits = self.lut_bits - 1 + self.lut_shift[gate.index()] - self.bias_shift;
        (1u32 << bits) as f32
    }

    /// Slopes of the gates, by [`Gate::index`], and of the cell state: pre-activation that one unit
    /// of an integer sum counts, and argument of tanh that 1 of the real cell state counts.
    pub fn slopes(&self) -> [f64; 5] {
        let [i, f, g, o] = Gate::ORDER.map(|gate| self.gate_slope(gate));
        let state = self.state_slope() * f64::from(1u32 << self.gate_frac);
        [i, f, g, o, state]
    }

    /// Tables and derivatives of the cell, with slopes in the order of [`LstmConfig::slopes`].
    pub fn tables(&self, slopes: &[f64; 5]) -> CellTables {
        let unit = f64::from(1u32 << self.gate_frac);
        let gates = Gate::ORDER.map(|gate| {
            let shift = self.lut_shift[gate.index()];
            Table::new(
                Activation::of(gate.is_signed()),
                self.lut_bits,
                shift,
                slopes[gate.index()],
                unit,
            )
        });
        let state = Table::new(
            Activation::Tanh,
            self.lut_bits,
            self.state_lut_shift,
            slopes[4] / unit,
            unit,
        );
        CellTables {
            gates,
            state,
            gate_frac: self.gate_frac,
            state_bits: self.state_bits,
            threshold: self.threshold,
        }
    }
}

/// What the fused cell needs: the tables of the gates and of the cell state.
#[derive(Clone, Debug)]
pub struct CellTables {
    /// Tables of the gates, by [`Gate::index`].
    pub gates: [Table; 4],
    /// Table of the cell state.
    pub state: Table,
    /// Fraction bits F.
    pub gate_frac: u32,
    /// Bits C of the cell state.
    pub state_bits: u32,
    /// Threshold of the hidden state.
    pub threshold: i32,
}

/// What the GRU's cell needs: the tables of its gates.
#[derive(Clone, Debug)]
pub struct GruTables {
    /// Tables of the gates, by [`GruGate::index`].
    pub gates: [Table; 3],
    /// Fraction bits F.
    pub gate_frac: u32,
    /// Bits C of the state.
    pub state_bits: u32,
    /// Threshold of the hidden state.
    pub threshold: i32,
}

/// The function that a table holds.
#[derive(Clone, Copy)]
pub(crate) enum Activation {
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// `tanh x`.
    Tanh,
}

impl Activation {
    /// That of a gate.
    pub(crate) fn of(signed: bool) -> Activation {
        match signed {
            true => Activation::Tanh,
            false => Activation::Sigmoid,
        }
    }
}

/// An activation as a table, `lookup(T, v) = T[clamp_A(v >> shift) + 2^(A-1)]`.
#[derive(Clone, Debug)]
pub struct Table {
    /// Right shift of the argument.
    pub shift: u32,
    /// Integer values, one an address: the activation in the middle of the address's arguments,
    /// rounded to `2^-F`.
    pub values: Vec<i16>,
    /// Derivative of the real activation with respect to the integer argument, one an address.
    pub derivative: Vec<f32>,
}

impl Table {
    /// The table of `2^bits` addresses whose argument times `slope` is the activation's; `unit` is
    /// the integer that stands for 1.
    pub(crate) fn new(
        activation: Activation,
        bits: u32,
        shift: u32,
        slope: f64,
        unit: f64,
    ) -> Table {
        let half = 1i64 << (bits - 1);
        let middle = ((1i64 << shift) - 1) as f64 / 2.0;
        let argument = |address: i64| ((address << shift) as f64 + middle) * slope;
        let (values, derivative) = (-half..half)
            .map(|address| {
                let (value, derivative) = activation.at(argument(address));
                ((value * unit).round() as i16, (derivative * slope) as f32)
            })
            .unzip();
        Table {
            shift,
            values,
            derivative,
        }
    }

    /// Position of `argument` in the table.
    pub fn address(&self, argument: i32) -> usize {
        let half = (self.values.len() / 2) as i32;
        ((argument >> self.shift).clamp(-half, half - 1) + half) as usize
    }
}

impl Activation {
    /// Value and derivative.
    fn at(self, argument: f64) -> (f64, f64) {
        match self {
            Activation::Sigmoid => {
                let value = 1.0 / (1.0 + (-argument).exp());
                (value, value * (1.0 - value))
            }
            Activation::Tanh => {
                let value = argument.tanh();
                (value, 1.0 - value * value)
            }
        }
    }
}
