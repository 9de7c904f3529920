//! Other contents for the memories of a core that stays as it is.

use crate::{DesignError, Placement, Program, Shape, index_bits};

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
        let table = shape.gate_frac + 2;
        let weights = images.weights.iter_mut().flatten();
        let mut memories: Vec<(&mut Vec<i128>, usize)> = weights
            .map(|words| (words, 2 * shape.design.lanes))
            .collect();
        for gate in &mut images.gates {
            if shape.placement.bias {
                memories.push((&mut gate.bias, shape.bias_bits));
            }
            if shape.placement.gate_lut {
                memories.push((&mut gate.lut, table));
            }
        }
        if shape.placement.state_lut {
            memories.push((&mut images.state_lut, table));
        }
        let mut random = fastrand::Rng::with_seed(SEED);
        memories.retain(|(words, _)| !words.is_empty());
        for (words, width) in memories {
            let mask = u128::MAX >> (128 - width);
            words.resize(1 << index_bits(words.len()), 0);
            words.fill_with(|| (random.u128(..) & mask) as i128);
            words[1] = (!(words[0] as u128) & mask) as i128;
        }
        program
    }

    /// The same network with its biases stored as in the core of another shape, whose stored biases may be wider or finer.
    ///
    /// # Errors
    /// When a bias has no such form.
    pub fn with_biases_like(&self, shape: &Shape) -> Result<Program, DesignError> {
        let mut program = self.clone();
        let (from, to) = (self.shape.bias_shift, shape.bias_shift);
        let limit = 1i128 << (shape.bias_bits - 1);
        for bias in program
            .images
            .gates
            .iter_mut()
            .flat_map(|gate| &mut gate.bias)
        {
            let value = *bias << from;
            *bias = value >> to;
            if *bias << to != value || !(-limit..limit).contains(bias) {
                return Err(DesignError(format!(
                    "a bias is {value}, expected a multiple of {} from {} to {} for the {} bits of the core's bias memories",
                    1i128 << to,
                    -limit << to,
                    (limit - 1) << to,
                    shape.bias_bits
                )));
            }
        }
        program.shape.bias_bits = shape.bias_bits;
        program.shape.bias_shift = to;
        program.shape.placement = Placement::default();
        program.shape.place_memories();
        Ok(program)
    }
}
