//! The drain: which row's results leave the array when.

use crate::kit::prelude::*;
use tern_model::{Shape, index_bits};

/// Moves a select token down the rows and numbers what it selects.
///
/// ```text
/// done ─▶ select:  row 0, row 1, row 2, …      an LSTM block: a row a cycle
/// done ─▶ select:  row 0 … row_done … row 1    a head block: a row when the head has sent the one before
/// ```
///
/// Timing: `select` starts the cycle after `done`; `unit`, `unit_valid`, `row_valid` and the flags
/// follow `select` by one cycle.
///
/// Contract:
/// 1. Each hidden unit of a step is selected once, in order; rows beyond the last unit never are.
/// 2. Each head row is selected once, in order, the next one only after `row_done`.
/// 3. `finished` is high for one cycle when the last row of a head block has been sent.
///
/// Not here: keeping blocks apart; `Schedule` starts none before the rows of the last are out.
#[derive(Clone, Debug, LogicBlock)]
pub struct Drain {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Start over.
    pub clear: Wire<In>,
    /// A block's sums are complete in row 0.
    pub done: Wire<In>,
    /// It is a block of the head.
    pub head: Wire<In>,
    /// The LSTM block's units have a state from the step before.
    pub warm: Wire<In>,
    /// The block's step ends its sequence.
    pub ending: Wire<In>,
    /// The head has sent the row selected last.
    pub row_done: Wire<In>,
    /// Row that leaves, one-hot or zero.
    pub select: Wire<Out>,
    /// Its bias word: hidden unit, or hidden size + head row.
    pub unit: Wire<Out>,
    /// A hidden unit leaves.
    pub unit_valid: Wire<Out>,
    /// It has a state from the step before.
    pub unit_warm: Wire<Out>,
    /// A head row leaves.
    pub row_valid: Wire<Out>,
    /// The head row is the step's last.
    pub row_last: Wire<Out>,
    /// The head row's step ends its sequence.
    pub row_ending: Wire<Out>,
    /// The head block is out.
    pub finished: Wire<Out>,
    token: Reg,
    fire: Reg,
    head_q: Reg,
    warm_q: Reg,
    ending_q: Reg,
    unit_count: Reg,
    row_count: Reg,
    unit_q: Reg,
    unit_valid_q: Reg,
    unit_warm_q: Reg,
    row_valid_q: Reg,
    row_last_q: Reg,
    is_last_unit: Wire<Local>,
    is_last_row: Wire<Local>,
    moved: Wire<Local>,
    nought: Const,
    one: Const,
    last_unit: Const,
    last_row: Const,
    row_base: Const,
}

impl Drain {
    /// The drain of the shape.
    pub fn new(shape: &Shape) -> Self {
        let (rows, unit) = (shape.design.rows, index_bits(shape.bias_words()));
        let flag = || Wire::new(1);
        Drain {
            clock: Signal::default(),
            clear: Wire::new(1),
            done: Wire::new(1),
            head: Wire::new(1),
            warm: Wire::new(1),
            ending: Wire::new(1),
            row_done: Wire::new(1),
            select: Wire::new(rows),
            unit: Wire::new(unit),
            unit_valid: flag(),
            unit_warm: flag(),
            row_valid: flag(),
            row_last: flag(),
            row_ending: flag(),
            finished: flag(),
            token: Reg::new(rows),
            fire: Reg::new(1),
            head_q: Reg::new(1),
            warm_q: Reg::new(1),
            ending_q: Reg::new(1),
            unit_count: Reg::new(unit),
            row_count: Reg::new(unit),
            unit_q: Reg::new(unit),
            unit_valid_q: Reg::new(1),
            unit_warm_q: Reg::new(1),
            row_valid_q: Reg::new(1),
            row_last_q: Reg::new(1),
            is_last_unit: Wire::new(1),
            is_last_row: Wire::new(1),
            moved: Wire::new(rows),
            nought: Const::new(0, 1),
            one: Const::new(1, 1),
            last_unit: Const::new(shape.hidden_size - 1, unit),
            last_row: Const::new(shape.head_rows().saturating_sub(1), unit),
            row_base: Const::new(shape.hidden_size % (1 << unit), unit),
        }
    }
}

impl Logic for Drain {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_drain");
        dff_setup!(
            self,
            clock,
            token,
            fire,
            head_q,
            warm_q,
            ending_q,
            unit_count,
            row_count,
            unit_q,
            unit_valid_q,
            unit_warm_q,
            row_valid_q,
            row_last_q
        );
        self.is_last_unit.next = (self.unit_count.q.val() == self.last_unit.val()).into();
        self.is_last_row.next = (self.row_count.q.val() == self.last_row.val()).into();
        self.moved.next = self.token.q.val() << self.one.val();

        self.select.next = self.nought.val();
        self.unit_valid_q.d.next = self.nought.val();
        self.row_valid_q.d.next = self.nought.val();
        self.finished.next = self.nought.val();
        if self.fire.q.val().any() {
            self.select.next = self.token.q.val();
            if self.head_q.q.val().any() {
                self.row_valid_q.d.next = self.one.val();
                self.fire.d.next = self.nought.val();
            } else {
                self.unit_valid_q.d.next = self.one.val();
                self.unit_count.d.next = self.unit_count.q.val() + self.one.val();
                self.token.d.next = self.moved.val();
                self.fire.d.next = self.moved.val().any().into();
                if self.is_last_unit.val().any() {
                    self.unit_count.d.next = self.nought.val();
                    self.fire.d.next = self.nought.val();
                }
            }
        }
        self.unit_q.d.next = self.unit_count.q.val();
        self.unit_warm_q.d.next = self.warm_q.q.val();
        self.row_last_q.d.next = self.is_last_row.val();
        if self.head_q.q.val().any() {
            self.unit_q.d.next = self.row_base.val() + self.row_count.q.val();
        }
        if self.row_done.val().any() {
            self.row_count.d.next = self.row_count.q.val() + self.one.val();
            self.token.d.next = self.moved.val();
            self.fire.d.next = self.moved.val().any().into();
            self.finished.next = (!self.moved.val().any()).into();
            if self.is_last_row.val().any() {
                self.row_count.d.next = self.nought.val();
                self.fire.d.next = self.nought.val();
                self.finished.next = self.one.val();
            }
        }
        if self.done.val().any() {
            self.token.d.next = self.one.val();
            self.fire.d.next = self.one.val();
            self.head_q.d.next = self.head.val();
            self.warm_q.d.next = self.warm.val();
            self.ending_q.d.next = self.ending.val();
        }
        if self.clear.val().any() {
            self.fire.d.next = self.nought.val();
            self.unit_count.d.next = self.nought.val();
            self.row_count.d.next = self.nought.val();
            self.unit_valid_q.d.next = self.nought.val();
            self.row_valid_q.d.next = self.nought.val();
        }
        self.unit.next = self.unit_q.q.val();
        self.unit_valid.next = self.unit_valid_q.q.val();
        self.unit_warm.next = self.unit_warm_q.q.val();
        self.row_valid.next = self.row_valid_q.q.val();
        self.row_last.next = self.row_last_q.q.val();
        self.row_ending.next = self.ending_q.q.val();
    }
}
