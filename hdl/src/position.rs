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
/// Timing: the outputs describe the beat that may go in this cycle, and are registered; with `go` they
/// move on.
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
    hidden_q: Reg,
    before_hidden_q: Reg,
    gap_q: Reg,
    pass_end_q: Reg,
    block_end_q: Reg,
    step_end_q: Reg,
    head_end_q: Reg,
    last_input_q: Reg,
    shift_q: Reg,
    next_pass: Wire<Local>,
    next_chunk: Wire<Local>,
    next_block: Wire<Local>,
    next_head: Wire<Local>,
    next_base: Wire<Local>,
    to_hidden: Wire<Local>,
    to_before_hidden: Wire<Local>,
    to_final: Wire<Local>,
    to_last_chunk: Wire<Local>,
    to_pass_end: Wire<Local>,
    to_block_end: Wire<Local>,
    to_last_block: Wire<Local>,
    to_last_head_block: Wire<Local>,
    to_last_input: Wire<Local>,
    to_gap: Wire<Local>,
    wants_shift: Wire<Local>,
    last_chunk: Wire<Local>,
    end_chunk: Wire<Local>,
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
    start_hidden: Const,
    start_before_hidden: Const,
    start_pass_end: Const,
    start_shift: Const,
    start_last_input: Const,
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
        let first = &passes[0];
        let bit = |set: bool| Const::new(usize::from(set), 1);
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
            hidden_q: Reg::new(1),
            before_hidden_q: Reg::new(1),
            gap_q: Reg::new(1),
            pass_end_q: Reg::new(1),
            block_end_q: Reg::new(1),
            step_end_q: Reg::new(1),
            head_end_q: Reg::new(1),
            last_input_q: Reg::new(1),
            shift_q: Reg::new(1),
            next_pass: Wire::new(pass),
            next_chunk: Wire::new(chunk),
            next_block: Wire::new(block),
            next_head: local(),
            next_base: Wire::new(address),
            to_hidden: local(),
            to_before_hidden: local(),
            to_final: local(),
            to_last_chunk: local(),
            to_pass_end: local(),
            to_block_end: local(),
            to_last_block: local(),
            to_last_head_block: local(),
            to_last_input: local(),
            to_gap: local(),
            wants_shift: local(),
            last_chunk: Wire::new(chunk),
            end_chunk: Wire::new(chunk),
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
            start_hidden: bit(hidden == 0),
            start_before_hidden: bit(hidden == 1),
            start_pass_end: bit(Shape::pass_beats(first) == 1),
            start_shift: bit(first.chunks == 1 && first.shift_after > 0),
            start_last_input: bit(hidden > 0 && planes == 1 && inputs == 1 && shape.blocks() == 1),
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
            self,
            clock,
            pass_q,
            chunk_q,
            block_q,
            head_q,
            base_q,
            address_q,
            hidden_q,
            before_hidden_q,
            gap_q
        );
        dff_setup!(
            self,
            clock,
            pass_end_q,
            block_end_q,
            step_end_q,
            head_end_q,
            last_input_q,
            shift_q
        );

        // The next beat.
        self.next_chunk.next = self.chunk_q.q.val() + self.one.val();
        self.next_pass.next = self.pass_q.q.val();
        self.next_block.next = self.block_q.q.val();
        self.next_head.next = self.head_q.q.val();
        self.next_base.next = self.base_q.q.val() + self.block_words.val();
        if self.pass_end_q.q.val().any() {
            self.next_chunk.next = self.nought.val();
            self.next_pass.next = self.pass_q.q.val() + self.one.val();
        }
        if self.block_end_q.q.val().any() {
            self.next_pass.next = self.nought.val();
            self.next_block.next = self.block_q.q.val() + self.one.val();
        }
        if (self.step_end_q.q.val() | self.head_end_q.q.val()).any() {
            self.next_block.next = self.nought.val();
            self.next_head.next = self.nought.val();
        }
        for _i in 0..self._head {
            if (self.step_end_q.q.val() & self.head_due.val()).any() {
                self.next_head.next = self.one.val();
            }
        }

        // What is special about it.
        self.to_hidden.next = (self.next_pass.val() == self.hidden_pass.val()).into();
        self.to_hidden.next = self.to_hidden.val() | self.next_head.val();
        self.to_before_hidden.next = (self.next_pass.val() == self.pass_before_hidden.val()).into();
        self.to_before_hidden.next = self.to_before_hidden.val() & !self.next_head.val();
        self.to_final.next = (self.next_pass.val() == self.last_pass.val()).into();
        self.to_final.next = self.to_final.val() | self.next_head.val();
        self.last_chunk.next = self.last_input_chunk.val();
        if self.to_hidden.val().any() {
            self.last_chunk.next = self.last_hidden_chunk.val();
        }
        self.end_chunk.next = self.last_chunk.val();
        self.to_gap.next = self.nought.val();
        for _i in 0..self._gap_after_input {
            if self.to_before_hidden.val().any() {
                self.end_chunk.next = self.last_chunk.val() + self.gap.val();
            }
            self.to_gap.next = (self.next_chunk.val() > self.last_chunk.val()).into();
        }
        for _i in 0..self._gap_after_hidden {
            if (self.to_hidden.val() & !self.next_head.val()).any() {
                self.end_chunk.next = self.last_chunk.val() + self.gap.val();
            }
            self.to_gap.next = (self.next_chunk.val() > self.last_chunk.val()).into();
        }
        self.to_last_chunk.next = (self.next_chunk.val() == self.last_chunk.val()).into();
        self.to_pass_end.next = (self.next_chunk.val() == self.end_chunk.val()).into();
        self.to_block_end.next = self.to_pass_end.val() & self.to_final.val();
        self.to_last_block.next = (self.next_block.val() == self.last_block.val()).into();
        self.to_last_head_block.next = (self.next_block.val() == self.last_head_block.val()).into();
        self.to_last_input.next = (self.next_pass.val() == self.last_input_pass.val()).into();
        self.wants_shift.next = self.one.val();
        if self.to_hidden.val().any() {
            self.wants_shift.next = self.shift_after_hidden.val();
        } else if self.to_before_hidden.val().any() {
            self.wants_shift.next = self.shift_before_hidden.val();
        }

        if self.go.val().any() {
            self.chunk_q.d.next = self.next_chunk.val();
            self.pass_q.d.next = self.next_pass.val();
            self.block_q.d.next = self.next_block.val();
            self.head_q.d.next = self.next_head.val();
            self.hidden_q.d.next = self.to_hidden.val();
            self.before_hidden_q.d.next = self.to_before_hidden.val();
            self.gap_q.d.next = self.to_gap.val();
            self.pass_end_q.d.next = self.to_pass_end.val();
            self.block_end_q.d.next = self.to_block_end.val();
            self.step_end_q.d.next =
                self.to_block_end.val() & self.to_last_block.val() & !self.next_head.val();
            self.head_end_q.d.next =
                self.to_block_end.val() & self.to_last_head_block.val() & self.next_head.val();
            self.last_input_q.d.next = self.to_last_input.val()
                & self.to_last_chunk.val()
                & self.to_last_block.val()
                & !self.to_hidden.val();
            self.shift_q.d.next =
                (self.to_last_chunk.val() & self.wants_shift.val() & !self.to_final.val())
                    | self.to_gap.val();
            self.address_q.d.next = self.address_q.q.val() + self.one.val();
            if self.block_end_q.q.val().any() {
                self.base_q.d.next = self.next_base.val();
                self.address_q.d.next = self.next_base.val() + self.start_offset.val();
            } else if (self.pass_end_q.q.val() & self.before_hidden_q.q.val()).any() {
                self.address_q.d.next = self.base_q.q.val() + self.hidden_offset.val();
            } else if self.pass_end_q.q.val().any() {
                self.address_q.d.next = self.base_q.q.val();
            }
            for _i in 0..self._head {
                if (self.block_end_q.q.val() & self.head_q.q.val()).any() {
                    self.address_q.d.next = self.address_q.q.val() + self.one.val();
                }
            }
            if (self.step_end_q.q.val() | self.head_end_q.q.val()).any() {
                self.base_q.d.next = self.nought.val();
                self.address_q.d.next = self.start_offset.val();
            }
            for _i in 0..self._head {
                if (self.step_end_q.q.val() & self.head_due.val()).any() {
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
            self.hidden_q.d.next = self.start_hidden.val();
            self.before_hidden_q.d.next = self.start_before_hidden.val();
            self.gap_q.d.next = self.nought.val();
            self.pass_end_q.d.next = self.start_pass_end.val();
            self.block_end_q.d.next = self.nought.val();
            self.step_end_q.d.next = self.nought.val();
            self.head_end_q.d.next = self.nought.val();
            self.last_input_q.d.next = self.start_last_input.val();
            self.shift_q.d.next = self.start_shift.val();
        }

        self.is_hidden.next = self.hidden_q.q.val();
        self.is_head.next = self.head_q.q.val();
        self.in_gap.next = self.gap_q.q.val();
        self.chunk.next = self.chunk_q.q.val();
        self.address.next = self.address_q.q.val();
        self.shift.next = self.shift_q.q.val();
        self.block_end.next = self.block_end_q.q.val();
        self.step_end.next = self.step_end_q.q.val();
        self.head_end.next = self.head_end_q.q.val();
        self.last_input.next = self.last_input_q.q.val();
    }
}
