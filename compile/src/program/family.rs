//! Networks that share one shape, so that one build of the hardware serves them all.

use crate::design::Design;
use crate::error::{Error, ErrorKind};
use crate::program::Program;
use tern_model::network::Model;

impl Program {
    /// Compiles models that differ only in weights, biases and tables to programs of one shape, whose bias
    /// memories are as wide as the widest needs and whose LUTs count as the one with the most steps.
    ///
    /// # Errors
    /// As [`Program::compile`], and when a model differs from the first in a size, a shift or a threshold.
    pub fn compile_family(models: &[Model], design: &Design) -> Result<Vec<Program>, Error> {
        let compile = |model| Program::compile(model, design);
        let mut programs = models.iter().map(compile).collect::<Result<Vec<_>, _>>()?;
        let shapes = programs.iter().map(|program| &program.shape);
        let shift = shapes.clone().map(|shape| shape.bias_shift).min();
        let shift = shift.unwrap_or(0);
        let bits = shapes.map(|shape| shape.bias_bits + shape.bias_shift - shift);
        let bits = bits.max().unwrap_or(1);
        let steps = programs.iter().map(|program| program.shape.gate_lut_steps);
        let steps = steps.max().unwrap_or(0);
        for program in &mut programs {
            let spare = program.shape.bias_shift - shift;
            let words = program.images.biases.iter_mut().flatten();
            words.for_each(|word| *word <<= spare);
            program.shape.bias_shift = shift;
            program.shape.bias_bits = bits;
            program.shape.gate_lut_steps = steps;
            program.shape.place_memories();
        }
        let other = programs
            .iter()
            .position(|program| program.shape != programs[0].shape);
        match other {
            None => Ok(programs),
            Some(other) => Err(Error::new(
                ErrorKind::Core,
                format!(
                    "model `{}` differs from `{}` in a size, a shift or a threshold, expected weights, biases and tables alone to differ",
                    models[other].name, models[0].name
                ),
            )),
        }
    }
}
