//! The element-wise part of an LSTM: in real numbers, and in the integers of the hardware with
//! straight-through gradients.

#[cfg(test)]
mod tests;

use tern_model::network::Gate;

use crate::layer::cell::{Cell, Downstream, Upstream};
use crate::layer::rounding::Rounding;
use crate::ops::exponential::{sigmoid, tanh};
use crate::quantize::quantizer::Range;
use crate::quantize::tables::CellTables;

const I: usize = Gate::Input.index();
const F: usize = Gate::Forget.index();
const G: usize = Gate::Cell.index();
const O: usize = Gate::Output.index();
/// Position of the cell state's slope, behind those of the gates.
const STATE: usize = 4;

/// The LSTM of real numbers, each activation with its slope:
/// `i, f, o = sigmoid(slope * z)`, `g = tanh(slope * z)`, `c' = f*c + i*g`, `h' = o * tanh(slope * c')`,
/// where gates, tanh and h' may be rounded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RealLstm<R> {
    slopes: [f32; 5],
    rounding: R,
}

/// What one unit goes through in one time step: the activations of gates and cell state, the values
/// that they are rounded to, its next cell state and its hidden state.
struct RealUnit {
    activations: [f32; 5],
    values: [f32; 5],
    next: f32,
    h: f32,
}

impl<R: Rounding> RealLstm<R> {
    /// The cell with the slopes of the gates by [`Gate::index`], then that of the cell state.
    pub(crate) fn new(slopes: [f32; 5], rounding: R) -> RealLstm<R> {
        RealLstm { slopes, rounding }
    }

    #[inline(always)]
    fn unit(&self, x: &[f32; 4], h: &[f32; 4], c: f32) -> RealUnit {
        let (slope, z) = (&self.slopes, sum(x, h));
        let rounding = self.rounding.of(x.iter().chain(h).copied().chain([c]));
        let mut activations = [0.0; 5];
        let mut values = [0.0; 5];
        for gate in [I, F, O] {
            activations[gate] = sigmoid(slope[gate] * z[gate]);
            values[gate] = rounding.value(activations[gate], Range::Unsigned, gate);
        }
        activations[G] = tanh(slope[G] * z[G]);
        values[G] = rounding.value(activations[G], Range::Signed, G);
        let next = values[F] * c + values[I] * values[G];
        activations[STATE] = tanh(slope[STATE] * next);
        values[STATE] = rounding.value(activations[STATE], Range::Signed, STATE);
        RealUnit {
            h: rounding.value(values[O] * values[STATE], Range::Signed, STATE + 1),
            activations,
            values,
            next,
        }
    }
}

fn sum(x: &[f32; 4], h: &[f32; 4]) -> [f32; 4] {
    std::array::from_fn(|gate| x[gate] + h[gate])
}

impl<R: Rounding> Cell<4> for RealLstm<R> {
    const CONSTANTS: usize = 5;
    const HIDDEN_BIAS: bool = false;

    #[inline(always)]
    fn step(&self, x: &[f32; 4], h: &[f32; 4], c: f32) -> (f32, f32) {
        let unit = self.unit(x, h, c);
        (unit.next, unit.h)
    }

    fn gates(&self, x: &[f32; 4], h: &[f32; 4], c: f32) -> [(f32, f32); 4] {
        let (unit, z) = (self.unit(x, h, c), sum(x, h));
        std::array::from_fn(|gate| (self.slopes[gate] * z[gate], unit.values[gate]))
    }

    #[inline(always)]
    fn gradient(&self, x: &[f32; 4], h: &[f32; 4], c: f32, upstream: Upstream) -> Downstream<4> {
        let z = sum(x, h);
        let unit = self.unit(x, h, c);
        let [i, f, g, o, t] = unit.values;
        let by_argument = upstream.hidden * o * (1.0 - unit.activations[STATE].powi(2));
        let total = upstream.state + by_argument * self.slopes[STATE];
        let by_gate = [total * g, total * c, total * i, upstream.hidden * t];
        let mut constants = [0.0; 5];
        constants[STATE] = by_argument * unit.next;
        let mut by_z = [0.0; 4];
        for gate in 0..4 {
            let value = unit.activations[gate];
            let derivative = match gate {
                G => 1.0 - value * value,
                _ => value * (1.0 - value),
            };
            let by_argument = by_gate[gate] * derivative;
            by_z[gate] = by_argument * self.slopes[gate];
            constants[gate] = by_argument * z[gate];
        }
        Downstream {
            x: by_z,
            h: by_z,
            state: total * f,
            constants,
        }
    }
}

/// The LSTM of the golden model: the products are its integers, the cell state is an integer times
/// `2^-F`, the hidden state is ternary. A product that dropout made fractional counts as its floor.
///
/// Backward every rounding and the ternary threshold count as the identity, a table as the
/// activation it was made from, and a saturated cell state passes no gradient.
#[derive(Clone, Debug)]
pub(crate) struct IntegerLstm {
    tables: CellTables,
    slopes: [f32; 5],
    /// The integer that stands for 1.
    one: f32,
}

/// What one unit goes through in one time step.
struct IntegerUnit {
    addresses: [usize; 4],
    gates: [i32; 4],
    next: i32,
    saturated: bool,
    state_address: usize,
    t: i32,
    h: i32,
}

impl IntegerLstm {
    /// The cell of tables that were made for `slopes`: of the gates in pre-activation per integer,
    /// then of the cell state in argument of tanh per unit of the real cell state.
    pub(crate) fn new(tables: CellTables, slopes: [f32; 5]) -> IntegerLstm {
        IntegerLstm {
            one: (1u32 << tables.gate_frac) as f32,
            tables,
            slopes,
        }
    }

    #[inline(always)]
    fn unit(&self, z: &[f32; 4], c: f32) -> IntegerUnit {
        let tables = &self.tables;
        let address = |gate: usize| tables.gates[gate].address(z[gate].floor() as i32);
        let addresses: [usize; 4] = std::array::from_fn(address);
        let gates: [i32; 4] =
            std::array::from_fn(|gate| i32::from(tables.gates[gate].values[addresses[gate]]));

        let sum = gates[F] * (c * self.one) as i32 + gates[I] * gates[G];
        let exact = match tables.gate_frac {
            0 => sum,
            bits => (sum + (1 << (bits - 1))) >> bits,
        };
        let limit = 1 << (tables.state_bits - 1);
        let next = exact.clamp(-limit, limit - 1);

        let state_address = tables.state.address(next);
        let t = i32::from(tables.state.values[state_address]);
        let product = gates[O] * t;
        IntegerUnit {
            addresses,
            gates,
            next,
            saturated: next != exact,
            state_address,
            t,
            h: i32::from(product >= tables.threshold) - i32::from(product <= -tables.threshold),
        }
    }
}

impl Cell<4> for IntegerLstm {
    const CONSTANTS: usize = 5;
    const HIDDEN_BIAS: bool = false;

    #[inline(always)]
    fn step(&self, x: &[f32; 4], h: &[f32; 4], c: f32) -> (f32, f32) {
        let unit = self.unit(&sum(x, h), c);
        (unit.next as f32 / self.one, unit.h as f32)
    }

    fn gates(&self, x: &[f32; 4], h: &[f32; 4], c: f32) -> [(f32, f32); 4] {
        let z = sum(x, h);
        let values = self.unit(&z, c).gates.map(|value| value as f32 / self.one);
        std::array::from_fn(|gate| (self.slopes[gate] * z[gate], values[gate]))
    }

    #[inline(always)]
    fn gradient(&self, x: &[f32; 4], h: &[f32; 4], c: f32, upstream: Upstream) -> Downstream<4> {
        let z = sum(x, h);
        let unit = self.unit(&z, c);
        let [i, f, g, o] = unit.gates.map(|value| value as f32 / self.one);
        let next = unit.next as f32 / self.one;
        let slope = self.tables.state.derivative[unit.state_address] * self.one;
        let by_tanh = upstream.hidden * o * slope;
        let total = match unit.saturated {
            true => 0.0,
            false => upstream.state + by_tanh,
        };
        let t = unit.t as f32 / self.one;
        let by_gate = [total * g, total * c, total * i, upstream.hidden * t];
        let mut constants = [0.0; 5];
        constants[STATE] = by_tanh * next / self.slopes[STATE];
        let mut by_z = [0.0; 4];
        for gate in 0..4 {
            by_z[gate] = by_gate[gate] * self.tables.gates[gate].derivative[unit.addresses[gate]];
            constants[gate] = by_z[gate] * z[gate] / self.slopes[gate];
        }
        Downstream {
            x: by_z,
            h: by_z,
            state: total * f,
            constants,
        }
    }
}
