//! What the structure of a core depends on: sizes, widths, and the order in which an LSTM block is summed.
//!
//! Two networks of the same shape differ only in memory contents, so one build of the hardware serves both.

use crate::{Design, Lstm};

/// Memories that may live in block RAM or in logic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// The four bias memories in block RAM.
    pub bias: bool,
    /// The state LUT in block RAM.
    pub state_lut: bool,
    /// The four gate LUTs in block RAM.
    pub gate_lut: bool,
}

/// Sizes and widths of a core for one LSTM layer with an optional linear head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Array and device.
    pub design: Design,
    /// Elements of an input vector.
    pub input_size: usize,
    /// Bits of an input element; 2 is a two-rail trit.
    pub input_bits: usize,
    /// Hidden units.
    pub hidden_size: usize,
    /// Outputs of the linear head, if there is one.
    pub outputs: Option<usize>,
    /// An output every time step, not only at the end of a sequence.
    pub every: bool,
    /// F: fraction bits of gates and state.
    pub gate_frac: usize,
    /// A: address bits of an activation LUT.
    pub lut_bits: usize,
    /// C: bits of the cell state.
    pub state_bits: usize,
    /// Right shift of each gate's sum before its LUT.
    pub lut_shift: [usize; 4],
    /// Right shift of the cell state before its LUT.
    pub state_lut_shift: usize,
    /// Threshold of the ternary hidden state.
    pub threshold: usize,
    /// ex: the input part is scaled by 2^ex.
    pub input_shift: usize,
    /// eh: the hidden part is scaled by 2^eh.
    pub hidden_shift: usize,
    /// Bits of a stored bias.
    pub bias_bits: usize,
    /// A stored bias is scaled by 2^this.
    pub bias_shift: usize,
    /// Where the memories live.
    pub placement: Placement,
}

/// One pass of a block over its inputs: a trit plane of x, or the hidden state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The hidden state rather than a plane of x.
    pub hidden: bool,
    /// Chunks of `lanes` activations.
    pub chunks: usize,
    /// Doublings of weight between this pass and the next: the partial sum shifts right by as much.
    pub shift_after: usize,
}

/// Bits of a two's complement number that holds -bound..=bound.
pub fn signed_bits(bound: usize) -> usize {
    (usize::BITS - bound.leading_zeros()) as usize + 1
}

/// Bits of an unsigned number that holds 0..count, at least 1.
pub fn index_bits(count: usize) -> usize {
    ((usize::BITS - count.saturating_sub(1).leading_zeros()) as usize).max(1)
}

impl Shape {
    /// The shape of a layer on a design; bias widths and placement are filled in by the compiler.
    pub(crate) fn of(
        lstm: &Lstm,
        input_bits: u32,
        outputs: Option<usize>,
        every: bool,
        design: &Design,
    ) -> Self {
        Shape {
            design: design.clone(),
            input_size: lstm.input_size,
            input_bits: input_bits as usize,
            hidden_size: lstm.hidden_size,
            outputs,
            every,
            gate_frac: lstm.gate_frac as usize,
            lut_bits: lstm.lut_bits as usize,
            state_bits: lstm.state_bits as usize,
            lut_shift: lstm.lut_shift.map(|shift| shift as usize),
            state_lut_shift: lstm.state_lut_shift as usize,
            threshold: lstm.threshold as usize,
            input_shift: lstm.input_shift as usize,
            hidden_shift: lstm.hidden_shift as usize,
            bias_bits: 1,
            bias_shift: 0,
            placement: Placement::default(),
        }
    }

    /// Trit planes of an input element: its magnitude bits.
    pub fn planes(&self) -> usize {
        self.input_bits - 1
    }

    /// Chunks of an input vector; also its beats on the stream.
    pub fn input_chunks(&self) -> usize {
        self.input_size.div_ceil(self.design.lanes)
    }

    /// Chunks of a hidden state vector.
    pub fn hidden_chunks(&self) -> usize {
        self.hidden_size.div_ceil(self.design.lanes)
    }

    /// Blocks of `rows` hidden units.
    pub fn blocks(&self) -> usize {
        self.hidden_size.div_ceil(self.design.rows)
    }

    /// Rows of results that the head drains: `columns` outputs each.
    pub fn head_rows(&self) -> usize {
        self.outputs.unwrap_or(0).div_ceil(self.design.columns)
    }

    /// Blocks of `rows` rows of head results.
    pub fn head_blocks(&self) -> usize {
        self.head_rows().div_ceil(self.design.rows)
    }

    /// Weight words of one LSTM block: each chunk of x once, whatever its planes, then each chunk of h.
    pub fn block_words(&self) -> usize {
        self.input_chunks() + self.hidden_chunks()
    }

    /// Words of each PE's weight memory.
    pub fn weight_words(&self) -> usize {
        self.blocks() * self.block_words() + self.head_blocks() * self.hidden_chunks()
    }

    /// Words of each bias memory: one a hidden unit, then one a head row.
    pub fn bias_words(&self) -> usize {
        self.hidden_size + self.head_rows()
    }

    /// Trit planes that come before the hidden pass: those that weigh no more than it.
    pub fn hidden_pass(&self) -> usize {
        (self.hidden_shift + 1)
            .saturating_sub(self.input_shift)
            .min(self.planes())
    }

    /// The passes of an LSTM block in order of rising weight, so that the partial sum only ever shifts right.
    pub fn passes(&self) -> Vec<Pass> {
        let before = self.hidden_pass();
        let plane = |p| (self.input_shift + p, false);
        let order: Vec<(usize, bool)> = (0..before)
            .map(plane)
            .chain([(self.hidden_shift, true)])
            .chain((before..self.planes()).map(plane))
            .collect();
        let weight_after = |k: usize| order.get(k + 1).map_or(order[k].0, |next| next.0);
        let chunks = |hidden| {
            if hidden {
                self.hidden_chunks()
            } else {
                self.input_chunks()
            }
        };
        order
            .iter()
            .enumerate()
            .map(|(k, &(weight, hidden))| Pass {
                hidden,
                chunks: chunks(hidden),
                shift_after: weight_after(k) - weight,
            })
            .collect()
    }

    /// Beats of a pass: its chunks, and one more for every shift beyond the one its last chunk makes.
    pub fn pass_beats(pass: &Pass) -> usize {
        pass.chunks + pass.shift_after.saturating_sub(1)
    }

    /// Beats of an LSTM block.
    pub fn block_beats(&self) -> usize {
        self.passes().iter().map(Self::pass_beats).sum()
    }

    /// Bits that shift out of the partial sum below it: a result is this many bits wider than the sum.
    pub fn low_bits(&self) -> usize {
        self.passes().iter().map(|pass| pass.shift_after).sum()
    }

    /// Bits of the partial sum: no order of any weights and activations overflows it.
    pub fn sum_bits(&self) -> usize {
        let (mut bound, mut peak) = (0usize, self.outputs.map_or(0, |_| self.hidden_size));
        for pass in self.passes() {
            bound += if pass.hidden {
                self.hidden_size
            } else {
                self.input_size
            };
            peak = peak.max(bound);
            bound = bound.div_ceil(1 << pass.shift_after);
        }
        signed_bits(peak)
    }

    /// Bits of a result as it leaves the array.
    pub fn result_bits(&self) -> usize {
        self.sum_bits() + self.low_bits()
    }

    /// Left shift of a result before the bias is added.
    pub fn result_shift(&self) -> usize {
        self.input_shift.min(self.hidden_shift)
    }

    /// Left shift of a head output inside the sum of result and bias.
    pub fn head_shift(&self) -> usize {
        self.low_bits() + self.result_shift()
    }

    /// Bits of the sum of result and bias.
    pub fn preactivation_bits(&self) -> usize {
        let bias = 1usize << (self.bias_bits - 1 + self.bias_shift);
        signed_bits((1usize << (self.result_bits() - 1 + self.result_shift())) + bias)
    }

    /// Bits of a head output, at most 32.
    pub fn output_bits(&self) -> usize {
        (self.preactivation_bits() - self.head_shift().min(self.preactivation_bits() - 1)).min(32)
    }

    /// Words of the hidden memory that belong to one bank.
    pub fn bank_words(&self) -> usize {
        self.hidden_chunks().next_power_of_two()
    }

    /// Cycles of a product: two bits of the gate each.
    pub fn product_cycles(&self) -> usize {
        (self.gate_frac + 1).div_ceil(2)
    }

    /// Bits of a beat on the input stream, a whole number of bytes.
    pub fn input_stream_bits(&self) -> usize {
        (self.design.lanes * self.input_bits).next_multiple_of(8)
    }

    /// Bits of a beat on the output stream.
    pub fn output_stream_bits(&self) -> usize {
        if self.outputs.is_some() {
            32
        } else {
            (2 * self.design.lanes).next_multiple_of(8)
        }
    }

    /// Ternary multiply-accumulates of a time step, the head's not counted: a b-bit input counts b - 1 a weight.
    pub fn macs_per_step(&self) -> usize {
        self.design.columns
            * self.hidden_size
            * (self.planes() * self.input_size + self.hidden_size)
    }
}
