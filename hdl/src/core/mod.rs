//! The top module: a network between two AXI4-Streams.

mod dense;
mod parts;
pub mod tern_bytes;

use crate::cell::hidden::Hidden;
use crate::cell::units::Units;
use crate::core::dense::Dense;
use crate::events::Events;
use crate::kit::prelude::*;
use crate::stream::head::Head;
use crate::stream::loader::Loader;
use crate::stream::state_output::StateOutput;

/// Recurrent layers, LSTM or GRU, with an optional linear head.
///
/// ```text
///          ┌─────────────────┐ sums of a unit ┌───────┐ trit ┌────────┐
/// s_axis ─▶│ Dense or Events ├───────────────▶│ Units ├─────▶│ Hidden ├─▶ StateOutput ─▶ m_axis
///          └────────▲────────┘                └───┬───┘  │   └──┬─────┘
///                   │                             └──────│──────│────────▶ Head ───────▶ m_axis
///                   └────────────────────────────────────┴──────┘
///                     hidden states
/// ```
///
/// The front is `Dense` or, where the design's dataflow is "events", `Events`. A dense front reads hidden states as chunks, one of
/// events takes each as it comes; there the hidden memory is for the output alone.
///
/// Timing: `tern_compile::cycles` gives the cycle of every output beat when the streams never stall.
///
/// Contract:
/// 1. Input: a time step is `ceil(X / lanes)` beats, element 0 lowest, `input_bits` bits per element, padding
///    ignored; `tlast` on the last beat of a sequence's last step, after which the state is zero.
/// 2. Output: with a head N beats of 32-bit two's complement, without one `ceil(H / lanes)` beats of
///    two-rail trits or of `hidden_bits` bits per element in two's complement, every step or once a sequence; `tlast` on a sequence's last beat.
/// 3. On both streams a transfer happens when valid and ready are high; valid never waits for ready and
///    holds, with its data, until the transfer. Stalls change when, never what.
/// 4. The state lives from step to step, through any pause, until `tlast` or `reset`.
/// 5. `reset`, at any cycle and for at least one, drops everything: the next beat begins a sequence.
/// 6. A `tlast` before the last beat of a step ends the sequence there; the step's missing elements
///    count as zero.
///
/// 7. With weights "stream", `w_axis` brings another network (`Loader`); a load drops everything, as `reset` does, and no
///    input is taken before it is complete. Where the weights have no initial contents, none is taken before the first load.
///
/// Not here: clock crossing, stream widths other than one chunk per beat, a network of another shape.
#[derive(Clone, Debug, LogicBlock)]
pub struct TernCore {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Synchronous, active high.
    pub reset: Wire<In>,
    /// Input elements.
    pub s_axis_tdata: Wire<In>,
    /// Input beat valid.
    pub s_axis_tvalid: Wire<In>,
    /// Ready for an input beat.
    pub s_axis_tready: Wire<Out>,
    /// The input beat is the last of a sequence.
    pub s_axis_tlast: Wire<In>,
    /// Output beat.
    pub m_axis_tdata: Wire<Out>,
    /// Output beat valid.
    pub m_axis_tvalid: Wire<Out>,
    /// Sink ready for the output beat.
    pub m_axis_tready: Wire<In>,
    /// The output beat is the last of a sequence.
    pub m_axis_tlast: Wire<Out>,
    /// Byte of a network; the three ports exist where the design's weights are a stream.
    pub w_axis_tdata: Wire<In>,
    /// Byte of a network valid.
    pub w_axis_tvalid: Wire<In>,
    /// Ready for a byte of a network.
    pub w_axis_tready: Wire<Out>,
    loader: Vec<Quiet<Loader>>,
    dense: Vec<Quiet<Dense>>,
    events: Vec<Quiet<Events>>,
    units: Quiet<Units>,
    hidden: Vec<Quiet<Hidden>>,
    head: Vec<Quiet<Head>>,
    state_output: Vec<Quiet<StateOutput>>,
    clear: Wire<Local>,
    tready: Wire<Local>,
    row_valid: Wire<Local>,
    row_last: Wire<Local>,
    row_ending: Wire<Local>,
    row_done: Wire<Local>,
    output_start: Wire<Local>,
    output_ending: Wire<Local>,
    output_busy: Wire<Local>,
    free: Wire<Local>,
    bank: Wire<Local>,
    bank_address: Wire<Local>,
    chunk_address: Wire<Local>,
    bank_shift: Const,
    _swaps: usize,
}

impl Logic for TernCore {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_core");
        comment!("@about A recurrent network: an input stream, the array, the");
        comment!("@about cell units and an output stream.");
        clock!(self, clock, units);
        self.clear.next = self.reset.val();
        for i in 0..self.loader.len() {
            self.clear.next = self.reset.val() | self.loader[i].closed.val();
        }
        self.units.clear.next = self.clear.val();

        // The outputs ask the front to wait.
        self.row_done.next = false.into();
        self.output_busy.next = false.into();
        for i in 0..self.head.len() {
            self.row_done.next = self.head[i].row_done.val();
        }
        for i in 0..self.state_output.len() {
            self.output_busy.next = self.state_output[i].busy.val();
        }

        // A front that sums everything.
        for i in 0..self.dense.len() {
            clock!(self, clock, dense[i]);
            self.dense[i].clear.next = self.clear.val();
            self.dense[i].tdata.next = self.s_axis_tdata.val();
            self.dense[i].tvalid.next = self.s_axis_tvalid.val();
            self.dense[i].tlast.next = self.s_axis_tlast.val();
            self.tready.next = self.dense[i].tready.val();
            for k in 0..self.hidden.len() {
                self.dense[i].chunk.next = self.hidden[k].chunk.val();
            }
            self.dense[i].row_done.next = self.row_done.val();
            self.dense[i].output_busy.next = self.output_busy.val();
            self.units.result[0].next = self.dense[i].result_0.val();
            self.units.result[1].next = self.dense[i].result_1.val();
            self.units.result[2].next = self.dense[i].result_2.val();
            self.units.result[3].next = self.dense[i].result_3.val();
            self.units.word.next = self.dense[i].word.val();
            self.units.unit.next = self.dense[i].unit.val();
            self.units.layer.next = self.dense[i].unit_layer.val();
            self.units.valid.next = self.dense[i].unit_valid.val();
            self.units.warm.next = self.dense[i].unit_warm.val();
            for _k in 0..self._swaps {
                self.units.swap.next = self.dense[i].unit_swap.val();
            }
            self.row_valid.next = self.dense[i].row_valid.val();
            self.row_last.next = self.dense[i].row_last.val();
            self.row_ending.next = self.dense[i].row_ending.val();
            self.output_start.next = self.dense[i].output_start.val();
            self.output_ending.next = self.dense[i].output_ending.val();
            self.bank.next = self.dense[i].bank.val();
            self.chunk_address.next = self.dense[i].read_chunk.val();
            self.free.next = !self.dense[i].reads.val();
            for k in 0..self.loader.len() {
                self.dense[i].loading.next = self.loader[k].closed.val();
                self.dense[i].load_word.next = self.loader[k].weight.val();
                self.dense[i].load_address.next = self.loader[k].weight_address.val();
                self.dense[i].load_write.next = self.loader[k].weight_write.val();
                self.dense[i].load_row.next = self.loader[k].row.val();
            }
        }

        // A front that sums events.
        for i in 0..self.events.len() {
            clock!(self, clock, events[i]);
            self.events[i].clear.next = self.clear.val();
            self.events[i].tdata.next = self.s_axis_tdata.val();
            self.events[i].tvalid.next = self.s_axis_tvalid.val();
            self.events[i].tlast.next = self.s_axis_tlast.val();
            self.tready.next = self.events[i].tready.val();
            self.events[i].trit.next = self.units.trit.val();
            self.events[i].trit_valid.next = self.units.trit_valid.val();
            for _k in 0..self.head.len() {
                self.events[i].row_done.next = self.row_done.val();
            }
            for _k in 0..self.state_output.len() {
                self.events[i].output_busy.next = self.output_busy.val();
            }
            self.units.result[0].next = self.events[i].result_0.val();
            self.units.result[1].next = self.events[i].result_1.val();
            self.units.result[2].next = self.events[i].result_2.val();
            self.units.result[3].next = self.events[i].result_3.val();
            self.units.word.next = self.events[i].word.val();
            self.units.unit.next = self.events[i].unit.val();
            self.units.layer.next = self.events[i].unit_layer.val();
            self.units.valid.next = self.events[i].unit_valid.val();
            self.units.warm.next = self.events[i].unit_warm.val();
            self.units.kept.next = self.events[i].kept.val();
            self.units.keep.next = self.events[i].keep.val();
            self.row_valid.next = self.events[i].row_valid.val();
            self.row_last.next = self.events[i].row_last.val();
            self.row_ending.next = self.events[i].row_ending.val();
            self.output_start.next = self.events[i].output_start.val();
            self.output_ending.next = self.events[i].output_ending.val();
            self.bank.next = self.events[i].bank.val();
            self.chunk_address.next = false.into();
            self.free.next = true.into();
            for k in 0..self.loader.len() {
                self.events[i].loading.next = self.loader[k].closed.val();
                self.events[i].load_word.next = self.loader[k].weight.val();
                self.events[i].load_address.next = self.loader[k].weight_address.val();
                self.events[i].load_write.next = self.loader[k].weight_write.val();
                self.events[i].load_row.next = self.loader[k].row.val();
            }
        }

        // The network that is being loaded.
        self.s_axis_tready.next = self.tready.val();
        for i in 0..self.loader.len() {
            clock!(self, clock, loader[i]);
            self.loader[i].clear.next = self.reset.val();
            self.loader[i].tdata.next = self.w_axis_tdata.val();
            self.loader[i].tvalid.next = self.w_axis_tvalid.val();
            self.w_axis_tready.next = self.loader[i].tready.val();
            self.s_axis_tready.next = self.tready.val() & !self.loader[i].closed.val();
            self.units.load.next = self.loader[i].other_write.val();
            self.units.bias_address.next = self.loader[i].bias_address.val();
            self.units.bias_word.next = self.loader[i].bias.val();
            self.units.entry_address.next = self.loader[i].entry_address.val();
            self.units.entry_word.next = self.loader[i].entry.val();
        }

        // Output stream.
        for i in 0..self.head.len() {
            clock!(self, clock, head[i]);
            self.head[i].clear.next = self.clear.val();
            self.head[i].row_valid.next = self.row_valid.val();
            self.head[i].row_last.next = self.row_last.val();
            self.head[i].row_ending.next = self.row_ending.val();
            self.head[i].row.next = self.units.row.val();
            self.head[i].tready.next = self.m_axis_tready.val();
            self.m_axis_tdata.next = self.head[i].tdata.val();
            self.m_axis_tvalid.next = self.head[i].tvalid.val();
            self.m_axis_tlast.next = self.head[i].tlast.val();
        }
        for i in 0..self.state_output.len() {
            clock!(self, clock, state_output[i]);
            self.state_output[i].clear.next = self.clear.val();
            self.state_output[i].start.next = self.output_start.val();
            self.state_output[i].start_ending.next = self.output_ending.val();
            self.state_output[i].free.next = self.free.val();
            self.state_output[i].chunk.next = self.hidden[i].chunk.val();
            self.state_output[i].tready.next = self.m_axis_tready.val();
            if self.state_output[i].read.val().any() {
                self.chunk_address.next = self.state_output[i].read_chunk.val();
            }
            self.m_axis_tdata.next = self.state_output[i].tdata.val();
            self.m_axis_tvalid.next = self.state_output[i].tvalid.val();
            self.m_axis_tlast.next = self.state_output[i].tlast.val();
        }

        // Hidden memory.
        self.bank_address.next = self.bank.val();
        for i in 0..self.hidden.len() {
            clock!(self, clock, hidden[i]);
            self.hidden[i].clear.next = self.clear.val();
            self.hidden[i].trit.next = self.units.trit.val();
            self.hidden[i].trit_valid.next = self.units.trit_valid.val();
            self.hidden[i].read_address.next =
                (self.bank_address.val() << self.bank_shift.val()) | self.chunk_address.val();
        }
    }
}
