//! From a stream of wide beats to a byte stream.

use crate::kit::prelude::*;
use crate::stream::skid::Skid;
use tern_compile::bits::index_bits;

/// Takes a beat and sends its bytes, the lowest one first.
///
/// ```text
///               ┌────────── s_axis ◀─8·N─
///          ┌────▼─────┐     ┌────────┐   ┌──────┐
///          [ byte N-1 ]─ … ─▶[ byte 0 ]──▶│ Skid ├─8─▶ m_axis    the bytes move right, one a cycle
///          └──────────┘     └────────┘   └──────┘
/// ```
///
/// Timing: byte 0 is offered the cycle after the beat was taken; the next beat is taken in the cycle in which the last
/// byte leaves the register. One byte per cycle where the sink keeps up.
///
/// Contract:
/// 1. The handshake rules of the stream on both sides: what is offered holds until the transfer.
/// 2. Byte k of a beat is bits 8·k to 8·k + 7; only the last byte of a beat with `tlast` has `tlast`.
/// 3. `s_axis_tready` depends on registers alone.
/// 4. `reset` drops a beat that is not sent: the next byte is the first of a beat.
///
/// Not here: dropping padding bytes; every byte of a beat is sent.
#[derive(Clone, Debug, LogicBlock)]
pub struct Narrow {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop what is in flight; synchronous, active high.
    pub reset: Wire<In>,
    /// Input beat.
    pub s_axis_tdata: Wire<In>,
    /// Input beat valid.
    pub s_axis_tvalid: Wire<In>,
    /// Ready for an input beat.
    pub s_axis_tready: Wire<Out>,
    /// The input beat is the last of a sequence.
    pub s_axis_tlast: Wire<In>,
    /// Output byte.
    pub m_axis_tdata: Wire<Out>,
    /// Output byte valid.
    pub m_axis_tvalid: Wire<Out>,
    /// Sink ready for the output byte.
    pub m_axis_tready: Wire<In>,
    /// The output byte is the last of a sequence.
    pub m_axis_tlast: Wire<Out>,
    skid: Skid,
    beat: Reg,
    left: Reg,
    busy: Reg,
    last: Reg,
    is_last: Wire<Local>,
    ready: Wire<Local>,
    last_byte: Const,
    byte_bits: Const,
    _byte: Slice,
}

impl Narrow {
    /// A converter from beats of `bytes` bytes, 1 to 32.
    pub fn new(bytes: usize) -> Self {
        Narrow {
            clock: Signal::default(),
            reset: Wire::new(1),
            s_axis_tdata: Wire::new(8 * bytes),
            s_axis_tvalid: Wire::new(1),
            s_axis_tready: Wire::new(1),
            s_axis_tlast: Wire::new(1),
            m_axis_tdata: Wire::new(8),
            m_axis_tvalid: Wire::new(1),
            m_axis_tready: Wire::new(1),
            m_axis_tlast: Wire::new(1),
            skid: Skid::new(),
            beat: Reg::new(8 * bytes),
            left: Reg::new(index_bits(bytes)),
            busy: Reg::new(1),
            last: Reg::new(1),
            is_last: Wire::new(1),
            ready: Wire::new(1),
            last_byte: Const::new(bytes - 1, index_bits(bytes)),
            byte_bits: Const::new(8, 8),
            _byte: Slice {
                offset: 0,
                width: 8,
            },
        }
    }
}

impl Logic for Narrow {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_narrow");
        comment!("@about Sends the bytes of a beat, the lowest one first.");
        dff_setup!(self, clock, beat, left, busy, last);
        clock!(self, clock, skid);
        self.skid.clear.next = self.reset.val();
        self.is_last.next = (!self.left.q.val().any()).into();
        self.skid.s_axis_tdata.next = self.beat.q.val().index(self._byte).get_value_bits();
        self.skid.s_axis_tvalid.next = self.busy.q.val();
        self.skid.s_axis_tlast.next = self.last.q.val() & self.is_last.val();
        self.skid.m_axis_tready.next = self.m_axis_tready.val();

        self.ready.next = !self.busy.q.val() | (self.is_last.val() & self.skid.s_axis_tready.val());
        self.s_axis_tready.next = self.ready.val();
        if self.skid.s_axis_tready.val().any() {
            self.beat.d.next = self.beat.q.val() >> self.byte_bits.val();
            self.left.d.next = self.left.q.val() - true.into();
            if self.is_last.val().any() {
                self.busy.d.next = false.into();
            }
        }
        if self.ready.val().any() {
            self.beat.d.next = self.s_axis_tdata.val();
            self.last.d.next = self.s_axis_tlast.val();
            self.left.d.next = self.last_byte.val();
            self.busy.d.next = self.s_axis_tvalid.val();
        }
        if self.reset.val().any() {
            self.busy.d.next = false.into();
        }
        self.m_axis_tdata.next = self.skid.m_axis_tdata.val();
        self.m_axis_tvalid.next = self.skid.m_axis_tvalid.val();
        self.m_axis_tlast.next = self.skid.m_axis_tlast.val();
    }
}
