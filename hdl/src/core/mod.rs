//! The top module: a network between two AXI4-Streams.

mod parts;
pub mod tern_bytes;

use crate::array::Array;
use crate::cell::bias::Bias;
use crate::cell::gate::Gate;
use crate::cell::gru_cell::GruCell;
use crate::cell::hidden::Hidden;
use crate::cell::lstm_cell::LstmCell;
use crate::kit::prelude::*;
use crate::schedule::Schedule;
use crate::schedule::drain::Drain;
use crate::stream::head::Head;
use crate::stream::input::Input;
use crate::stream::loader::Loader;
use crate::stream::plane_of::PlaneOf;
use crate::stream::state_output::StateOutput;

/// Recurrent layers, LSTM or GRU, with an optional linear head.
///
/// ```text
///          ┌───────┐ trits ┌───────┐ results ┌────────┐ sums ┌────────┐ gates ┌──────┐ trit ┌────────┐
/// s_axis ─▶│ Input ├──────▶│ Array ├────────▶│ Bias×4 ├─────▶│ Gate×4 ├──────▶│ Cell ├─────▶│ Hidden │
///          └───┬───┘   ┌──▶└───▲───┘         └───┬────┘      └────────┘       └──────┘      └──┬──┬──┘
///              │       └───────│── chunks ───────│────────────────────────────────────────────┘  │
///          ┌───▼──────┐ beats  │  ┌───────┐      │  ┌──────┐                                     │
///          │ Schedule ├────────┴─▶│ Drain │      └─▶│ Head ├─▶ m_axis ◀─ StateOutput ◀───────────┘
///          └──────────┘           └───────┘         └──────┘
/// ```
///
/// The cell is an `LstmCell`, a `GruCell` or, where layers are of both kinds, both.
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
    input_ring: Quiet<Input>,
    schedule: Quiet<Schedule>,
    array: Quiet<Array>,
    drain: Quiet<Drain>,
    bias: Vec<Quiet<Bias>>,
    gate: Vec<Quiet<Gate>>,
    lstm_cell: Vec<Quiet<LstmCell>>,
    gru_cell: Vec<Quiet<GruCell>>,
    hidden: Vec<Quiet<Hidden>>,
    head: Vec<Quiet<Head>>,
    state_output: Vec<Quiet<StateOutput>>,
    input_beat: Reg,
    hidden_beat: Reg,
    act: Reg,
    hidden_act: Vec<Reg>,
    read_plane: Vec<Reg>,
    act_plane: Vec<Reg>,
    plane_of: Vec<PlaneOf>,
    swap: Vec<Reg>,
    preactivation: Wire<Local>,
    output_value: Wire<Local>,
    row: Wire<Local>,
    activations: Wire<Local>,
    is_gru: Wire<Local>,
    trit: Wire<Local>,
    trit_valid: Wire<Local>,
    bank: Wire<Local>,
    bank_address: Wire<Local>,
    chunk_address: Wire<Local>,
    clear: Wire<Local>,
    load: Wire<Local>,
    state_load: Wire<Local>,
    candidate_load: Wire<Local>,
    only_gru: Const,
    gru_layer: Vec<Const>,
    bank_shift: Const,
    row_place: Vec<Const>,
    _output: Slice,
    _unit: Slice,
    _plain: usize,
    _trits: usize,
    _state_load: Slice,
    _candidate_load: Slice,
}

impl Logic for TernCore {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_core");
        comment!("@about A recurrent network: an input stream, the array, the");
        comment!("@about cell units and an output stream.");
        dff_setup!(self, clock, input_beat, hidden_beat, act);
        clock!(self, clock, input_ring, schedule, array, drain);
        self.clear.next = self.reset.val();
        for i in 0..self.loader.len() {
            self.clear.next = self.reset.val() | self.loader[i].closed.val();
        }
        self.input_ring.clear.next = self.clear.val();
        self.schedule.clear.next = self.clear.val();
        self.drain.clear.next = self.clear.val();

        // Input stream, input ring, schedule.
        self.input_ring.tdata.next = self.s_axis_tdata.val();
        self.input_ring.tvalid.next = self.s_axis_tvalid.val();
        self.input_ring.tlast.next = self.s_axis_tlast.val();
        self.s_axis_tready.next = self.input_ring.tready.val();
        for i in 0..self.loader.len() {
            self.s_axis_tready.next = self.input_ring.tready.val() & !self.loader[i].closed.val();
        }
        self.input_ring.taken.next = self.schedule.taken.val();
        self.schedule.input_ready.next = self.input_ring.ready.val();
        self.schedule.input_ending.next = self.input_ring.ending.val();

        // The beat's activations reach the array two cycles after its address.
        self.input_beat.d.next = self.schedule.input_beat.val();
        self.hidden_beat.d.next = self.schedule.hidden_beat.val();
        self.input_ring.advance.next = self.input_beat.q.val();
        self.act.d.next = false.into();
        if self.input_beat.q.val().any() {
            self.act.d.next = self.input_ring.trits.val();
        }
        for i in 0..self._trits {
            if self.hidden_beat.q.val().any() {
                self.act.d.next = self.hidden[i].chunk.val();
            }
        }
        self.activations.next = self.act.q.val();
        for i in 0..self.plane_of.len() {
            clock!(self, clock, hidden_act[i], read_plane[i], act_plane[i]);
            self.read_plane[i].d.next = self.schedule.plane.val();
            self.act_plane[i].d.next = self.read_plane[i].q.val();
            self.hidden_act[i].d.next = false.into();
            if self.hidden_beat.q.val().any() {
                self.hidden_act[i].d.next = self.hidden[i].chunk.val();
            }
            self.plane_of[i].chunk.next = self.hidden_act[i].q.val();
            self.plane_of[i].plane.next = self.act_plane[i].q.val();
            self.activations.next = self.act.q.val() | self.plane_of[i].trits.val();
        }
        self.array.act.next = self.activations.val();
        self.array.address.next = self.schedule.address.val();
        self.array.shift.next = self.schedule.shift.val();
        self.array.last.next = self.schedule.last.val();

        self.array.part_last.next = self.schedule.part_last.val();

        // The network that is being loaded takes the way of addresses and activations.
        for i in 0..self.loader.len() {
            clock!(self, clock, loader[i]);
            self.loader[i].clear.next = self.reset.val();
            self.loader[i].tdata.next = self.w_axis_tdata.val();
            self.loader[i].tvalid.next = self.w_axis_tvalid.val();
            self.w_axis_tready.next = self.loader[i].tready.val();
            self.load.next = self.loader[i].other_write.val();
            self.array.write.next = self.loader[i].weight_write.val();
            self.array.act.next = self.activations.val() | self.loader[i].weight.val();
            if self.loader[i].closed.val().any() {
                self.array.address.next = self.loader[i].weight_address.val();
            }
        }

        // Blocks that are complete.
        self.drain.done.next = self.schedule.done.val();
        self.drain.head.next = self.schedule.done_head.val();
        self.drain.first.next = self.schedule.done_first.val();
        self.drain.rows.next = self.schedule.done_rows.val();
        self.drain.layer.next = self.schedule.done_layer.val();
        self.drain.swap.next = self.schedule.done_swap.val();
        self.drain.warm.next = self.schedule.done_warm.val();
        self.drain.ending.next = self.schedule.done_ending.val();
        self.array.select.next = self.drain.select.val();
        for i in 0..self.loader.len() {
            self.array.select.next = self.drain.select.val() | self.loader[i].row.val();
        }
        self.schedule.drain_finished.next = self.drain.finished.val();

        // Results, biases, gates.
        for i in 0..self.bias.len() {
            clock!(self, clock, bias[i]);
            self.bias[i].word.next = self.drain.bias_word.val();
            self.bias[i].result.next = self.array.result[i].val();
            for k in 0..self.loader.len() {
                self.bias[i].load.next = self.load.val().get_bit(i);
                self.bias[i].load_address.next = self.loader[k].bias_address.val();
                self.bias[i].load_word.next = self.loader[k].bias.val();
            }
        }
        for i in 0..self.swap.len() {
            clock!(self, clock, swap[i]);
            self.swap[i].d.next = self.drain.unit_swap.val();
            if self.swap[i].q.val().any() {
                self.bias[i + 2].result.next = self.array.result[i + 3].val();
                self.bias[i + 3].result.next = self.array.result[i + 2].val();
            }
        }
        for i in 0..self.gate.len() {
            clock!(self, clock, gate[i]);
            self.gate[i].layer.next = self.drain.unit_layer.val();
            self.gate[i].preactivation.next = self.bias[i].preactivation.val();
            for k in 0..self.loader.len() {
                self.gate[i].load.next = self.load.val().get_bit(i + 4);
                self.gate[i].load_address.next = self.loader[k].entry_address.val();
                self.gate[i].load_word.next = self.loader[k].entry.val();
            }
        }

        // Cells and hidden memory.
        self.is_gru.next = self.only_gru.val();
        for i in 0..self.gru_layer.len() {
            if self.drain.unit_layer.val() == self.gru_layer[i].val() {
                self.is_gru.next = true.into();
            }
        }
        self.trit.next = false.into();
        self.trit_valid.next = false.into();
        for i in 0..self.lstm_cell.len() {
            clock!(self, clock, lstm_cell[i]);
            self.lstm_cell[i].clear.next = self.clear.val();
            self.lstm_cell[i].unit.next = self.drain.unit.val().index(self._unit).get_value_bits();
            self.lstm_cell[i].layer.next = self.drain.unit_layer.val();
            self.lstm_cell[i].valid.next = self.drain.unit_valid.val() & !self.is_gru.val();
            self.lstm_cell[i].warm.next = self.drain.unit_warm.val();
            for k in 0..self.loader.len() {
                self.state_load.next = self.load.val().index(self._state_load).get_value_bits();
                self.lstm_cell[i].load.next = self.state_load.val();
                self.lstm_cell[i].load_address.next = self.loader[k].entry_address.val();
                self.lstm_cell[i].load_word.next = self.loader[k].entry.val();
            }
            self.lstm_cell[i].input_gate.next = self.gate[i].gate.val();
            self.lstm_cell[i].forget_gate.next = self.gate[i + 1].gate.val();
            self.lstm_cell[i].candidate.next = self.gate[i + 2].gate.val();
            self.lstm_cell[i].output_gate.next = self.gate[i + 3].gate.val();
            self.trit.next = self.lstm_cell[i].trit.val();
            self.trit_valid.next = self.lstm_cell[i].trit_valid.val();
        }
        for i in 0..self.gru_cell.len() {
            clock!(self, clock, gru_cell[i]);
            self.gru_cell[i].clear.next = self.clear.val();
            self.gru_cell[i].unit.next = self.drain.unit.val().index(self._unit).get_value_bits();
            self.gru_cell[i].layer.next = self.drain.unit_layer.val();
            self.gru_cell[i].valid.next = self.drain.unit_valid.val() & self.is_gru.val();
            self.gru_cell[i].warm.next = self.drain.unit_warm.val();
            for k in 0..self.loader.len() {
                self.candidate_load.next =
                    self.load.val().index(self._candidate_load).get_value_bits();
                self.gru_cell[i].load.next = self.candidate_load.val();
                self.gru_cell[i].load_address.next = self.loader[k].entry_address.val();
                self.gru_cell[i].load_word.next = self.loader[k].entry.val();
            }
            self.gru_cell[i].reset_gate.next = self.gate[i].gate.val();
            self.gru_cell[i].update_gate.next = self.gate[i + 1].gate.val();
            self.gru_cell[i].input_part.next = self.bias[i + 2].preactivation.val();
            self.gru_cell[i].hidden_part.next = self.bias[i + 3].preactivation.val();
            if self.gru_cell[i].trit_valid.val().any() {
                self.trit.next = self.gru_cell[i].trit.val();
                self.trit_valid.next = true.into();
            }
        }
        self.bank.next = self.schedule.bank.val() ^ self.schedule.fresh.val();
        self.bank_address.next = self.bank.val();
        self.chunk_address.next = self.schedule.chunk.val();

        // Head rows.
        self.row.next = false.into();
        for i in 0..self._plain {
            self.preactivation.next = self.bias[i].preactivation.val();
            self.output_value.next = self
                .preactivation
                .val()
                .index(self._output)
                .get_value_bits();
            self.row.next = self.row.val() | (self.output_value.val() << self.row_place[i].val());
        }
        for i in 0..self.swap.len() {
            self.preactivation.next = self.bias[i + 3].preactivation.val();
            self.output_value.next = self
                .preactivation
                .val()
                .index(self._output)
                .get_value_bits();
            self.row.next =
                self.row.val() | (self.output_value.val() << self.row_place[i + 2].val());
        }

        // Output stream.
        self.drain.row_done.next = false.into();
        self.schedule.output_busy.next = false.into();
        for i in 0..self.head.len() {
            clock!(self, clock, head[i]);
            self.head[i].clear.next = self.clear.val();
            self.head[i].row_valid.next = self.drain.row_valid.val();
            self.head[i].row_last.next = self.drain.row_last.val();
            self.head[i].row_ending.next = self.drain.row_ending.val();
            self.head[i].row.next = self.row.val();
            self.head[i].tready.next = self.m_axis_tready.val();
            self.drain.row_done.next = self.head[i].row_done.val();
            self.m_axis_tdata.next = self.head[i].tdata.val();
            self.m_axis_tvalid.next = self.head[i].tvalid.val();
            self.m_axis_tlast.next = self.head[i].tlast.val();
        }
        for i in 0..self.state_output.len() {
            clock!(self, clock, state_output[i]);
            self.state_output[i].clear.next = self.clear.val();
            self.state_output[i].start.next = self.schedule.output_start.val();
            self.state_output[i].start_ending.next = self.schedule.output_ending.val();
            self.state_output[i].free.next = !self.schedule.hidden_beat.val();
            self.state_output[i].chunk.next = self.hidden[i].chunk.val();
            self.state_output[i].tready.next = self.m_axis_tready.val();
            self.schedule.output_busy.next = self.state_output[i].busy.val();
            if self.state_output[i].read.val().any() {
                self.chunk_address.next = self.state_output[i].read_chunk.val();
            }
            self.m_axis_tdata.next = self.state_output[i].tdata.val();
            self.m_axis_tvalid.next = self.state_output[i].tvalid.val();
            self.m_axis_tlast.next = self.state_output[i].tlast.val();
        }
        for i in 0..self.hidden.len() {
            clock!(self, clock, hidden[i]);
            self.hidden[i].clear.next = self.clear.val();
            self.hidden[i].trit.next = self.trit.val();
            self.hidden[i].trit_valid.next = self.trit_valid.val();
            self.hidden[i].read_address.next =
                (self.bank_address.val() << self.bank_shift.val()) | self.chunk_address.val();
        }
    }
}
