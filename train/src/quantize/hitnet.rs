//! Number formats of a HitNet layer.

use serde::{Deserialize, Serialize};
use tern_model::file::plain_number;
use tern_model::network::{CellKind, Gate, GruGate};

use crate::error::TrainError;
use crate::quantize::tables::{Activation, CellTables, EXACT_BITS, GruTables, Table};

/// Number formats of a HitNet layer; the names are those of the model file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hitnet {
    /// Fraction bits F of gates and state: 7 is usual, 0 is pure HitNet.
    pub gate_frac: u32,
    /// Address bits A of the tables.
    pub lut_bits: u32,
    /// Bits C of the cell state.
    pub state_bits: u32,
    /// Right shift of the sums before their tables; the smaller of the two product shifts is as
    /// large, so that an address counts a ternary product.
    pub lut_shift: u32,
    /// Right shift of an LSTM's cell state before its table.
    #[serde(default)]
    pub state_lut_shift: u32,
    /// Magnitude from which the hidden state is not 0, in `(0, 1]`: of `o * tanh(c)` in an LSTM, of
    /// the state q in a GRU.
    pub threshold: f64,
    /// Mean magnitude of the full-precision hidden state that a trit replaces, at a warm start.
    pub hidden_scale: f64,
    /// Slope of the tanh of an LSTM's cell state at the start.
    #[serde(default = "one")]
    pub state_slope: f64,
}

fn one() -> f64 {
    1.0
}

impl Hitnet {
    /// Checks every value, for a layer of `units` units with ternary inputs as wide.
    ///
    /// # Errors
    /// When one is out of range or floats cannot hold every sum; the sentence names it.
    pub fn validate(&self, units: usize) -> Result<(), TrainError> {
        let rule = |field: &str, value: u32, low: u32, high: u32| match value {
            value if (low..=high).contains(&value) => Ok(()),
            value => Err(TrainError::new(format!(
                "hitnet.{field} is {value}, expected {low} to {high}"
            ))),
        };
        rule("gate_frac", self.gate_frac, 0, 8)?;
        rule("lut_bits", self.lut_bits, 1, 10)?;
        rule("state_bits", self.state_bits, 2, EXACT_BITS)?;
        rule(
            "state_lut_shift",
            self.state_lut_shift,
            0,
            EXACT_BITS - self.lut_bits,
        )?;
        let widest = EXACT_BITS - 2 - (2 * units as u64).ilog2();
        rule("lut_shift", self.lut_shift, 0, widest)?;
        for (field, value, most) in [
            ("threshold", self.threshold, 1.0),
            ("hidden_scale", self.hidden_scale, 1.0),
            ("state_slope", self.state_slope, 100.0),
        ] {
            if !(value > 0.0 && value <= most) {
                return Err(TrainError::new(format!(
                    "hitnet.{field} is {}, expected above 0 and at most {}",
                    plain_number(value),
                    plain_number(most)
                )));
            }
        }
        Ok(())
    }

    /// Checks that a layer of `units` units can take `inputs` integers of `bits` bits.
    ///
    /// # Errors
    /// When the shift of the sums does not make room for them; the sentence names it.
    pub fn validate_inputs(
        &self,
        inputs: usize,
        bits: u32,
        units: usize,
    ) -> Result<(), TrainError> {
        let widest = EXACT_BITS - 2 - (2 * inputs + units).ilog2();
        match self.lut_shift {
            shift if (bits - 2..=widest).contains(&shift) => Ok(()),
            shift => Err(TrainError::new(format!(
                "hitnet.lut_shift is {shift}, expected {} to {widest} with {inputs} inputs of {bits} bits",
                bits - 2
            ))),
        }
    }

    /// Tables of a gate or of the state, whose argument times `slope` is the activation's.
    fn table(&self, signed: bool, shift: u32, slope: f64) -> Table {
        let one = f64::from(1u32 << self.gate_frac);
        Table::new(Activation::of(signed), self.lut_bits, shift, slope, one)
    }

    /// Tables of an LSTM with these slopes: of the gates in pre-activation per integer, then of the
    /// cell state in argument of tanh per unit of the real cell state.
    pub(crate) fn lstm_tables(&self, slopes: &[f64; 5]) -> CellTables {
        let one = f64::from(1u32 << self.gate_frac);
        let gate = |gate: Gate| self.table(gate.is_signed(), self.lut_shift, slopes[gate.index()]);
        CellTables {
            gates: Gate::ORDER.map(gate),
            state: self.table(true, self.state_lut_shift, slopes[4] / one),
            gate_frac: self.gate_frac,
            state_bits: self.state_bits,
            threshold: self.integer_threshold(CellKind::Lstm),
        }
    }

    /// Tables of a GRU with these slopes, in pre-activation per integer.
    pub(crate) fn gru_tables(&self, slopes: &[f64; 3]) -> GruTables {
        let gate =
            |gate: GruGate| self.table(gate.is_signed(), self.lut_shift, slopes[gate.index()]);
        GruTables {
            gates: GruGate::ORDER.map(gate),
            gate_frac: self.gate_frac,
            state_bits: self.state_bits,
            threshold: self.integer_threshold(CellKind::Gru),
        }
    }

    /// The threshold in units of `2^-2F` of an LSTM, `2^-F` of a GRU, rounded up.
    fn integer_threshold(&self, cell: CellKind) -> i32 {
        let bits = match cell {
            CellKind::Lstm => 2 * self.gate_frac,
            CellKind::Gru => self.gate_frac,
        };
        (self.threshold * f64::from(1u32 << bits)).ceil().max(1.0) as i32
    }
}
