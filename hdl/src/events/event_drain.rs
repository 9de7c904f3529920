//! The drain of the event array: which result leaves it when, and when the head's outputs are sent.

use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Numbers the results of a block as they leave the array, and sends the head's rows when all rows of the array have added to them.
///
/// ```text
/// done ─▶ word:  u, u+1, … (lanes) ─ pause ─ u+lanes, …          a recurrent layer's block: unit by unit
/// done ─▶ word:  y, y+1, … ─ pause ─ y, y+1, … ─ pause ─ …       a head's block: each row of the array adds to the same outputs
///      ─▶ row:   y0 … row_done … y1 … row_done … finished        and when the last has: one head row after the other
/// ```
///
/// Timing: `word` of a block's first result comes two cycles after `done`, as many before the result; `unit`, `layer`, `valid`, `warm`,
/// `fresh`, `row_valid` and the flags follow `word` by one cycle.
///
/// Contract:
/// 1. The first `results` + 1 results of a block are numbered once each, in order, on from the block before; a block with `first`
///    begins at 0. Those of a head block are numbered alike in each row of the array.
/// 2. `kept` is low for what is added to the bias: a unit that is not `warm` or of an array that keeps no sums, the first row of the
///    array in a head block likewise.
/// 3. After the head's `closing` block its rows are sent in order, each after the `row_done` of the one before, in cycles in which no
///    block leaves. `finished` is high for one cycle when the last has been sent.
///
/// Not here: keeping blocks apart (`EventSchedule`).
#[derive(Clone, Debug, LogicBlock)]
pub struct EventDrain {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop what is in flight.
    pub clear: Wire<In>,
    /// A block ends.
    pub done: Wire<In>,
    /// The block is the head's.
    pub head: Wire<In>,
    /// The block is the step's first.
    pub first: Wire<In>,
    /// The block is its section's last.
    pub closing: Wire<In>,
    /// The block's results after the first.
    pub results: Wire<In>,
    /// The block's recurrent layer, one-hot.
    pub layer: Wire<In>,
    /// The block's units have a state from the step before.
    pub warm: Wire<In>,
    /// The block's hidden states are listed against zero.
    pub fresh: Wire<In>,
    /// The block's step ends its sequence.
    pub ending: Wire<In>,
    /// The head has sent its row; only where there is a head.
    pub row_done: Wire<In>,
    /// Bias word of the result: hidden unit of any layer, then head row.
    pub word: Wire<Out>,
    /// The result is a change of the sum that is kept.
    pub kept: Wire<Out>,
    /// Keep the sum.
    pub keep: Wire<Out>,
    /// The bias word one cycle later.
    pub unit: Wire<Out>,
    /// The unit's recurrent layer.
    pub unit_layer: Wire<Out>,
    /// Hidden unit valid.
    pub unit_valid: Wire<Out>,
    /// The unit has a state from the step before.
    pub unit_warm: Wire<Out>,
    /// The unit's hidden state is listed against zero.
    pub unit_fresh: Wire<Out>,
    /// Head row valid.
    pub row_valid: Wire<Out>,
    /// The head row is the step's last.
    pub row_last: Wire<Out>,
    /// The head row's step ends its sequence.
    pub row_ending: Wire<Out>,
    /// The head's outputs have been sent; only where there is a head.
    pub finished: Wire<Out>,
    done_q: Reg,
    head_1: Reg,
    first_1: Reg,
    closing_1: Reg,
    results_1: Reg,
    layer_1: Reg,
    warm_1: Reg,
    fresh_1: Reg,
    ending_1: Reg,
    fire: Reg,
    place: Reg,
    pause: Reg,
    left: Reg,
    numbering: Reg,
    count: Reg,
    head_q: Reg,
    warm_q: Reg,
    fresh_q: Reg,
    layer_q: Reg,
    unit_q: Reg,
    unit_layer_q: Reg,
    unit_valid_q: Reg,
    unit_warm_q: Reg,
    unit_fresh_q: Reg,
    start: Vec<Reg>,
    results_q: Vec<Reg>,
    row: Vec<Reg>,
    closing_q: Vec<Reg>,
    added: Vec<Delay>,
    sending: Vec<Reg>,
    ready: Vec<Reg>,
    send_word: Vec<Reg>,
    ending_q: Vec<Reg>,
    row_valid_q: Vec<Reg>,
    row_last_q: Vec<Reg>,
    active: Wire<Local>,
    numbered: Wire<Local>,
    last_row: Vec<Wire<Local>>,
    send: Vec<Wire<Local>>,
    last_lane: Const,
    last_array_row: Vec<Const>,
    first_head_row: Vec<Const>,
    last_head_row: Vec<Const>,
    layer_of: Vec<Const>,
    keeps: Const,
    head_keeps: Vec<Const>,
}

/// From the word of a sum to the cycle before the first in which it can be read.
const KEPT: usize = 3;

impl EventDrain {
    /// The drain of the shape.
    pub fn new(shape: &Shape) -> Self {
        let (rows, lanes) = (shape.design.rows, shape.design.lanes);
        let (word, layer) = (
            index_bits(shape.bias_words()),
            index_bits(shape.layers.len()),
        );
        let (layers, head) = (shape.layers.len(), shape.outputs.is_some());
        let results = index_bits(rows * lanes);
        let (lane, row) = (index_bits(lanes), index_bits(rows));
        let flag = || Wire::new(1);
        let bit = || Reg::new(1);
        let one = |width: usize| optional(head, || Reg::new(width));
        let locals = || optional(head, || Wire::new(1));
        let constant = |value: usize, width: usize| optional(head, || Const::new(value, width));
        EventDrain {
            clock: Signal::default(),
            clear: Wire::new(1),
            done: Wire::new(1),
            head: Wire::new(1),
            first: Wire::new(1),
            closing: Wire::new(1),
            results: Wire::new(results),
            layer: Wire::new(layers),
            warm: Wire::new(1),
            fresh: Wire::new(1),
            ending: Wire::new(1),
            row_done: Wire::optional(head, 1),
            word: Wire::new(word),
            kept: flag(),
            keep: flag(),
            unit: Wire::new(word),
            unit_layer: Wire::new(layer),
            unit_valid: flag(),
            unit_warm: flag(),
            unit_fresh: flag(),
            row_valid: flag(),
            row_last: flag(),
            row_ending: flag(),
            finished: Wire::optional(head, 1),
            done_q: bit(),
            head_1: bit(),
            first_1: bit(),
            closing_1: bit(),
            results_1: Reg::new(results),
            layer_1: Reg::new(layers),
            warm_1: bit(),
            fresh_1: bit(),
            ending_1: bit(),
            fire: bit(),
            place: Reg::new(lane),
            pause: bit(),
            left: Reg::new(results),
            numbering: bit(),
            count: Reg::new(word),
            head_q: bit(),
            warm_q: bit(),
            fresh_q: bit(),
            layer_q: Reg::new(layer),
            unit_q: Reg::new(word),
            unit_layer_q: Reg::new(layer),
            unit_valid_q: bit(),
            unit_warm_q: bit(),
            unit_fresh_q: bit(),
            start: one(word),
            results_q: one(results),
            row: one(row),
            closing_q: one(1),
            added: optional(head, || Delay::new(1, KEPT)),
            sending: one(1),
            ready: one(1),
            send_word: one(word),
            ending_q: one(1),
            row_valid_q: one(1),
            row_last_q: one(1),
            active: Wire::new(1),
            numbered: Wire::new(1),
            last_row: locals(),
            send: locals(),
            last_lane: Const::new(lanes - 1, lane),
            last_array_row: constant(rows - 1, row),
            first_head_row: constant(shape.units(), word),
            last_head_row: constant(shape.bias_words() - 1, word),
            layer_of: (0..layers).map(|k| Const::new(k, layer)).collect(),
            keeps: Const::new(usize::from(shape.sums_changes()), 1),
            head_keeps: constant(usize::from(shape.head_sums_changes()), 1),
        }
    }
}

inputs!(EventDrain: clear, done, head, first, closing, results, layer, warm, fresh, ending, row_done);

impl Logic for EventDrain {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_event_drain");
        comment!("@about Numbers the results of a block as they leave the");
        comment!("@about event array, and sends those of the head.");
        dff_setup!(
            self, clock, done_q, head_1, first_1, closing_1, results_1, layer_1, warm_1, fresh_1,
            ending_1
        );
        dff_setup!(
            self, clock, fire, place, pause, left, numbering, count, head_q, warm_q, fresh_q,
            layer_q
        );
        clock!(
            self,
            clock,
            unit_q,
            unit_layer_q,
            unit_valid_q,
            unit_warm_q,
            unit_fresh_q
        );
        self.done_q.d.next = self.done.val();
        self.head_1.d.next = self.head.val();
        self.first_1.d.next = self.first.val();
        self.closing_1.d.next = self.closing.val();
        self.results_1.d.next = self.results.val();
        self.layer_1.d.next = self.layer.val();
        self.warm_1.d.next = self.warm.val();
        self.fresh_1.d.next = self.fresh.val();
        self.ending_1.d.next = self.ending.val();

        // Results leave `lanes` in a row, then none for a cycle.
        self.active.next = self.fire.q.val() & !self.pause.q.val();
        self.numbered.next = self.active.val() & self.numbering.q.val();
        self.word.next = self.count.q.val();
        self.kept.next = self.keeps.val() & self.warm_q.q.val();
        self.keep.next = self.numbered.val();
        if self.active.val().any() {
            self.place.d.next = self.place.q.val() + true.into();
            if self.place.q.val() == self.last_lane.val() {
                self.place.d.next = false.into();
                self.pause.d.next = true.into();
            }
        }
        if self.pause.q.val().any() {
            self.pause.d.next = false.into();
        }
        if self.numbered.val().any() {
            self.count.d.next = self.count.q.val() + true.into();
            self.left.d.next = self.left.q.val() - true.into();
            if !self.left.q.val().any() {
                self.fire.d.next = false.into();
            }
        }

        // The rows of the array add to the same outputs of the head.
        for i in 0..self.row.len() {
            dff_setup!(
                self,
                clock,
                start[i],
                results_q[i],
                row[i],
                closing_q[i],
                ending_q[i]
            );
            clock!(self, clock, added[i]);
            self.added[i].clear.next = self.clear.val();
            self.added[i].d.next = false.into();
            self.last_row[i].next = (self.row[i].q.val() == self.last_array_row[i].val()).into();
            if self.head_q.q.val().any() {
                self.kept.next = self.row[i].q.val().any().into();
                if !self.row[i].q.val().any() {
                    self.kept.next = self.head_keeps[i].val() & self.warm_q.q.val();
                }
                if (self.numbered.val() & (!self.left.q.val().any()).into()).any() {
                    self.numbering.d.next = false.into();
                    self.fire.d.next = !self.last_row[i].val();
                    self.added[i].d.next = self.last_row[i].val() & self.closing_q[i].q.val();
                }
                if self.pause.q.val().any() {
                    self.row[i].d.next = self.row[i].q.val() + true.into();
                    self.numbering.d.next = true.into();
                    self.left.d.next = self.results_q[i].q.val();
                    self.count.d.next = self.start[i].q.val();
                }
            }
        }
        if self.done_q.q.val().any() {
            self.fire.d.next = true.into();
            self.numbering.d.next = true.into();
            self.place.d.next = false.into();
            self.pause.d.next = false.into();
            self.left.d.next = self.results_1.q.val();
            self.head_q.d.next = self.head_1.q.val();
            self.warm_q.d.next = self.warm_1.q.val();
            self.fresh_q.d.next = self.fresh_1.q.val();
            self.layer_q.d.next = false.into();
            for i in 0..self.layer_of.len() {
                if self.layer_1.q.val().get_bit(i).any() {
                    self.layer_q.d.next = self.layer_of[i].val();
                }
            }
            if self.first_1.q.val().any() {
                self.count.d.next = false.into();
            }
            for i in 0..self.row.len() {
                self.row[i].d.next = false.into();
                self.results_q[i].d.next = self.results_1.q.val();
                self.start[i].d.next = self.count.q.val();
                self.closing_q[i].d.next = self.closing_1.q.val();
                if self.head_1.q.val().any() {
                    self.ending_q[i].d.next = self.ending_1.q.val();
                }
            }
        }

        // The head's rows are sent.
        self.row_valid.next = false.into();
        self.row_last.next = false.into();
        self.row_ending.next = false.into();
        for i in 0..self.sending.len() {
            dff_setup!(
                self,
                clock,
                sending[i],
                ready[i],
                send_word[i],
                row_last_q[i]
            );
            clock!(self, clock, row_valid_q[i]);
            self.send[i].next =
                self.sending[i].q.val() & self.ready[i].q.val() & !self.fire.q.val();
            self.row_valid_q[i].d.next = self.send[i].val();
            if self.send[i].val().any() {
                self.word.next = self.send_word[i].q.val();
                self.kept.next = true.into();
                self.ready[i].d.next = false.into();
                self.row_last_q[i].d.next =
                    (self.send_word[i].q.val() == self.last_head_row[i].val()).into();
            }
            self.finished.next = self.row_done.val() & self.row_last_q[i].q.val();
            if self.row_done.val().any() {
                self.send_word[i].d.next = self.send_word[i].q.val() + true.into();
                self.ready[i].d.next = true.into();
                if self.row_last_q[i].q.val().any() {
                    self.sending[i].d.next = false.into();
                }
            }
            if self.added[i].q.val().any() {
                self.sending[i].d.next = true.into();
                self.ready[i].d.next = true.into();
                self.send_word[i].d.next = self.first_head_row[i].val();
            }
            if self.clear.val().any() {
                self.sending[i].d.next = false.into();
                self.row_valid_q[i].d.next = false.into();
            }
            self.row_valid.next = self.row_valid_q[i].q.val();
            self.row_last.next = self.row_last_q[i].q.val();
            self.row_ending.next = self.ending_q[i].q.val();
        }

        self.unit_q.d.next = self.count.q.val();
        self.unit_layer_q.d.next = self.layer_q.q.val();
        self.unit_valid_q.d.next = self.numbered.val() & !self.head_q.q.val();
        self.unit_warm_q.d.next = self.warm_q.q.val();
        self.unit_fresh_q.d.next = self.fresh_q.q.val();
        if self.clear.val().any() {
            self.done_q.d.next = false.into();
            self.fire.d.next = false.into();
            self.unit_valid_q.d.next = false.into();
        }
        self.unit.next = self.unit_q.q.val();
        self.unit_layer.next = self.unit_layer_q.q.val();
        self.unit_valid.next = self.unit_valid_q.q.val();
        self.unit_warm.next = self.unit_warm_q.q.val();
        self.unit_fresh.next = self.unit_fresh_q.q.val();
    }
}
