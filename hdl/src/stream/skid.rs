//! The skid buffer: a stream whose ready does not depend on the ready behind it.

use crate::kit::prelude::*;

/// Passes a byte stream on, and keeps the byte that arrives in the cycle in which the sink stops being ready.
///
/// ```text
/// s_axis ─┬──────────▶│ │
///         │           │ ├─▶ m_axis
///         └─▶[ kept ]─▶│ │
/// ```
///
/// Timing: a byte is offered in the cycle it arrives, or, if it is kept, until the sink takes it. One byte per cycle.
///
/// Contract:
/// 1. The handshake rules of the stream on both sides: what is offered holds until the transfer.
/// 2. Every byte leaves once, in order, with its `tlast`.
/// 3. `s_axis_tready` is a register: it depends neither on `m_axis_tready` nor on `s_axis_tvalid` of its cycle.
///
/// Not here: a cut in the path of valid and data, which passes through.
#[derive(Clone, Debug, LogicBlock)]
pub struct Skid {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop the kept byte.
    pub clear: Wire<In>,
    /// Input byte.
    pub s_axis_tdata: Wire<In>,
    /// Input byte valid.
    pub s_axis_tvalid: Wire<In>,
    /// Ready for an input byte.
    pub s_axis_tready: Wire<Out>,
    /// The input byte is the last of a sequence.
    pub s_axis_tlast: Wire<In>,
    /// Output byte.
    pub m_axis_tdata: Wire<Out>,
    /// Output byte valid.
    pub m_axis_tvalid: Wire<Out>,
    /// Sink ready for the output byte.
    pub m_axis_tready: Wire<In>,
    /// The output byte is the last of a sequence.
    pub m_axis_tlast: Wire<Out>,
    kept: Reg,
    kept_last: Reg,
    held: Reg,
    present: Wire<Local>,
    present_last: Wire<Local>,
    there: Wire<Local>,
}

impl Skid {
    /// An empty buffer.
    pub fn new() -> Self {
        Skid {
            clock: Signal::default(),
            clear: Wire::new(1),
            s_axis_tdata: Wire::new(8),
            s_axis_tvalid: Wire::new(1),
            s_axis_tready: Wire::new(1),
            s_axis_tlast: Wire::new(1),
            m_axis_tdata: Wire::new(8),
            m_axis_tvalid: Wire::new(1),
            m_axis_tready: Wire::new(1),
            m_axis_tlast: Wire::new(1),
            kept: Reg::new(8),
            kept_last: Reg::new(1),
            held: Reg::new(1),
            present: Wire::new(8),
            present_last: Wire::new(1),
            there: Wire::new(1),
        }
    }
}

impl Logic for Skid {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_skid");
        comment!("@about Passes a stream on and keeps the byte that arrives");
        comment!("@about when the sink stops being ready.");
        dff_setup!(self, clock, kept, kept_last, held);
        self.present.next = self.s_axis_tdata.val();
        self.present_last.next = self.s_axis_tlast.val();
        if self.held.q.val().any() {
            self.present.next = self.kept.q.val();
            self.present_last.next = self.kept_last.q.val();
        }
        self.there.next = self.held.q.val() | self.s_axis_tvalid.val();
        self.kept.d.next = self.present.val();
        self.kept_last.d.next = self.present_last.val();
        self.held.d.next = self.there.val() & !self.m_axis_tready.val();
        if self.clear.val().any() {
            self.held.d.next = false.into();
        }
        self.s_axis_tready.next = !self.held.q.val();
        self.m_axis_tdata.next = self.present.val();
        self.m_axis_tvalid.next = self.there.val();
        self.m_axis_tlast.next = self.present_last.val();
    }
}
