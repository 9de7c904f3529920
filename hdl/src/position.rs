//! The position: which chunk of which pass of which block comes next.

use crate::kit::prelude::*;
use tern_model::{Shape, index_bits};

/// Counts chunks inside passes inside blocks inside a step, and the weight words they use.
///
/// ```text
/// step:   block 0                     block 1    …   head block 0   …
/// block:  x plane 0 | x plane 1 | … | h                h
/// pass:   chunk 0, chunk 1, … [, a gap beat for each shift beyond one]
/// ```
///
/// Timing: the outputs describe the beat that may go in this cycle; with `go` they move on.
///
/// Contract:
/// 1. The order is that of `Shape::passes`, every chunk once, x chunks once a plane.
/// 2. `address` runs through a block's x words, again for each plane, then through its h words; head
///    blocks follow the last LSTM block's words.
/// 3. After the last LSTM block the head's blocks come if `head_due`, otherwise the next step.
///
/// Not here: when a beat may go (`Schedule`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Position {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// First beat of a step.
    pub clear: Wire<In>,
    /// The beat goes.
    pub go: Wire<In>,
    /// The step needs the head.
    pub head_due: Wire<In>,
    /// The beat takes a chunk of h.
    pub is_hidden: Wire<Out>,
    /// The beat is the head's.
    pub is_head: Wire<Out>,
    /// The beat only shifts.
    pub in_gap: Wire<Out>,
    /// Chunk of the pass.
    pub chunk: Wire<Out>,
    /// Weight word.
    pub address: Wire<Out>,
    /// Halve the sums after the beat.
    pub shift: Wire<Out>,
    /// The beat completes a block.
    pub block_end: Wire<Out>,
    /// It completes the last LSTM block.
    pub step_end: Wire<Out>,
    /// It completes the head.
    pub head_end: Wire<Out>,
    /// It takes the step's last x chunk.
    pub last_input: Wire<Out>,
    pass_q: Reg,
    chunk_q: Reg,
    block_q: Reg,
    head_q: Reg,
    base_q: Reg,
    address_q: Reg,
    hidden: Wire<Local>,
    next_hidden: Wire<Local>,
    last_chunk: Wire<Local>,
    pass_end_chunk: Wire<Local>,
    gap_beat: Wire<Local>,
    at_last_chunk: Wire<Local>,
    at_pass_end: Wire<Local>,
    final_pass: Wire<Local>,
    ends_block: Wire<Local>,
    ends_step: Wire<Local>,
    ends_head: Wire<Local>,
    wants_shift: Wire<Local>,
    next_base: Wire<Local>,
    nought: Const,
    one: Const,
    hidden_pass: Const,
    pass_before_hidden: Const,
    last_pass: Const,
    last_input_pass: Const,
    last_input_chunk: Const,
    last_hidden_chunk: Const,
    gap: Const,
    shift_before_hidden: Const,
    shift_after_hidden: Const,
    last_block: Const,
    last_head_block: Const,
    block_words: Const,
    hidden_offset: Const,
    start_offset: Const,
    _head: usize,
    _gap_after_input: usize,
    _gap_after_hidden: usize,
}

/// Bits of a chunk number: it counts gap beats too, and addresses a bank of the hidden memory.
pub fn chunk_bits(shape: &Shape) -> usize {
    let longest = shape
        .passes()
        .iter()
        .map(Shape::pass_beats)
        .max()
        .unwrap_or(1);
    index_bits(longest + 1).max(index_bits(shape.bank_words()))
}

impl Position {
    /// The counters of the shape.
    pub fn new(shape: &Shape) -> Self {
        let passes = shape.passes();
        let (planes, hidden) = (shape.planes(), shape.hidden_pass());
        let (inputs, hiddens) = (shape.input_chunks(), shape.hidden_chunks());
        let before = hidden.checked_sub(1).map_or(0, |k| passes[k].shift_after);
        let after = passes[hidden].shift_after;
        let pass = index_bits(planes + 3);
        let (chunk, address) = (chunk_bits(shape), index_bits(shape.weight_words()));
        let block = index_bits(shape.blocks().max(shape.head_blocks()));
        let no_pass = (1 << pass) - 1;
        let word = |value: usize| Const::new(value % (1 << address), address);
        let flag = || Wire::new(1);
        let local = || Wire::new(1);
        Position {
            clock: Signal::default(),
            clear: Wire::new(1),
            go: Wire::new(1),
            head_due: Wire::new(1),
            is_hidden: flag(),
            is_head: flag(),
            in_gap: flag(),
            chunk: Wire::new(chunk),
            address: Wire::new(address),
            shift: flag(),
            block_end: flag(),
            step_end: flag(),
            head_end: flag(),
            last_input: flag(),
            pass_q: Reg::new(pass),
            chunk_q: Reg::new(chunk),
            block_q: Reg::new(block),
            head_q: Reg::new(1),
            base_q: Reg::new(address),
            address_q: Reg::new(address),
            hidden: local(),
            next_hidden: local(),
            last_chunk: Wire::new(chunk),
            pass_end_chunk: Wire::new(chunk),
            gap_beat: local(),
            at_last_chunk: local(),
            at_pass_end: local(),
            final_pass: local(),
            ends_block: local(),
            ends_step: local(),
            ends_head: local(),
            wants_shift: local(),
            next_base: Wire::new(address),
            nought: Const::new(0, 1),
            one: Const::new(1, 1),
            hidden_pass: Const::new(hidden, pass),
            pass_before_hidden: Const::new(hidden.checked_sub(1).unwrap_or(no_pass), pass),
            last_pass: Const::new(planes, pass),
            last_input_pass: Const::new(if hidden == planes { planes - 1 } else { planes }, pass),
            last_input_chunk: Const::new(inputs - 1, chunk),
            last_hidden_chunk: Const::new(hiddens - 1, chunk),
            gap: Const::new(before.max(after).saturating_sub(1), chunk),
            shift_before_hidden: Const::new(usize::from(before > 0), 1),
            shift_after_hidden: Const::new(usize::from(after > 0), 1),
            last_block: Const::new(shape.blocks() - 1, block),
            last_head_block: Const::new(shape.head_blocks().saturating_sub(1), block),
            block_words: word(shape.block_words()),
            hidden_offset: word(inputs),
            start_offset: word(if hidden == 0 { inputs } else { 0 }),
            _head: usize::from(shape.outputs.is_some()),
            _gap_after_input: usize::from(before > 1),
            _gap_after_hidden: usize::from(after > 1),
        }
    }
}

impl Logic for Position {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_position");
        dff_setup!(
            self, clock, pass_q, chunk_q, block_q, head_q, base_q, address_q
        );

        // Where the beat is in its pass, block and step.
        self.hidden.next = (self.pass_q.q.val() == self.hidden_pass.val()).into();
        self.hidden.next = self.hidden.val() | self.head_q.q.val();
        self.next_hidden.next = (self.pass_q.q.val() == self.pass_before_hidden.val()).into();
        self.last_chunk.next = self.last_input_chunk.val();
        if self.hidden.val().any() {
            self.last_chunk.next = self.last_hidden_chunk.val();
        }
        self.pass_end_chunk.next = self.last_chunk.val();
        for _i in 0..self._gap_after_input {
            if (self.next_hidden.val() & !self.head_q.q.val()).any() {
                self.pass_end_chunk.next = self.last_chunk.val() + self.gap.val();
            }
        }
        for _i in 0..self._gap_after_hidden {
            if (self.hidden.val() & !self.head_q.q.val()).any() {
                self.pass_end_chunk.next = self.last_chunk.val() + self.gap.val();
            }
        }
        self.gap_beat.next = (self.chunk_q.q.val() > self.last_chunk.val()).into();
        self.at_last_chunk.next = (self.chunk_q.q.val() == self.last_chunk.val()).into();
        self.at_pass_end.next = (self.chunk_q.q.val() == self.pass_end_chunk.val()).into();
        self.final_pass.next = (self.pass_q.q.val() == self.last_pass.val()).into();
        self.final_pass.next = self.final_pass.val() | self.head_q.q.val();
        self.ends_block.next = self.at_pass_end.val() & self.final_pass.val();
        self.ends_step.next = (self.block_q.q.val() == self.last_block.val()).into();
        self.ends_step.next = self.ends_step.val() & self.ends_block.val() & !self.head_q.q.val();
        self.ends_head.next = (self.block_q.q.val() == self.last_head_block.val()).into();
        self.ends_head.next = self.ends_head.val() & self.ends_block.val() & self.head_q.q.val();
        self.wants_shift.next = self.one.val();
        if self.hidden.val().any() {
            self.wants_shift.next = self.shift_after_hidden.val();
        } else if self.next_hidden.val().any() {
            self.wants_shift.next = self.shift_before_hidden.val();
        }

        self.is_hidden.next = self.hidden.val();
        self.is_head.next = self.head_q.q.val();
        self.in_gap.next = self.gap_beat.val();
        self.chunk.next = self.chunk_q.q.val();
        self.address.next = self.address_q.q.val();
        self.shift.next =
            (self.at_last_chunk.val() & self.wants_shift.val() & !self.final_pass.val())
                | self.gap_beat.val();
        self.block_end.next = self.ends_block.val();
        self.step_end.next = self.ends_step.val();
        self.head_end.next = self.ends_head.val();
        self.last_input.next = ((self.pass_q.q.val() == self.last_input_pass.val())
            & (self.block_q.q.val() == self.last_block.val()))
        .into();
        self.last_input.next =
            self.last_input.val() & self.at_last_chunk.val() & !self.hidden.val();

        // The next beat.
        self.next_base.next = self.base_q.q.val() + self.block_words.val();
        if self.go.val().any() {
            self.chunk_q.d.next = self.chunk_q.q.val() + self.one.val();
            self.address_q.d.next = self.address_q.q.val() + self.one.val();
            if self.at_pass_end.val().any() {
                self.chunk_q.d.next = self.nought.val();
                self.pass_q.d.next = self.pass_q.q.val() + self.one.val();
                self.address_q.d.next = self.base_q.q.val();
                if self.next_hidden.val().any() {
                    self.address_q.d.next = self.base_q.q.val() + self.hidden_offset.val();
                }
            }
            if self.ends_block.val().any() {
                self.pass_q.d.next = self.nought.val();
                self.block_q.d.next = self.block_q.q.val() + self.one.val();
                self.base_q.d.next = self.next_base.val();
                self.address_q.d.next = self.next_base.val() + self.start_offset.val();
            }
            for _i in 0..self._head {
                if (self.ends_block.val() & self.head_q.q.val()).any() {
                    self.address_q.d.next = self.address_q.q.val() + self.one.val();
                }
            }
            if (self.ends_step.val() | self.ends_head.val()).any() {
                self.head_q.d.next = self.nought.val();
                self.block_q.d.next = self.nought.val();
                self.base_q.d.next = self.nought.val();
                self.address_q.d.next = self.start_offset.val();
            }
            for _i in 0..self._head {
                if (self.ends_step.val() & self.head_due.val()).any() {
                    self.head_q.d.next = self.one.val();
                    self.address_q.d.next = self.next_base.val();
                }
            }
        }
        if self.clear.val().any() {
            self.pass_q.d.next = self.nought.val();
            self.chunk_q.d.next = self.nought.val();
            self.block_q.d.next = self.nought.val();
            self.head_q.d.next = self.nought.val();
            self.base_q.d.next = self.nought.val();
            self.address_q.d.next = self.start_offset.val();
        }
    }
}
