//! The front of a core that sums everything.

use crate::array::Array;
use crate::kit::prelude::*;
use crate::schedule::Schedule;
use crate::schedule::drain::Drain;
use crate::stream::input::Input;
use crate::stream::plane_of::PlaneOf;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;

/// The front of a dense core: from the input stream and the hidden states to the sums of every unit.
///
/// ```text
///          ┌───────┐ trits ┌───────┐ results
/// s_axis ─▶│ Input ├──────▶│ Array ├─────────▶
///          └───┬───┘   ┌──▶└───▲───┘
///   chunk ─────│───────┘       │
///          ┌───▼──────┐ beats  │  ┌───────┐ word, unit, row
///          │ Schedule ├────────┴─▶│ Drain ├─────────────────▶
///          └──────────┘           └───────┘
/// ```
///
/// Timing: a beat's chunk is read two cycles after its decision, and its activations reach the array two cycles after its address.
///
/// Contract: 1. `result`, `word` and `unit` are those that `Units` expects of every unit of every step.
///
/// Not here: what becomes of the sums (`Units`), and the hidden memory.
#[derive(Clone, Debug, LogicBlock)]
pub struct Dense {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Start over, at the first step of a sequence.
    pub clear: Wire<In>,
    /// Input elements.
    pub tdata: Wire<In>,
    /// Input beat valid.
    pub tvalid: Wire<In>,
    /// The input beat is the last of a sequence.
    pub tlast: Wire<In>,
    /// Ready for an input beat.
    pub tready: Wire<Out>,
    /// Chunk of hidden states read the cycle before; only where there are any.
    pub chunk: Wire<In>,
    /// The head has sent its row.
    pub row_done: Wire<In>,
    /// The last output's hidden state is still being read.
    pub output_busy: Wire<In>,
    /// A load takes the way of addresses and activations; only in a core that loads its network, as the next four.
    pub loading: Wire<In>,
    /// Word for the weight memories.
    pub load_word: Wire<In>,
    /// Its address.
    pub load_address: Wire<In>,
    /// Columns to write it to.
    pub load_write: Wire<In>,
    /// The row to write it to, one-hot.
    pub load_row: Wire<In>,
    /// The first of the four sums of a row; those of a linear head on three columns are 0, 1 and 3.
    pub result_0: Wire<Out>,
    /// The second.
    pub result_1: Wire<Out>,
    /// The third.
    pub result_2: Wire<Out>,
    /// The fourth.
    pub result_3: Wire<Out>,
    /// Bias word of the result that comes two cycles later.
    pub word: Wire<Out>,
    /// The bias word one cycle later.
    pub unit: Wire<Out>,
    /// The unit's recurrent layer.
    pub unit_layer: Wire<Out>,
    /// The last part of the unit's candidate sum is the input's.
    pub unit_swap: Wire<Out>,
    /// Hidden unit valid.
    pub unit_valid: Wire<Out>,
    /// The unit has a state from the step before.
    pub unit_warm: Wire<Out>,
    /// Head row valid.
    pub row_valid: Wire<Out>,
    /// The head row is the step's last.
    pub row_last: Wire<Out>,
    /// The head row's step ends its sequence.
    pub row_ending: Wire<Out>,
    /// A step whose hidden state is an output is completed in this cycle.
    pub output_start: Wire<Out>,
    /// The step ends its sequence.
    pub output_ending: Wire<Out>,
    /// Bank to read.
    pub bank: Wire<Out>,
    /// Chunk to read.
    pub read_chunk: Wire<Out>,
    /// The chunk is read.
    pub reads: Wire<Out>,
    input_ring: Quiet<Input>,
    schedule: Quiet<Schedule>,
    array: Quiet<Array>,
    drain: Quiet<Drain>,
    input_beat: Reg,
    hidden_beat: Reg,
    act: Reg,
    hidden_act: Vec<Reg>,
    read_plane: Vec<Reg>,
    act_plane: Vec<Reg>,
    plane_of: Vec<PlaneOf>,
    activations: Wire<Local>,
    _trits: usize,
}

impl Dense {
    /// The front of a compiled network's core.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let trits = 2 * shape.design.lanes;
        let (loads, recurrent) = (shape.loads(), !shape.layers.is_empty());
        let (word, layer) = (
            index_bits(shape.bias_words()),
            index_bits(shape.layers.len()),
        );
        let planes = shape.has_hidden_planes();
        let schedule = Schedule::new(shape);
        let plane = schedule.plane.bits();
        let flag = || Wire::new(1);
        Dense {
            clock: Signal::default(),
            clear: Wire::new(1),
            tdata: Wire::new(shape.input_stream_bits()),
            tvalid: Wire::new(1),
            tlast: Wire::new(1),
            tready: flag(),
            chunk: Wire::optional(recurrent, shape.hidden_chunk_bits()),
            row_done: Wire::new(1),
            output_busy: Wire::new(1),
            loading: Wire::optional(loads, 1),
            load_word: Wire::optional(loads, trits),
            load_address: Wire::optional(loads, index_bits(shape.weight_words())),
            load_write: Wire::optional(loads, shape.design.columns),
            load_row: Wire::optional(loads, shape.design.rows),
            result_0: Wire::new(shape.result_bits()),
            result_1: Wire::new(shape.result_bits()),
            result_2: Wire::new(shape.result_bits()),
            result_3: Wire::new(shape.result_bits()),
            word: Wire::new(word),
            unit: Wire::new(word),
            unit_layer: Wire::new(layer),
            unit_swap: flag(),
            unit_valid: flag(),
            unit_warm: flag(),
            row_valid: flag(),
            row_last: flag(),
            row_ending: flag(),
            output_start: flag(),
            output_ending: flag(),
            bank: flag(),
            read_chunk: Wire::new(schedule.chunk.bits()),
            reads: flag(),
            input_ring: Quiet::new(Input::new(shape)),
            schedule: Quiet::new(schedule),
            array: Quiet::new(Array::new(shape, &program.images.weights)),
            drain: Quiet::new(Drain::new(shape)),
            input_beat: Reg::new(1),
            hidden_beat: Reg::new(1),
            act: Reg::new(trits),
            hidden_act: optional(planes, || Reg::new(shape.hidden_chunk_bits())),
            read_plane: optional(planes, || Reg::new(plane)),
            act_plane: optional(planes, || Reg::new(plane)),
            plane_of: optional(planes, || {
                PlaneOf::new(shape.design.lanes, shape.hidden_bits(), plane)
            }),
            activations: Wire::new(trits),
            _trits: usize::from(recurrent && !planes),
        }
    }
}

inputs!(Dense: clear, tdata, tvalid, tlast, chunk, row_done, output_busy, loading, load_word, load_address, load_write, load_row);

impl Logic for Dense {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_dense");
        comment!("@about From the input stream and the hidden states to the");
        comment!("@about sums of every unit.");
        clock!(
            self,
            clock,
            input_beat,
            hidden_beat,
            act,
            input_ring,
            schedule,
            array,
            drain
        );
        self.input_ring.clear.next = self.clear.val();
        self.schedule.clear.next = self.clear.val();
        self.drain.clear.next = self.clear.val();

        // Input stream, input ring, schedule.
        self.input_ring.tdata.next = self.tdata.val();
        self.input_ring.tvalid.next = self.tvalid.val();
        self.input_ring.tlast.next = self.tlast.val();
        self.tready.next = self.input_ring.tready.val();
        self.input_ring.taken.next = self.schedule.taken.val();
        self.schedule.input_ready.next = self.input_ring.ready.val();
        self.schedule.input_ending.next = self.input_ring.ending.val();
        self.schedule.output_busy.next = self.output_busy.val();

        // The beat's activations reach the array two cycles after its address.
        self.input_beat.d.next = self.schedule.input_beat.val();
        self.hidden_beat.d.next = self.schedule.hidden_beat.val();
        self.input_ring.advance.next = self.input_beat.q.val();
        self.act.d.next = false.into();
        if self.input_beat.q.val().any() {
            self.act.d.next = self.input_ring.trits.val();
        }
        for _i in 0..self._trits {
            if self.hidden_beat.q.val().any() {
                self.act.d.next = self.chunk.val();
            }
        }
        self.activations.next = self.act.q.val();
        for i in 0..self.plane_of.len() {
            clock!(self, clock, hidden_act[i], read_plane[i], act_plane[i]);
            self.read_plane[i].d.next = self.schedule.plane.val();
            self.act_plane[i].d.next = self.read_plane[i].q.val();
            self.hidden_act[i].d.next = false.into();
            if self.hidden_beat.q.val().any() {
                self.hidden_act[i].d.next = self.chunk.val();
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
        self.array.select.next = self.drain.select.val();

        // The network that is being loaded takes the way of addresses and activations.
        for _i in 0..self.loading.count() {
            self.array.write.next = self.load_write.val();
            self.array.act.next = self.activations.val() | self.load_word.val();
            self.array.select.next = self.drain.select.val() | self.load_row.val();
            if self.loading.val().any() {
                self.array.address.next = self.load_address.val();
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
        self.drain.row_done.next = self.row_done.val();
        self.schedule.drain_finished.next = self.drain.finished.val();
        self.result_0.next = self.array.result[0].val();
        self.result_1.next = self.array.result[1].val();
        self.result_2.next = self.array.result[2].val();
        self.result_3.next = self.array.result[3].val();
        self.word.next = self.drain.bias_word.val();
        self.unit.next = self.drain.unit.val();
        self.unit_layer.next = self.drain.unit_layer.val();
        self.unit_swap.next = self.drain.unit_swap.val();
        self.unit_valid.next = self.drain.unit_valid.val();
        self.unit_warm.next = self.drain.unit_warm.val();
        self.row_valid.next = self.drain.row_valid.val();
        self.row_last.next = self.drain.row_last.val();
        self.row_ending.next = self.drain.row_ending.val();
        self.output_start.next = self.schedule.output_start.val();
        self.output_ending.next = self.schedule.output_ending.val();
        self.bank.next = self.schedule.bank.val() ^ self.schedule.fresh.val();
        self.read_chunk.next = self.schedule.chunk.val();
        self.reads.next = self.schedule.hidden_beat.val();
    }
}
