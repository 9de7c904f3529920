//! The drain of the event array: which result leaves it when, and when the head's outputs are sent.

mod leave;

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
            added: optional(head, || Delay::cleared(1, KEPT)),
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
