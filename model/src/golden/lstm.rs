//! One time step of an LSTM layer.

use super::arithmetic::{clamp, dot, lookup, rshift_round};
use crate::network::{Gate, Lstm};

/// State of an LSTM layer with H units after a time step, with the values that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LstmState {
    /// Sums `z` `[H]` of each gate before its table, by [`Gate::index`].
    pub sums: [Vec<i64>; 4],
    /// Values `[H]` of each gate, by [`Gate::index`].
    pub gates: [Vec<i64>; 4],
    /// Cell state `c` `[H]`.
    pub cell_state: Vec<i64>,
    /// Hidden state `h` `[H]`: trits, or integers of `hidden_bits`.
    pub hidden_state: Vec<i64>,
}

impl LstmState {
    pub(super) fn zero(hidden_size: usize) -> LstmState {
        let zero = || vec![0; hidden_size];
        LstmState {
            sums: Gate::ORDER.map(|_| zero()),
            gates: Gate::ORDER.map(|_| zero()),
            cell_state: zero(),
            hidden_state: zero(),
        }
    }

    /// Values `[H]` of one gate.
    pub fn gate(&self, gate: Gate) -> &[i64] {
        &self.gates[gate.index()]
    }
}

/// ```text
/// z_g[j] = 2^ex * sum_k weight_ih[g][j][k]*x[k] + 2^eh * sum_k weight_hh[g][j][k]*h[k] + bias[g][j]
/// i,f,o  = lookup(lut[gate], z, s[gate])          g = lookup(lut[g], z_g, s[g])
/// c'     = clamp_C(rshift_round(f*c + i*g, F))
/// t      = lookup(state_lut, c', sc)
/// h'     = +1 if o*t >= theta, -1 if o*t <= -theta, else 0;   with hidden_bits b: clampsym_b(rshift_round(o*t, hr))
/// ```
pub(super) fn step(lstm: &Lstm, x: &[i64], state: &LstmState) -> LstmState {
    let (c, h) = (&state.cell_state, &state.hidden_state);
    let units = 0..lstm.hidden_size;

    let sum = |gate, j| {
        let input = dot(lstm.weight_ih_row(gate, j), x) << lstm.input_shift;
        let hidden = dot(lstm.weight_hh_row(gate, j), h) << lstm.hidden_shift;
        input + hidden + i64::from(lstm.gate_bias(gate, j))
    };
    let sums =
        Gate::ORDER.map(|gate| -> Vec<i64> { units.clone().map(|j| sum(gate, j)).collect() });

    let value = |gate: Gate, z| lookup(lstm.gate_lut(gate), z, lstm.lut_shift[gate.index()]);
    let gates = Gate::ORDER
        .map(|gate| -> Vec<i64> { sums[gate.index()].iter().map(|&z| value(gate, z)).collect() });

    let [i, f, g, o] = [Gate::Input, Gate::Forget, Gate::Cell, Gate::Output]
        .map(|gate| gates[gate.index()].as_slice());
    let next_c = |j: usize| {
        clamp(
            rshift_round(f[j] * c[j] + i[j] * g[j], lstm.gate_frac),
            lstm.state_bits,
        )
    };
    let cell_state: Vec<i64> = units.clone().map(next_c).collect();

    let next_h = |j: usize| {
        let t = lookup(&lstm.state_lut, cell_state[j], lstm.state_lut_shift);
        lstm.hidden().value(o[j] * t)
    };
    let hidden_state = units.map(next_h).collect();

    LstmState {
        sums,
        gates,
        cell_state,
        hidden_state,
    }
}
