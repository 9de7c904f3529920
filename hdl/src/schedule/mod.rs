//! The schedule: which chunk the array takes in which cycle.

mod descriptor;
pub mod drain;
mod parts;
mod position;

use crate::kit::prelude::*;
use crate::schedule::position::Position;

/// Decides each cycle whether the next beat goes, and keeps what a step must remember.
///
/// ```text
/// Position ─ next beat ─▶ waits: input there? h settled? block before drained? ─▶ go ─▶[beat]─▶ array
///     ▲                                                                          │
///     └──────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// Timing: the beat's outputs are registered; `taken`, `output_start` belong to the cycle before the
/// beat's. One beat per cycle unless one of the waits below holds it.
///
/// Contract:
/// 1. An x beat waits for `input_ready`; an h beat waits, where its descriptor says so, until the hidden
///    state of the last layer is in memory (`Shape::settle_cycles` after that layer's last beat).
/// 2. A beat that completes a block waits until the block before has left the array.
/// 3. After a step with `ending`, the next step is not `warm` and beats that read its old state are idle.
/// 4. After `clear` one beat empties the array's sums.
/// 5. Every step that begins ends: each wait ends by itself or with the output stream.
///
/// Not here: the order of beats (`Position`), and data.
#[derive(Clone, Debug, LogicBlock)]
pub struct Schedule {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Start over, at the first step of a sequence.
    pub clear: Wire<In>,
    /// The input ring holds a whole step.
    pub input_ready: Wire<In>,
    /// The ring's step ends its sequence.
    pub input_ending: Wire<In>,
    /// The head block has been sent.
    pub drain_finished: Wire<In>,
    /// The last output's hidden state is still being read.
    pub output_busy: Wire<In>,
    /// The step's last x chunk is issued in this cycle.
    pub taken: Wire<Out>,
    /// A step whose hidden state is an output is completed in this cycle.
    pub output_start: Wire<Out>,
    /// The step ends its sequence.
    pub output_ending: Wire<Out>,
    /// Bank of the hidden states of the step before.
    pub bank: Wire<Out>,
    /// The beat takes a chunk of x.
    pub input_beat: Wire<Out>,
    /// The beat reads the hidden memory.
    pub hidden_beat: Wire<Out>,
    /// The beat's hidden state is of this step.
    pub fresh: Wire<Out>,
    /// The beat's chunk in the hidden memory.
    pub chunk: Wire<Out>,
    /// The trit plane of the chunk; only where hidden states are more than trits.
    pub plane: Wire<Out>,
    /// The beat's weight word.
    pub address: Wire<Out>,
    /// Shift the sums after the beat.
    pub shift: Wire<Out>,
    /// The beat completes the sums.
    pub last: Wire<Out>,
    /// The beat completes a part of a candidate's sum.
    pub part_last: Wire<Out>,
    /// The beat completes a block whose results leave.
    pub done: Wire<Out>,
    /// The block is the head's.
    pub done_head: Wire<Out>,
    /// The block is the step's first.
    pub done_first: Wire<Out>,
    /// The block's rows after the first.
    pub done_rows: Wire<Out>,
    /// The block's recurrent layer.
    pub done_layer: Wire<Out>,
    /// The last part of the block's candidate sums is the input's.
    pub done_swap: Wire<Out>,
    /// The block's step has a state from the step before.
    pub done_warm: Wire<Out>,
    /// The block's step ends its sequence.
    pub done_ending: Wire<Out>,
    position: Position,
    warm_q: Reg,
    ending_q: Reg,
    bank_q: Reg,
    settle_timer: Reg,
    drain_timer: Reg,
    settle_wait: Reg,
    completed_q: Reg,
    layer_completed_q: Reg,
    settle_q: Reg,
    busy: Reg,
    head_busy: Reg,
    flush: Reg,
    input_beat_q: Reg,
    hidden_beat_q: Reg,
    first_q: Reg,
    bank_out_q: Reg,
    fresh_q: Reg,
    chunk_out_q: Reg,
    plane_out_q: Vec<Reg>,
    address_out_q: Reg,
    shift_q: Reg,
    last_q: Reg,
    done_q: Reg,
    part_last_q: Reg,
    done_head_q: Reg,
    done_first_q: Reg,
    done_rows_q: Reg,
    done_layer_q: Reg,
    done_swap_q: Reg,
    done_warm_q: Reg,
    done_ending_q: Reg,
    blocked: Wire<Local>,
    held: Wire<Local>,
    head_waits: Wire<Local>,
    go: Wire<Local>,
    take: Wire<Local>,
    sequence_end: Wire<Local>,
    output_due: Wire<Local>,
    completed: Wire<Local>,
    layer_completed: Wire<Local>,
    rows: Const,
    rows_wait: Const,
    rows_wait_more: Const,
    every_step: Const,
    _headless: usize,
    _linear: usize,
    _split: usize,
}

inputs!(Schedule: clear, input_ready, input_ending, drain_finished, output_busy);

impl Logic for Schedule {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_schedule");
        comment!("@about Decides in every cycle what the array sums, and");
        comment!("@about waits for input, cell and output.");
        dff_setup!(
            self,
            clock,
            warm_q,
            ending_q,
            bank_q,
            settle_timer,
            drain_timer,
            settle_wait,
            completed_q,
            layer_completed_q,
            settle_q,
            busy,
            head_busy,
            flush,
            input_beat_q,
            hidden_beat_q,
            first_q,
            bank_out_q,
            fresh_q
        );
        dff_setup!(
            self,
            clock,
            chunk_out_q,
            address_out_q,
            shift_q,
            last_q,
            done_q,
            part_last_q,
            done_head_q,
            done_first_q,
            done_rows_q,
            done_layer_q,
            done_swap_q,
            done_warm_q,
            done_ending_q
        );
        clock!(self, clock, position);
        self.position.clear.next = self.clear.val();

        // Whether the beat may go.
        self.head_waits.next =
            self.head_busy.q.val() | (self.done_q.q.val() & self.done_head_q.q.val());
        self.blocked.next = (self.position.takes_input.val() & !self.input_ready.val())
            | (self.position.waits.val() & self.settle_wait.q.val());
        self.held.next = self.position.block_end.val()
            & (self.busy.q.val() | (self.position.state_end.val() & self.output_busy.val()));
        for _i in 0..self._split {
            self.held.next =
                self.held.val() | (self.position.part_end.val() & self.head_waits.val());
        }
        self.go.next = !self.blocked.val() & !self.held.val();
        self.position.go.next = self.go.val();
        self.completed.next = self.go.val() & self.position.block_end.val();
        self.layer_completed.next = self.completed.val() & self.position.layer_end.val();

        // What it carries.
        self.take.next = self.go.val() & self.position.last_input.val();
        self.sequence_end.next = self.ending_q.q.val();
        if self.position.last_input.val().any() {
            self.sequence_end.next = self.input_ending.val();
        }
        for _i in 0..self._linear {
            self.sequence_end.next = self.input_ending.val();
        }
        if self.take.val().any() {
            self.ending_q.d.next = self.input_ending.val();
        }
        self.output_due.next = self.every_step.val() | self.sequence_end.val();
        self.position.head_due.next = self.output_due.val();
        self.input_beat_q.d.next = self.go.val() & self.position.takes_input.val();
        self.hidden_beat_q.d.next = self.go.val()
            & self.position.is_hidden.val()
            & !self.position.in_gap.val()
            & (self.warm_q.q.val() | self.position.is_fresh.val());
        self.bank_out_q.d.next = self.bank_q.q.val();
        self.fresh_q.d.next =
            self.go.val() & self.position.is_fresh.val() & !self.position.in_gap.val();
        self.chunk_out_q.d.next = self.position.chunk.val();
        for i in 0..self.plane_out_q.len() {
            clock!(self, clock, plane_out_q[i]);
            self.plane_out_q[i].d.next = self.position.plane.val();
            self.plane.next = self.plane_out_q[i].q.val();
        }
        self.address_out_q.d.next = self.position.address.val();
        self.shift_q.d.next = self.go.val() & self.position.shift.val();
        self.last_q.d.next = self.completed.val() | self.flush.q.val();
        self.part_last_q.d.next =
            (self.go.val() & self.position.part_end.val()) | self.flush.q.val();
        self.done_q.d.next =
            self.completed.val() & (self.output_due.val() | !self.position.is_head.val());
        self.done_head_q.d.next = self.position.is_head.val();
        self.done_first_q.d.next = self.first_q.q.val();
        self.done_rows_q.d.next = self.position.rows.val();
        self.done_layer_q.d.next = self.position.layer.val();
        self.done_swap_q.d.next = self.position.swap.val();
        self.done_warm_q.d.next = self.warm_q.q.val();
        self.done_ending_q.d.next = self.sequence_end.val();

        // Waits begin with the beat that completes; their timers start a cycle later.
        self.completed_q.d.next = self.completed.val();
        self.layer_completed_q.d.next = self.layer_completed.val();
        self.settle_q.d.next = self.position.settle.val();
        self.settle_wait.d.next = self.settle_timer.q.val().any().into();
        if self.settle_timer.q.val().any() {
            self.settle_timer.d.next = self.settle_timer.q.val() - true.into();
        }
        if self.layer_completed_q.q.val().any() & self.settle_q.q.val().any() {
            self.settle_timer.d.next = self.settle_q.q.val() - true.into();
            self.settle_wait.d.next = true.into();
        }
        if self.layer_completed.val().any() {
            self.settle_wait.d.next = true.into();
        }
        self.busy.d.next = self.drain_timer.q.val().any().into();
        if self.drain_timer.q.val().any() {
            self.drain_timer.d.next = self.drain_timer.q.val() - true.into();
        }
        if self.completed_q.q.val().any() {
            self.drain_timer.d.next = self.rows.val();
        }
        self.head_busy.d.next = false.into();
        if (self.head_waits.val() & !self.drain_finished.val()).any() {
            self.head_busy.d.next = true.into();
            self.busy.d.next = true.into();
        }
        if (self.completed_q.q.val() & self.rows_wait_more.val()).any() {
            self.busy.d.next = true.into();
        }
        if self.completed.val().any() {
            self.busy.d.next =
                self.rows_wait.val() | (self.position.is_head.val() & self.output_due.val());
            self.first_q.d.next = false.into();
        }

        // What the next step finds.
        if (self.completed.val() & self.position.step_end.val()).any() {
            self.bank_q.d.next = !self.bank_q.q.val();
            self.warm_q.d.next = !self.sequence_end.val();
            self.first_q.d.next = true.into();
        }
        self.flush.d.next = false.into();
        if self.clear.val().any() {
            self.flush.d.next = true.into();
            self.first_q.d.next = true.into();
            self.warm_q.d.next = false.into();
            self.bank_q.d.next = false.into();
            self.settle_timer.d.next = false.into();
            self.drain_timer.d.next = false.into();
            self.settle_wait.d.next = false.into();
            self.completed_q.d.next = false.into();
            self.layer_completed_q.d.next = false.into();
            self.busy.d.next = false.into();
            self.input_beat_q.d.next = false.into();
            self.hidden_beat_q.d.next = false.into();
            self.head_busy.d.next = false.into();
            self.last_q.d.next = false.into();
            self.part_last_q.d.next = false.into();
            self.done_q.d.next = false.into();
        }

        self.taken.next = self.take.val();
        self.output_start.next = false.into();
        for _i in 0..self._headless {
            self.output_start.next =
                self.completed.val() & self.position.state_end.val() & self.output_due.val();
        }
        self.output_ending.next = self.sequence_end.val();
        self.bank.next = self.bank_out_q.q.val();
        self.input_beat.next = self.input_beat_q.q.val();
        self.hidden_beat.next = self.hidden_beat_q.q.val();
        self.fresh.next = self.fresh_q.q.val();
        self.chunk.next = self.chunk_out_q.q.val();
        self.address.next = self.address_out_q.q.val();
        self.shift.next = self.shift_q.q.val();
        self.last.next = self.last_q.q.val();
        self.done.next = self.done_q.q.val();
        self.part_last.next = self.part_last_q.q.val();
        self.done_head.next = self.done_head_q.q.val();
        self.done_first.next = self.done_first_q.q.val();
        self.done_rows.next = self.done_rows_q.q.val();
        self.done_layer.next = self.done_layer_q.q.val();
        self.done_swap.next = self.done_swap_q.q.val();
        self.done_warm.next = self.done_warm_q.q.val();
        self.done_ending.next = self.done_ending_q.q.val();
    }
}
