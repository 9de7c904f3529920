//! The head's output: a row of results becomes beats of the output stream.

use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Sends the outputs of one head row, one 32-bit beat each, column 0 first.
///
/// ```text
/// row ─▶[ 3 | 2 | 1 | 0 ]      the row moves right one output per beat
///                     └─▶ m_axis
/// ```
///
/// Timing: `row` is valid two cycles after `row_valid`; its first beat is offered the cycle after. `row_done` is high in the cycle of the row's last transfer.
///
/// Contract:
/// 1. The handshake rules of the stream: `tvalid`, once high, and `tdata` hold until the transfer.
/// 2. Row r sends outputs columns·r, columns·r + 1, …; the last row only those that exist.
/// 3. `tlast` marks the last output of a sequence's last step.
///
/// Not here: buffering beyond one row; the next row waits in the array.
#[derive(Clone, Debug, LogicBlock)]
pub struct Head {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop what is in flight.
    pub clear: Wire<In>,
    /// Head row valid: its outputs come two cycles later.
    pub row_valid: Wire<In>,
    /// The head row is the last of its step.
    pub row_last: Wire<In>,
    /// The head row's step ends the sequence.
    pub row_ending: Wire<In>,
    /// Outputs of a row, column 0 lowest.
    pub row: Wire<In>,
    /// Output as 32-bit two's complement.
    pub tdata: Wire<Out>,
    /// Output valid.
    pub tvalid: Wire<Out>,
    /// The output is the last of a sequence.
    pub tlast: Wire<Out>,
    /// Sink ready for the output.
    pub tready: Wire<In>,
    /// The row's last output is taken in this cycle.
    pub row_done: Wire<Out>,
    arrival: Delay,
    row_q: Reg,
    left: Reg,
    busy: Reg,
    ending: Reg,
    last: Reg,
    signed_value: Wire<Local>,
    extended: Wire<Local>,
    full_row: Const,
    last_row: Const,
    output_bits: Const,
    _output: Slice,
}

impl Head {
    /// The head output of the shape.
    pub fn new(shape: &Shape) -> Self {
        let (columns, value, outputs) = (
            shape.design.columns,
            shape.output_bits(),
            shape.outputs.unwrap_or(1),
        );
        Head {
            clock: Signal::default(),
            clear: Wire::new(1),
            row_valid: Wire::new(1),
            row_last: Wire::new(1),
            row_ending: Wire::new(1),
            row: Wire::new(columns * value),
            tdata: Wire::new(32),
            tvalid: Wire::new(1),
            tlast: Wire::new(1),
            tready: Wire::new(1),
            row_done: Wire::new(1),
            arrival: Delay::cleared(1, 2),
            row_q: Reg::new(columns * value),
            left: Reg::new(index_bits(columns)),
            busy: Reg::new(1),
            ending: Reg::new(1),
            last: Reg::new(1),
            signed_value: Wire::signed(value),
            extended: Wire::signed(32),
            full_row: Const::new(columns - 1, index_bits(columns)),
            last_row: Const::new((outputs - 1) % columns, index_bits(columns)),
            output_bits: Const::new(value, 8),
            _output: Slice {
                offset: 0,
                width: value,
            },
        }
    }
}

inputs!(Head: clear, row_valid, row_last, row_ending, row, tready);

impl Logic for Head {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_head");
        comment!("@about Sends the outputs of a head row, one per beat,");
        comment!("@about column 0 first.");
        dff_setup!(self, clock, row_q, left, busy, ending, last);
        clock!(self, clock, arrival);
        self.arrival.clear.next = self.clear.val();
        self.arrival.d.next = self.row_valid.val();
        if self.row_valid.val().any() {
            self.last.d.next = self.row_last.val();
            self.ending.d.next = self.row_ending.val();
        }
        self.row_done.next = false.into();
        if (self.busy.q.val() & self.tready.val()).any() {
            self.row_q.d.next = self.row_q.q.val() >> self.output_bits.val();
            self.left.d.next = self.left.q.val() - true.into();
            if !self.left.q.val().any() {
                self.busy.d.next = false.into();
                self.row_done.next = true.into();
            }
        }
        if self.arrival.q.val().any() {
            self.row_q.d.next = self.row.val();
            self.busy.d.next = true.into();
            self.left.d.next = self.full_row.val();
            if self.last.q.val().any() {
                self.left.d.next = self.last_row.val();
            }
        }
        if self.clear.val().any() {
            self.busy.d.next = false.into();
        }
        self.signed_value.next = self.row_q.q.val().index(self._output).get_value_bits();
        self.extended.next = self.signed_value.val();
        self.tdata.next = self.extended.val();
        self.tvalid.next = self.busy.q.val();
        self.tlast.next =
            self.last.q.val() & self.ending.q.val() & (!self.left.q.val().any()).into();
    }
}
