//! LUT4s and flip-flops of a core, estimated without synthesis.
//!
//! Each term counts what one part of the core is made of; what Yosys 0.70 makes of one such piece is a coefficient
//! fitted by least squares (none negative) to synthesized cores for iCE40 and ECP5. `tests/end_to_end/resources.rs`
//! holds the estimates against Yosys.

use crate::{CellKind, DeviceFamily, Shape, Streams, index_bits};

/// Pieces of a core that cost logic or registers.
struct Pieces {
    /// Lanes of all PEs.
    lanes: usize,
    /// Bits of all PEs' results, divided by the two that share a register on the way out.
    drained: usize,
    /// Bits that the multipliers of the cell units add, over all their stages.
    multiplied: usize,
    /// Bits of biased sums, their indices and states.
    activation: usize,
    /// Bits of a hidden state's words on the way in and, without a head, on the way out.
    hidden: usize,
    /// Bits of a row of head outputs.
    head: usize,
    /// Bits of both streams where they are behind bytes.
    bytes: usize,
}

impl Pieces {
    fn of(shape: &Shape) -> Pieces {
        let Shape { design, .. } = shape;
        let (lstm, gru) = (shape.has(CellKind::Lstm), shape.has(CellKind::Gru));
        let (gate, table) = (shape.gate_frac() + 1, shape.table_bits());
        let (state, candidate) = (shape.state_bits(), shape.candidate_bits());
        let if_any = |any: bool, bits: usize| usize::from(any) * bits;
        let products = if_any(lstm, gate * (state + gate) + 2 * gate * (gate + table))
            + if_any(
                gru,
                gate * (candidate + gate) + 2 * gate * (state.max(table) + gate),
            );
        let recurrent = !shape.layers.is_empty();
        let copies = if shape.outputs.is_none() { 2 } else { 1 };
        let streams = shape.input_stream_bits() + shape.output_stream_bits();
        Pieces {
            lanes: design.macs_per_cycle(),
            drained: design.pes() * shape.kept_bits() / 2,
            multiplied: if_any(shape.gate_frac() > 0, products),
            activation: 4 * shape.preactivation_bits()
                + if_any(recurrent, 4 * shape.lut_bits)
                + if_any(lstm, 3 * state)
                + if_any(gru, 2 * candidate + 2 * state),
            hidden: if_any(recurrent, 2 * design.lanes * copies),
            head: if_any(
                shape.outputs.is_some(),
                design.columns * shape.output_bits(),
            ),
            bytes: if_any(design.streams == Streams::Bytes, streams),
        }
    }
}

/// Fitted costs, each times the number of its pieces.
fn total(terms: &[(f64, usize)]) -> usize {
    let costs = terms.iter().map(|(cost, count)| cost * *count as f64);
    costs.sum::<f64>().round() as usize
}

impl Shape {
    /// Bits that a PE keeps for the drain: its result, and on three columns the one before. An average column's
    /// share is not told apart: only the last of three keeps two.
    fn kept_bits(&self) -> usize {
        self.result_bits() * (1 + usize::from(self.split()))
    }

    /// LUT4s of the core, those in ECP5 carry cells included, estimated.
    pub fn lut_estimate(&self) -> usize {
        let pieces = Pieces::of(self);
        let ecp5 = self.design.device().family == Some(DeviceFamily::Ecp5);
        let (lane, product) = if ecp5 { (6.736, 1.166) } else { (6.151, 1.136) };
        let pes = self.design.pes();
        let shifting = if self.low_bits() > 0 {
            pes * (self.sum_bits() + self.low_bits())
        } else {
            0
        };
        let more_layers = self.layers.len().saturating_sub(1);
        let layer = 4 * self.lut_bits + 4 * self.preactivation_bits() + 2 * self.state_bits();
        let memories = self.memories().into_iter();
        let in_logic = memories.filter(|memory| !memory.block);
        let words: usize = in_logic
            .map(|memory| memory.count * memory.words * memory.bits)
            .sum();
        let converted = if self.input_bits > 2 { 3 } else { 2 };
        total(&[
            (lane, pieces.lanes),
            (0.465, pes * self.sum_bits()),
            (0.724, shifting),
            (1.455, pieces.drained),
            (product, pieces.multiplied),
            (2.133, pieces.activation),
            (0.126, more_layers * layer),
            (0.1039, words),
            (1.518, converted * self.design.lanes * self.input_bits),
            (0.939, pieces.head),
            (0.839, pieces.hidden),
            (0.631, pieces.bytes),
            (52.0, 1),
        ])
    }

    /// Flip-flops of the core, estimated.
    pub fn ff_estimate(&self) -> usize {
        let pieces = Pieces::of(self);
        let address = index_bits(self.weight_words());
        let sums = self.sum_bits() + self.kept_bits() + self.low_bits();
        let passes: usize = (0..self.sections()).map(|s| self.passes(s).len()).sum();
        total(&[
            (4.720, pieces.lanes),
            (1.495, self.design.rows * (2 * self.design.lanes + address)),
            (0.791, self.design.pes() * sums),
            (0.415, pieces.drained),
            (
                0.703,
                self.input_chunks() * self.design.lanes * self.input_bits,
            ),
            (0.921, pieces.multiplied),
            (2.754, pieces.activation),
            (1.109, pieces.hidden),
            (1.531, pieces.head),
            (26.27, passes),
            (1.981, pieces.bytes),
            (213.5, 1),
        ])
    }
}
