//! The event array.

use crate::events::event_column::EventColumn;
use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// The event array: one column per sum, and an event per cycle for `rows · lanes` results of each.
///
/// ```text
///                  i      f      g      o     (a GRU: r, z, in, hn)
///             ┌──────┬──────┬──────┬──────┐
/// event  ───▶ │  PE  │  PE  │  PE  │  PE  │  row 0   `lanes` units of a block in each
/// address ──▶ │  …   │  …   │  …   │  …   │   ⋮
///             └──┬───┴──┬───┴──┬───┴──┬───┘
///             result 0  1      2      3     one unit per cycle, a row after the other
/// ```
///
/// Timing: an event's `address`, `value` and `take` come together; `last` comes in a beat of its own. Result l of row r leaves
/// 4 + r · (lanes + 1) + l cycles after `last` came.
///
/// Contract: 1. each result is the exact sum (see `EventPe`) of the events that its row took; 2. the array never stalls.
///
/// Not here: where events come from (`Changes`), and when a block may end (`EventSchedule`).
#[derive(Clone, Debug, LogicBlock)]
pub struct EventArray {
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
    /// Word for the weight memories; only in a core that loads its network, as the next two.
    pub load_word: Wire<In>,
    /// Columns to write it to, at `address`.
    pub write: Wire<In>,
    /// The row to write it to, one-hot.
    pub write_row: Wire<In>,
    /// The four sums of a unit; those of a head row.
    pub result: Vec<Wire<Out>>,
    column: Vec<Quiet<EventColumn>>,
    last_delay: Delay,
}

impl EventArray {
    /// The event array of the shape; `weights[column][row]` are the words of a PE's memory.
    pub fn new(shape: &Shape, weights: &[Vec<Vec<i128>>]) -> Self {
        let (loads, head) = (shape.loads(), shape.outputs.is_some());
        EventArray {
            clock: Signal::default(),
            address: Wire::new(index_bits(shape.weight_words())),
            value: Wire::new(shape.event_value_bits()),
            take: Wire::optional(head, shape.design.rows),
            last: Wire::new(1),
            load_word: Wire::optional(loads, 2 * shape.design.lanes),
            write: Wire::optional(loads, shape.design.columns),
            write_row: Wire::optional(loads, shape.design.rows),
            result: (0..4).map(|_| Wire::new(shape.result_bits())).collect(),
            column: weights
                .iter()
                .map(|words| Quiet::new(EventColumn::new(shape, words)))
                .collect(),
            last_delay: Delay::new(1, 2),
        }
    }
}

inputs!(EventArray: address, value, take, last, load_word, write, write_row);

impl Logic for EventArray {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_event_array");
        comment!("@about The event array: a column per gate, whose rows sum an");
        comment!("@about event for several hidden units each.");
        clock!(self, clock, last_delay);
        self.last_delay.d.next = self.last.val();
        for i in 0..self.column.len() {
            clock!(self, clock, column[i]);
            self.column[i].address.next = self.address.val();
            self.column[i].value.next = self.value.val();
            self.column[i].last.next = self.last_delay.q.val();
            for _k in 0..self.take.count() {
                self.column[i].take.next = self.take.val();
            }
            for _k in 0..self.write.count() {
                self.column[i].load_word.next = self.load_word.val();
                self.column[i].write.next = self.write.val().get_bit(i);
                self.column[i].write_row.next = self.write_row.val();
            }
            self.result[i].next = self.column[i].result.val();
        }
    }
}
