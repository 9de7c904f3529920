//! Shift and saturate.

use crate::kit::prelude::*;

/// `out = clamp_n(value >> shift)`: arithmetic shift, then saturation to n-bit two's complement.
///
/// Timing: combinational.
///
/// Contract: 1. equal to `clamp_n(v >> s)` of the number semantics for every value.
///
/// Not here: rounding, which the caller adds before.
#[derive(Clone, Debug, LogicBlock)]
pub struct Clamp {
    /// Value, two's complement.
    pub value: Wire<In>,
    /// The shifted and saturated value's bits.
    pub out: Wire<Out>,
    shifted: Vec<Wire<Local>>,
    extended: Vec<Wire<Local>>,
    high: Vec<Wire<Local>>,
    sign: Vec<Wire<Local>>,
    largest: Const,
    smallest: Const,
    _kept: Slice,
    _high: Slice,
    _sign: Slice,
    _fits: usize,
    _saturates: usize,
}

impl Clamp {
    /// A clamp of a `value_bits` value shifted right by `shift` to `out_bits`.
    pub fn new(value_bits: usize, shift: usize, out_bits: usize) -> Self {
        let shift = shift.min(value_bits - 1);
        let left = value_bits - shift;
        let (fits, saturates) = if left <= out_bits { (1, 0) } else { (0, 1) };
        let wires = |count: usize, wire: Wire<Local>| vec![wire; count];
        Clamp {
            value: Wire::signed(value_bits),
            out: Wire::new(out_bits),
            shifted: wires(fits, Wire::signed(left)),
            extended: wires(fits, Wire::signed(out_bits)),
            high: wires(
                saturates,
                Wire::new((left + 1).saturating_sub(out_bits).max(1)),
            ),
            sign: wires(saturates, Wire::new(1)),
            largest: Const::new((1 << (out_bits - 1)) - 1, out_bits),
            smallest: Const::new(1 << (out_bits - 1), out_bits),
            _kept: Slice {
                offset: shift,
                width: left.min(out_bits),
            },
            _high: Slice {
                offset: (shift + out_bits - 1).min(value_bits - 1),
                width: (left + 1).saturating_sub(out_bits).max(1),
            },
            _sign: Slice {
                offset: value_bits - 1,
                width: 1,
            },
            _fits: fits,
            _saturates: saturates,
        }
    }
}

impl Logic for Clamp {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_clamp");
        self.out.next = self.value.val().index(self._kept).get_value_bits();
        for i in 0..self._fits {
            self.shifted[i].next = self.value.val().index(self._kept).get_value_bits();
            self.extended[i].next = self.shifted[i].val();
            self.out.next = self.extended[i].val();
        }
        for i in 0..self._saturates {
            self.high[i].next = self.value.val().index(self._high).get_value_bits();
            self.sign[i].next = self.value.val().index(self._sign).get_value_bits();
            if self.sign[i].val().any() {
                if !self.high[i].val().all() {
                    self.out.next = self.smallest.val();
                }
            } else if self.high[i].val().any() {
                self.out.next = self.largest.val();
            }
        }
    }
}
