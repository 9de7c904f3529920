//! The drain: which row's results leave the array when.

use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Moves a select token down the rows and numbers what it selects.
///
/// ```text
/// done ─▶[n]─▶ select:  row 0, row 1, row 2, …      a recurrent layer's block: one row per cycle
/// done ─▶[n]─▶ select:  row 0 … row_done … row 1    a head block: a row when the head has sent the one before
/// ```
///
/// Timing: `select` starts n + 1 cycles after `done`, n being 5, or 6 where products are counted in two cycles; `unit`, `layer`, `unit_valid`, `row_valid` and the flags
/// follow `select` by one cycle.
///
/// Contract:
/// 1. The first `rows` + 1 rows of a block are selected once each, in order, and numbered on from the block
///    before; a block with `first` begins at 0.
/// 2. A head row is selected only after the `row_done` of the one before.
/// 3. `finished` is high for one cycle when the last row of a head block has been sent.
///
/// Not here: keeping blocks apart; `Schedule` starts none before the rows of the last are out.
#[derive(Clone, Debug, LogicBlock)]
pub struct Drain {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop what is in flight.
    pub clear: Wire<In>,
    /// Block complete: its last beat is in the array's first register.
    pub done: Wire<In>,
    /// The block is the head's.
    pub head: Wire<In>,
    /// The block is the step's first.
    pub first: Wire<In>,
    /// The block's rows after the first.
    pub rows: Wire<In>,
    /// The block's recurrent layer.
    pub layer: Wire<In>,
    /// The last part of the block's candidate sums is the input's.
    pub swap: Wire<In>,
    /// The block's units have a state from the step before.
    pub warm: Wire<In>,
    /// The block's step ends its sequence.
    pub ending: Wire<In>,
    /// The head has sent the row selected last.
    pub row_done: Wire<In>,
    /// Row whose results leave, one-hot or zero.
    pub select: Wire<Out>,
    /// The row's bias word, in the cycle of `select`: hidden unit of any layer, then head row.
    pub bias_word: Wire<Out>,
    /// The bias word one cycle later.
    pub unit: Wire<Out>,
    /// The unit's recurrent layer.
    pub unit_layer: Wire<Out>,
    /// The last part of the unit's candidate sum is the input's.
    pub unit_swap: Wire<Out>,
    /// Hidden unit valid.
    pub unit_valid: Wire<Out>,
    /// The unit has a state from the step before.
    pub unit_warm: Wire<Out>,
    /// Head row valid.
    pub row_valid: Wire<Out>,
    /// The head row is the step's last.
    pub row_last: Wire<Out>,
    /// The head row's step ends its sequence.
    pub row_ending: Wire<Out>,
    /// The head block has been sent.
    pub finished: Wire<Out>,
    done_delay: Delay,
    head_delay: Delay,
    first_delay: Delay,
    rows_delay: Delay,
    layer_delay: Delay,
    swap_delay: Delay,
    warm_delay: Delay,
    ending_delay: Delay,
    token: Reg,
    left: Reg,
    fire: Reg,
    head_q: Reg,
    layer_q: Reg,
    swap_q: Reg,
    warm_q: Reg,
    ending_q: Reg,
    count: Reg,
    unit_q: Reg,
    unit_layer_q: Reg,
    unit_swap_q: Reg,
    unit_valid_q: Reg,
    unit_warm_q: Reg,
    row_valid_q: Reg,
    row_last_q: Reg,
    next_row: Wire<Local>,
    last_row: Const,
}

/// Cycles from a beat in the array's first register to its sums in row 0, without the count of products.
const SUM_LATENCY: usize = 4;

impl Drain {
    /// The drain of the shape.
    pub fn new(shape: &Shape) -> Self {
        let (rows, unit) = (shape.design.rows, index_bits(shape.bias_words()));
        let (row, layer) = (index_bits(rows), index_bits(shape.layers.len()));
        let flag = || Wire::new(1);
        let input = || Wire::new(1);
        let latency = SUM_LATENCY + shape.count_cycles();
        let delay = |bits| Delay::new(bits, latency);
        let bit = || Reg::new(1);
        Drain {
            clock: Signal::default(),
            clear: input(),
            done: input(),
            head: input(),
            first: input(),
            rows: Wire::new(row),
            layer: Wire::new(layer),
            swap: input(),
            warm: input(),
            ending: input(),
            row_done: input(),
            select: Wire::new(rows),
            bias_word: Wire::new(unit),
            unit: Wire::new(unit),
            unit_layer: Wire::new(layer),
            unit_swap: flag(),
            unit_valid: flag(),
            unit_warm: flag(),
            row_valid: flag(),
            row_last: flag(),
            row_ending: flag(),
            finished: flag(),
            done_delay: Delay::cleared(1, latency),
            head_delay: delay(1),
            first_delay: delay(1),
            rows_delay: delay(row),
            layer_delay: delay(layer),
            swap_delay: delay(1),
            warm_delay: delay(1),
            ending_delay: delay(1),
            token: Reg::new(rows),
            left: Reg::new(row),
            fire: bit(),
            head_q: bit(),
            layer_q: Reg::new(layer),
            swap_q: bit(),
            warm_q: bit(),
            ending_q: bit(),
            count: Reg::new(unit),
            unit_q: Reg::new(unit),
            unit_layer_q: Reg::new(layer),
            unit_swap_q: bit(),
            unit_valid_q: bit(),
            unit_warm_q: bit(),
            row_valid_q: bit(),
            row_last_q: bit(),
            next_row: Wire::new(1),
            last_row: Const::new(shape.bias_words() - 1, unit),
        }
    }
}

inputs!(Drain: clear, done, head, first, rows, layer, swap, warm, ending, row_done);

impl Logic for Drain {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_drain");
        comment!("@about Selects the rows of a completed block, one per");
        comment!("@about cycle, and says which unit or head row leaves.");
        dff_setup!(
            self,
            clock,
            token,
            left,
            fire,
            head_q,
            layer_q,
            swap_q,
            warm_q,
            ending_q,
            count,
            unit_q,
            unit_layer_q,
            unit_swap_q,
            unit_valid_q,
            unit_warm_q,
            row_valid_q,
            row_last_q
        );
        clock!(
            self,
            clock,
            done_delay,
            head_delay,
            first_delay,
            rows_delay,
            layer_delay,
            swap_delay,
            warm_delay,
            ending_delay
        );
        self.done_delay.clear.next = self.clear.val();
        self.done_delay.d.next = self.done.val();
        self.head_delay.d.next = self.head.val();
        self.first_delay.d.next = self.first.val();
        self.rows_delay.d.next = self.rows.val();
        self.layer_delay.d.next = self.layer.val();
        self.swap_delay.d.next = self.swap.val();
        self.warm_delay.d.next = self.warm.val();
        self.ending_delay.d.next = self.ending.val();

        self.select.next = false.into();
        self.unit_valid_q.d.next = false.into();
        self.row_valid_q.d.next = false.into();
        self.finished.next = false.into();
        self.next_row.next = self.row_done.val();
        if self.fire.q.val().any() {
            self.select.next = self.token.q.val();
            if self.head_q.q.val().any() {
                self.row_valid_q.d.next = true.into();
                self.fire.d.next = false.into();
            } else {
                self.unit_valid_q.d.next = true.into();
                self.next_row.next = true.into();
            }
        }
        self.unit_q.d.next = self.count.q.val();
        self.unit_layer_q.d.next = self.layer_q.q.val();
        self.unit_swap_q.d.next = self.swap_q.q.val();
        self.unit_warm_q.d.next = self.warm_q.q.val();
        self.row_last_q.d.next = (self.count.q.val() == self.last_row.val()).into();
        if self.next_row.val().any() {
            self.count.d.next = self.count.q.val() + true.into();
            self.token.d.next = self.token.q.val() << true.into();
            self.left.d.next = self.left.q.val() - true.into();
            self.fire.d.next = self.left.q.val().any().into();
            self.finished.next = self.row_done.val() & (!self.left.q.val().any()).into();
        }
        if self.done_delay.q.val().any() {
            self.token.d.next = true.into();
            self.left.d.next = self.rows_delay.q.val();
            self.fire.d.next = true.into();
            self.head_q.d.next = self.head_delay.q.val();
            self.layer_q.d.next = self.layer_delay.q.val();
            self.swap_q.d.next = self.swap_delay.q.val();
            self.warm_q.d.next = self.warm_delay.q.val();
            self.ending_q.d.next = self.ending_delay.q.val();
            if self.first_delay.q.val().any() {
                self.count.d.next = false.into();
            }
        }
        if self.clear.val().any() {
            self.fire.d.next = false.into();
            self.unit_valid_q.d.next = false.into();
            self.row_valid_q.d.next = false.into();
        }
        self.bias_word.next = self.count.q.val();
        self.unit.next = self.unit_q.q.val();
        self.unit_layer.next = self.unit_layer_q.q.val();
        self.unit_swap.next = self.unit_swap_q.q.val();
        self.unit_valid.next = self.unit_valid_q.q.val();
        self.unit_warm.next = self.unit_warm_q.q.val();
        self.row_valid.next = self.row_valid_q.q.val();
        self.row_last.next = self.row_last_q.q.val();
        self.row_ending.next = self.ending_q.q.val();
    }
}
