//! The cell of a GRU layer.

use super::table::Table;
use super::{Blend, blocks, hidden_states};
use crate::network::{Gru, GruBias, GruGate, HiddenState};

/// Tables and constants of a GRU layer.
#[derive(Clone, Debug)]
pub(in crate::engine) struct GruCell {
    /// By [`GruGate::index`].
    gates: [Table; 3],
    /// F.
    frac: u32,
    /// Whether the product of the reset gate and a sum may need 64 bits.
    wide: bool,
    blend: Blend,
    hidden: HiddenState,
}

impl GruCell {
    pub fn new(l: &Gru, input_max: i32) -> GruCell {
        let bound = |unit| l.sum_bound(GruBias::NewHidden, unit, input_max);
        let bound = (0..l.hidden_size).map(bound).max().unwrap_or(0);
        let gate = |gate: GruGate| Table::new(l.gate_lut(gate), l.lut_shift[gate.index()]);
        GruCell {
            gates: GruGate::ORDER.map(gate),
            frac: l.gate_frac,
            wide: (bound + 1) << l.gate_frac > i64::from(i32::MAX),
            blend: Blend::new(l.gate_frac, l.state_bits),
            hidden: l.hidden(),
        }
    }

    /// `n` of `a + r*b`, `q' = (1 - u)*n + u*q` and `h'` of it, as in [`golden`](crate::golden).
    #[inline(always)]
    pub fn step(&self, sums: &mut [i32], q: &mut [i32], h: &mut [i8]) {
        let [r, u, a, b] = blocks::<4>(sums, q.len());
        let table = |gate: GruGate| &self.gates[gate.index()];
        table(GruGate::Reset).lookup(r);
        table(GruGate::Update).lookup(u);
        self.add_product(a, r, b);
        let n = a;
        table(GruGate::New).lookup(n);
        let rest = r;
        for (rest, &mut u) in rest.iter_mut().zip(u.iter_mut()) {
            *rest = (1 << self.frac) - u;
        }
        self.blend.update(q, u, rest, n);
        hidden_states(self.hidden, q.iter().copied(), h);
    }

    /// `a += rshift_round(r*b, F)`.
    #[inline(always)]
    fn add_product(&self, a: &mut [i32], r: &[i32], b: &[i32]) {
        let half = (1 << self.frac) >> 1;
        let sums = a.iter_mut().zip(r.iter().zip(b));
        if self.wide {
            for (a, (&r, &b)) in sums {
                *a += ((i64::from(r) * i64::from(b) + i64::from(half)) >> self.frac) as i32;
            }
        } else {
            for (a, (&r, &b)) in sums {
                *a += (r * b + half) >> self.frac;
            }
        }
    }
}
