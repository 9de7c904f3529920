//! The systolic array.

use crate::column::Column;
use crate::delay::Delay;
use crate::kit::prelude::*;
use tern_model::{Shape, index_bits};

/// The array: one column a gate, `columns · rows · lanes` ternary multiply-accumulates a cycle.
///
/// ```text
///                 i      f      g      o
/// address ─▶ ┌──────┬──────┬──────┬──────┐  row 0   units of a block,
/// act     ─▶ │  PE  │  PE  │  PE  │  PE  │  row 1   one a row
/// control ─▶ │  …   │  …   │  …   │  …   │   ⋮
///            └──┬───┴──┬───┴──┬───┴──┬───┘
/// select ──▶ result 0  1      2      3     one row a cycle: four gates of one unit
/// ```
///
/// Timing: with `address`, `shift` and `last` of a chunk in cycle t, `act` comes in cycle t + 2; the
/// result of row r may be selected from cycle t + 6 + r on, and appears two cycles after `select`.
///
/// Contract: 1. each result is the PE's exact sum (see `Pe`); 2. the array never stalls: what is
/// presented is summed.
///
/// Not here: where activations come from, and when a new block may begin (`Schedule`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Array {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Weight word of the chunk.
    pub address: Wire<In>,
    /// Activations of the chunk, two cycles after its address.
    pub act: Wire<In>,
    /// Halve the sums after the chunk.
    pub shift: Wire<In>,
    /// The chunk completes the sums.
    pub last: Wire<In>,
    /// Row whose results leave, one-hot.
    pub select: Wire<In>,
    /// A result a column.
    pub result: Vec<Wire<Out>>,
    column: Vec<Column>,
    shift_delay: Delay,
    last_delay: Delay,
    nought: Const,
    _columns: usize,
}

impl Array {
    /// The array of the shape; `weights[column][row]` are the words of a PE's memory.
    pub fn new(shape: &Shape, weights: &[Vec<Vec<i128>>]) -> Self {
        let columns = shape.design.columns;
        Array {
            clock: Signal::default(),
            address: Wire::new(index_bits(shape.weight_words())),
            act: Wire::new(2 * shape.design.lanes),
            shift: Wire::new(1),
            last: Wire::new(1),
            select: Wire::new(shape.design.rows),
            result: (0..columns)
                .map(|_| Wire::new(shape.result_bits()))
                .collect(),
            column: weights
                .iter()
                .map(|words| Column::new(shape, words))
                .collect(),
            shift_delay: Delay::new(1, 4),
            last_delay: Delay::new(1, 4),
            nought: Const::new(0, 1),
            _columns: columns,
        }
    }
}

impl Logic for Array {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_array");
        self.shift_delay.clock.next = self.clock.val();
        self.last_delay.clock.next = self.clock.val();
        self.shift_delay.clear.next = self.nought.val();
        self.last_delay.clear.next = self.nought.val();
        self.shift_delay.d.next = self.shift.val();
        self.last_delay.d.next = self.last.val();
        for i in 0..self._columns {
            self.column[i].clock.next = self.clock.val();
            self.column[i].address.next = self.address.val();
            self.column[i].act.next = self.act.val();
            self.column[i].shift.next = self.shift_delay.q.val();
            self.column[i].last.next = self.last_delay.q.val();
            self.column[i].select.next = self.select.val();
            self.result[i].next = self.column[i].result.val();
        }
    }
}
