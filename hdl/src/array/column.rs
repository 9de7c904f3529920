//! A column of processing elements with their weight memories.

use crate::array::pe::Pe;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// A column of `rows` PEs: the sums of one gate for `rows` hidden units, or of one head output in `columns`.
///
/// ```text
/// address ─▶[ ]──▶ memory 0 ─▶[ ]─┐    act ─▶[ ]──▶ PE 0 ─┐
///            │                    └───────────│──▶        │ select
///           [ ]──▶ memory 1 ─▶[ ]─┐          [ ]──▶ PE 1 ─┼─▶ [pairs] ─▶ [or] ─▶ result
///            ⋮                    └───────────⋮──▶        │
/// ```
///
/// Addresses, activations and control move down one row per cycle, so row r works r cycles behind row 0.
///
/// Timing: `address` of a chunk, then `act` two cycles later, then `shift`/`last` when the products
/// are counted (`Pe`). Row r's result can be selected from 2 + r cycles after its `last` enters; `result` follows
/// `select` by two cycles.
///
/// Contract:
/// 1. Every row sees every chunk, in order, with the word its memory holds at the chunk's address.
/// 2. `result` is the selected row's; zero when none is selected. At most one bit of `select` is high.
/// 3. A word whose `write`, `address` and `act` come in one cycle is written to the memory of the row that stays selected
///    until it has travelled there.
///
/// Not here: which row is selected when (`Drain`), and what the sums mean (`Gate`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Column {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Weight word of the chunk.
    pub address: Wire<In>,
    /// Activations of the chunk.
    pub act: Wire<In>,
    /// Shift the sums after the chunk.
    pub shift: Wire<In>,
    /// The chunk completes the sums.
    pub last: Wire<In>,
    /// Row whose result leaves, one-hot.
    pub select: Wire<In>,
    /// Write `act` to the selected row's memory at `address`, when both have reached it; only in a core that loads its network.
    pub write: Wire<In>,
    /// Result of the row selected two cycles before.
    pub result: Wire<Out>,
    memory: Vec<Memory>,
    pe: Vec<Quiet<Pe>>,
    address_q: Vec<Reg>,
    act_q: Vec<Reg>,
    shift_q: Vec<Reg>,
    last_q: Vec<Reg>,
    weight_q: Vec<Reg>,
    write_q: Vec<Reg>,
    pair: Vec<Reg>,
    merged: Reg,
    gathered: Wire<Local>,
}

impl Column {
    /// A column of the shape, with the weight words of each row; with `split` each result is two sums.
    pub fn new(shape: &Shape, weights: &[Vec<i128>], split: bool) -> Self {
        let (rows, trits) = (shape.design.rows, 2 * shape.design.lanes);
        let address = index_bits(shape.weight_words());
        let result = (1 + usize::from(split)) * shape.result_bits();
        let loads = usize::from(shape.loads());
        let (style, access) = match (shape.loads(), shape.weights_in_single_port_rams()) {
            (false, _) => (Style::Block, Access::Read),
            (true, false) => (Style::Block, Access::OnePort),
            (true, true) => (Style::SinglePort, Access::OnePort),
        };
        let registers = |width: usize, count: usize| -> Vec<Reg> {
            (0..count).map(|_| Reg::new(width)).collect()
        };
        Column {
            clock: Signal::default(),
            address: Wire::new(address),
            act: Wire::new(trits),
            shift: Wire::new(1),
            last: Wire::new(1),
            select: Wire::new(rows),
            result: Wire::new(result),
            write: Wire::optional(shape.loads(), 1),
            memory: weights
                .iter()
                .map(|words| Memory::new(trits, address, words, style, access))
                .collect(),
            pe: (0..rows)
                .map(|_| Quiet::new(Pe::new(shape, split)))
                .collect(),
            address_q: registers(address, rows),
            act_q: registers(trits, rows),
            shift_q: registers(1, rows),
            last_q: registers(1, rows),
            weight_q: registers(trits, rows),
            write_q: (0..loads * rows)
                .map(|_| Reg::zero_at_power_up(1))
                .collect(),
            pair: registers(result, rows.div_ceil(2)),
            merged: Reg::new(result),
            gathered: Wire::new(result),
        }
    }
}

inputs!(Column: address, act, shift, last, select, write);

impl Logic for Column {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_column");
        comment!("@about A column of processing elements with their weight");
        comment!("@about memories.");
        clock!(self, clock, merged);
        self.address_q[0].d.next = self.address.val();
        self.act_q[0].d.next = self.act.val();
        self.shift_q[0].d.next = self.shift.val();
        self.last_q[0].d.next = self.last.val();
        for i in 1..self.pe.len() {
            self.address_q[i].d.next = self.address_q[i - 1].q.val();
            self.act_q[i].d.next = self.act_q[i - 1].q.val();
            self.shift_q[i].d.next = self.shift_q[i - 1].q.val();
            self.last_q[i].d.next = self.last_q[i - 1].q.val();
        }
        for i in 0..self.pe.len() {
            clock!(
                self,
                clock,
                address_q[i],
                act_q[i],
                shift_q[i],
                last_q[i],
                weight_q[i],
                memory[i],
                pe[i]
            );
            self.memory[i].address.next = self.address_q[i].q.val();
            self.weight_q[i].d.next = self.memory[i].data.val();
            self.pe[i].act.next = self.act_q[i].q.val();
            self.pe[i].weight.next = self.weight_q[i].q.val();
            self.pe[i].shift.next = self.shift_q[i].q.val();
            self.pe[i].last.next = self.last_q[i].q.val();
        }
        for _i in 0..self.write.count() {
            self.write_q[0].d.next = self.write.val();
        }
        for i in 1..self.write_q.len() {
            self.write_q[i].d.next = self.write_q[i - 1].q.val();
        }
        for i in 0..self.write_q.len() {
            clock!(self, clock, write_q[i]);
            self.memory[i].write.next = self.write_q[i].q.val() & self.select.val().get_bit(i);
            self.memory[i].write_data.next = self.act_q[i].q.val();
        }
        for i in 0..self.pair.len() {
            clock!(self, clock, pair[i]);
            self.pair[i].d.next = false.into();
            if self.select.val().get_bit(i * 2).any() {
                self.pair[i].d.next = self.pe[i * 2].result.val();
            }
        }
        for i in 0..(self.pe.len() / 2) {
            if self.select.val().get_bit(i * 2 + 1).any() {
                self.pair[i].d.next = self.pe[i * 2 + 1].result.val();
            }
        }
        self.gathered.next = false.into();
        for i in 0..self.pair.len() {
            self.gathered.next = self.gathered.val() | self.pair[i].q.val();
        }
        self.merged.d.next = self.gathered.val();
        self.result.next = self.merged.q.val();
    }
}
