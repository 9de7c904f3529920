//! The systolic array.

mod column;
pub mod count;
mod halves;
pub mod pe;
pub mod product;
mod wide_count;

use crate::array::column::Column;
use crate::array::halves::Halves;
use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// The array: one column per gate, `columns · rows · lanes` ternary multiply-accumulates per cycle.
///
/// ```text
///                 i      f      g      o     (a GRU: r, z, in, hn; on three columns r, z, n)
/// address ─▶ ┌──────┬──────┬──────┬──────┐  row 0   units of a block,
/// act     ─▶ │  PE  │  PE  │  PE  │  PE  │  row 1   one a row
/// control ─▶ │  …   │  …   │  …   │  …   │   ⋮
///            └──┬───┴──┬───┴──┬───┴──┬───┘
/// select ──▶ result 0  1      2      3     one row per cycle: four gates of one unit
/// ```
///
/// Timing: with `address`, `shift` and `last` of a chunk in cycle t, `act` comes in cycle t + 2; the
/// result of row r may be selected from cycle t + 6 + r on, and appears two cycles after `select`.
///
/// Contract: 1. each result is the PE's exact sum (see `Pe`); 2. the array never stalls: what is
/// presented is summed.
///
/// On three columns the last one completes the two parts of a candidate's sum at its own times (`part_last`), and
/// gives result 2, the part completed first, and result 3.
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
    /// Shift the sums after the chunk.
    pub shift: Wire<In>,
    /// The chunk completes the sums.
    pub last: Wire<In>,
    /// The chunk completes a part of a candidate's sum.
    pub part_last: Wire<In>,
    /// Row whose results leave, one-hot.
    pub select: Wire<In>,
    /// Columns whose memories `act` is written to, with `address` in the same cycle; only in a core that loads its network.
    pub write: Wire<In>,
    /// The four sums of a row; those of a linear head on three columns are 0, 1 and 3.
    pub result: Vec<Wire<Out>>,
    column: Vec<Quiet<Column>>,
    shift_delay: Delay,
    last_delay: Delay,
    part_delay: Vec<Delay>,
    halves: Vec<Halves>,
    _plain: usize,
    _writes: usize,
}

impl Array {
    /// The array of the shape; `weights[column][row]` are the words of a PE's memory.
    pub fn new(shape: &Shape, weights: &[Vec<Vec<i128>>]) -> Self {
        let (columns, result) = (shape.design.columns, shape.result_bits());
        let split = shape.split();
        Array {
            clock: Signal::default(),
            address: Wire::new(index_bits(shape.weight_words())),
            act: Wire::new(2 * shape.design.lanes),
            shift: Wire::new(1),
            last: Wire::new(1),
            select: Wire::new(shape.design.rows),
            part_last: Wire::new(1),
            write: Wire::optional(shape.loads(), columns),
            result: (0..4).map(|_| Wire::new(result)).collect(),
            column: weights
                .iter()
                .enumerate()
                .map(|(column, words)| {
                    Quiet::new(Column::new(shape, words, split && column == columns - 1))
                })
                .collect(),
            shift_delay: Delay::new(1, 3 + shape.count_cycles()),
            last_delay: Delay::new(1, 3 + shape.count_cycles()),
            part_delay: optional(split, || Delay::new(1, 3 + shape.count_cycles())),
            halves: optional(split, || Halves::new(result)),
            _plain: columns - usize::from(split),
            _writes: usize::from(shape.loads()) * columns,
        }
    }
}

inputs!(Array: address, act, shift, last, part_last, select, write);

impl Logic for Array {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_array");
        comment!("@about The systolic array: a column per gate, whose rows");
        comment!("@about compute a hidden unit each.");
        clock!(self, clock, shift_delay, last_delay);
        self.shift_delay.d.next = self.shift.val();
        self.last_delay.d.next = self.last.val();
        for i in 0..self.column.len() {
            clock!(self, clock, column[i]);
            self.column[i].address.next = self.address.val();
            self.column[i].act.next = self.act.val();
            self.column[i].shift.next = self.shift_delay.q.val();
            self.column[i].last.next = self.last_delay.q.val();
            self.column[i].select.next = self.select.val();
        }
        for i in 0..self._writes {
            self.column[i].write.next = self.write.val().get_bit(i);
        }
        for i in 0..self._plain {
            self.result[i].next = self.column[i].result.val();
        }
        for i in 0..self.halves.len() {
            clock!(self, clock, part_delay[i]);
            self.part_delay[i].d.next = self.part_last.val();
            self.column[i + 2].last.next = self.part_delay[i].q.val();
            self.halves[i].pair.next = self.column[i + 2].result.val();
            self.result[i + 2].next = self.halves[i].upper.val();
            self.result[i + 3].next = self.halves[i].lower.val();
        }
    }
}
