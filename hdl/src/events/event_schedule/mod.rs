//! The schedule of the event array: which event it takes in which cycle.

mod next;

use crate::events::event_passes::{EventPasses, Field};
use crate::kit::lookup::Lookup;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Reads the lists event by event, block by block, and ends a block when its lists are complete and read.
///
/// ```text
/// passes ─▶[pass]─▶ which list ─▶ its end, complete?
///   ▲                              │
///   └── next pass ◀────────────────┤
///                    [at]─▶ read ──┴─ event ─▶[event, weight base]─▶ array, a cycle later, with the word that was read
/// ```
///
/// A pass reads one list: a layer's inputs or its own hidden states, and the head's inputs. Where a list is still being made, the pass
/// follows it, event by event.
///
/// Timing: `read` belongs to the cycle of the decision, `is_event` and all others but `taken`, `begins`, `closes` and `output_start` to the
/// next. One event per cycle; a block takes a cycle more than its events, and one for each list but its last that is empty; a section
/// begins a cycle after the one before. What is added to a list, or completes it, is seen the cycle after.
///
/// Contract:
/// 1. Each block of each section takes every event of its lists once, in order, before its `last`.
/// 2. A block ends only when the one before has left the array (`Shape::event_drain_cycles`); the head's last only when the outputs
///    before have been sent, the last layer's last only when the hidden state before has been read.
/// 3. After a step with `ending` the next is not `warm`, and its layers' own lists count as empty.
/// 4. After `clear` one `last` empties the array's sums.
///
/// Not here: what the lists hold (`Changes`).
#[derive(Clone, Debug, LogicBlock)]
pub struct EventSchedule {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Start over, at the first step of a sequence.
    pub clear: Wire<In>,
    /// The list of the step's inputs is there.
    pub input_ready: Wire<In>,
    /// Where it ends.
    pub input_end: Wire<In>,
    /// The step ends its sequence.
    pub input_ending: Wire<In>,
    /// Layers whose list is complete.
    pub layer_done: Wire<In>,
    /// Where each layer's list ends.
    pub layer_end: Vec<Wire<In>>,
    /// The outputs of the head have been sent; only where there is a head.
    pub head_finished: Wire<In>,
    /// The last output's hidden state is still being read; only where there is no head.
    pub output_busy: Wire<In>,
    /// Step and word of the list memory to read.
    pub read: Wire<Out>,
    /// The list of the step's inputs has been read for the last time.
    pub taken: Wire<Out>,
    /// The first block of these layers ends.
    pub begins: Wire<Out>,
    /// The last block of these layers ends.
    pub closes: Wire<Out>,
    /// A step whose hidden state is an output is completed in this cycle.
    pub output_start: Wire<Out>,
    /// The step ends its sequence.
    pub output_ending: Wire<Out>,
    /// Bank of the hidden states of the step before.
    pub bank: Wire<Out>,
    /// The word that was read is an event.
    pub is_event: Wire<Out>,
    /// Weight word of the pass's first element.
    pub address: Wire<Out>,
    /// Number of the shift of its values; only where there are several.
    pub shift: Wire<Out>,
    /// The pass is the head's; only where there is a head.
    pub of_head: Wire<Out>,
    /// A block ends.
    pub last: Wire<Out>,
    /// The block that ends has results.
    pub done: Wire<Out>,
    /// It is the head's.
    pub done_head: Wire<Out>,
    /// It is the step's first.
    pub done_first: Wire<Out>,
    /// It is the section's last.
    pub done_closing: Wire<Out>,
    /// Its results after the first.
    pub done_results: Wire<Out>,
    /// Its recurrent layer, one-hot.
    pub done_layer: Wire<Out>,
    /// Its step has a state from the step before.
    pub done_warm: Wire<Out>,
    /// The hidden states of its units are listed against zero.
    pub done_fresh: Wire<Out>,
    /// Its step ends its sequence.
    pub done_ending: Wire<Out>,
    passes: Lookup,
    at: Reg,
    at_next: Reg,
    next_q: Reg,
    address_q: Reg,
    input_q: Reg,
    own_q: Reg,
    closes_q: Reg,
    head_q: Reg,
    top_q: Reg,
    last_section_q: Reg,
    list_q: Reg,
    layer_q: Reg,
    words_q: Reg,
    tail_q: Reg,
    shift_q: Reg,
    blocks_q: Reg,
    last_block_q: Reg,
    first_block_q: Reg,
    kept_end_q: Reg,
    ends_q: Reg,
    final_q: Reg,
    complete_q: Reg,
    left_q: Reg,
    pause_q: Reg,
    output_wait_q: Reg,
    timer: Reg,
    busy: Reg,
    flush: Reg,
    head_busy: Vec<Reg>,
    warm_q: Reg,
    ending_q: Reg,
    bank_q: Reg,
    first_q: Reg,
    event_q: Reg,
    address_out_q: Reg,
    shift_out_q: Vec<Reg>,
    of_head_q: Vec<Reg>,
    last_q: Reg,
    done_q: Reg,
    done_head_q: Reg,
    done_first_q: Reg,
    done_closing_q: Reg,
    done_results_q: Reg,
    done_layer_q: Reg,
    done_warm_q: Reg,
    done_fresh_q: Reg,
    done_ending_q: Reg,
    limit: Wire<Local>,
    complete: Wire<Local>,
    at_after: Wire<Local>,
    has: Wire<Local>,
    finished: Wire<Local>,
    early: Wire<Local>,
    held: Wire<Local>,
    closing: Wire<Local>,
    go: Wire<Local>,
    boundary: Wire<Local>,
    skip_head: Wire<Local>,
    step_boundary: Wire<Local>,
    section_end: Wire<Local>,
    step_end: Wire<Local>,
    output_due: Wire<Local>,
    target: Wire<Local>,
    entry: Wire<Local>,
    entry_closes: Wire<Local>,
    entry_own: Wire<Local>,
    entry_base: Wire<Local>,
    next_first_block: Wire<Local>,
    next_last_block: Wire<Local>,
    entry_list: Wire<Local>,
    entry_left: Wire<Local>,
    entry_limit: Wire<Local>,
    entry_complete: Wire<Local>,
    base_after: Wire<Local>,
    read_bank: Wire<Local>,
    one_block: Const,
    full_results: Const,
    full_row: Vec<Const>,
    drain: Const,
    bank_shift: Const,
    every_step: Const,
    _input: Slice,
    _own: Slice,
    _closes: Slice,
    _head: Slice,
    _top: Slice,
    _last_section: Slice,
    _one_block: Slice,
    _list: Slice,
    _layer: Slice,
    _base: Slice,
    _words: Slice,
    _after: Slice,
    _again: Slice,
    _blocks: Slice,
    _tail: Slice,
    _shift: Slice,
    _headless: usize,
    _against_zero: usize,
}

impl EventSchedule {
    /// The schedule of the shape.
    pub fn new(shape: &Shape) -> Self {
        let program = EventPasses::of(shape);
        let field = |field: Field| program.field(field);
        let bits = |field: Field| program.bits(field);
        let (layers, head) = (shape.layers.len(), shape.outputs.is_some());
        let (word, address) = (
            index_bits(shape.list_words()),
            index_bits(shape.weight_words()),
        );
        let drain = shape.event_drain_cycles();
        let results = bits(Field::Tail);
        let full = shape.design.rows * shape.design.lanes - 1;
        let shifts = program.shifts.len() > 1;
        let flag = || Wire::new(1);
        let input = || Wire::new(1);
        let local = || Wire::new(1);
        let bit = || Reg::new(1);
        EventSchedule {
            clock: Signal::default(),
            clear: input(),
            input_ready: input(),
            input_end: Wire::new(word),
            input_ending: input(),
            layer_done: Wire::new(layers),
            layer_end: (0..layers).map(|_| Wire::new(word)).collect(),
            head_finished: Wire::optional(head, 1),
            output_busy: Wire::optional(!head, 1),
            read: Wire::new(word + 1),
            taken: flag(),
            begins: Wire::new(layers),
            closes: Wire::new(layers),
            output_start: flag(),
            output_ending: flag(),
            bank: flag(),
            is_event: flag(),
            address: Wire::new(address),
            shift: Wire::optional(shifts, bits(Field::Shift)),
            of_head: Wire::optional(head, 1),
            last: flag(),
            done: flag(),
            done_head: flag(),
            done_first: flag(),
            done_closing: flag(),
            done_results: Wire::new(results),
            done_layer: Wire::new(layers),
            done_warm: flag(),
            done_fresh: flag(),
            done_ending: flag(),
            passes: Lookup::new(
                (
                    "event_passes",
                    "The lists that a block is summed over, and what follows each.",
                ),
                program.width,
                bits(Field::After),
                program.words.clone(),
            ),
            at: Reg::new(word),
            at_next: Reg::new(word),
            next_q: Reg::new(bits(Field::After)),
            address_q: Reg::new(address),
            input_q: bit(),
            own_q: bit(),
            closes_q: bit(),
            head_q: bit(),
            top_q: bit(),
            last_section_q: bit(),
            list_q: Reg::new(layers),
            layer_q: Reg::new(layers),
            words_q: Reg::new(bits(Field::Words)),
            tail_q: Reg::new(results),
            shift_q: Reg::new(bits(Field::Shift)),
            blocks_q: Reg::new(bits(Field::Blocks)),
            last_block_q: bit(),
            first_block_q: bit(),
            kept_end_q: Reg::new(word),
            ends_q: bit(),
            final_q: bit(),
            complete_q: bit(),
            left_q: bit(),
            pause_q: bit(),
            output_wait_q: bit(),
            timer: Reg::new(index_bits(drain - 1)),
            busy: bit(),
            flush: bit(),
            head_busy: optional(head, bit),
            warm_q: bit(),
            ending_q: bit(),
            bank_q: bit(),
            first_q: bit(),
            event_q: bit(),
            address_out_q: Reg::new(address),
            shift_out_q: optional(shifts, || Reg::new(bits(Field::Shift))),
            of_head_q: optional(head, bit),
            last_q: bit(),
            done_q: bit(),
            done_head_q: bit(),
            done_first_q: bit(),
            done_closing_q: bit(),
            done_results_q: Reg::new(results),
            done_layer_q: Reg::new(layers),
            done_warm_q: bit(),
            done_fresh_q: bit(),
            done_ending_q: bit(),
            limit: Wire::new(word),
            complete: local(),
            at_after: Wire::new(word),
            has: local(),
            finished: local(),
            early: local(),
            held: local(),
            closing: local(),
            go: local(),
            boundary: local(),
            skip_head: local(),
            step_boundary: local(),
            section_end: local(),
            step_end: local(),
            output_due: local(),
            target: Wire::new(bits(Field::After)),
            entry: Wire::new(program.width),
            entry_closes: local(),
            entry_own: local(),
            entry_base: Wire::new(word),
            next_first_block: local(),
            next_last_block: local(),
            entry_list: Wire::new(layers),
            entry_left: local(),
            entry_limit: Wire::new(word),
            entry_complete: local(),
            base_after: Wire::new(word),
            read_bank: local(),
            one_block: Const::new(1, bits(Field::Blocks)),
            full_results: Const::new(full, results),
            full_row: optional(head, || Const::new(shape.design.lanes - 1, results)),
            drain: Const::new(drain - 2, index_bits(drain - 1)),
            bank_shift: Const::new(word, 8),
            every_step: Const::new(usize::from(shape.every), 1),
            _input: field(Field::Input),
            _own: field(Field::Own),
            _closes: field(Field::Closes),
            _head: field(Field::Head),
            _top: field(Field::Top),
            _last_section: field(Field::LastSection),
            _one_block: field(Field::OneBlock),
            _list: field(Field::List),
            _layer: field(Field::Layer),
            _base: field(Field::Base),
            _words: field(Field::Words),
            _after: field(Field::After),
            _again: field(Field::Again),
            _blocks: field(Field::Blocks),
            _tail: field(Field::Tail),
            _shift: field(Field::Shift),
            _headless: usize::from(!head),
            _against_zero: usize::from(head && !shape.every),
        }
    }
}

inputs!(EventSchedule: clear, input_ready, input_end, input_ending, layer_done, layer_end, head_finished, output_busy);
