//! The cell of an LSTM layer.

use super::table::Table;
use super::{Blend, blocks, hidden_states};
use crate::network::{Gate, HiddenState, Lstm};

/// Tables and constants of an LSTM layer.
#[derive(Clone, Debug)]
pub(in crate::engine) struct LstmCell {
    /// By [`Gate::index`].
    gates: [Table; 4],
    state: Table,
    blend: Blend,
    hidden: HiddenState,
}

impl LstmCell {
    pub fn new(l: &Lstm) -> LstmCell {
        let gate = |gate: Gate| Table::new(l.gate_lut(gate), l.lut_shift[gate.index()]);
        LstmCell {
            gates: Gate::ORDER.map(gate),
            state: Table::new(&l.state_lut, l.state_lut_shift),
            blend: Blend::new(l.gate_frac, l.state_bits),
            hidden: l.hidden(),
        }
    }

    /// `c' = f*c + i*g` and `h'` of `o * t`, as in [`golden`](crate::golden).
    #[inline(always)]
    pub fn step(&self, sums: &mut [i32], c: &mut [i32], h: &mut [i8]) {
        let values = blocks::<4>(sums, c.len());
        for gate in Gate::ORDER {
            self.gates[gate.index()].lookup(values[gate.index()]);
        }
        let [i, f, g, o] = values;
        self.blend.update(c, f, i, g);
        let t = i;
        t.copy_from_slice(c);
        self.state.lookup(t);
        let products = o.iter().zip(t).map(|(&o, &mut t)| o * t);
        hidden_states(self.hidden, products, h);
    }
}
