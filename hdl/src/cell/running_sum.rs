//! A sum that is kept from step to step, and its bias.

use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;
use tern_compile::shape::Shape;

/// One of the four sums of every unit, kept from step to step: `preactivation = 2^k · result + (kept sum or bias)`.
///
/// ```text
/// {!kept, word} ─▶ memory ─▶[ ]─┐          lower half: kept sums, upper half: biases
/// result ────────────── << k ───+─▶[preactivation]─▶ memory, lower half, where `keep`
/// ```
///
/// The sum of changes is exact: `z(t) = z(t-1) + W·(v(t) - v(t-1))` holds for integers to the last bit. A sum of changes may need a
/// bit more than `preactivation` has; what wraps there wraps back, since the total fits.
///
/// Timing: `word`, `kept` and `keep` come two cycles before `result`; `preactivation` follows `result` by one cycle, and can be
/// read as a kept sum by a `word` that comes four cycles after the one it is of. One sum per cycle.
///
/// Contract:
/// 1. `preactivation` is the exact sum of `result` and the kept sum, with `kept`, or of `result` and the bias, without.
/// 2. With `keep` it is what the next `word` with `kept` finds; without, nothing changes.
///
/// Not here: which sums are changes (`EventDrain`); the bias is the memory's initial contents, so that nothing has to be filled
/// when a sequence begins.
#[derive(Clone, Debug, LogicBlock)]
pub struct RunningSum {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Word of the result that follows.
    pub word: Wire<In>,
    /// The result is a change of the kept sum.
    pub kept: Wire<In>,
    /// Keep the sum.
    pub keep: Wire<In>,
    /// Result of the array.
    pub result: Wire<In>,
    /// The sum, two's complement.
    pub preactivation: Wire<Out>,
    /// Write `load_word` to the biases; only in a core that loads its network, as the next two.
    pub load: Wire<In>,
    /// Address to write.
    pub load_address: Wire<In>,
    /// Bias to write.
    pub load_word: Wire<In>,
    memory: Memory,
    fetched: Reg,
    sum: Reg,
    word_delay: Delay,
    keep_delay: Delay,
    cold: Wire<Local>,
    upper: Wire<Local>,
    signed_result: Wire<Local>,
    signed_kept: Wire<Local>,
    sum_bits: Wire<Local>,
    signed_load: Vec<Wire<Local>>,
    upper_half: Vec<Const>,
    word_bits: Const,
    result_shift: Const,
    bias_shift: Vec<Const>,
}

impl RunningSum {
    /// The running sum `sum`, 0 to 3.
    pub fn new(program: &Program, sum: usize) -> Self {
        let shape = &program.shape;
        let (word, width) = (index_bits(shape.bias_words()), shape.preactivation_bits());
        let contents = Self::contents(shape, &program.images.biases[sum]);
        RunningSum {
            clock: Signal::default(),
            word: Wire::new(word),
            kept: Wire::new(1),
            keep: Wire::new(1),
            result: Wire::new(shape.result_bits()),
            preactivation: Wire::signed(width),
            load: Wire::optional(shape.loads(), 1),
            load_address: Wire::optional(shape.loads(), word),
            load_word: Wire::optional(shape.loads(), shape.bias_bits),
            memory: Memory::new(width, word + 1, &contents, Style::Block, Access::WritePort),
            fetched: Reg::new(width),
            sum: Reg::signed(width),
            word_delay: Delay::new(word, 3),
            keep_delay: Delay::new(1, 3),
            cold: Wire::new(1),
            upper: Wire::new(word + 1),
            signed_result: Wire::signed(shape.result_bits()),
            signed_kept: Wire::signed(width),
            sum_bits: Wire::new(width),
            signed_load: optional(shape.loads(), || Wire::signed(shape.bias_bits)),
            upper_half: optional(shape.loads(), || Const::new(1 << word, word + 1)),
            word_bits: Const::new(word, 8),
            result_shift: Const::new(shape.result_shift(), 8),
            bias_shift: optional(shape.loads(), || Const::new(shape.bias_shift, 8)),
        }
    }
}

inputs!(RunningSum: word, kept, keep, result, load, load_address, load_word);

impl RunningSum {
    /// The memory's first contents, from the stored biases: sums of no step, then biases.
    pub fn contents(shape: &Shape, biases: &[i128]) -> Vec<i128> {
        let mut contents = vec![0; 1 << index_bits(shape.bias_words())];
        contents.extend(biases.iter().map(|bias| bias << shape.bias_shift));
        contents
    }
}

impl Logic for RunningSum {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_running_sum");
        comment!("@about preactivation = 2^k * result + what is kept of the");
        comment!("@about step before, or the bias.");
        dff_setup!(self, clock, fetched, sum);
        clock!(self, clock, memory, word_delay, keep_delay);
        self.word_delay.d.next = self.word.val();
        self.keep_delay.d.next = self.keep.val();

        self.cold.next = !self.kept.val();
        self.upper.next = self.cold.val();
        self.memory.address.next = (self.upper.val() << self.word_bits.val()) | self.word.val();
        self.fetched.d.next = self.memory.data.val();
        self.signed_result.next = self.result.val();
        self.signed_kept.next = self.fetched.q.val();
        self.sum.d.next =
            (self.signed_result.val() << self.result_shift.val()) + self.signed_kept.val();
        self.preactivation.next = self.sum.q.val();

        self.sum_bits.next = self.sum.q.val();
        self.memory.write.next = self.keep_delay.q.val();
        self.memory.write_address.next = self.word_delay.q.val();
        self.memory.write_data.next = self.sum_bits.val();
        for i in 0..self.signed_load.len() {
            self.signed_load[i].next = self.load_word.val();
            if self.load.val().any() {
                self.memory.write.next = true.into();
                self.memory.write_address.next = self.upper_half[i].val() | self.load_address.val();
                self.sum_bits.next = self.signed_load[i].val() << self.bias_shift[i].val();
                self.memory.write_data.next = self.sum_bits.val();
            }
        }
    }
}
