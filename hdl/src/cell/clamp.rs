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
    _shift: usize,
    _bits: usize,
}

impl Clamp {
    /// A clamp of a `value_bits` value shifted right by `shift` to `bits` bits, at least 2, given as `out_bits`.
    pub fn new(value_bits: usize, shift: usize, bits: usize, out_bits: usize) -> Self {
        assert!(bits <= out_bits, "{bits} bits fit {out_bits}");
        Clamp {
            value: Wire::signed(value_bits),
            out: Wire::new(out_bits),
            _shift: shift.min(value_bits - 1),
            _bits: bits,
        }
    }
}

impl Logic for Clamp {
    fn update(&mut self) {
        let limit = 1i128 << (self._bits - 1);
        let shifted = self.value.val().integer() >> self._shift;
        let clamped = shifted.clamp(-limit, limit - 1);
        self.out.next =
            Vector::signed(clamped, self.out.bits() as u32).fit(self.out.bits() as u32, false);
    }

    fn connect(&mut self) {
        self.out.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Wrapper(Wrapper {
            code: format!(
                "// @name tern_clamp: Shifts right by SHIFT and saturates to BITS bits, given as OUT_BITS.\n\
                 // @width value VALUE_BITS\n// @width out OUT_BITS\n\
                 localparam VALUE_BITS = {};\nlocalparam SHIFT = {};\nlocalparam BITS = {};\nlocalparam OUT_BITS = {};\n{TEXT}",
                self.value.bits(),
                self._shift,
                self._bits,
                self.out.bits(),
            ),
            cores: String::new(),
        })
    }
}

const TEXT: &str = "\
wire sign = value[VALUE_BITS-1];
generate
    if (BITS == 1) begin : sign_alone
        assign out = {OUT_BITS{sign}};
        wire unused = &{1'b0, value[VALUE_BITS-2:0]};
    end else begin : several_bits
        wire signed [VALUE_BITS-1:0] shifted = value >>> SHIFT;
        wire [BITS+VALUE_BITS-2:0] extended = {{BITS-1{sign}}, shifted};
        // The value fits where all bits from the result's sign on are equal.
        wire fits = extended[BITS-1 +: VALUE_BITS] == {VALUE_BITS{sign}};
        assign out = {{OUT_BITS-BITS+1{sign}}, fits ? extended[BITS-2:0] : {BITS-1{~sign}}};
    end
endgenerate
";

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
        comment!("@inline");
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
