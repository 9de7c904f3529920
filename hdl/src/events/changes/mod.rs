//! The events of a time step: elements that changed, or that are not zero, in lists.

mod list;

use crate::kit::prelude::*;
use crate::stream::elements::Elements;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Compares every input and every hidden state with what it was a step before and lists those that changed.
///
/// ```text
/// trit ─────▶┐
///            ├─ one per cycle ─▶[value]─▶ - ─▶[change]─▶ list memory: step 0 | step 1
/// element ──▶┘       │            │       ▲             (in each: inputs, then layer by layer)
///                    └─▶ kept values ─────┘
/// ```
///
/// Without kept values (`skip` "zero") an event is an element that is not zero. A list is that of a step's inputs or of a layer's
/// hidden states; each exists twice, for the step that is being summed and the one that is being listed.
///
/// Timing: a hidden state takes part in the cycle it comes, an input in one without (`take`). Its event is in the list memory, and
/// counted in `layer_end` and `layer_done`, from the third cycle after. `data` follows `read` by one cycle. One element per cycle.
///
/// Contract:
/// 1. The events of a list are in the order of its elements. The value of one is the difference from the element's last value, or
///    from zero where it is fresh; what has not changed is no event.
/// 2. The list of a step's inputs is offered (`input_ready`, `input_end`, `input_ending`) when it is complete and until
///    `input_taken`; meanwhile that of the next step is made, and no more.
/// 3. `layer_begin` empties a layer's list; `layer_close` says that its units are on their way, `layer_done` that all are listed.
///
/// Not here: which list is read when (`EventSchedule`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Changes {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Start over: nothing listed.
    pub clear: Wire<In>,
    /// Hidden state of the next unit: a trit, or sign and magnitude.
    pub trit: Wire<In>,
    /// Hidden state valid.
    pub trit_valid: Wire<In>,
    /// The unit's old hidden state counts as zero; only where there are kept values.
    pub trit_fresh: Wire<In>,
    /// Input element, two's complement.
    pub element: Wire<In>,
    /// Its number.
    pub index: Wire<In>,
    /// There is one.
    pub valid: Wire<In>,
    /// It is the step's last.
    pub last: Wire<In>,
    /// Its step ends the sequence.
    pub ending: Wire<In>,
    /// The input element is taken.
    pub take: Wire<Out>,
    /// The inputs' list has been read for the last time.
    pub input_taken: Wire<In>,
    /// The inputs' list of a step is there.
    pub input_ready: Wire<Out>,
    /// Where it ends.
    pub input_end: Wire<Out>,
    /// Its step ends the sequence.
    pub input_ending: Wire<Out>,
    /// Layers whose list begins anew.
    pub layer_begin: Wire<In>,
    /// Layers all of whose units are on their way.
    pub layer_close: Wire<In>,
    /// Layers whose list is complete.
    pub layer_done: Wire<Out>,
    /// Where each layer's list ends.
    pub layer_end: Vec<Wire<Out>>,
    /// Step (highest bit) and word to read.
    pub read: Wire<In>,
    /// The word: the element's number, above it the event's value.
    pub data: Wire<Out>,
    lists: Memory,
    kept: Vec<Memory>,
    elements: Vec<Elements>,
    unit: Reg,
    place: Reg,
    layer: Reg,
    bank: Reg,
    open: Reg,
    input_fresh: Reg,
    input_bank: Reg,
    input_write_end: Reg,
    scanned: Reg,
    scanned_ending: Reg,
    ready_q: Reg,
    input_end_q: Reg,
    ending_q: Reg,
    end_q: Vec<Reg>,
    done_q: Reg,
    valid_1: Reg,
    value_1: Reg,
    place_1: Reg,
    kept_place_1: Vec<Reg>,
    fresh_1: Vec<Reg>,
    bank_1: Reg,
    input_1: Reg,
    input_last_1: Reg,
    ending_1: Reg,
    layer_1: Reg,
    layer_last_1: Reg,
    valid_2: Reg,
    value_2: Reg,
    place_2: Reg,
    bank_2: Reg,
    input_2: Reg,
    input_last_2: Reg,
    ending_2: Reg,
    layer_2: Reg,
    layer_last_2: Reg,
    from_input: Wire<Local>,
    is_event: Wire<Local>,
    ends_layer: Wire<Local>,
    hand_over: Wire<Local>,
    state: Wire<Local>,
    plus: Vec<Wire<Local>>,
    minus: Vec<Wire<Local>>,
    kept_place: Vec<Wire<Local>>,
    kept_value: Vec<Wire<Local>>,
    past: Wire<Local>,
    present: Wire<Local>,
    difference: Wire<Local>,
    difference_bits: Wire<Local>,
    value_bits: Wire<Local>,
    write_word: Wire<Local>,
    write_bank: Wire<Local>,
    base: Vec<Const>,
    last_unit: Vec<Const>,
    first_unit: Const,
    all_layers: Const,
    bank_shift: Const,
    value_shift: Const,
    _plus: Slice,
    _minus: Slice,
}

impl Changes {
    /// The lists of the shape.
    pub fn new(shape: &Shape) -> Self {
        let layers = shape.layers.len();
        let (word, index) = (index_bits(shape.list_words()), shape.event_index_bits());
        let (value, element) = (shape.event_bits(), shape.element_bits());
        let kept_word = index_bits(shape.listed_elements());
        let (delta, planes) = (shape.sums_changes(), shape.has_hidden_planes());
        let hidden = shape.hidden_bits();
        let bit = || Reg::new(1);
        let rail = |offset| Slice { offset, width: 1 };
        Changes {
            clock: Signal::default(),
            clear: Wire::new(1),
            trit: Wire::new(hidden),
            trit_valid: Wire::new(1),
            trit_fresh: Wire::optional(delta, 1),
            element: Wire::new(element),
            index: Wire::new(index_bits(shape.input_size)),
            valid: Wire::new(1),
            last: Wire::new(1),
            ending: Wire::new(1),
            take: Wire::new(1),
            input_taken: Wire::new(1),
            input_ready: Wire::new(1),
            input_end: Wire::new(word),
            input_ending: Wire::new(1),
            layer_begin: Wire::new(layers),
            layer_close: Wire::new(layers),
            layer_done: Wire::new(layers),
            layer_end: (0..layers).map(|_| Wire::new(word)).collect(),
            read: Wire::new(word + 1),
            data: Wire::new(index + value),
            lists: Memory::blank(index + value, word + 1),
            kept: optional(delta, || Memory::blank(element, kept_word)),
            elements: optional(planes, || Elements::new(1, hidden, hidden)),
            unit: Reg::new(kept_word),
            place: Reg::new(index),
            layer: Reg::new(layers),
            bank: bit(),
            open: bit(),
            input_fresh: bit(),
            input_bank: bit(),
            input_write_end: Reg::new(word),
            scanned: bit(),
            scanned_ending: bit(),
            ready_q: bit(),
            input_end_q: Reg::new(word),
            ending_q: bit(),
            end_q: (0..layers).map(|_| Reg::new(word)).collect(),
            done_q: Reg::new(layers),
            valid_1: bit(),
            value_1: Reg::signed(element),
            place_1: Reg::new(index),
            kept_place_1: optional(delta, || Reg::new(kept_word)),
            fresh_1: optional(delta, bit),
            bank_1: bit(),
            input_1: bit(),
            input_last_1: bit(),
            ending_1: bit(),
            layer_1: Reg::new(layers),
            layer_last_1: Reg::new(layers),
            valid_2: bit(),
            value_2: Reg::new(value),
            place_2: Reg::new(index),
            bank_2: bit(),
            input_2: bit(),
            input_last_2: bit(),
            ending_2: bit(),
            layer_2: Reg::new(layers),
            layer_last_2: Reg::new(layers),
            from_input: Wire::new(1),
            is_event: Wire::new(1),
            ends_layer: Wire::new(1),
            hand_over: Wire::new(1),
            state: Wire::signed(hidden),
            plus: optional(!planes, || Wire::new(1)),
            minus: optional(!planes, || Wire::new(1)),
            kept_place: optional(delta, || Wire::new(kept_word)),
            kept_value: optional(delta, || Wire::signed(element)),
            past: Wire::signed(value),
            present: Wire::signed(value),
            difference: Wire::signed(value),
            difference_bits: Wire::new(value),
            value_bits: Wire::new(element),
            write_word: Wire::new(word),
            write_bank: Wire::new(1),
            base: (0..layers)
                .map(|layer| Const::new(shape.list_base(layer + 1), word))
                .collect(),
            last_unit: (0..layers)
                .map(|layer| Const::new(shape.list_base(layer + 2) - 1, kept_word))
                .collect(),
            first_unit: Const::new(shape.input_size, kept_word),
            all_layers: Const::new((1 << layers) - 1, layers),
            bank_shift: Const::new(word, 8),
            value_shift: Const::new(index, 8),
            _plus: rail(0),
            _minus: rail(1),
        }
    }
}

inputs!(Changes: clear, trit, trit_valid, trit_fresh, element, index, valid, last, ending, input_taken, layer_begin, layer_close, read);
