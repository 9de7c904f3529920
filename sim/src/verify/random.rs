//! Random networks on random arrays, with sizes at and around every boundary.

use proptest::prelude::*;
use tern_compile::cycles::Timeline;
use tern_compile::design::Skip;
use tern_compile::program::Program;
use tern_model::network::{CellKind, Gate, GruGate, Layer, Model, Output};
use tern_model::random::RandomSpec;

use super::family::{Biases, Family};

/// Most cycles of a time step, so that a case takes seconds in Rust-HDL even with 1024 inputs, units or outputs.
const STEP_CYCLES: u64 = 10_000;

/// A network of a random family.
#[derive(Clone, Debug)]
pub struct Network {
    /// Array, sizes and widths.
    pub family: Family,
    /// Whether its activation tables are sigmoids and hyperbolic tangents, as training makes them, or arbitrary.
    pub trained_tables: bool,
}

impl Network {
    /// The network of a seed.
    pub fn model(&self, seed: u64) -> Model {
        let mut model = self.family.model(seed);
        if self.trained_tables {
            model.layers.iter_mut().for_each(train_tables);
        }
        model
    }

    /// Cycles of a time step without stalls; none where the network does not fit its array.
    pub fn step_cycles(&self) -> Option<u64> {
        let program = Program::compile(&self.model(0), &self.family.design());
        let shape = program.ok()?.shape;
        Timeline::longest(&shape, &[1]).step_ends.pop()
    }

    /// Array and sizes, for messages.
    pub fn label(&self) -> String {
        self.family.label()
    }
}

/// Networks that fit their array: one to four recurrent layers of any kinds, or a head alone.
pub fn networks() -> impl Strategy<Value = Network> {
    let shifts = (shift(), shift(), 0..6u32, 0..6u32);
    let hidden_bits = prop_oneof![
        2 => Just(vec![]),
        1 => prop::collection::vec(2..=8u32, 4),
    ];
    let numbers = (0..=8u32, 2..=8u32, 1..=10u32, 2..8u32, 0..1000u32);
    let cells = prop_oneof![
        5 => prop::collection::vec((any::<bool>(), size_or_largest()), 1..2),
        2 => prop::collection::vec((any::<bool>(), size()), 2..5),
        1 => Just(vec![]),
    ];
    let lanes = prop_oneof![8 => 2..10usize, 1 => Just(16), 1 => Just(20), 1 => Just(32)];
    let skip = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Skip::Delta)),
        1 => Just(Some(Skip::Zero)),
    ];
    let array = (lanes, 1..11usize, any::<bool>(), skip);
    let ends = (
        size_or_largest(),
        prop::option::of(size_or_largest()),
        any::<bool>(),
        0..3u32,
    );
    let draw = (
        shifts,
        numbers,
        cells,
        array,
        ends,
        any::<bool>(),
        hidden_bits,
    );
    draw.prop_map(
        |(shifts, numbers, cells, array, ends, trained_tables, hidden_bits)| {
            let (input_shift, hidden_shift, lut_shift, state_lut_shift) = shifts;
            let (gate_frac, input_bits, lut_bits, state_bits, threshold) = numbers;
            let (lanes, rows, three, skip) = array;
            // A thousand units want a large array, and more block RAM than the devices have.
            let large = cells.iter().any(|(_, size)| matches!(size, Size::Largest));
            let (lanes, rows, device) = match large {
                true => (32, rows.max(8), "simulation"),
                false => (lanes, rows, "ecp5-85k"),
            };
            let (input, head, every, biases) = ends;
            let cell = |(gru, size): &(bool, Size)| {
                let kind = if *gru { CellKind::Gru } else { CellKind::Lstm };
                (kind, size.of(lanes, rows))
            };
            let cells: Vec<(CellKind, usize)> = cells.iter().map(cell).collect();
            // A GRU compares its state with the threshold, an LSTM a product of two gates.
            let gru = cells.iter().any(|(kind, _)| *kind == CellKind::Gru);
            let range = if gru { gate_frac } else { 2 * gate_frac };
            let lstm = cells.iter().any(|(kind, _)| *kind == CellKind::Lstm);
            let alone = cells.is_empty().then_some(Size::Around(0, 5));
            let columns = if three && !lstm { 3 } else { 4 };
            let events = lanes >= 4 && columns == 4 && !cells.is_empty();
            let family = Family {
                spec: RandomSpec {
                    input_size: input.of(lanes, rows),
                    input_bits,
                    head: head.or(alone).map(|size| size.of(lanes, rows)),
                    output: if every { Output::Every } else { Output::Last },
                    gate_frac,
                    lut_bits,
                    state_bits: gate_frac + state_bits,
                    input_shift,
                    hidden_shift,
                    hidden_bits,
                    lut_shift,
                    state_lut_shift,
                    cells,
                },
                columns,
                rows,
                lanes,
                skip: skip.filter(|_| events),
                device,
                threshold: 1 + (threshold as i32 * ((1 << range) / 2)) / 1000,
                biases: match biases {
                    0 => Biases::Narrow {
                        limit: 200,
                        step: 1,
                    },
                    1 => Biases::Narrow {
                        limit: 200,
                        step: 4,
                    },
                    _ => Biases::Wide,
                },
            };
            Network {
                family,
                trained_tables,
            }
        },
    )
    .prop_filter("the network fits the array", |network| {
        network
            .step_cycles()
            .is_some_and(|cycles| cycles <= STEP_CYCLES)
    })
}

/// Shifts are small or equal half of the time, where the order of passes changes.
fn shift() -> impl Strategy<Value = u32> {
    prop_oneof![0..3u32, 0..10u32]
}

/// A size that stands in a relation to the array.
#[derive(Clone, Debug)]
enum Size {
    /// Multiples of the lanes, plus 0 to 2, minus 1.
    Lanes(usize, usize),
    /// Multiples of the rows, plus 0 to 2, minus 1.
    Rows(usize, usize),
    /// Any size from 1 on.
    Around(usize, usize),
    /// The largest of all.
    Largest,
}

impl Size {
    fn of(&self, lanes: usize, rows: usize) -> usize {
        match self {
            Size::Lanes(times, offset) => (times * lanes + offset).saturating_sub(1).max(1),
            Size::Rows(times, offset) => (times * rows + offset).saturating_sub(1).max(1),
            Size::Around(low, more) => 1 + low + more,
            Size::Largest => 1024,
        }
    }
}

fn size() -> impl Strategy<Value = Size> {
    prop_oneof![
        1 => Just(Size::Around(0, 0)),
        4 => (0..12usize).prop_map(|more| Size::Around(0, more)),
        4 => (1..4usize, 0..3usize).prop_map(|(times, offset)| Size::Lanes(times, offset)),
        3 => (1..4usize, 0..3usize).prop_map(|(times, offset)| Size::Rows(times, offset)),
    ]
}

fn size_or_largest() -> impl Strategy<Value = Size> {
    prop_oneof![40 => size(), 1 => Just(Size::Largest)]
}

/// Replaces a layer's tables by sigmoids and hyperbolic tangents.
fn train_tables(layer: &mut Layer) {
    match layer {
        Layer::Lstm(lstm) => {
            let (entries, frac) = (1 << lstm.lut_bits, lstm.gate_frac);
            for (gate, table) in Gate::ORDER.iter().zip(lstm.lut.chunks_mut(entries)) {
                fill(table, frac, gate.is_signed());
            }
            fill(&mut lstm.state_lut, frac, true);
        }
        Layer::Gru(gru) => {
            let (entries, frac) = (1 << gru.lut_bits, gru.gate_frac);
            for (gate, table) in GruGate::ORDER.iter().zip(gru.lut.chunks_mut(entries)) {
                fill(table, frac, gate.is_signed());
            }
        }
        Layer::Linear(_) => {}
    }
}

/// A table over -4 to 4: 2^F · tanh(v) where it is signed, 2^F · sigmoid(v) where not.
fn fill(table: &mut [i16], frac: u32, signed: bool) {
    let (half, one) = (table.len() as f64 / 2.0, f64::from(1u32 << frac));
    for (k, entry) in table.iter_mut().enumerate() {
        let v = (k as f64 + 0.5 - half) / half * 4.0;
        let value = if signed {
            v.tanh()
        } else {
            1.0 / (1.0 + (-v).exp())
        };
        *entry = (one * value).round() as i16;
    }
}

#[cfg(test)]
mod tests {
    use super::networks;
    use crate::verify::draw::runner;
    use crate::verify::family::Biases;
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;
    use tern_compile::design::Skip;
    use tern_model::network::CellKind;

    #[test]
    fn draws_hold_every_boundary() {
        let (strategy, mut runner) = (networks(), runner(1));
        let mut seen = [false; 31];
        for _ in 0..1000 {
            let tree = strategy.new_tree(&mut runner).expect("a network");
            let family = tree.current().family;
            let (spec, lanes, rows) = (&family.spec, family.lanes, family.rows);
            let (x, h) = (spec.input_size, spec.cells.first().map_or(0, |cell| cell.1));
            let kinds = |kind| spec.cells.iter().any(|cell| cell.0 == kind);
            let now = [
                x == 1 || h == 1,
                h + 1 == lanes,
                h == lanes,
                h == lanes + 1,
                h + 1 == rows,
                h == rows,
                h == rows + 1,
                x == 1024,
                kinds(CellKind::Gru) && kinds(CellKind::Lstm),
                family.columns == 3,
                spec.cells.is_empty(),
                spec.head.is_none(),
                h == 1024,
                spec.head == Some(1024),
                h % lanes == 0 && h > lanes && h % rows == 0 && h > rows,
                spec.cells.len() == 4,
                spec.gate_frac == 0,
                spec.gate_frac == 8,
                spec.input_bits == 2,
                spec.input_bits == 8,
                spec.lut_bits == 1,
                spec.lut_bits == 10,
                family.biases == Biases::Wide,
                tree.current().trained_tables,
                spec.hidden_bits.first() == Some(&8),
                spec.hidden_bits.starts_with(&[2, 5]) && spec.cells.len() > 1,
                spec.hidden_bits.first() == Some(&3) && family.columns == 3,
                family.skip == Some(Skip::Delta) && spec.cells.len() > 2 && spec.head.is_some(),
                family.skip == Some(Skip::Zero) && spec.cells.len() > 1 && spec.head.is_none(),
                family.skip.is_some() && lanes == 4,
                family.skip.is_some() && kinds(CellKind::Gru) && spec.hidden_bits.len() == 4,
            ];
            seen.iter_mut()
                .zip(now)
                .for_each(|(seen, now)| *seen |= now);
        }
        assert_eq!(seen, [true; 31]);
    }
}
