//! The top module: a network between two AXI4-Streams.

use crate::array::Array;
use crate::cell::Cell;
use crate::copy::Copy;
use crate::delay::Delay;
use crate::drain::Drain;
use crate::gate::Gate;
use crate::head::Head;
use crate::hidden::Hidden;
use crate::input::Input;
use crate::kit::prelude::*;
use crate::schedule::Schedule;
use tern_model::{Program, index_bits};

/// An LSTM layer with an optional linear head.
///
/// ```text
///          ┌───────┐ trits ┌───────┐ results ┌────────┐ gates ┌──────┐ trit ┌────────┐
/// s_axis ─▶│ Input ├──────▶│ Array ├────────▶│ Gate×4 ├──────▶│ Cell ├─────▶│ Hidden │
///          └───┬───┘   ┌──▶└───▲───┘         └───┬────┘       └──────┘      └──┬──┬──┘
///              │       └───────│── chunks ───────│────────────────────────────┘  │
///          ┌───▼──────┐ beats  │  ┌───────┐      │  ┌──────┐                     │
///          │ Schedule ├────────┴─▶│ Drain │      └─▶│ Head ├─▶ m_axis ◀─ Copy ◀──┘
///          └──────────┘           └───────┘         └──────┘
/// ```
///
/// Timing: `tern_model::cycles` gives the cycle of every output beat when the streams never stall.
///
/// Contract:
/// 1. Input: a time step is `ceil(X / lanes)` beats, element 0 lowest, `input_bits` an element, padding
///    ignored; `tlast` on the last beat of a sequence's last step, after which the state is zero.
/// 2. Output: with a head N beats of 32-bit two's complement, without one `ceil(H / lanes)` beats of
///    two-rail trits, every step or once a sequence; `tlast` on a sequence's last beat.
/// 3. On both streams a transfer happens when valid and ready are high; valid never waits for ready and
///    holds, with its data, until the transfer. Stalls change when, never what.
/// 4. The state lives from step to step, through any pause, until `tlast` or `reset`.
/// 5. `reset`, at any cycle and for at least one, drops everything: the next beat begins a sequence.
/// 6. A `tlast` before the last beat of a step ends the sequence there; the step's missing elements
///    count as zero.
///
/// Not here: clock crossing, stream widths other than one chunk a beat, weights that change at run time.
#[derive(Clone, Debug, LogicBlock)]
pub struct TernCore {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Synchronous, active high.
    pub reset: Wire<In>,
    /// Input elements.
    pub s_axis_tdata: Wire<In>,
    /// An input beat is there.
    pub s_axis_tvalid: Wire<In>,
    /// It is taken.
    pub s_axis_tready: Wire<Out>,
    /// It is the last of a sequence.
    pub s_axis_tlast: Wire<In>,
    /// Output.
    pub m_axis_tdata: Wire<Out>,
    /// An output beat is there.
    pub m_axis_tvalid: Wire<Out>,
    /// It is taken.
    pub m_axis_tready: Wire<In>,
    /// It is the last of a sequence.
    pub m_axis_tlast: Wire<Out>,
    input_ring: Input,
    schedule: Schedule,
    array: Array,
    drain: Drain,
    gate: Vec<Gate>,
    cell_unit: Cell,
    hidden: Hidden,
    head: Vec<Head>,
    copy: Vec<Copy>,
    done: Delay,
    done_flag: Vec<Delay>,
    input_beat: Reg,
    hidden_beat: Reg,
    act: Reg,
    preactivation: Wire<Local>,
    output_value: Wire<Local>,
    row: Wire<Local>,
    bank_address: Wire<Local>,
    chunk_address: Wire<Local>,
    nought: Const,
    bank_shift: Const,
    row_place: Vec<Const>,
    _output: Slice,
    _unit: Slice,
    _chunk: Slice,
    _columns: usize,
    _head: usize,
    _headless: usize,
}

impl TernCore {
    /// The core of a compiled network.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let (columns, trits, chunk) = (
            shape.design.columns,
            2 * shape.design.lanes,
            index_bits(shape.bank_words()),
        );
        let head = usize::from(shape.outputs.is_some());
        let mut core = TernCore {
            clock: Signal::default(),
            reset: Wire::new(1),
            s_axis_tdata: Wire::new(shape.input_stream_bits()),
            s_axis_tvalid: Wire::new(1),
            s_axis_tready: Wire::new(1),
            s_axis_tlast: Wire::new(1),
            m_axis_tdata: Wire::new(shape.output_stream_bits()),
            m_axis_tvalid: Wire::new(1),
            m_axis_tready: Wire::new(1),
            m_axis_tlast: Wire::new(1),
            input_ring: Input::new(shape),
            schedule: Schedule::new(shape),
            array: Array::new(shape, &program.images.weights),
            drain: Drain::new(shape),
            gate: program
                .images
                .gates
                .iter()
                .enumerate()
                .map(|(column, image)| Gate::new(shape, column, image))
                .collect(),
            cell_unit: Cell::new(shape, &program.images.state_lut),
            hidden: Hidden::new(shape),
            head: (0..head).map(|_| Head::new(shape)).collect(),
            copy: (0..1 - head).map(|_| Copy::new(shape)).collect(),
            done: Delay::new(1, 5),
            done_flag: (0..3).map(|_| Delay::new(1, 5)).collect(),
            input_beat: Reg::new(1),
            hidden_beat: Reg::new(1),
            act: Reg::new(trits),
            preactivation: Wire::signed(shape.preactivation_bits()),
            output_value: Wire::new(shape.output_bits()),
            row: Wire::new(columns * shape.output_bits()),
            bank_address: Wire::new(chunk + 1),
            chunk_address: Wire::new(chunk),
            nought: Const::new(0, 1),
            bank_shift: Const::new(chunk, 8),
            row_place: (0..columns)
                .map(|k| Const::new(k * shape.output_bits(), 8))
                .collect(),
            _output: Slice {
                offset: shape.head_shift(),
                width: shape.output_bits(),
            },
            _unit: Slice {
                offset: 0,
                width: index_bits(shape.hidden_size),
            },
            _chunk: Slice {
                offset: 0,
                width: chunk,
            },
            _columns: columns,
            _head: head,
            _headless: 1 - head,
        };
        core.connect_all();
        core
    }
}

impl Logic for TernCore {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_core");
        dff_setup!(self, clock, input_beat, hidden_beat, act);
        self.input_ring.clock.next = self.clock.val();
        self.schedule.clock.next = self.clock.val();
        self.array.clock.next = self.clock.val();
        self.drain.clock.next = self.clock.val();
        self.cell_unit.clock.next = self.clock.val();
        self.hidden.clock.next = self.clock.val();
        self.done.clock.next = self.clock.val();
        self.input_ring.clear.next = self.reset.val();
        self.schedule.clear.next = self.reset.val();
        self.drain.clear.next = self.reset.val();
        self.cell_unit.clear.next = self.reset.val();
        self.hidden.clear.next = self.reset.val();
        self.done.clear.next = self.reset.val();

        // Input stream, input ring, schedule.
        self.input_ring.tdata.next = self.s_axis_tdata.val();
        self.input_ring.tvalid.next = self.s_axis_tvalid.val();
        self.input_ring.tlast.next = self.s_axis_tlast.val();
        self.s_axis_tready.next = self.input_ring.tready.val();
        self.input_ring.taken.next = self.schedule.taken.val();
        self.schedule.input_ready.next = self.input_ring.ready.val();
        self.schedule.input_ending.next = self.input_ring.ending.val();

        // The beat's activations reach the array two cycles after its address.
        self.input_beat.d.next = self.schedule.input_beat.val();
        self.hidden_beat.d.next = self.schedule.hidden_beat.val();
        self.input_ring.advance.next = self.input_beat.q.val();
        self.act.d.next = self.nought.val();
        if self.input_beat.q.val().any() {
            self.act.d.next = self.input_ring.trits.val();
        } else if self.hidden_beat.q.val().any() {
            self.act.d.next = self.hidden.chunk.val();
        }
        self.array.act.next = self.act.q.val();
        self.array.address.next = self.schedule.address.val();
        self.array.shift.next = self.schedule.shift.val();
        self.array.last.next = self.schedule.last.val();

        // The end of a block reaches the drain when row 0 has its sums.
        self.done.d.next = self.schedule.done.val();
        for i in 0..3 {
            self.done_flag[i].clock.next = self.clock.val();
            self.done_flag[i].clear.next = self.nought.val();
        }
        for i in 0..1 {
            self.done_flag[i].d.next = self.schedule.done_head.val();
            self.drain.head.next = self.done_flag[i].q.val();
        }
        for i in 1..2 {
            self.done_flag[i].d.next = self.schedule.done_warm.val();
            self.drain.warm.next = self.done_flag[i].q.val();
        }
        for i in 2..3 {
            self.done_flag[i].d.next = self.schedule.done_ending.val();
            self.drain.ending.next = self.done_flag[i].q.val();
        }
        self.drain.done.next = self.done.q.val();
        self.array.select.next = self.drain.select.val();
        self.schedule.drain_finished.next = self.drain.finished.val();

        // Results, gates, cell, hidden memory.
        for i in 0..self._columns {
            self.gate[i].clock.next = self.clock.val();
            self.gate[i].unit.next = self.drain.unit.val();
            self.gate[i].result.next = self.array.result[i].val();
            self.cell_unit.gate[i].next = self.gate[i].gate.val();
        }
        self.row.next = self.nought.val();
        for i in 0..self._columns {
            self.preactivation.next = self.gate[i].preactivation.val();
            self.output_value.next = self
                .preactivation
                .val()
                .index(self._output)
                .get_value_bits();
            self.row.next = self.row.val() | (self.output_value.val() << self.row_place[i].val());
        }
        self.cell_unit.unit.next = self.drain.unit.val().index(self._unit).get_value_bits();
        self.cell_unit.valid.next = self.drain.unit_valid.val();
        self.cell_unit.warm.next = self.drain.unit_warm.val();
        self.hidden.trit.next = self.cell_unit.trit.val();
        self.hidden.trit_valid.next = self.cell_unit.trit_valid.val();
        self.bank_address.next = self.schedule.bank.val();
        self.chunk_address.next = self
            .schedule
            .chunk
            .val()
            .index(self._chunk)
            .get_value_bits();

        // Output stream.
        self.drain.row_done.next = self.nought.val();
        self.schedule.copy_busy.next = self.nought.val();
        for i in 0..self._head {
            self.head[i].clock.next = self.clock.val();
            self.head[i].clear.next = self.reset.val();
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
        for i in 0..self._headless {
            self.copy[i].clock.next = self.clock.val();
            self.copy[i].clear.next = self.reset.val();
            self.copy[i].start.next = self.schedule.output_start.val();
            self.copy[i].start_ending.next = self.schedule.output_ending.val();
            self.copy[i].settled.next = self.schedule.settled.val();
            self.copy[i].free.next = !self.schedule.hidden_beat.val();
            self.copy[i].chunk.next = self.hidden.chunk.val();
            self.copy[i].tready.next = self.m_axis_tready.val();
            self.schedule.copy_busy.next = self.copy[i].busy.val();
            if self.copy[i].read.val().any() {
                self.chunk_address.next = self.copy[i].read_chunk.val();
            }
            self.m_axis_tdata.next = self.copy[i].tdata.val();
            self.m_axis_tvalid.next = self.copy[i].tvalid.val();
            self.m_axis_tlast.next = self.copy[i].tlast.val();
        }
        self.hidden.read_address.next =
            (self.bank_address.val() << self.bank_shift.val()) | self.chunk_address.val();
    }
}
