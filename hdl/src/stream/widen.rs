//! From a byte stream to a stream of wide beats.

use crate::kit::prelude::*;
use crate::stream::skid::Skid;
use tern_compile::bits::index_bits;

/// Collects the bytes of a beat, the first one lowest, and offers the beat.
///
/// ```text
///              ┌──────┐   ┌──────────┐     ┌────────┐
/// s_axis ─8──▶ │ Skid ├──▶[ byte N-1 ]─ … ─▶[ byte 0 ]    the bytes move right, one a cycle
///              └──────┘   └────┬─────┘     └───┬────┘
///                              └────────── m_axis ──8·N─▶
/// ```
///
/// Timing: a beat is offered the cycle after its last byte arrived, while the next beat's first byte may arrive. One
/// byte per cycle where the sink keeps up.
///
/// Contract:
/// 1. The handshake rules of the stream on both sides: what is offered holds until the transfer.
/// 2. Byte k of a beat is bits 8·k to 8·k + 7; `tlast` of the beat is that of its last byte.
/// 3. A `tlast` before a beat's last byte ends the beat there: the bytes that are missing are zero, and take a cycle
///    each to fill in.
/// 4. `s_axis_tready` depends on registers alone.
/// 5. `reset` drops a beat that is not complete or not taken: the next byte is the first of a beat.
///
/// Not here: what a beat means; a beat of bytes is filled up whatever its stream is.
#[derive(Clone, Debug, LogicBlock)]
pub struct Widen {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop what is in flight; synchronous, active high.
    pub reset: Wire<In>,
    /// Input byte.
    pub s_axis_tdata: Wire<In>,
    /// Input byte valid.
    pub s_axis_tvalid: Wire<In>,
    /// Ready for an input byte.
    pub s_axis_tready: Wire<Out>,
    /// The input byte is the last of a sequence.
    pub s_axis_tlast: Wire<In>,
    /// Output beat.
    pub m_axis_tdata: Wire<Out>,
    /// Output beat valid.
    pub m_axis_tvalid: Wire<Out>,
    /// Sink ready for the output beat.
    pub m_axis_tready: Wire<In>,
    /// The output beat is the last of a sequence.
    pub m_axis_tlast: Wire<Out>,
    skid: Skid,
    beat: Reg,
    count: Reg,
    filling: Reg,
    full: Reg,
    last: Reg,
    room: Wire<Local>,
    take: Wire<Local>,
    shift: Wire<Local>,
    fresh: Wire<Local>,
    last_byte: Const,
    byte_bits: Const,
    top_byte: Const,
}

impl Widen {
    /// A converter to beats of `bytes` bytes, 1 to 32.
    pub fn new(bytes: usize) -> Self {
        Widen {
            clock: Signal::default(),
            reset: Wire::new(1),
            s_axis_tdata: Wire::new(8),
            s_axis_tvalid: Wire::new(1),
            s_axis_tready: Wire::new(1),
            s_axis_tlast: Wire::new(1),
            m_axis_tdata: Wire::new(8 * bytes),
            m_axis_tvalid: Wire::new(1),
            m_axis_tready: Wire::new(1),
            m_axis_tlast: Wire::new(1),
            skid: Skid::new(),
            beat: Reg::new(8 * bytes),
            count: Reg::new(index_bits(bytes)),
            filling: Reg::new(1),
            full: Reg::new(1),
            last: Reg::new(1),
            room: Wire::new(1),
            take: Wire::new(1),
            shift: Wire::new(1),
            fresh: Wire::new(8),
            last_byte: Const::new(bytes - 1, index_bits(bytes)),
            byte_bits: Const::new(8, 8),
            top_byte: Const::new(8 * (bytes - 1), 8),
        }
    }
}

impl Logic for Widen {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_widen");
        comment!("@about Collects the bytes of a beat, the first one lowest.");
        dff_setup!(self, clock, beat, count, filling, full, last);
        clock!(self, clock, skid);
        self.skid.clear.next = self.reset.val();
        self.skid.s_axis_tdata.next = self.s_axis_tdata.val();
        self.skid.s_axis_tvalid.next = self.s_axis_tvalid.val();
        self.skid.s_axis_tlast.next = self.s_axis_tlast.val();
        self.s_axis_tready.next = self.skid.s_axis_tready.val();

        // While the beat fills up with zeros it is not full, so that there is room.
        self.room.next = (!self.full.q.val() | self.m_axis_tready.val()) & !self.filling.q.val();
        self.skid.m_axis_tready.next = self.room.val();
        self.take.next = self.room.val() & self.skid.m_axis_tvalid.val();
        self.shift.next = self.take.val() | self.filling.q.val();
        self.fresh.next = self.skid.m_axis_tdata.val();
        if self.filling.q.val().any() {
            self.fresh.next = false.into();
        }

        if self.m_axis_tready.val().any() {
            self.full.d.next = false.into();
        }
        if self.take.val().any() {
            self.last.d.next = self.skid.m_axis_tlast.val();
            self.filling.d.next = self.skid.m_axis_tlast.val();
        }
        if self.shift.val().any() {
            self.beat.d.next = (self.beat.q.val() >> self.byte_bits.val())
                | (self.fresh.val() << self.top_byte.val());
            self.count.d.next = self.count.q.val() + true.into();
            if self.count.q.val() == self.last_byte.val() {
                self.count.d.next = false.into();
                self.filling.d.next = false.into();
                self.full.d.next = true.into();
            }
        }
        if self.reset.val().any() {
            self.count.d.next = false.into();
            self.filling.d.next = false.into();
            self.full.d.next = false.into();
        }
        self.m_axis_tdata.next = self.beat.q.val();
        self.m_axis_tvalid.next = self.full.q.val();
        self.m_axis_tlast.next = self.last.q.val();
    }
}
