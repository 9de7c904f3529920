//! The event array: what it sums, and when.

mod changes;
mod event_array;
mod event_column;
pub mod event_drain;
mod event_passes;
pub mod event_pe;
mod event_schedule;
mod scan;

use crate::events::changes::Changes;
use crate::events::event_array::EventArray;
use crate::events::event_drain::EventDrain;
use crate::events::event_passes::EventPasses;
use crate::events::event_schedule::EventSchedule;
use crate::events::scan::Scan;
use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;

/// The front of a core that sums events: from the input stream and the hidden states to the sums of every unit.
///
/// ```text
///          ┌──────┐ elements ┌─────────┐  events  ┌────────────┐ results
/// s_axis ─▶│ Scan ├─────────▶│ Changes ├─────────▶│ EventArray ├─────────▶
///          └──────┘     ┌───▶└────▲────┘          └─────▲──────┘
///          trit ────────┘    read │  ends, complete     │ address, last
///                            ┌────┴──────────┐          │      ┌────────────┐ word, unit, row
///                            │ EventSchedule ├──────────┴─────▶│ EventDrain ├─────────────────▶
///                            └───────────────┘                 └────────────┘
/// ```
///
/// Timing: `tern_compile::cycles::events` gives the cycle of every output beat when the streams never stall. An event is read in one
/// cycle and reaches the array's first row in the next.
///
/// Contract: 1. `result`, `word` and `unit` are those that `Units` expects of every unit of every step, with `kept` as the sums need.
///
/// Not here: what becomes of the sums (`Units`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Events {
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
    /// New hidden state of a unit: a trit, or sign and magnitude.
    pub trit: Wire<In>,
    /// New hidden state valid.
    pub trit_valid: Wire<In>,
    /// The head has sent its row; only where there is a head.
    pub row_done: Wire<In>,
    /// The last output's hidden state is still being read; only where there is no head.
    pub output_busy: Wire<In>,
    /// A load takes the way of addresses; only in a core that loads its network, as the next four.
    pub loading: Wire<In>,
    /// Word for the weight memories.
    pub load_word: Wire<In>,
    /// Its address.
    pub load_address: Wire<In>,
    /// Columns to write it to.
    pub load_write: Wire<In>,
    /// The row to write it to, one-hot.
    pub load_row: Wire<In>,
    /// The first of the four sums of a unit; those of a head row.
    pub result_0: Wire<Out>,
    /// The second.
    pub result_1: Wire<Out>,
    /// The third.
    pub result_2: Wire<Out>,
    /// The fourth.
    pub result_3: Wire<Out>,
    /// Bias word of the result that comes two cycles later.
    pub word: Wire<Out>,
    /// The result is a change of the sum that is kept.
    pub kept: Wire<Out>,
    /// Keep the sum.
    pub keep: Wire<Out>,
    /// The bias word one cycle later.
    pub unit: Wire<Out>,
    /// The unit's recurrent layer.
    pub unit_layer: Wire<Out>,
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
    /// Bank of the hidden states of the step before.
    pub bank: Wire<Out>,
    scan: Quiet<Scan>,
    changes: Quiet<Changes>,
    schedule: Quiet<EventSchedule>,
    array: Quiet<EventArray>,
    drain: Quiet<EventDrain>,
    fresh_delay: Vec<Delay>,
    place: Wire<Local>,
    address: Wire<Local>,
    value: Wire<Local>,
    shifted: Wire<Local>,
    take: Vec<Wire<Local>>,
    row: Vec<Wire<Local>>,
    one_row: Vec<Const>,
    row_number: Vec<Const>,
    all_rows: Vec<Const>,
    share_shift: Vec<Const>,
    share_mask: Vec<Const>,
    shift_of: Vec<Const>,
    shift_number: Vec<Const>,
    _place: Slice,
    _value: Slice,
    _one_shift: usize,
}

impl Events {
    /// The front of a compiled network's core.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let (loads, head, rows) = (shape.loads(), shape.outputs.is_some(), shape.design.rows);
        let (word, layer) = (
            index_bits(shape.bias_words()),
            index_bits(shape.layers.len()),
        );
        let (index, address) = (shape.event_index_bits(), index_bits(shape.weight_words()));
        let shifts = EventPasses::of(shape).shifts;
        let several = shifts.len() > 1;
        let share = shape.head_share();
        let head_rows = if head {
            shape.head_inputs().div_ceil(share)
        } else {
            0
        };
        let flag = || Wire::new(1);
        Events {
            clock: Signal::default(),
            clear: Wire::new(1),
            tdata: Wire::new(shape.input_stream_bits()),
            tvalid: Wire::new(1),
            tlast: Wire::new(1),
            tready: flag(),
            trit: Wire::new(shape.hidden_bits()),
            trit_valid: Wire::new(1),
            row_done: Wire::optional(head, 1),
            output_busy: Wire::optional(!head, 1),
            loading: Wire::optional(loads, 1),
            load_word: Wire::optional(loads, 2 * shape.design.lanes),
            load_address: Wire::optional(loads, address),
            load_write: Wire::optional(loads, shape.design.columns),
            load_row: Wire::optional(loads, rows),
            result_0: Wire::new(shape.result_bits()),
            result_1: Wire::new(shape.result_bits()),
            result_2: Wire::new(shape.result_bits()),
            result_3: Wire::new(shape.result_bits()),
            word: Wire::new(word),
            kept: flag(),
            keep: flag(),
            unit: Wire::new(word),
            unit_layer: Wire::new(layer),
            unit_valid: flag(),
            unit_warm: flag(),
            row_valid: flag(),
            row_last: flag(),
            row_ending: flag(),
            output_start: flag(),
            output_ending: flag(),
            bank: flag(),
            scan: Quiet::new(Scan::new(shape)),
            changes: Quiet::new(Changes::new(shape)),
            schedule: Quiet::new(EventSchedule::new(shape)),
            array: Quiet::new(EventArray::new(shape, &program.images.weights)),
            drain: Quiet::new(EventDrain::new(shape)),
            fresh_delay: optional(shape.sums_changes(), || Delay::new(1, shape.cell_cycles())),
            place: Wire::new(index),
            address: Wire::new(address),
            value: Wire::signed(shape.event_bits()),
            shifted: Wire::signed(shape.event_value_bits()),
            take: optional(head, || Wire::new(rows)),
            row: optional(head, || Wire::new(index)),
            one_row: (0..head_rows)
                .map(|row| Const::new(1 << row, rows))
                .collect(),
            row_number: (0..head_rows).map(|row| Const::new(row, index)).collect(),
            all_rows: optional(head, || Const::new(usize::MAX >> (64 - rows), rows)),
            share_shift: optional(head, || Const::new(share.trailing_zeros() as usize, 8)),
            share_mask: optional(head, || Const::new((share - 1) % (1 << index), index)),
            shift_of: shifts.iter().map(|shift| Const::new(*shift, 8)).collect(),
            shift_number: (0..if several { shifts.len() } else { 0 })
                .map(|number| Const::new(number, index_bits(shifts.len())))
                .collect(),
            _place: Slice {
                offset: 0,
                width: index,
            },
            _value: Slice {
                offset: index,
                width: shape.event_bits(),
            },
            _one_shift: usize::from(!several),
        }
    }
}

inputs!(Events: clear, tdata, tvalid, tlast, trit, trit_valid, row_done, output_busy, loading, load_word, load_address, load_write, load_row);

impl Logic for Events {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_events");
        comment!("@about From the input stream and the hidden states to the");
        comment!("@about sums of every unit: what changed is listed and summed.");
        clock!(self, clock, scan, changes, schedule, array, drain);
        self.scan.clear.next = self.clear.val();
        self.changes.clear.next = self.clear.val();
        self.schedule.clear.next = self.clear.val();
        self.drain.clear.next = self.clear.val();

        // Inputs and hidden states become events.
        self.scan.tdata.next = self.tdata.val();
        self.scan.tvalid.next = self.tvalid.val();
        self.scan.tlast.next = self.tlast.val();
        self.tready.next = self.scan.tready.val();
        self.scan.take.next = self.changes.take.val();
        self.changes.element.next = self.scan.element.val();
        self.changes.index.next = self.scan.index.val();
        self.changes.valid.next = self.scan.valid.val();
        self.changes.last.next = self.scan.last.val();
        self.changes.ending.next = self.scan.ending.val();
        self.changes.trit.next = self.trit.val();
        self.changes.trit_valid.next = self.trit_valid.val();
        for i in 0..self.fresh_delay.len() {
            clock!(self, clock, fresh_delay[i]);
            self.fresh_delay[i].d.next = self.drain.unit_fresh.val();
            self.changes.trit_fresh.next = self.fresh_delay[i].q.val();
        }

        // Lists are read.
        self.changes.input_taken.next = self.schedule.taken.val();
        self.changes.layer_begin.next = self.schedule.begins.val();
        self.changes.layer_close.next = self.schedule.closes.val();
        self.changes.read.next = self.schedule.read.val();
        self.schedule.input_ready.next = self.changes.input_ready.val();
        self.schedule.input_end.next = self.changes.input_end.val();
        self.schedule.input_ending.next = self.changes.input_ending.val();
        self.schedule.layer_done.next = self.changes.layer_done.val();
        for i in 0..self.schedule.layer_end.len() {
            self.schedule.layer_end[i].next = self.changes.layer_end[i].val();
        }
        for _i in 0..self.row_done.count() {
            self.schedule.head_finished.next = self.drain.finished.val();
            self.drain.row_done.next = self.row_done.val();
        }
        for _i in 0..self.output_busy.count() {
            self.schedule.output_busy.next = self.output_busy.val();
        }

        // The word that was read becomes a weight address and a value.
        self.place.next = self.changes.data.val().index(self._place).get_value_bits();
        self.value.next = self.changes.data.val().index(self._value).get_value_bits();
        self.address.next = self.schedule.address.val() + self.place.val();
        for i in 0..self.row.len() {
            self.row[i].next = self.place.val() >> self.share_shift[i].val();
            self.take[i].next = self.all_rows[i].val();
            if self.schedule.of_head.val().any() {
                self.address.next =
                    self.schedule.address.val() + (self.place.val() & self.share_mask[i].val());
                self.take[i].next = false.into();
            }
            self.array.take.next = self.take[i].val();
        }
        for i in 0..self.one_row.len() {
            for k in 0..self.row.len() {
                if self.schedule.of_head.val().any()
                    & (self.row[k].val() == self.row_number[i].val())
                {
                    self.array.take.next = self.one_row[i].val();
                }
            }
        }
        self.shifted.next = false.into();
        for i in 0..self._one_shift {
            self.shifted.next = self.value.val() << self.shift_of[i].val();
        }
        for i in 0..self.shift_number.len() {
            if self.schedule.shift.val() == self.shift_number[i].val() {
                self.shifted.next = self.value.val() << self.shift_of[i].val();
            }
        }
        self.array.value.next = false.into();
        if self.schedule.is_event.val().any() {
            self.array.value.next = self.shifted.val();
        }
        self.array.address.next = self.address.val();
        self.array.last.next = self.schedule.last.val();

        // The network that is being loaded takes the way of addresses.
        for _i in 0..self.loading.count() {
            self.array.load_word.next = self.load_word.val();
            self.array.write.next = self.load_write.val();
            self.array.write_row.next = self.load_row.val();
            if self.loading.val().any() {
                self.array.address.next = self.load_address.val();
            }
        }

        // Blocks that are complete.
        self.drain.done.next = self.schedule.done.val();
        self.drain.head.next = self.schedule.done_head.val();
        self.drain.first.next = self.schedule.done_first.val();
        self.drain.closing.next = self.schedule.done_closing.val();
        self.drain.results.next = self.schedule.done_results.val();
        self.drain.layer.next = self.schedule.done_layer.val();
        self.drain.warm.next = self.schedule.done_warm.val();
        self.drain.fresh.next = self.schedule.done_fresh.val();
        self.drain.ending.next = self.schedule.done_ending.val();
        self.result_0.next = self.array.result[0].val();
        self.result_1.next = self.array.result[1].val();
        self.result_2.next = self.array.result[2].val();
        self.result_3.next = self.array.result[3].val();
        self.word.next = self.drain.word.val();
        self.kept.next = self.drain.kept.val();
        self.keep.next = self.drain.keep.val();
        self.unit.next = self.drain.unit.val();
        self.unit_layer.next = self.drain.unit_layer.val();
        self.unit_valid.next = self.drain.unit_valid.val();
        self.unit_warm.next = self.drain.unit_warm.val();
        self.row_valid.next = self.drain.row_valid.val();
        self.row_last.next = self.drain.row_last.val();
        self.row_ending.next = self.drain.row_ending.val();
        self.output_start.next = self.schedule.output_start.val();
        self.output_ending.next = self.schedule.output_ending.val();
        self.bank.next = self.schedule.bank.val();
    }
}
