//! The position: which chunk of which pass of which block comes next.

mod next;

use crate::kit::lookup::Lookup;
use crate::kit::prelude::*;
use crate::schedule::descriptor::{Descriptors, Flag, Number};
use tern_compile::bits::index_bits;
use tern_compile::shape::{PassSource, Shape};

/// Counts chunks inside passes inside blocks inside the sections of a step, and the weight words they use.
///
/// ```text
/// step:    layer 0, layer 1, …, head if due
/// section: block 0                     block 1    …
/// block:   x plane 0 | x plane 1 | … | h             (a descriptor each; h of more than a trit plane by plane)
/// pass:    chunk 0, chunk 1, … [, a gap beat for each shift beyond one]
/// ```
///
/// Timing: the outputs describe the beat that may go in this cycle, and are registered; with `go` they
/// move on. After `clear` comes one beat that reads nothing, which always may go and enters the first pass.
///
/// Contract:
/// 1. The order is that of `Shape::passes`, every chunk once, x chunks once per plane.
/// 2. Weight words of x run block by block, again for each plane; those of hidden states run through all
///    sections without a jump, but for the planes of a hidden state, each of which begins at the state's words of the block.
/// 3. After the last block of the last recurrent layer comes the head if `head_due`, otherwise the next step.
///
/// Not here: when a beat may go (`Schedule`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Position {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Go to the beat before the first of a step.
    pub clear: Wire<In>,
    /// The beat goes in this cycle.
    pub go: Wire<In>,
    /// The step needs the head.
    pub head_due: Wire<In>,
    /// The beat takes a chunk of a hidden state.
    pub is_hidden: Wire<Out>,
    /// The beat takes a chunk of x.
    pub takes_input: Wire<Out>,
    /// The beat's hidden state is of this step.
    pub is_fresh: Wire<Out>,
    /// The beat waits for its hidden state.
    pub waits: Wire<Out>,
    /// The beat is the head's.
    pub is_head: Wire<Out>,
    /// The beat only shifts.
    pub in_gap: Wire<Out>,
    /// Chunk in the hidden memory.
    pub chunk: Wire<Out>,
    /// Weight word.
    pub address: Wire<Out>,
    /// Shift the sums after the beat.
    pub shift: Wire<Out>,
    /// The beat completes a part of a candidate's sum.
    pub part_end: Wire<Out>,
    /// The last part of the candidate's sum is the input's.
    pub swap: Wire<Out>,
    /// The beat completes a block.
    pub block_end: Wire<Out>,
    /// The block's rows after the first.
    pub rows: Wire<Out>,
    /// The beat completes a recurrent layer.
    pub layer_end: Wire<Out>,
    /// The beat completes the last recurrent layer.
    pub state_end: Wire<Out>,
    /// The beat completes the step.
    pub step_end: Wire<Out>,
    /// The beat takes the step's last x chunk.
    pub last_input: Wire<Out>,
    /// The beat's recurrent layer.
    pub layer: Wire<Out>,
    /// Cycles to wait for the layer's hidden state.
    pub settle: Wire<Out>,
    /// Trit plane of the beat's hidden state; only where hidden states are more than trits.
    pub plane: Wire<Out>,
    passes: Lookup,
    next_q: Reg,
    left_q: Reg,
    chunk_q: Reg,
    blocks_q: Reg,
    last_block_q: Reg,
    hidden_q: Reg,
    takes_input_q: Reg,
    fresh_q: Reg,
    waits_q: Reg,
    head_q: Reg,
    top_q: Reg,
    ends_block_q: Reg,
    ends_part_q: Reg,
    swap_q: Reg,
    last_plane_q: Reg,
    first_plane_q: Reg,
    shifts_q: Reg,
    last_section_q: Reg,
    gaps_q: Reg,
    tail_q: Reg,
    layer_q: Reg,
    settle_q: Reg,
    gap_q: Reg,
    shift_q: Reg,
    pass_end_q: Reg,
    part_end_q: Reg,
    block_end_q: Reg,
    closing_q: Reg,
    skip_q: Reg,
    last_input_q: Reg,
    input_q: Reg,
    input_start_q: Reg,
    state_q: Reg,
    plane_q: Vec<Reg>,
    step_q: Vec<Reg>,
    last_chunk_q: Vec<Reg>,
    target: Wire<Local>,
    entry: Wire<Local>,
    next_left: Wire<Local>,
    next_chunk: Wire<Local>,
    next_blocks: Wire<Local>,
    next_last_block: Wire<Local>,
    next_gaps: Wire<Local>,
    next_ends_block: Wire<Local>,
    next_ends_part: Wire<Local>,
    next_last_plane: Wire<Local>,
    next_shifts: Wire<Local>,
    next_top: Wire<Local>,
    next_pass_end: Wire<Local>,
    next_last_chunk: Wire<Local>,
    next_gap: Wire<Local>,
    next_hidden: Wire<Local>,
    entry_ends_block: Wire<Local>,
    entry_later_plane: Wire<Local>,
    input_start: Wire<Local>,
    skip: Wire<Local>,
    final_beat: Wire<Local>,
    one_beat: Const,
    one_block: Const,
    full_rows: Const,
    state_base: Const,
    _hidden: Slice,
    _fresh: Slice,
    _waits: Slice,
    _head: Slice,
    _top: Slice,
    _ends_block: Slice,
    _ends_part: Slice,
    _swap: Slice,
    _last_plane: Slice,
    _first_plane: Slice,
    _later_plane: Slice,
    _shifts: Slice,
    _last_section: Slice,
    _one_beat: Slice,
    _one_block: Slice,
    _chunk: Slice,
    _left: Slice,
    _gaps: Slice,
    _after: Slice,
    _again: Slice,
    _blocks: Slice,
    _tail: Slice,
    _layer: Slice,
    _settle: Slice,
    _plane: Slice,
    _step: Slice,
    _with_gaps: usize,
    _skips: usize,
    _late: usize,
}

impl Position {
    /// The counters of the shape.
    pub fn new(shape: &Shape) -> Self {
        let program = Descriptors::of(shape);
        let bits = |number: Number| program.bits(number);
        let number = |number: Number| program.numbers[number as usize];
        let flag = |flag: Flag| program.flags[flag as usize];
        let (address, index) = (index_bits(shape.weight_words()), bits(Number::After));
        let skips = usize::from(shape.outputs.is_some() && !shape.layers.is_empty());
        // Whether the step's last x chunk, with which its end is known, also completes the last layer.
        let last_pass = shape.passes(shape.layers.len().saturating_sub(1)).pop();
        let input_last = last_pass.is_some_and(|pass| pass.source == PassSource::Input);
        let out = || Wire::new(1);
        let local = || Wire::new(1);
        let bit = || Reg::new(1);
        let planes = shape.has_hidden_planes();
        Position {
            clock: Signal::default(),
            clear: Wire::new(1),
            go: Wire::new(1),
            head_due: Wire::new(1),
            is_hidden: out(),
            takes_input: out(),
            is_fresh: out(),
            waits: out(),
            is_head: out(),
            in_gap: out(),
            chunk: Wire::new(bits(Number::Chunk)),
            address: Wire::new(address),
            shift: out(),
            part_end: out(),
            swap: out(),
            block_end: out(),
            rows: Wire::new(bits(Number::Tail)),
            layer_end: out(),
            state_end: out(),
            step_end: out(),
            last_input: out(),
            layer: Wire::new(bits(Number::Layer)),
            settle: Wire::new(bits(Number::Settle)),
            plane: Wire::optional(planes, bits(Number::Plane)),
            passes: Lookup::new(
                (
                    "passes",
                    "The passes of a time step, in order: what is summed in each.",
                ),
                program.width,
                index,
                program.words.clone(),
            ),
            next_q: Reg::new(index),
            left_q: Reg::new(bits(Number::Left)),
            chunk_q: Reg::new(bits(Number::Chunk)),
            blocks_q: Reg::new(bits(Number::Blocks)),
            last_block_q: bit(),
            hidden_q: bit(),
            takes_input_q: bit(),
            fresh_q: bit(),
            waits_q: bit(),
            head_q: bit(),
            top_q: bit(),
            ends_block_q: bit(),
            ends_part_q: bit(),
            swap_q: bit(),
            last_plane_q: bit(),
            first_plane_q: bit(),
            shifts_q: bit(),
            last_section_q: bit(),
            gaps_q: Reg::new(bits(Number::Gaps)),
            tail_q: Reg::new(bits(Number::Tail)),
            layer_q: Reg::new(bits(Number::Layer)),
            settle_q: Reg::new(bits(Number::Settle)),
            gap_q: bit(),
            shift_q: bit(),
            pass_end_q: bit(),
            part_end_q: bit(),
            block_end_q: bit(),
            closing_q: bit(),
            skip_q: bit(),
            last_input_q: bit(),
            input_q: Reg::new(address),
            input_start_q: Reg::new(address),
            state_q: Reg::new(address),
            plane_q: optional(planes, || Reg::new(bits(Number::Plane))),
            step_q: optional(planes, || Reg::new(address)),
            last_chunk_q: optional(planes, bit),
            target: Wire::new(index),
            entry: Wire::new(program.width),
            next_left: Wire::new(bits(Number::Left)),
            next_chunk: Wire::new(bits(Number::Chunk)),
            next_blocks: Wire::new(bits(Number::Blocks)),
            next_last_block: local(),
            next_gaps: Wire::new(bits(Number::Gaps)),
            next_ends_block: local(),
            next_ends_part: local(),
            next_last_plane: local(),
            next_shifts: local(),
            next_top: local(),
            next_pass_end: local(),
            next_last_chunk: local(),
            next_gap: local(),
            next_hidden: local(),
            entry_ends_block: local(),
            entry_later_plane: local(),
            input_start: Wire::new(address),
            skip: local(),
            final_beat: local(),
            one_beat: Const::new(1, bits(Number::Left)),
            one_block: Const::new(1, bits(Number::Blocks)),
            full_rows: Const::new(shape.design.rows - 1, bits(Number::Tail)),
            state_base: Const::new(shape.input_words() % (1 << address), address),
            _hidden: flag(Flag::Hidden),
            _fresh: flag(Flag::Fresh),
            _waits: flag(Flag::Waits),
            _head: flag(Flag::Head),
            _top: flag(Flag::Top),
            _ends_block: flag(Flag::EndsBlock),
            _ends_part: flag(Flag::EndsPart),
            _swap: flag(Flag::Swap),
            _last_plane: flag(Flag::LastPlane),
            _first_plane: flag(Flag::FirstPlane),
            _later_plane: flag(Flag::LaterPlane),
            _shifts: flag(Flag::Shifts),
            _last_section: flag(Flag::LastSection),
            _one_beat: flag(Flag::OneBeat),
            _one_block: flag(Flag::OneBlock),
            _chunk: number(Number::Chunk),
            _left: number(Number::Left),
            _gaps: number(Number::Gaps),
            _after: number(Number::After),
            _again: number(Number::Again),
            _blocks: number(Number::Blocks),
            _tail: number(Number::Tail),
            _layer: number(Number::Layer),
            _settle: number(Number::Settle),
            _plane: number(Number::Plane),
            _step: number(Number::Step),
            _with_gaps: usize::from(program.gaps),
            _skips: skips,
            _late: if input_last { skips } else { 0 },
        }
    }
}
