//! A pipelined multiplier for the cell unit.

use crate::kit::prelude::*;

/// `product = a · b + addend`, `a` unsigned and `b` signed, two bits of `a` a cycle.
///
/// ```text
/// a      ─▶┌─────────┐  ┌─────────┐      ┌─────────┐
/// b      ─▶│ stage 0 ├─▶│ stage 1 ├─ … ─▶│ stage n │─▶ product
/// addend ─▶└─────────┘  └─────────┘      └─────────┘
/// ```
///
/// Timing: `Shape::product_cycles` cycles; a product a cycle. With `F = 0` the gate is one bit and the
/// product is a multiplexer.
///
/// Contract: 1. exact for all factors and addends whose sum fits the product, which is wider than both factors together.
///
/// Not here: rounding and saturation. Nothing in the array multiplies; this is the cell unit's.
#[derive(Clone, Debug, LogicBlock)]
pub struct Multiplier {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Unsigned factor, as many bits as the stages take.
    pub a: Wire<In>,
    /// Signed factor.
    pub b: Wire<In>,
    /// Signed addend, no wider than the product.
    pub addend: Wire<In>,
    /// Product plus addend, signed.
    pub product: Wire<Out>,
    /// What each stage adds to: the factors that are left, and the sum.
    _stages: Vec<(Vector, Vector, Vector)>,
}

impl Multiplier {
    /// A multiplier of `a_bits` by `b_bits` in `cycles` stages, at least half as many as `a_bits`.
    pub fn new(a_bits: usize, b_bits: usize, cycles: usize) -> Self {
        let (wide, sum) = (2 * cycles, Self::bits(a_bits, b_bits));
        assert!(a_bits <= wide, "{cycles} stages take {wide} bits");
        let (a, b, zero) = (
            Vector::unsigned(0, wide as u32),
            Vector::signed(0, b_bits as u32),
            Vector::signed(0, sum as u32),
        );
        Multiplier {
            clock: Signal::default(),
            a: Wire::new(wide),
            b: Wire::signed(b_bits),
            addend: Wire::signed(sum),
            product: Wire::signed(sum),
            _stages: vec![(a, b, zero); cycles],
        }
    }

    /// Bits of the product; one more than both factors so that an addend of as many bits fits.
    pub fn bits(a_bits: usize, b_bits: usize) -> usize {
        a_bits + b_bits + 1
    }
}

impl Logic for Multiplier {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let sum_bits = self.product.bits() as u32;
            let mut came = (self.a.val(), self.b.val(), self.addend.val());
            for (k, stage) in self._stages.iter_mut().enumerate() {
                let (a, b, sum) = came;
                let digit = a.integer() >> (2 * k) & 3;
                let sum = sum.integer() + ((digit * b.integer()) << (2 * k));
                came = std::mem::replace(stage, (a, b, Vector::signed(sum, sum_bits)));
            }
            if let Some((_, _, sum)) = self._stages.last() {
                self.product.next = *sum;
            }
        }
    }

    fn connect(&mut self) {
        self.product.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Wrapper(Wrapper {
            code: format!(
                "// @name tern_multiplier: product = a * b + addend, two bits of `a` per cycle.\n\
                 // @width a 2*STAGES\n// @width b B_BITS\n// @width addend SUM_BITS\n// @width product SUM_BITS\n\
                 localparam STAGES = {};\nlocalparam B_BITS = {};\nlocalparam SUM_BITS = {};\n{TEXT}",
                self._stages.len(),
                self.b.bits(),
                self.product.bits()
            ),
            cores: String::new(),
        })
    }
}

const TEXT: &str = "\
genvar k;
generate
    for (k = 0; k < STAGES; k = k + 1) begin : stage
        // Bits of `a` from 2*k on, and what they multiply.
        wire [2*(STAGES-k)-1:0] digits;
        wire signed [B_BITS-1:0] factor;
        wire signed [SUM_BITS-1:0] sum;
        wire [SUM_BITS-1:0] once = {{SUM_BITS-B_BITS{factor[B_BITS-1]}}, factor} << (2*k);
        reg signed [SUM_BITS-1:0] sum_q;
        always @(posedge clock)
            sum_q <= sum + ({SUM_BITS{digits[0]}} & once) + ({SUM_BITS{digits[1]}} & {once[SUM_BITS-2:0], 1'b0});
        if (k == 0) begin : first
            assign digits = a;
            assign factor = b;
            assign sum = addend;
        end else begin : later
            assign digits = stage[k-1].passed.digits_q;
            assign factor = stage[k-1].passed.factor_q;
            assign sum = stage[k-1].sum_q;
        end
        if (k + 1 < STAGES) begin : passed
            reg [2*(STAGES-k)-3:0] digits_q;
            reg signed [B_BITS-1:0] factor_q;
            always @(posedge clock) begin
                digits_q <= digits[2*(STAGES-k)-1:2];
                factor_q <= factor;
            end
        end
    end
endgenerate
assign product = stage[STAGES-1].sum_q;
";
