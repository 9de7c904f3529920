//! The check sum of a frame.

use crate::kit::prelude::*;

/// The polynomial of IEEE 802.3, lowest bit first.
const POLYNOMIAL: usize = 0xedb8_8320;
/// What a frame with its check sum leaves.
const RESIDUE: usize = 0xdebb_20e3;

/// CRC-32 of IEEE 802.3, one bit per cycle.
///
/// ```text
/// data ─▶[ shift ]─┬─▶(+)─ polynomial ─▶[ state >> 1 ]──┬──▶ low: the lowest byte, inverted
///                  └────────────────────────────────────┴──▶ good
/// ```
///
/// Timing: a byte takes 8 cycles, in which `busy` is high.
///
/// Contract:
/// 1. After `clear` and the bytes of a text, `low` is the first byte of its check sum; after a byte that is `drain`ed, the next.
/// 2. After a text and its four bytes of check sum, lowest first, `good` is high; it is low after all other four bytes.
///
/// Not here: waiting; a byte that comes while `busy` is high is wrong.
#[derive(Clone, Debug, LogicBlock)]
pub struct Crc {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Begin anew.
    pub clear: Wire<In>,
    /// The byte.
    pub data: Wire<In>,
    /// Byte valid.
    pub valid: Wire<In>,
    /// The check sum moves on by a byte and takes none.
    pub drain: Wire<In>,
    /// A byte is being taken.
    pub busy: Wire<Out>,
    /// The lowest byte of the check sum.
    pub low: Wire<Out>,
    /// The check sum of what came was with it.
    pub good: Wire<Out>,
    state: Reg,
    shift: Reg,
    left: Reg,
    draining: Reg,
    feedback: Wire<Local>,
    seed: Const,
    polynomial: Const,
    residue: Const,
    eight: Const,
    one_bit: Const,
    _low: Slice,
    _bit: Slice,
}

impl Crc {
    /// A check sum of nothing.
    pub fn new() -> Self {
        Crc {
            clock: Signal::default(),
            clear: Wire::new(1),
            data: Wire::new(8),
            valid: Wire::new(1),
            drain: Wire::new(1),
            busy: Wire::new(1),
            low: Wire::new(8),
            good: Wire::new(1),
            state: Reg::new(32),
            shift: Reg::new(8),
            left: Reg::new(4),
            draining: Reg::new(1),
            feedback: Wire::new(1),
            seed: Const::new(0xffff_ffff, 32),
            polynomial: Const::new(POLYNOMIAL, 32),
            residue: Const::new(RESIDUE, 32),
            eight: Const::new(8, 4),
            one_bit: Const::new(1, 1),
            _low: Slice {
                offset: 0,
                width: 8,
            },
            _bit: Slice {
                offset: 0,
                width: 1,
            },
        }
    }
}

impl Logic for Crc {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_crc");
        comment!("@about CRC-32 of IEEE 802.3, one bit per cycle.");
        dff_setup!(self, clock, state, shift, left, draining);
        self.busy.next = self.left.q.val().any().into();
        self.feedback.next = (self.state.q.val().index(self._bit).get_value_bits()
            ^ self.shift.q.val().index(self._bit).get_value_bits())
            & !self.draining.q.val();
        if self.busy.val().any() {
            self.left.d.next = self.left.q.val() - true.into();
            self.shift.d.next = self.shift.q.val() >> self.one_bit.val();
            self.state.d.next = self.state.q.val() >> self.one_bit.val();
            if self.feedback.val().any() {
                self.state.d.next =
                    (self.state.q.val() >> self.one_bit.val()) ^ self.polynomial.val();
            }
        }
        if self.valid.val().any() {
            self.shift.d.next = self.data.val();
            self.left.d.next = self.eight.val();
            self.draining.d.next = self.drain.val();
        }
        if self.clear.val().any() {
            self.state.d.next = self.seed.val();
            self.left.d.next = false.into();
        }
        self.low.next = !self.state.q.val().index(self._low).get_value_bits();
        self.good.next = (self.state.q.val() == self.residue.val()).into();
    }
}
