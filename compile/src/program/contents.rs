//! Other contents for the memories of a core that stays as it is.

use crate::bits::index_bits;
use crate::error::{Error, ErrorKind};
use crate::program::Program;
use crate::shape::Shape;

/// The seed of random contents: two programs of one shape get the same.
const SEED: u64 = 4096;

impl Program {
    /// A program of the same shape with random words in all memories that are in block RAM; those in logic, which are part of
    /// the structure, stay as they are.
    ///
    /// The random words depend on the shape alone and fill the memories to their last address. Each bit of a memory differs
    /// between its first two words: no synthesizer can take it for a constant.
    pub fn with_random_memories(&self) -> Program {
        let mut program = self.clone();
        let (shape, images) = (&self.shape, &mut program.images);
        let place = shape.placement;
        let tables = images.gate_luts.iter_mut();
        let weights = images.weights.iter_mut().flatten();
        let groups: [(bool, usize, Vec<&mut Vec<i128>>); 5] = [
            (true, 2 * shape.design.lanes, weights.collect()),
            (
                // An event array has them in the memories of its sums.
                place.bias || shape.events(),
                shape.bias_bits,
                images.biases.iter_mut().collect(),
            ),
            (place.gate_lut, shape.table_bits(), tables.collect()),
            (
                place.state_lut,
                shape.table_bits(),
                vec![&mut images.state_lut],
            ),
            (
                place.candidate_lut,
                shape.table_bits(),
                vec![&mut images.candidate_lut],
            ),
        ];
        let in_block_ram = groups.into_iter().filter(|(block, ..)| *block);
        let memories = in_block_ram
            .flat_map(|(_, width, memories)| memories.into_iter().map(move |words| (words, width)));
        let mut random = fastrand::Rng::with_seed(SEED);
        for (words, width) in memories.filter(|(words, _)| !words.is_empty()) {
            // Two's complement: a memory that is wider than a word takes its sign, too.
            let signed = |word: i128| (word << (128 - width)) >> (128 - width);
            words.resize(1 << index_bits(words.len()), 0);
            words.fill_with(|| signed(random.i128(..)));
            words[1] = !words[0];
        }
        program
    }

    /// The same network with its biases stored as in the core of another shape, whose stored biases may be wider or finer.
    ///
    /// # Errors
    /// When a bias has no such form.
    pub fn with_biases_like(&self, shape: &Shape) -> Result<Program, Error> {
        let mut program = self.clone();
        let (from, to) = (self.shape.bias_shift, shape.bias_shift);
        let limit = 1i128 << (shape.bias_bits - 1);
        for bias in program.images.biases.iter_mut().flatten() {
            let value = *bias << from;
            *bias = value >> to;
            if *bias << to != value || !(-limit..limit).contains(bias) {
                return Err(Error::new(
                    ErrorKind::Core,
                    format!(
                        "a bias is {value}, expected a multiple of {} from {} to {} for the {} bits of the core's bias memories",
                        1i128 << to,
                        -limit << to,
                        (limit - 1) << to,
                        shape.bias_bits
                    ),
                ));
            }
        }
        program.shape.bias_bits = shape.bias_bits;
        program.shape.bias_shift = to;
        program.shape.gate_lut_steps = shape.gate_lut_steps;
        program.shape.place_memories();
        Ok(program)
    }
}
