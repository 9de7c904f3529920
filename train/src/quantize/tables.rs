//! Activation tables of the quantized cells.

#[cfg(doc)]
use tern_model::network::{Gate, GruGate};

/// Bits within which a sum must stay for 32-bit floats to hold it exactly.
pub(crate) const EXACT_BITS: u32 = 24;

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
