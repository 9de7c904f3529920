//! Bytes on their way to the core.

use crate::kit::prelude::*;

/// Bytes of the ring, as an address.
const ADDRESS_BITS: usize = 9;

/// A ring of 512 bytes: those of a frame are written as they come, and given to the core once the frame is known to be good.
///
/// ```text
///            ┌──────────────── RAM, 512 bytes ────────────────┐
/// data ─────▶│ … │ for the core   │ of a frame, not known yet │ …
///            └─▲─┴────────────────┴───────────────────────────┴─▲
///             tail ──▶ s_axis or w_axis  head                 write
/// ```
///
/// Timing: a byte is offered two cycles after it was committed or after the one before it was taken.
///
/// Contract:
/// 1. After `commit` the bytes since the last `commit` or `discard`, but for the last four, are given to the core, each once, in
///    order; after `discard` none of them.
/// 2. With `last`, the frame's last byte has `tlast`; no other byte has it.
/// 3. The handshake rules of the stream: what is offered holds until the transfer, but for a reset.
/// 4. `room` is high when fewer than 256 bytes wait and none of them has `tlast`. `accepts` is then high too, unless a byte of the
///    frame found no room, or bytes of the other stream wait. A byte that waits is never overwritten.
///
/// Not here: whether a frame is good; `commit` is for frames that were accepted.
#[derive(Clone, Debug, LogicBlock)]
pub struct Inbox {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop everything.
    pub reset: Wire<In>,
    /// Byte of a frame.
    pub data: Wire<In>,
    /// Byte of a frame valid.
    pub data_valid: Wire<In>,
    /// The frame is good.
    pub commit: Wire<In>,
    /// The frame is to be dropped.
    pub discard: Wire<In>,
    /// The frame's last byte ends a sequence.
    pub last: Wire<In>,
    /// The frame's bytes are those of a network.
    pub weights: Wire<In>,
    /// A frame of any length has room.
    pub room: Wire<Out>,
    /// The frame that came can be committed.
    pub accepts: Wire<Out>,
    /// Bytes wait.
    pub busy: Wire<Out>,
    /// Byte for the core.
    pub tdata: Wire<Out>,
    /// It is for the input stream.
    pub s_axis_tvalid: Wire<Out>,
    /// The input stream is ready.
    pub s_axis_tready: Wire<In>,
    /// It is the last of a sequence.
    pub s_axis_tlast: Wire<Out>,
    /// It is for the load stream.
    pub w_axis_tvalid: Wire<Out>,
    /// The load stream is ready.
    pub w_axis_tready: Wire<In>,
    ram: Memory,
    head: Reg,
    tail: Reg,
    write: Reg,
    fetched: Reg,
    ending: Reg,
    loading: Reg,
    overflow: Reg,
    waiting: Wire<Local>,
    there: Wire<Local>,
    only: Wire<Local>,
    fits: Wire<Local>,
    taken: Wire<Local>,
    check_sum: Const,
    one_byte: Const,
    _much: Slice,
}

impl Inbox {
    /// An empty ring.
    pub fn new() -> Self {
        let count = ADDRESS_BITS + 1;
        Inbox {
            clock: Signal::default(),
            reset: Wire::new(1),
            data: Wire::new(8),
            data_valid: Wire::new(1),
            commit: Wire::new(1),
            discard: Wire::new(1),
            last: Wire::new(1),
            weights: Wire::new(1),
            room: Wire::new(1),
            accepts: Wire::new(1),
            busy: Wire::new(1),
            tdata: Wire::new(8),
            s_axis_tvalid: Wire::new(1),
            s_axis_tready: Wire::new(1),
            s_axis_tlast: Wire::new(1),
            w_axis_tvalid: Wire::new(1),
            w_axis_tready: Wire::new(1),
            ram: Memory::blank(8, ADDRESS_BITS),
            head: Reg::new(count),
            tail: Reg::new(count),
            write: Reg::new(count),
            fetched: Reg::new(1),
            ending: Reg::new(1),
            loading: Reg::new(1),
            overflow: Reg::new(1),
            waiting: Wire::new(count),
            there: Wire::new(1),
            only: Wire::new(1),
            fits: Wire::new(1),
            taken: Wire::new(1),
            check_sum: Const::new(4, count),
            one_byte: Const::new(1, count),
            _much: Slice {
                offset: ADDRESS_BITS - 1,
                width: 2,
            },
        }
    }
}

impl Logic for Inbox {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_inbox");
        comment!("@about A ring of bytes on their way to the core.");
        dff_setup!(self, clock, head, tail, write, fetched, ending, loading);
        dff_setup!(self, clock, overflow);
        clock!(self, clock, ram);
        self.waiting.next = self.head.q.val() - self.tail.q.val();
        self.there.next = self.waiting.val().any().into();
        self.only.next = (self.waiting.val() == self.one_byte.val()).into();
        self.fits.next = (!self.waiting.val().index(self._much).get_value_bits().any()).into();
        self.room.next = self.fits.val() & !self.ending.q.val();
        self.accepts.next = self.fits.val()
            & !self.ending.q.val()
            & !self.overflow.q.val()
            & (!self.there.val() | !(self.loading.q.val() ^ self.weights.val()));
        self.busy.next = self.there.val();

        // The frame that comes: at most 256 bytes behind fewer than 256.
        self.ram.write_address.next = self.write.q.val();
        self.ram.write_data.next = self.data.val();
        self.ram.write.next = self.data_valid.val() & self.fits.val();
        if self.data_valid.val().any() {
            if self.fits.val().any() {
                self.write.d.next = self.write.q.val() + true.into();
            } else {
                self.overflow.d.next = true.into();
            }
        }
        if self.discard.val().any() {
            self.write.d.next = self.head.q.val();
            self.overflow.d.next = false.into();
        }

        // The byte that the core gets.
        self.ram.address.next = self.tail.q.val();
        self.tdata.next = self.ram.data.val();
        self.s_axis_tvalid.next = self.fetched.q.val() & !self.loading.q.val();
        self.w_axis_tvalid.next = self.fetched.q.val() & self.loading.q.val();
        self.s_axis_tlast.next = false.into();
        if self.only.val().any() {
            self.s_axis_tlast.next = self.ending.q.val();
        }
        self.taken.next = self.s_axis_tready.val() & self.fetched.q.val();
        if self.loading.q.val().any() {
            self.taken.next = self.w_axis_tready.val() & self.fetched.q.val();
        }
        self.fetched.d.next = self.there.val();
        if self.taken.val().any() {
            self.fetched.d.next = false.into();
            self.tail.d.next = self.tail.q.val() + true.into();
            if self.only.val().any() {
                self.ending.d.next = false.into();
            }
        }
        if self.commit.val().any() {
            self.head.d.next = self.write.q.val() - self.check_sum.val();
            self.write.d.next = self.write.q.val() - self.check_sum.val();
            self.ending.d.next = self.last.val();
            self.loading.d.next = self.weights.val();
        }
        if self.reset.val().any() {
            self.head.d.next = false.into();
            self.tail.d.next = false.into();
            self.write.d.next = false.into();
            self.fetched.d.next = false.into();
            self.ending.d.next = false.into();
            self.loading.d.next = false.into();
            self.overflow.d.next = false.into();
        }
    }
}
