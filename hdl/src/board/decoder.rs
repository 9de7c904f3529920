//! From the bytes of the line to the bytes of frames.

use crate::kit::prelude::*;

/// Decodes COBS (consistent overhead byte stuffing, Cheshire and Baker 1999): a zero ends a frame and is nowhere in it.
///
/// ```text
/// data ──┬─ code: left = data - 1 ─▶ a zero, if one is due ──┐
///        ├─ left > 0 ──────────────▶ the byte ───────────────┴──▶ value
///        └─ zero ──────────────────────────────────────────────▶ finish
/// ```
///
/// Timing: outputs are in the cycle of their inputs.
///
/// Contract:
/// 1. Between two zeros, `value` with `byte_valid` gives what the bytes between them encode; `finish` is high with the second zero,
///    and `sound` with it unless a block lacks bytes.
/// 2. After a reset nothing is given until the first zero.
/// 3. `broken` ends the frame without `finish`, gives `abort` unless bytes are skipped already, and skips up to the next zero.
///
/// Not here: the length and the check sum of a frame.
#[derive(Clone, Debug, LogicBlock)]
pub struct Decoder {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Skip up to the next zero.
    pub reset: Wire<In>,
    /// Byte of the line.
    pub data: Wire<In>,
    /// Byte valid.
    pub valid: Wire<In>,
    /// A byte of the line is lost.
    pub broken: Wire<In>,
    /// Byte of the frame.
    pub value: Wire<Out>,
    /// Byte of the frame valid.
    pub byte_valid: Wire<Out>,
    /// The frame ends.
    pub finish: Wire<Out>,
    /// Its blocks are complete.
    pub sound: Wire<Out>,
    /// The frame is given up.
    pub abort: Wire<Out>,
    skip: Reg,
    left: Reg,
    due: Reg,
    zero: Wire<Local>,
    other: Wire<Local>,
    at_code: Wire<Local>,
}

impl Decoder {
    /// A decoder that waits for a zero.
    pub fn new() -> Self {
        Decoder {
            clock: Signal::default(),
            reset: Wire::new(1),
            data: Wire::new(8),
            valid: Wire::new(1),
            broken: Wire::new(1),
            value: Wire::new(8),
            byte_valid: Wire::new(1),
            finish: Wire::new(1),
            sound: Wire::new(1),
            abort: Wire::new(1),
            skip: Reg::new(1),
            left: Reg::new(8),
            due: Reg::new(1),
            zero: Wire::new(1),
            other: Wire::new(1),
            at_code: Wire::new(1),
        }
    }
}

impl Logic for Decoder {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_decoder");
        comment!("@about Decodes COBS: a zero ends a frame.");
        dff_setup!(self, clock, skip, left, due);
        self.zero.next = false.into();
        self.other.next = false.into();
        if self.data.val().any() {
            self.other.next = self.valid.val() & !self.skip.q.val();
        } else {
            self.zero.next = self.valid.val();
        }
        self.at_code.next = (!self.left.q.val().any()).into();
        self.value.next = self.data.val();
        if self.at_code.val().any() {
            self.value.next = false.into();
        }
        self.byte_valid.next = self.other.val() & (!self.at_code.val() | self.due.q.val());
        self.finish.next = self.zero.val() & !self.skip.q.val();
        self.sound.next = self.at_code.val();
        self.abort.next = self.broken.val() & !self.skip.q.val();

        if self.other.val().any() {
            self.left.d.next = self.left.q.val() - true.into();
            if self.at_code.val().any() {
                self.left.d.next = self.data.val() - true.into();
                self.due.d.next = (!self.data.val().all()).into();
            }
        }
        if self.zero.val().any() {
            self.skip.d.next = false.into();
            self.left.d.next = false.into();
            self.due.d.next = false.into();
        }
        if self.broken.val().any() {
            self.skip.d.next = true.into();
            self.left.d.next = false.into();
            self.due.d.next = false.into();
        }
        if self.reset.val().any() {
            self.skip.d.next = true.into();
            self.left.d.next = false.into();
            self.due.d.next = false.into();
        }
    }
}
