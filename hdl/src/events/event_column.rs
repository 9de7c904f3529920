//! A column of the event array with its weight memories.

use crate::events::event_pe::EventPe;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// A column of `rows` PEs: the sums of one gate for `rows · lanes` hidden units, or of one head output in `columns`.
///
/// ```text
/// address ─▶[ ]──▶ memory 0 ──────▶ PE 0 ─▶ result
///            │     value ─▶[ ]─┬─▶[±]─┘▲
///           [ ]──▶ memory 1 ───│──▶ PE 1    sums that are held move up
///            ⋮                [ ]─▶[±]─┘▲
/// ```
///
/// Addresses, values and `last` move down one row per cycle, so row r works r cycles behind row 0.
///
/// Timing: `address`, `value` and `take` come together, `last` two cycles after its beat; result l of row r leaves
/// 2 + r · (lanes + 1) + l cycles after `last`.
///
/// Contract:
/// 1. Every row whose bit of `take` is set sees every event, in order, with the word its memory holds at the event's address.
/// 2. A word whose `write`, `address` and `load_word` come in one cycle is written to the memory of the row that stays selected
///    until it has travelled there.
///
/// Not here: what the sums mean (`Gate`).
#[derive(Clone, Debug, LogicBlock)]
pub struct EventColumn {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Weight word of the event.
    pub address: Wire<In>,
    /// Value of the event, zero without one.
    pub value: Wire<In>,
    /// Rows that take the event; only where there is a head.
    pub take: Wire<In>,
    /// The block ends.
    pub last: Wire<In>,
    /// Word for a weight memory; only in a core that loads its network, as the next two.
    pub load_word: Wire<In>,
    /// Write it, when it has reached the row.
    pub write: Wire<In>,
    /// The row to write it to, one-hot.
    pub write_row: Wire<In>,
    /// Results one after the other, row 0 first.
    pub result: Wire<Out>,
    memory: Vec<Memory>,
    pe: Vec<Quiet<EventPe>>,
    address_q: Vec<Reg>,
    value_q: Vec<Reg>,
    take_q: Vec<Reg>,
    last_q: Vec<Reg>,
    plus_q: Vec<Reg>,
    minus_q: Vec<Reg>,
    write_q: Vec<Reg>,
    load_q: Vec<Reg>,
    signed_value: Wire<Local>,
    signed_zero: Wire<Local>,
    negated: Wire<Local>,
}

impl EventColumn {
    /// A column of the shape, with the weight words of each row.
    pub fn new(shape: &Shape, weights: &[Vec<i128>]) -> Self {
        let (rows, trits) = (shape.design.rows, 2 * shape.design.lanes);
        let (address, value) = (index_bits(shape.weight_words()), shape.event_value_bits());
        let (loads, head) = (shape.loads(), shape.outputs.is_some());
        let (style, access) = match (loads, shape.weights_in_single_port_rams()) {
            (false, _) => (Style::Block, Access::Read),
            (true, false) => (Style::Block, Access::OnePort),
            (true, true) => (Style::SinglePort, Access::OnePort),
        };
        let registers = |width: usize, there: bool| -> Vec<Reg> {
            let rows = 0..if there { rows } else { 0 };
            rows.map(|_| Reg::new(width)).collect()
        };
        EventColumn {
            clock: Signal::default(),
            address: Wire::new(address),
            value: Wire::new(value),
            take: Wire::optional(head, rows),
            last: Wire::new(1),
            load_word: Wire::optional(loads, trits),
            write: Wire::optional(loads, 1),
            write_row: Wire::optional(loads, rows),
            result: Wire::new(shape.result_bits()),
            memory: weights
                .iter()
                .map(|words| Memory::new(trits, address, words, style, access))
                .collect(),
            pe: (0..rows).map(|_| Quiet::new(EventPe::new(shape))).collect(),
            address_q: registers(address, true),
            value_q: registers(value, true),
            take_q: registers(rows, head),
            last_q: registers(1, true),
            plus_q: registers(value, true),
            minus_q: registers(value, true),
            write_q: (0..if loads { rows } else { 0 })
                .map(|_| Reg::zero_at_power_up(1))
                .collect(),
            load_q: registers(trits, loads),
            signed_value: Wire::signed(value),
            signed_zero: Wire::signed(value),
            negated: Wire::new(value),
        }
    }
}

inputs!(EventColumn: address, value, take, last, load_word, write, write_row);

impl Logic for EventColumn {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_event_column");
        comment!("@about A column of the event array with its weight");
        comment!("@about memories.");
        self.address_q[0].d.next = self.address.val();
        self.value_q[0].d.next = self.value.val();
        self.last_q[0].d.next = self.last.val();
        for i in 1..self.pe.len() {
            self.address_q[i].d.next = self.address_q[i - 1].q.val();
            self.value_q[i].d.next = self.value_q[i - 1].q.val();
            self.last_q[i].d.next = self.last_q[i - 1].q.val();
        }
        self.signed_zero.next = false.into();
        for i in 0..self.pe.len() {
            clock!(
                self,
                clock,
                address_q[i],
                value_q[i],
                last_q[i],
                plus_q[i],
                minus_q[i],
                memory[i],
                pe[i]
            );
            self.memory[i].address.next = self.address_q[i].q.val();
            self.signed_value.next = self.value_q[i].q.val();
            self.negated.next = self.signed_zero.val() - self.signed_value.val();
            self.plus_q[i].d.next = self.value_q[i].q.val();
            self.minus_q[i].d.next = self.negated.val();
            self.pe[i].weight.next = self.memory[i].data.val();
            self.pe[i].value.next = self.plus_q[i].q.val();
            self.pe[i].negative.next = self.minus_q[i].q.val();
            self.pe[i].last.next = self.last_q[i].q.val();
            self.pe[i].above.next = false.into();
        }
        for i in 1..self.pe.len() {
            self.pe[i - 1].above.next = self.pe[i].result.val();
        }
        self.result.next = self.pe[0].result.val();

        // Rows that share out the inputs of the head.
        for _k in 0..self.take.count() {
            self.take_q[0].d.next = self.take.val();
        }
        for i in 1..self.take_q.len() {
            self.take_q[i].d.next = self.take_q[i - 1].q.val();
        }
        for i in 0..self.take_q.len() {
            clock!(self, clock, take_q[i]);
            if !self.take_q[i].q.val().get_bit(i).any() {
                self.plus_q[i].d.next = false.into();
                self.minus_q[i].d.next = false.into();
            }
        }

        // A network that is being loaded.
        for _k in 0..self.write.count() {
            self.write_q[0].d.next = self.write.val();
            self.load_q[0].d.next = self.load_word.val();
        }
        for i in 1..self.write_q.len() {
            self.write_q[i].d.next = self.write_q[i - 1].q.val();
            self.load_q[i].d.next = self.load_q[i - 1].q.val();
        }
        for i in 0..self.write_q.len() {
            clock!(self, clock, write_q[i], load_q[i]);
            self.memory[i].write.next = self.write_q[i].q.val() & self.write_row.val().get_bit(i);
            self.memory[i].write_data.next = self.load_q[i].q.val();
        }
    }
}
