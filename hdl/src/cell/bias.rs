//! The bias of one of the four sums.

use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;

/// The bias of one of the four sums: `preactivation = 2^k · result + bias`.
///
/// ```text
/// word ──▶ bias memory ─▶[ ]─┐
/// result ─────── << k ───────+─▶[preactivation]
/// ```
///
/// Timing: `word` comes two cycles before `result`; `preactivation` follows `result` by one cycle.
///
/// Contract: 1. `preactivation` is the exact sum, scaled by 2^`Shape::section_shift` of the unit's section.
///
/// Not here: what becomes of it (`Gate`, `GruCell`, `Head`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Bias {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Bias word of the result that follows.
    pub word: Wire<In>,
    /// Result of the array.
    pub result: Wire<In>,
    /// Sum of result and bias, two's complement.
    pub preactivation: Wire<Out>,
    /// Write `load_word` to the bias memory; only in a core that loads its network, as the next two.
    pub load: Wire<In>,
    /// Address to write.
    pub load_address: Wire<In>,
    /// Bias to write.
    pub load_word: Wire<In>,
    bias: Memory,
    fetched: Reg,
    sum: Reg,
    signed_result: Wire<Local>,
    signed_bias: Wire<Local>,
    result_shift: Const,
    bias_shift: Const,
}

impl Bias {
    /// The bias of sum `sum`, 0 to 3.
    pub fn new(program: &Program, sum: usize) -> Self {
        let shape = &program.shape;
        let address = index_bits(shape.bias_words());
        Bias {
            clock: Signal::default(),
            word: Wire::new(address),
            result: Wire::new(shape.result_bits()),
            preactivation: Wire::signed(shape.preactivation_bits()),
            load: Wire::optional(shape.loads(), 1),
            load_address: Wire::optional(shape.loads(), address),
            load_word: Wire::optional(shape.loads(), shape.bias_bits),
            bias: Memory::new(
                shape.bias_bits,
                address,
                &program.images.biases[sum],
                Style::block(shape.placement.bias),
                Access::loaded(shape.loads()),
            ),
            fetched: Reg::new(shape.bias_bits),
            sum: Reg::signed(shape.preactivation_bits()),
            signed_result: Wire::signed(shape.result_bits()),
            signed_bias: Wire::signed(shape.bias_bits),
            result_shift: Const::new(shape.result_shift(), 8),
            bias_shift: Const::new(shape.bias_shift, 8),
        }
    }
}

inputs!(Bias: word, result, load, load_address, load_word);

impl Logic for Bias {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_bias");
        comment!("@about preactivation = 2^k * result + bias.");
        dff_setup!(self, clock, fetched, sum);
        clock!(self, clock, bias);
        self.bias.address.next = self.word.val();
        for _i in 0..self.load.count() {
            self.bias.write.next = self.load.val();
            self.bias.write_address.next = self.load_address.val();
            self.bias.write_data.next = self.load_word.val();
        }
        self.signed_result.next = self.result.val();
        self.fetched.d.next = self.bias.data.val();
        self.signed_bias.next = self.fetched.q.val();
        self.sum.d.next = (self.signed_result.val() << self.result_shift.val())
            + (self.signed_bias.val() << self.bias_shift.val());
        self.preactivation.next = self.sum.q.val();
    }
}
