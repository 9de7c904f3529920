//! Bias and activation of one gate.

use crate::clamp::Clamp;
use crate::kit::prelude::*;
use tern_model::{GateImage, Shape, index_bits};

/// One gate of the activation stage: `gate = lut[clamp_A((2^k · result + bias) >> s)]`.
///
/// ```text
/// unit ──▶ bias memory ──┐
/// result ───── << k ─────+─▶[preactivation]─▶ >> s, clamp ─▶[index]─▶ LUT ─▶[ ]─▶ gate
/// ```
///
/// Timing: `unit` a cycle before `result`; `preactivation` follows `result` by 1 cycle, `gate` by 4.
/// One unit a cycle.
///
/// Contract:
/// 1. `preactivation` is the exact sum; for a head row it is the output scaled by 2^`head_shift`.
/// 2. `gate` is `lookup(lut, z, s)` of the number semantics, from the image's table.
///
/// Not here: which gate it is; the four differ in their images only.
#[derive(Clone, Debug, LogicBlock)]
pub struct Gate {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Bias word of the result that follows: hidden unit, or hidden size + head row.
    pub unit: Wire<In>,
    /// Result of the array.
    pub result: Wire<In>,
    /// Sum of result and bias, two's complement.
    pub preactivation: Wire<Out>,
    /// Value of the gate's LUT, `F + 2` bits, two's complement.
    pub gate: Wire<Out>,
    bias: Rom,
    sum: Reg,
    clamp: Clamp,
    index: Reg,
    lut: Rom,
    looked_up: Reg,
    signed_result: Wire<Local>,
    signed_bias: Wire<Local>,
    result_shift: Const,
    bias_shift: Const,
}

impl Gate {
    /// The unit of gate `column` of the shape with its memories' contents.
    pub fn new(shape: &Shape, column: usize, image: &GateImage) -> Self {
        let (address, bits, table) = (
            index_bits(shape.bias_words()),
            shape.preactivation_bits(),
            shape.gate_frac + 2,
        );
        Gate {
            clock: Signal::default(),
            unit: Wire::new(address),
            result: Wire::new(shape.result_bits()),
            preactivation: Wire::signed(bits),
            gate: Wire::signed(table),
            bias: Rom::new(
                "bias",
                shape.bias_bits,
                address,
                &image.bias,
                shape.placement.bias,
            ),
            sum: Reg::signed(bits),
            clamp: Clamp::new(bits, shape.lut_shift[column], shape.lut_bits),
            index: Reg::new(shape.lut_bits),
            lut: Rom::new(
                "gate_lut",
                table,
                shape.lut_bits,
                &image.lut,
                shape.placement.gate_lut,
            ),
            looked_up: Reg::new(table),
            signed_result: Wire::signed(shape.result_bits()),
            signed_bias: Wire::signed(shape.bias_bits),
            result_shift: Const::new(shape.result_shift(), 8),
            bias_shift: Const::new(shape.bias_shift, 8),
        }
    }
}

impl Logic for Gate {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_gate");
        dff_setup!(self, clock, sum, index, looked_up);
        self.bias.clock.next = self.clock.val();
        self.lut.clock.next = self.clock.val();
        self.bias.address.next = self.unit.val();
        self.signed_result.next = self.result.val();
        self.signed_bias.next = self.bias.data.val();
        self.sum.d.next = (self.signed_result.val() << self.result_shift.val())
            + (self.signed_bias.val() << self.bias_shift.val());
        self.clamp.value.next = self.sum.q.val();
        self.index.d.next = self.clamp.out.val();
        self.lut.address.next = self.index.q.val();
        self.looked_up.d.next = self.lut.data.val();
        self.preactivation.next = self.sum.q.val();
        self.gate.next = self.looked_up.q.val();
    }
}
