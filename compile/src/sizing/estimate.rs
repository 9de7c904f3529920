//! LUT4s, flip-flops and block RAMs of a core, estimated without synthesis.
//!
//! Each term counts what one part of the core is made of; what Yosys 0.70 makes of one such piece is a coefficient
//! fitted, none negative and the largest relative error least, to the cores of `tests/src/resource_matrix.rs`.
//! `tests/end_to_end/netlist/resources.rs` holds the estimates against Yosys.

use super::soft_memory::SoftMemory;
use crate::bits::{index_bits, signed_bits};
use crate::design::Streams;
use crate::device::DeviceFamily;
use crate::shape::{COUNT_LANES, Home, LoadGroup, Shape};
use tern_model::network::CellKind;

/// Share of the flip-flops outside the array that no LUT4 of their own drives: delays, and what comes from memories.
const ALONE: f64 = 0.66;
/// Cells of carry chains outside the array of an iCE40.
const CELL_CHAINS: usize = 45;
/// Cells of an ECP5 for each of its LUT4s: chains begin and end in cells of their own.
const CHAINS: f64 = 1.08;

/// Pieces of a core that cost logic or registers, in bits unless said.
struct Pieces {
    /// Lanes of all PEs.
    lanes: usize,
    /// Partial sums.
    sums: usize,
    /// Partial sums that shift, with what shifts out of them; zero where none does.
    shifting: usize,
    /// Results of all PEs, divided by the two that share a register on the way out.
    drained: usize,
    /// Registers of the array.
    array: usize,
    /// Input words on their way to the lanes: trits, or numbers and the plane taken from them.
    planes: usize,
    /// A time step of inputs.
    ring: usize,
    /// A beat of inputs.
    beat: usize,
    /// A word of hidden states that are integers, which are rounded and taken apart into planes.
    integers: usize,
    /// What the multipliers of the cell units add, over all their stages.
    multiplied: usize,
    /// Biased sums and states.
    activation: usize,
    /// The same and the biases.
    biased: usize,
    /// Unit numbers on that way.
    numbered: usize,
    /// Words of biases and tables in logic; of gate LUTs, which are flat at both ends, those that differ from the one before.
    tables: usize,
    /// Hidden words on the way in and, without a head, on the way out.
    hidden: usize,
    /// A row of head outputs.
    head: usize,
    /// Both streams where they are behind bytes.
    bytes: usize,
    /// Registers of the loader and of the writes on their way down the columns.
    loader: usize,
    /// A loader.
    loaders: usize,
    /// Memories that Yosys takes out of block RAM.
    soft: SoftMemory,
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
        let units = usize::from(lstm) + usize::from(gru);
        let copies = if shape.outputs.is_none() { 2 } else { 1 };
        let streams = shape.input_stream_bits() + shape.output_stream_bits();
        let cells = if_any(lstm, 3 * state) + if_any(gru, 2 * candidate + 2 * state);
        let sums = 4 * shape.preactivation_bits() + cells;
        let split = usize::from(shape.split());
        let shifting = shape.sum_bits() + shape.low_bits();
        let converted = if shape.input_bits > 2 { 3 } else { 2 };
        let memories = shape.memories().into_iter();
        let in_logic = memories.filter(|memory| memory.home == Home::Logic);
        Pieces {
            lanes: design.macs_per_cycle(),
            sums: design.pes() * shape.sum_bits(),
            shifting: if_any(shape.low_bits() > 0, design.pes() * shifting),
            // All columns count like the last of three, which keeps two results.
            drained: design.pes() * shape.result_bits() * (1 + split) / 2,
            array: array_registers(shape),
            planes: converted * design.lanes * shape.input_bits,
            ring: shape.input_chunks() * design.lanes * shape.input_bits,
            beat: design.lanes * shape.input_bits,
            integers: if_any(shape.hidden_bits() > 2, shape.hidden_chunk_bits()),
            multiplied: if_any(shape.gate_frac() > 0, products),
            activation: sums + if_any(recurrent, 4 * shape.lut_bits),
            biased: sums + 4 * shape.bias_bits,
            numbered: units * index_bits(shape.units()) * (2 * shape.product_cycles() + 20),
            tables: in_logic
                .map(|memory| match memory.name {
                    "gate_lut" => shape.gate_lut_steps * memory.bits,
                    _ => memory.count * memory.words * memory.bits,
                })
                .sum(),
            hidden: if_any(recurrent, shape.hidden_chunk_bits() * copies),
            head: if_any(
                shape.outputs.is_some(),
                design.columns * shape.output_bits(),
            ),
            bytes: if_any(design.streams == Streams::Bytes, streams),
            loader: if_any(shape.loads(), loader_registers(shape)),
            loaders: usize::from(shape.loads()),
            soft: SoftMemory::of(shape),
        }
    }
}

/// Registers of the array, counted: words, products, count, sums and result of each PE, what travels down the rows
/// (Yosys makes one of all columns') and the way out.
fn array_registers(shape: &Shape) -> usize {
    let Shape { design, .. } = shape;
    let (lanes, result) = (design.lanes, shape.result_bits());
    let (split, count) = (usize::from(shape.split()), signed_bits(lanes));
    let parts = match lanes > COUNT_LANES {
        true => lanes.div_ceil(COUNT_LANES),
        false => 0,
    };
    let pe = 4 * lanes + (1 + parts) * count + shape.sum_bits() + shape.low_bits() + result;
    let shifts = usize::from(shape.low_bits() > 0);
    let row = 2 * lanes + index_bits(shape.weight_words()) + 1 + shifts + split * result;
    let way_out = (design.columns + split) * (design.rows.div_ceil(2) + 1) * result;
    design.pes() * pe + design.rows * row + way_out
}

/// Those of them that no LUT4 of their own drives: weights from their memory, results, which are sums as well (and these, where
/// nothing shifts them on the way), bits that have shifted out, and what travels down the rows.
fn array_alone(shape: &Shape) -> usize {
    let Shape { design, .. } = shape;
    let (lanes, split) = (design.lanes, usize::from(shape.split()));
    let sum = match shape.low_bits() {
        0 => shape.sum_bits(),
        low => low + 1,
    };
    let pe = 2 * lanes + shape.result_bits() + sum;
    let shifts = usize::from(shape.low_bits() > 0);
    let row = 2 * lanes + index_bits(shape.weight_words()) + 1 + shifts;
    design.pes() * pe + design.rows * (row + split * shape.result_bits())
}

/// Registers of a load, counted: the word and its bytes so far, where it goes, and the write at each PE.
fn loader_registers(shape: &Shape) -> usize {
    let Shape { design, .. } = shape;
    let groups = shape.load_groups();
    let most = |of: fn(&LoadGroup) -> usize| groups.iter().map(of).max().unwrap_or(1);
    let (bytes, words) = (most(LoadGroup::bytes), most(|group| group.words));
    let word = 8 * (bytes - 1) + most(|group| group.bits) + index_bits(bytes);
    let [_, biases, tables] = groups;
    let memories = design.columns + design.rows + biases.memories + tables.memories;
    let state = index_bits(design.rows + 9) + 5;
    word + 2 * index_bits(words) + memories + state + design.pes()
}

/// LUT4s of all that follows the array.
fn units(pieces: &Pieces) -> [(f64, usize); 9] {
    [
        (1.213, pieces.multiplied),
        (1.739, pieces.activation),
        (0.095, pieces.tables),
        (0.741, pieces.head),
        (0.5, pieces.bytes),
        (1.2, pieces.loader),
        (60.96, pieces.loaders),
        (1.579, pieces.soft.luts),
        (26.55, 1),
    ]
}

/// Flip-flops of all that follows the array.
fn unit_flip_flops(pieces: &Pieces) -> [(f64, usize); 8] {
    [
        (1.0, pieces.loader),
        (3.048, pieces.biased),
        (0.773, pieces.multiplied),
        (0.553, pieces.numbered),
        (0.974, pieces.head),
        (1.248, pieces.bytes),
        (1.048, pieces.soft.flip_flops),
        (40.35, 1),
    ]
}

/// Fitted costs, each times the number of its pieces.
fn total(terms: &[(f64, usize)]) -> usize {
    let costs = terms.iter().map(|(cost, count)| cost * *count as f64);
    costs.sum::<f64>().round() as usize
}

impl Shape {
    /// LUT4s of the core, those in ECP5 carry cells and LUT RAMs included, estimated.
    pub fn lut_estimate(&self) -> usize {
        let pieces = Pieces::of(self);
        if self.events() {
            return self.event_luts() + total(&units(&pieces));
        }
        let array = [
            (6.181, pieces.lanes),
            (1.525, pieces.sums),
            (0.435, pieces.shifting),
            (0.768, pieces.drained),
            (1.584, pieces.planes),
            (4.104, pieces.integers),
        ];
        total(&[&array[..], &units(&pieces)].concat())
    }

    /// Logic cells of the core as nextpnr counts them, estimated.
    ///
    /// An iCE40's cell has a LUT4, a carry and a flip-flop, but a flip-flop shares it only with a LUT4 that drives nothing
    /// else. On an ECP5 they are its LUT4s, which have flip-flops of their own beside them, and those that begin and end carry chains.
    pub fn cell_estimate(&self) -> usize {
        let (luts, flip_flops) = (self.lut_estimate(), self.ff_estimate());
        match self.design.device.family {
            Some(DeviceFamily::Ice40) => luts + self.alone_estimate() + self.chain_estimate(),
            Some(DeviceFamily::Ecp5) => total(&[(CHAINS, luts)]).max(flip_flops),
            None => luts.max(flip_flops),
        }
    }

    /// Flip-flops that no LUT4 of their own drives: those of the array counted, the others by their usual share.
    fn alone_estimate(&self) -> usize {
        if self.events() {
            return total(&[(ALONE, self.ff_estimate() - self.event_lane_flip_flops())]);
        }
        let array = array_registers(self);
        let alone = array_alone(self);
        alone + total(&[(ALONE, self.ff_estimate().saturating_sub(array))])
    }

    /// Cells that begin, end or straighten a carry chain of an iCE40, of which a PE has one, and an event array one for each lane.
    fn chain_estimate(&self) -> usize {
        let chains = match self.events() {
            true => 0,
            false => 2 * self.design.pes(),
        };
        CELL_CHAINS + chains
    }

    /// Flip-flops of the core, estimated.
    pub fn ff_estimate(&self) -> usize {
        let pieces = Pieces::of(self);
        if self.events() {
            return self.event_flip_flops() + total(&unit_flip_flops(&pieces));
        }
        let array = [
            (1.0, pieces.array),
            (0.73, pieces.ring),
            (0.775, pieces.beat),
            (3.118, pieces.hidden),
        ];
        total(&[&array[..], &unit_flip_flops(&pieces)].concat())
    }

    /// Block RAMs that Yosys makes of the core: `block_rams` without the memories that are smaller in logic.
    pub fn ram_estimate(&self) -> usize {
        self.block_rams() - SoftMemory::of(self).block_rams
    }
}
