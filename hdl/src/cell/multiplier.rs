//! A pipelined multiplier for the cell unit.

use crate::kit::prelude::*;

/// Two bits of the multiplicand: `sum' = sum + (a mod 4) · b · 4^index`.
#[derive(Clone, Debug, LogicBlock)]
struct Stage {
    pub clock: Signal<In, Clock>,
    pub a: Wire<In>,
    pub b: Wire<In>,
    pub sum: Wire<In>,
    pub a_out: Wire<Out>,
    pub b_out: Wire<Out>,
    pub sum_out: Wire<Out>,
    a_q: Reg,
    b_q: Reg,
    sum_q: Reg,
    once: Wire<Local>,
    twice: Wire<Local>,
    two: Const,
    weight: Const,
    double_weight: Const,
}

impl Stage {
    fn new(a_bits: usize, b_bits: usize, sum_bits: usize, index: usize) -> Self {
        Stage {
            clock: Signal::default(),
            a: Wire::new(a_bits),
            b: Wire::signed(b_bits),
            sum: Wire::signed(sum_bits),
            a_out: Wire::new(a_bits),
            b_out: Wire::signed(b_bits),
            sum_out: Wire::signed(sum_bits),
            a_q: Reg::new(a_bits),
            b_q: Reg::signed(b_bits),
            sum_q: Reg::signed(sum_bits),
            once: Wire::signed(sum_bits),
            twice: Wire::signed(sum_bits),
            two: Const::new(2, 2),
            weight: Const::new(2 * index, 8),
            double_weight: Const::new(2 * index + 1, 8),
        }
    }
}

impl Logic for Stage {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_multiplier_stage");
        dff_setup!(self, clock, a_q, b_q, sum_q);
        self.once.next = false.into();
        if self.a.val().get_bit(0).any() {
            self.once.next = self.b.val() << self.weight.val();
        }
        self.twice.next = false.into();
        if self.a.val().get_bit(1).any() {
            self.twice.next = self.b.val() << self.double_weight.val();
        }
        self.sum_q.d.next = self.sum.val() + self.once.val() + self.twice.val();
        self.a_q.d.next = self.a.val() >> self.two.val();
        self.b_q.d.next = self.b.val();
        self.a_out.next = self.a_q.q.val();
        self.b_out.next = self.b_q.q.val();
        self.sum_out.next = self.sum_q.q.val();
    }
}

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
    /// Unsigned factor.
    pub a: Wire<In>,
    /// Signed factor.
    pub b: Wire<In>,
    /// Signed addend, no wider than the product.
    pub addend: Wire<In>,
    /// Product plus addend, signed.
    pub product: Wire<Out>,
    stage: Vec<Stage>,
    first_a: Wire<Local>,
}

impl Multiplier {
    /// A multiplier of `a_bits` by `b_bits` in `cycles` stages.
    pub fn new(a_bits: usize, b_bits: usize, cycles: usize) -> Self {
        let (wide, sum) = (2 * cycles, Self::bits(a_bits, b_bits));
        Multiplier {
            clock: Signal::default(),
            a: Wire::new(a_bits),
            b: Wire::signed(b_bits),
            addend: Wire::signed(sum),
            product: Wire::signed(sum),
            stage: (0..cycles)
                .map(|k| Stage::new(wide, b_bits, sum, k))
                .collect(),
            first_a: Wire::new(wide),
        }
    }

    /// Bits of the product; one more than both factors so that an addend of as many bits fits.
    pub fn bits(a_bits: usize, b_bits: usize) -> usize {
        a_bits + b_bits + 1
    }
}

impl Logic for Multiplier {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_multiplier");
        self.first_a.next = self.a.val();
        self.stage[0].a.next = self.first_a.val();
        self.stage[0].b.next = self.b.val();
        self.stage[0].sum.next = self.addend.val();
        for i in 0..self.stage.len() {
            clock!(self, clock, stage[i]);
        }
        for i in 1..self.stage.len() {
            self.stage[i].a.next = self.stage[i - 1].a_out.val();
            self.stage[i].b.next = self.stage[i - 1].b_out.val();
            self.stage[i].sum.next = self.stage[i - 1].sum_out.val();
        }
        for i in (self.stage.len() - 1)..self.stage.len() {
            self.product.next = self.stage[i].sum_out.val();
        }
    }
}
