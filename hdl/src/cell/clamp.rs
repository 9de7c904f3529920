//! Shift and saturate.

use crate::kit::prelude::*;

/// `out = clamp_n(value >> shift)`: arithmetic shift, then saturation to n-bit two's complement.
///
/// Timing: combinational.
///
/// Contract: 1. equal to `clamp_n(v >> s)` of the number semantics for every value, extended to the width of
/// `out`.
///
/// Not here: rounding, which the caller adds before.
#[derive(Clone, Debug, LogicBlock)]
pub struct Clamp {
    /// Value, two's complement.
    pub value: Wire<In>,
    /// The shifted and saturated value's bits.
    pub out: Wire<Out>,
    shifted: Wire<Local>,
    extended: Wire<Local>,
    high: Vec<Wire<Local>>,
    sign: Vec<Wire<Local>>,
    largest: Const,
    smallest: Const,
    _kept: Slice,
    _high: Slice,
    _sign: Slice,
}

impl Clamp {
    /// A clamp of a `value_bits` value shifted right by `shift` to `bits` bits, given as `out_bits`.
    pub fn new(value_bits: usize, shift: usize, bits: usize, out_bits: usize) -> Self {
        let shift = shift.min(value_bits - 1);
        let left = value_bits - shift;
        let saturates = left > bits;
        let high = (left + 1).saturating_sub(bits).max(1);
        let wires = |bits| optional(saturates, || Wire::new(bits));
        Clamp {
            value: Wire::signed(value_bits),
            out: Wire::new(out_bits),
            shifted: Wire::signed(left.min(out_bits)),
            extended: Wire::signed(out_bits),
            high: wires(high),
            sign: wires(1),
            largest: Const::new((1 << (bits - 1)) - 1, out_bits),
            smallest: Const::new((1 << out_bits) - (1 << (bits - 1)), out_bits),
            _kept: Slice {
                offset: shift,
                width: left.min(out_bits),
            },
            _high: Slice {
                offset: (shift + bits - 1).min(value_bits - 1),
                width: high,
            },
            _sign: Slice {
                offset: value_bits - 1,
                width: 1,
            },
        }
    }
}

impl Logic for Clamp {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_clamp");
        self.shifted.next = self.value.val().index(self._kept).get_value_bits();
        self.extended.next = self.shifted.val();
        self.out.next = self.extended.val();
        for i in 0..self.high.len() {
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

/// A [`Clamp`] whose shift and width are those of a layer: the value's layer selects one of several.
///
/// Timing: combinational.
///
/// Contract: 1. `out` is that of the layer's clamp.
///
/// Not here: a multiplexer for a single layer.
#[derive(Clone, Debug, LogicBlock)]
pub struct LayerClamp {
    /// Value, two's complement.
    pub value: Wire<In>,
    /// The value's layer.
    pub layer: Wire<In>,
    /// The shifted and saturated value's bits.
    pub out: Wire<Out>,
    clamp: Vec<Clamp>,
    number: Vec<Const>,
}

impl LayerClamp {
    /// A clamp that shifts by `shift` and saturates to `bits` bits, one `(shift, bits)` per layer.
    pub fn new(value_bits: usize, layers: &[(usize, usize)], out_bits: usize) -> Self {
        let layer_bits = tern_compile::bits::index_bits(layers.len());
        let same = layers.windows(2).all(|pair| pair[0] == pair[1]);
        let kept = if same { &layers[..1] } else { layers };
        LayerClamp {
            value: Wire::signed(value_bits),
            layer: Wire::new(layer_bits),
            out: Wire::new(out_bits),
            clamp: kept
                .iter()
                .map(|(shift, bits)| Clamp::new(value_bits, *shift, *bits, out_bits))
                .collect(),
            number: (1..kept.len()).map(|k| Const::new(k, layer_bits)).collect(),
        }
    }
}

impl Logic for LayerClamp {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_layer_clamp");
        for i in 0..self.clamp.len() {
            self.clamp[i].value.next = self.value.val();
        }
        self.out.next = self.clamp[0].out.val();
        for i in 1..self.clamp.len() {
            if self.layer.val() == self.number[i - 1].val() {
                self.out.next = self.clamp[i].out.val();
            }
        }
    }
}
