//! A frame on its way to the line, kept to be sent again.

use crate::kit::prelude::*;

/// Bytes of the memory, as an address: a frame of 263 bytes takes 266.
const ADDRESS_BITS: usize = 9;
/// The code of a block of 254 bytes without a zero.
const LONGEST: usize = 255;

/// Encodes a frame by COBS into a block RAM, sends it, and sends it again when asked.
///
/// ```text
///         ┌───────────────── RAM ─────────────────┐
/// byte ──▶│ code, bytes, code, bytes … zero       │──▶ data
///         └──▲───────────────▲───────────▲────────┘
///           code            write       read
/// ```
///
/// The place of a block's code is left out and written when the block ends.
///
/// Timing: a byte is written in its cycle, or the next one. The first byte of the frame is offered 4 cycles after `finish`.
///
/// Contract:
/// 1. After `start`, bytes with `byte_valid` and `finish`, the frame of these bytes is sent once, ending with its only zero.
/// 2. `again` sends the frame of before once more.
/// 3. `busy` is high from `finish` or `again` to the last byte.
///
/// Not here: two bytes in two cycles, and a `start` while `busy` is high; whoever builds a frame takes 8 cycles for a byte, and waits.
#[derive(Clone, Debug, LogicBlock)]
pub struct Encoder {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Stop sending.
    pub reset: Wire<In>,
    /// A frame begins.
    pub start: Wire<In>,
    /// Byte of the frame.
    pub value: Wire<In>,
    /// Byte of the frame valid.
    pub byte_valid: Wire<In>,
    /// The frame is complete.
    pub finish: Wire<In>,
    /// The frame of before is wanted.
    pub again: Wire<In>,
    /// A frame is being sent.
    pub busy: Wire<Out>,
    /// Byte for the line.
    pub data: Wire<Out>,
    /// Byte for the line valid.
    pub valid: Wire<Out>,
    /// The line takes the byte.
    pub ready: Wire<In>,
    ram: Memory,
    code: Reg,
    write: Reg,
    run: Reg,
    closing: Reg,
    read: Reg,
    sending: Reg,
    fetched: Reg,
    full: Wire<Local>,
    zero: Wire<Local>,
    ends: Wire<Local>,
    following: Wire<Local>,
    first: Const,
    first_run: Const,
    longest: Const,
}

impl Encoder {
    /// An encoder without a frame.
    pub fn new() -> Self {
        let address = || Reg::new(ADDRESS_BITS);
        Encoder {
            clock: Signal::default(),
            reset: Wire::new(1),
            start: Wire::new(1),
            value: Wire::new(8),
            byte_valid: Wire::new(1),
            finish: Wire::new(1),
            again: Wire::new(1),
            busy: Wire::new(1),
            data: Wire::new(8),
            valid: Wire::new(1),
            ready: Wire::new(1),
            ram: Memory::blank(8, ADDRESS_BITS),
            code: address(),
            write: address(),
            run: Reg::new(8),
            closing: Reg::new(1),
            read: address(),
            sending: Reg::new(1),
            fetched: Reg::new(1),
            full: Wire::new(1),
            zero: Wire::new(1),
            ends: Wire::new(1),
            following: Wire::new(ADDRESS_BITS),
            first: Const::new(1, ADDRESS_BITS),
            first_run: Const::new(1, 8),
            longest: Const::new(LONGEST, 8),
        }
    }
}

impl Logic for Encoder {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_encoder");
        comment!("@about Encodes a frame by COBS, keeps it and sends it.");
        dff_setup!(self, clock, code, write, run, read, sending);
        clock!(self, clock, ram, closing, fetched);
        self.full.next = (self.run.q.val() == self.longest.val()).into();
        self.zero.next = false.into();
        if self.byte_valid.val().any() {
            self.zero.next = (!self.value.val().any()).into();
        }
        // A block ends at a zero, when it is full, and with the frame.
        self.ends.next = self.zero.val() | self.full.val() | self.finish.val();
        self.closing.d.next = self.finish.val() & !self.reset.val();

        self.ram.write.next = self.ends.val() | self.byte_valid.val() | self.closing.q.val();
        self.ram.write_address.next = self.write.q.val();
        self.ram.write_data.next = self.value.val();
        if self.closing.q.val().any() {
            self.ram.write_data.next = false.into();
        }
        if self.ends.val().any() {
            self.ram.write_address.next = self.code.q.val();
            self.ram.write_data.next = self.run.q.val();
            self.code.d.next = self.write.q.val();
            self.run.d.next = self.first_run.val();
        } else if self.byte_valid.val().any() {
            self.run.d.next = self.run.q.val() + true.into();
        }
        // The place after a block is that of the next code, or of the zero.
        if (self.zero.val() | self.full.val() | (self.byte_valid.val() & !self.ends.val())).any() {
            self.write.d.next = self.write.q.val() + true.into();
        }
        if self.start.val().any() {
            self.code.d.next = false.into();
            self.write.d.next = self.first.val();
            self.run.d.next = self.first_run.val();
        }

        // The zero is at `write`: nothing is written while the frame is sent.
        self.following.next = self.read.q.val() + true.into();
        self.ram.address.next = self.read.q.val();
        self.data.next = self.ram.data.val();
        self.valid.next = self.fetched.q.val();
        self.busy.next = self.sending.q.val() | self.closing.q.val();
        self.fetched.d.next = self.sending.q.val();
        if (self.fetched.q.val() & self.ready.val()).any() {
            self.fetched.d.next = false.into();
            self.read.d.next = self.following.val();
            if self.read.q.val() == self.write.q.val() {
                self.sending.d.next = false.into();
            }
        }
        if (self.closing.q.val() | self.again.val()).any() {
            self.read.d.next = false.into();
            self.sending.d.next = true.into();
        }
        if self.reset.val().any() {
            self.sending.d.next = false.into();
            self.fetched.d.next = false.into();
        }
    }
}
