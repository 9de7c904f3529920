//! Bytes on their way from the core, and what the core says of itself.

use crate::kit::prelude::*;
use tern_compile::link::{IDENTITY_BYTES, Identity};

/// Bytes of the ring, as an address.
const RING_BITS: usize = 8;

/// A ring of 256 bytes that the core fills, and the core's identity in the same block RAM.
///
/// ```text
///            ┌────── Memory, 512 bytes ──────┐
/// m_axis ───▶│ ring of 256 bytes │ identity  │──▶ value
///            └─▲──────────▲──────┴──▲────────┘
///             head       tail       left
/// ```
///
/// Timing: `value` is that of the address of the cycle before.
///
/// Contract:
/// 1. Every byte of the output stream is given once, in order: `take` goes on to the next.
/// 2. `last` is high when the newest byte had `tlast`, until it is taken; meanwhile no more come.
/// 3. `count` bytes wait; a byte that waits is never overwritten.
/// 4. With `identity`, `value` is byte 64 - `left` of the identity, if no byte of the core comes in between.
///
/// Not here: when an answer takes what.
#[derive(Clone, Debug, LogicBlock)]
pub struct Outbox {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop everything.
    pub reset: Wire<In>,
    /// Byte of the core.
    pub m_axis_tdata: Wire<In>,
    /// Byte of the core valid.
    pub m_axis_tvalid: Wire<In>,
    /// Ready for a byte of the core.
    pub m_axis_tready: Wire<Out>,
    /// The byte is the last of a sequence.
    pub m_axis_tlast: Wire<In>,
    /// The identity is read.
    pub identity: Wire<In>,
    /// Bytes of the identity that are left.
    pub left: Wire<In>,
    /// The byte is taken.
    pub take: Wire<In>,
    /// The byte.
    pub value: Wire<Out>,
    /// Bytes that wait.
    pub count: Wire<Out>,
    /// The newest of them ends a sequence.
    pub last: Wire<Out>,
    memory: Memory,
    head: Reg,
    tail: Reg,
    ending: Reg,
    waiting: Wire<Local>,
    ready: Wire<Local>,
    second_half: Const,
    one_byte: Const,
    _full: Slice,
    _ring: Slice,
}

impl Outbox {
    /// An empty ring beside that identity.
    pub fn new(identity: &Identity) -> Self {
        let count = RING_BITS + 1;
        let bytes = identity.bytes();
        // Byte k is where `left` is when k are gone.
        let mut words = vec![0; (1 << RING_BITS) + IDENTITY_BYTES];
        for (k, byte) in bytes.iter().enumerate().skip(1) {
            words[(1 << RING_BITS) + IDENTITY_BYTES - k] = i128::from(*byte);
        }
        Outbox {
            clock: Signal::default(),
            reset: Wire::new(1),
            m_axis_tdata: Wire::new(8),
            m_axis_tvalid: Wire::new(1),
            m_axis_tready: Wire::new(1),
            m_axis_tlast: Wire::new(1),
            identity: Wire::new(1),
            left: Wire::new(count),
            take: Wire::new(1),
            value: Wire::new(8),
            count: Wire::new(count),
            last: Wire::new(1),
            memory: Memory::new(8, count, &words, Style::Block, Access::WritePort),
            head: Reg::new(count),
            tail: Reg::new(count),
            ending: Reg::new(1),
            waiting: Wire::new(count),
            ready: Wire::new(1),
            second_half: Const::new(1 << RING_BITS, count),
            one_byte: Const::new(1, count),
            _full: Slice {
                offset: RING_BITS,
                width: 1,
            },
            _ring: Slice {
                offset: 0,
                width: RING_BITS,
            },
        }
    }
}

impl Logic for Outbox {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_outbox");
        comment!("@about A ring of bytes on their way from the core, and the");
        comment!("@about core's identity.");
        dff_setup!(self, clock, head, tail, ending);
        clock!(self, clock, memory);
        self.waiting.next = self.head.q.val() - self.tail.q.val();
        self.count.next = self.waiting.val();
        self.last.next = self.ending.q.val();

        self.ready.next =
            !self.waiting.val().index(self._full).get_value_bits() & !self.ending.q.val();
        self.m_axis_tready.next = self.ready.val();
        self.memory.write.next = self.ready.val() & self.m_axis_tvalid.val();
        self.memory.write_address.next = self.head.q.val().index(self._ring).get_value_bits();
        self.memory.write_data.next = self.m_axis_tdata.val();
        if (self.ready.val() & self.m_axis_tvalid.val()).any() {
            self.head.d.next = self.head.q.val() + true.into();
            self.ending.d.next = self.m_axis_tlast.val();
        }

        self.memory.address.next = self.tail.q.val().index(self._ring).get_value_bits();
        if self.identity.val().any() {
            self.memory.address.next = self.left.val() | self.second_half.val();
        }
        self.value.next = self.memory.data.val();
        if self.take.val().any() {
            self.tail.d.next = self.tail.q.val() + true.into();
            if self.ending.q.val().any() {
                self.ending.d.next = (self.waiting.val() != self.one_byte.val()).into();
            }
        }
        if self.reset.val().any() {
            self.head.d.next = false.into();
            self.tail.d.next = false.into();
            self.ending.d.next = false.into();
        }
    }
}
