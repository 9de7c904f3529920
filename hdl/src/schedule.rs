//! The schedule: which chunk the array takes in which cycle.

use crate::kit::prelude::*;
use tern_model::{Shape, index_bits};

/// Issues one beat a cycle: passes inside blocks inside steps, then the head's blocks.
///
/// ```text
/// step:   block 0                 block 1        …  head (when an output is due)
/// block:  x plane 0 | x plane 1 | … | h
/// pass:   chunk 0, chunk 1, …                         beat = {address, source, shift, last}
/// ```
///
/// Timing: the beat's outputs are registered; `taken`, `output_start` belong to the cycle before the
/// beat's. A beat a cycle unless one of the waits below holds it.
///
/// Contract:
/// 1. An x beat waits for `input_ready`; an h beat waits until the hidden state of the step before is
///    in memory (a fixed number of cycles, `Shape::settle_cycles`, after its last beat).
/// 2. A beat that completes a block waits until the block before has left the array.
/// 3. After a step with `ending`, the next step is not `warm` and its h beats are idle.
/// 4. After `clear` one beat empties the array's sums.
/// 5. Every step that begins ends: each wait ends by itself or with the output stream.
///
/// Not here: data. The schedule knows counts and addresses only.
#[derive(Clone, Debug, LogicBlock)]
pub struct Schedule {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Start over, at the first step of a sequence.
    pub clear: Wire<In>,
    /// A whole step is in the input ring.
    pub input_ready: Wire<In>,
    /// That step ends its sequence.
    pub input_ending: Wire<In>,
    /// A head block is out.
    pub drain_finished: Wire<In>,
    /// The last output's hidden state is still being read.
    pub copy_busy: Wire<In>,
    /// The step's last x chunk is being issued.
    pub taken: Wire<Out>,
    /// A step whose hidden state is an output is being completed.
    pub output_start: Wire<Out>,
    /// The step ends its sequence.
    pub output_ending: Wire<Out>,
    /// The hidden state of the last step is in memory.
    pub settled: Wire<Out>,
    /// Beat: bank of the hidden state.
    pub bank: Wire<Out>,
    /// Beat: it takes a chunk of x.
    pub input_beat: Wire<Out>,
    /// Beat: it takes a chunk of h.
    pub hidden_beat: Wire<Out>,
    /// Beat: the chunk.
    pub chunk: Wire<Out>,
    /// Beat: the weight word.
    pub address: Wire<Out>,
    /// Beat: halve the sums afterwards.
    pub shift: Wire<Out>,
    /// Beat: the sums are complete.
    pub last: Wire<Out>,
    /// Beat: results will leave.
    pub done: Wire<Out>,
    /// Beat: they are the head's.
    pub done_head: Wire<Out>,
    /// Beat: the step has a state from the step before.
    pub done_warm: Wire<Out>,
    /// Beat: the step ends its sequence.
    pub done_ending: Wire<Out>,
    // position
    pass_q: Reg,
    chunk_q: Reg,
    block_q: Reg,
    head_q: Reg,
    base_q: Reg,
    address_q: Reg,
    // state
    warm_q: Reg,
    ending_q: Reg,
    bank_q: Reg,
    settle_timer: Reg,
    drain_timer: Reg,
    head_busy: Reg,
    settled_q: Reg,
    flush: Reg,
    // beat
    input_beat_q: Reg,
    hidden_beat_q: Reg,
    bank_out_q: Reg,
    chunk_out_q: Reg,
    address_out_q: Reg,
    shift_q: Reg,
    last_q: Reg,
    done_q: Reg,
    done_head_q: Reg,
    done_warm_q: Reg,
    done_ending_q: Reg,
    // decisions
    is_hidden: Wire<Local>,
    next_hidden: Wire<Local>,
    last_chunk: Wire<Local>,
    pass_end_chunk: Wire<Local>,
    in_gap: Wire<Local>,
    at_last_chunk: Wire<Local>,
    at_pass_end: Wire<Local>,
    final_pass: Wire<Local>,
    block_end: Wire<Local>,
    step_end: Wire<Local>,
    is_settled: Wire<Local>,
    allowed: Wire<Local>,
    drained: Wire<Local>,
    go: Wire<Local>,
    wants_shift: Wire<Local>,
    take: Wire<Local>,
    ending: Wire<Local>,
    output_due: Wire<Local>,
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
    settle: Const,
    rows: Const,
    every_step: Const,
    _head: usize,
    _headless: usize,
    _gap_after_input: usize,
    _gap_after_hidden: usize,
}

impl Schedule {
    /// The schedule of the shape.
    pub fn new(shape: &Shape) -> Self {
        let passes = shape.passes();
        let (planes, hidden) = (shape.planes(), shape.hidden_pass());
        let (inputs, hiddens) = (shape.input_chunks(), shape.hidden_chunks());
        let before = hidden.checked_sub(1).map_or(0, |k| passes[k].shift_after);
        let after = passes[hidden].shift_after;
        let gap = before.max(after).saturating_sub(1);
        let pass = index_bits(planes + 3);
        let none = (1 << pass) - 1;
        let chunk = index_bits(inputs.max(hiddens) + gap + 1).max(index_bits(shape.bank_words()));
        let block = index_bits(shape.blocks().max(shape.head_blocks()));
        let address = index_bits(shape.weight_words());
        let word = |value: usize| Const::new(value % (1 << address), address);
        let (settle, drain) = (shape.settle_cycles(), shape.design.rows);
        let (settle_bits, drain_bits) = (index_bits(settle + 1), index_bits(drain + 1));
        let flag = || Wire::new(1);
        let local = || Wire::new(1);
        let bit = || Reg::new(1);
        Schedule {
            clock: Signal::default(),
            clear: Wire::new(1),
            input_ready: Wire::new(1),
            input_ending: Wire::new(1),
            drain_finished: Wire::new(1),
            copy_busy: Wire::new(1),
            taken: flag(),
            output_start: flag(),
            output_ending: flag(),
            settled: flag(),
            bank: flag(),
            input_beat: flag(),
            hidden_beat: flag(),
            chunk: Wire::new(chunk),
            address: Wire::new(address),
            shift: flag(),
            last: flag(),
            done: flag(),
            done_head: flag(),
            done_warm: flag(),
            done_ending: flag(),
            pass_q: Reg::new(pass),
            chunk_q: Reg::new(chunk),
            block_q: Reg::new(block),
            head_q: bit(),
            base_q: Reg::new(address),
            address_q: Reg::new(address),
            warm_q: bit(),
            ending_q: bit(),
            bank_q: bit(),
            settle_timer: Reg::new(settle_bits),
            drain_timer: Reg::new(drain_bits),
            head_busy: bit(),
            settled_q: bit(),
            flush: bit(),
            input_beat_q: bit(),
            hidden_beat_q: bit(),
            bank_out_q: bit(),
            chunk_out_q: Reg::new(chunk),
            address_out_q: Reg::new(address),
            shift_q: bit(),
            last_q: bit(),
            done_q: bit(),
            done_head_q: bit(),
            done_warm_q: bit(),
            done_ending_q: bit(),
            is_hidden: local(),
            next_hidden: local(),
            last_chunk: Wire::new(chunk),
            pass_end_chunk: Wire::new(chunk),
            in_gap: local(),
            at_last_chunk: local(),
            at_pass_end: local(),
            final_pass: local(),
            block_end: local(),
            step_end: local(),
            is_settled: local(),
            allowed: local(),
            drained: local(),
            go: local(),
            wants_shift: local(),
            take: local(),
            ending: local(),
            output_due: local(),
            next_base: Wire::new(address),
            nought: Const::new(0, 1),
            one: Const::new(1, 1),
            hidden_pass: Const::new(hidden, pass),
            pass_before_hidden: Const::new(hidden.checked_sub(1).unwrap_or(none), pass),
            last_pass: Const::new(planes, pass),
            last_input_pass: Const::new(if hidden == planes { planes - 1 } else { planes }, pass),
            last_input_chunk: Const::new(inputs - 1, chunk),
            last_hidden_chunk: Const::new(hiddens - 1, chunk),
            gap: Const::new(gap, chunk),
            shift_before_hidden: Const::new(usize::from(before > 0), 1),
            shift_after_hidden: Const::new(usize::from(after > 0), 1),
            last_block: Const::new(shape.blocks() - 1, block),
            last_head_block: Const::new(shape.head_blocks().saturating_sub(1), block),
            block_words: word(shape.block_words()),
            hidden_offset: word(inputs),
            start_offset: word(if hidden == 0 { inputs } else { 0 }),
            settle: Const::new(settle - 1, settle_bits),
            rows: Const::new(drain - 1, drain_bits),
            every_step: Const::new(usize::from(shape.every), 1),
            _head: usize::from(shape.outputs.is_some()),
            _headless: usize::from(shape.outputs.is_none()),
            _gap_after_input: usize::from(before > 1),
            _gap_after_hidden: usize::from(after > 1),
        }
    }
}

impl Logic for Schedule {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_schedule");
        dff_setup!(
            self,
            clock,
            pass_q,
            chunk_q,
            block_q,
            head_q,
            base_q,
            address_q,
            warm_q,
            ending_q,
            bank_q,
            settle_timer,
            drain_timer,
            head_busy
        );
        dff_setup!(
            self,
            clock,
            settled_q,
            flush,
            input_beat_q,
            hidden_beat_q,
            bank_out_q,
            chunk_out_q,
            address_out_q,
            shift_q,
            last_q,
            done_q,
            done_head_q,
            done_warm_q,
            done_ending_q
        );

        // Where the beat is in its pass, block and step.
        self.is_hidden.next = (self.pass_q.q.val() == self.hidden_pass.val()).into();
        self.is_hidden.next = self.is_hidden.val() | self.head_q.q.val();
        self.next_hidden.next = (self.pass_q.q.val() == self.pass_before_hidden.val()).into();
        self.last_chunk.next = self.last_input_chunk.val();
        if self.is_hidden.val().any() {
            self.last_chunk.next = self.last_hidden_chunk.val();
        }
        self.pass_end_chunk.next = self.last_chunk.val();
        for _i in 0..self._gap_after_input {
            if (self.next_hidden.val() & !self.head_q.q.val()).any() {
                self.pass_end_chunk.next = self.last_chunk.val() + self.gap.val();
            }
        }
        for _i in 0..self._gap_after_hidden {
            if (self.is_hidden.val() & !self.head_q.q.val()).any() {
                self.pass_end_chunk.next = self.last_chunk.val() + self.gap.val();
            }
        }
        self.in_gap.next = (self.chunk_q.q.val() > self.last_chunk.val()).into();
        self.at_last_chunk.next = (self.chunk_q.q.val() == self.last_chunk.val()).into();
        self.at_pass_end.next = (self.chunk_q.q.val() == self.pass_end_chunk.val()).into();
        self.final_pass.next = (self.pass_q.q.val() == self.last_pass.val()).into();
        self.final_pass.next = self.final_pass.val() | self.head_q.q.val();
        self.block_end.next = self.at_pass_end.val() & self.final_pass.val();
        self.step_end.next = (self.block_q.q.val() == self.last_block.val()).into();
        self.step_end.next = self.step_end.val() & self.block_end.val() & !self.head_q.q.val();

        // Whether it may go.
        self.is_settled.next = (!self.settle_timer.q.val().any()).into();
        self.allowed.next = self.input_ready.val() | self.in_gap.val();
        if self.is_hidden.val().any() {
            self.allowed.next = self.is_settled.val();
        }
        self.drained.next = (!self.drain_timer.q.val().any()).into();
        self.drained.next = self.drained.val()
            & !self.head_busy.q.val()
            & !(self.step_end.val() & self.copy_busy.val());
        self.go.next = self.allowed.val()
            & (self.drained.val() | !self.block_end.val())
            & !self.flush.q.val()
            & !self.clear.val();

        // What it carries.
        self.wants_shift.next = self.one.val();
        if self.is_hidden.val().any() {
            self.wants_shift.next = self.shift_after_hidden.val();
        } else if self.next_hidden.val().any() {
            self.wants_shift.next = self.shift_before_hidden.val();
        }
        self.take.next = ((self.pass_q.q.val() == self.last_input_pass.val())
            & (self.block_q.q.val() == self.last_block.val()))
        .into();
        self.take.next =
            self.take.val() & self.go.val() & self.at_last_chunk.val() & !self.is_hidden.val();
        self.ending.next = self.ending_q.q.val();
        if self.take.val().any() {
            self.ending.next = self.input_ending.val();
        }
        self.output_due.next = self.every_step.val() | self.ending.val();
        self.input_beat_q.d.next = self.go.val() & !self.is_hidden.val() & !self.in_gap.val();
        self.hidden_beat_q.d.next = self.go.val()
            & self.is_hidden.val()
            & !self.in_gap.val()
            & (self.warm_q.q.val() | self.head_q.q.val());
        self.bank_out_q.d.next = self.bank_q.q.val();
        self.chunk_out_q.d.next = self.chunk_q.q.val();
        self.address_out_q.d.next = self.address_q.q.val();
        self.shift_q.d.next = self.go.val()
            & ((self.at_last_chunk.val() & self.wants_shift.val() & !self.final_pass.val())
                | self.in_gap.val());
        self.last_q.d.next = (self.go.val() & self.block_end.val()) | self.flush.q.val();
        self.done_q.d.next = self.go.val() & self.block_end.val();
        self.done_head_q.d.next = self.head_q.q.val();
        self.done_warm_q.d.next = self.warm_q.q.val();
        self.done_ending_q.d.next = self.ending.val();
        self.ending_q.d.next = self.ending.val();

        // Waits.
        if self.settle_timer.q.val().any() {
            self.settle_timer.d.next = self.settle_timer.q.val() - self.one.val();
        }
        if self.drain_timer.q.val().any() {
            self.drain_timer.d.next = self.drain_timer.q.val() - self.one.val();
        }
        if self.drain_finished.val().any() {
            self.head_busy.d.next = self.nought.val();
        }
        if (self.go.val() & self.block_end.val()).any() {
            self.drain_timer.d.next = self.rows.val();
            self.head_busy.d.next = self.head_q.q.val();
        }
        if (self.go.val() & self.step_end.val()).any() {
            self.settle_timer.d.next = self.settle.val();
        }
        self.settled_q.d.next = self.is_settled.val() & !(self.go.val() & self.step_end.val());

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
            if self.block_end.val().any() {
                self.pass_q.d.next = self.nought.val();
                self.block_q.d.next = self.block_q.q.val() + self.one.val();
                self.base_q.d.next = self.next_base.val();
                self.address_q.d.next = self.next_base.val() + self.start_offset.val();
                for _i in 0..self._head {
                    if self.head_q.q.val().any() {
                        self.address_q.d.next = self.address_q.q.val() + self.one.val();
                    }
                    if (self.head_q.q.val().any())
                        & (self.block_q.q.val() == self.last_head_block.val())
                    {
                        self.head_q.d.next = self.nought.val();
                        self.block_q.d.next = self.nought.val();
                        self.base_q.d.next = self.nought.val();
                        self.address_q.d.next = self.start_offset.val();
                        self.warm_q.d.next = !self.ending.val();
                    }
                }
            }
            if self.step_end.val().any() {
                self.bank_q.d.next = !self.bank_q.q.val();
                self.block_q.d.next = self.nought.val();
                self.base_q.d.next = self.nought.val();
                self.address_q.d.next = self.start_offset.val();
                self.warm_q.d.next = !self.ending.val();
                for _i in 0..self._head {
                    if self.output_due.val().any() {
                        self.head_q.d.next = self.one.val();
                        self.address_q.d.next = self.next_base.val();
                        self.warm_q.d.next = self.warm_q.q.val();
                    }
                }
            }
        }
        self.flush.d.next = self.nought.val();
        if self.clear.val().any() {
            self.flush.d.next = self.one.val();
            self.pass_q.d.next = self.nought.val();
            self.chunk_q.d.next = self.nought.val();
            self.block_q.d.next = self.nought.val();
            self.head_q.d.next = self.nought.val();
            self.base_q.d.next = self.nought.val();
            self.address_q.d.next = self.start_offset.val();
            self.warm_q.d.next = self.nought.val();
            self.bank_q.d.next = self.nought.val();
            self.settle_timer.d.next = self.nought.val();
            self.drain_timer.d.next = self.nought.val();
            self.head_busy.d.next = self.nought.val();
            self.last_q.d.next = self.nought.val();
            self.done_q.d.next = self.nought.val();
        }

        self.taken.next = self.take.val();
        self.output_start.next = self.nought.val();
        for _i in 0..self._headless {
            self.output_start.next = self.go.val() & self.step_end.val() & self.output_due.val();
        }
        self.output_ending.next = self.ending.val();
        self.settled.next = self.settled_q.q.val();
        self.bank.next = self.bank_out_q.q.val();
        self.input_beat.next = self.input_beat_q.q.val();
        self.hidden_beat.next = self.hidden_beat_q.q.val();
        self.chunk.next = self.chunk_out_q.q.val();
        self.address.next = self.address_out_q.q.val();
        self.shift.next = self.shift_q.q.val();
        self.last.next = self.last_q.q.val();
        self.done.next = self.done_q.q.val();
        self.done_head.next = self.done_head_q.q.val();
        self.done_warm.next = self.done_warm_q.q.val();
        self.done_ending.next = self.done_ending_q.q.val();
    }
}
