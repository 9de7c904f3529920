//! One time step of a GRU layer.

use super::arithmetic::{clamp, dot, lookup, rshift_round};
use crate::network::{Gru, GruBias, GruGate};

/// State of a GRU layer with H units after a time step, with the values that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GruState {
    /// Sums `z_r`, `z_z`, `a`, `b`, each `[H]`, by [`GruBias::index`].
    pub sums: [Vec<i64>; 4],
    /// Values `[H]` of each gate, by [`GruGate::index`].
    pub gates: [Vec<i64>; 3],
    /// State `q` `[H]`.
    pub cell_state: Vec<i64>,
    /// Hidden state `h` `[H]`: trits, or integers of `hidden_bits`.
    pub hidden_state: Vec<i64>,
}

impl GruState {
    pub(super) fn zero(hidden_size: usize) -> GruState {
        let zero = || vec![0; hidden_size];
        GruState {
            sums: GruBias::ORDER.map(|_| zero()),
            gates: GruGate::ORDER.map(|_| zero()),
            cell_state: zero(),
            hidden_state: zero(),
        }
    }

    /// Values `[H]` of one gate.
    pub fn gate(&self, gate: GruGate) -> &[i64] {
        &self.gates[gate.index()]
    }
}

/// ```text
/// z_r, z_z = 2^ex * W_i x + 2^eh * W_h h + bias
/// a[j] = 2^ex * W_in x + bias_in[j];   b[j] = 2^eh * W_hn h + bias_hn[j]
/// r = lookup(lut[r], z_r, s[r]);  u = lookup(lut[z], z_z, s[z])
/// n = lookup(lut[n], a + rshift_round(r*b, F), s[n])
/// q' = clamp_C(rshift_round((2^F - u)*n + u*q, F))
/// h' = +1 if q' >= theta, -1 if q' <= -theta, else 0;   with hidden_bits b: clampsym_b(rshift_round(q', hr))
/// ```
pub(super) fn step(gru: &Gru, x: &[i64], state: &GruState) -> GruState {
    let (q, h) = (&state.cell_state, &state.hidden_state);
    let units = 0..gru.hidden_size;

    let input = |gate, j| dot(gru.weight_ih_row(gate, j), x) << gru.input_shift;
    let hidden = |gate, j| dot(gru.weight_hh_row(gate, j), h) << gru.hidden_shift;
    let sum = |bias, j| {
        let product = match bias {
            GruBias::Reset => input(GruGate::Reset, j) + hidden(GruGate::Reset, j),
            GruBias::Update => input(GruGate::Update, j) + hidden(GruGate::Update, j),
            GruBias::NewInput => input(GruGate::New, j),
            GruBias::NewHidden => hidden(GruGate::New, j),
        };
        product + i64::from(gru.sum_bias(bias, j))
    };
    let sums =
        GruBias::ORDER.map(|bias| -> Vec<i64> { units.clone().map(|j| sum(bias, j)).collect() });

    let sum = |bias: GruBias| sums[bias.index()].as_slice();
    let (z_r, z_z) = (sum(GruBias::Reset), sum(GruBias::Update));
    let (a, b) = (sum(GruBias::NewInput), sum(GruBias::NewHidden));
    let value = |gate: GruGate, z| lookup(gru.gate_lut(gate), z, gru.lut_shift[gate.index()]);
    let r: Vec<i64> = z_r.iter().map(|&z| value(GruGate::Reset, z)).collect();
    let u: Vec<i64> = z_z.iter().map(|&z| value(GruGate::Update, z)).collect();
    let next_n = |j| {
        value(
            GruGate::New,
            a[j] + rshift_round(r[j] * b[j], gru.gate_frac),
        )
    };
    let n: Vec<i64> = units.clone().map(next_n).collect();

    let one = 1 << gru.gate_frac;
    let next_q = |j: usize| {
        clamp(
            rshift_round((one - u[j]) * n[j] + u[j] * q[j], gru.gate_frac),
            gru.state_bits,
        )
    };
    let cell_state: Vec<i64> = units.map(next_q).collect();
    let hidden_state = cell_state.iter().map(|&q| gru.hidden().value(q)).collect();

    let gates = GruGate::ORDER.map(|gate| match gate {
        GruGate::Reset => r.clone(),
        GruGate::Update => u.clone(),
        GruGate::New => n.clone(),
    });
    GruState {
        sums,
        gates,
        cell_state,
        hidden_state,
    }
}
