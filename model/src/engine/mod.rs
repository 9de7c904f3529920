//! The network on a processor: the golden model's outputs, computed with the vector instructions of the machine.
//!
//! Weights are laid out once, for the fastest instructions that the machine has ([`InstructionSet`]); every set gives the
//! same numbers, those of [`Golden`](crate::golden::Golden). A vector of trits, or of integers of few bits, enters as planes of
//! bits: the product of a row with a plane is the number of places where neither is zero, less twice the number of those where
//! the signs differ. A vector of more bits enters as bytes.
//!
//! ```
//! use tern_model::engine::Engine;
//! use tern_model::golden::Golden;
//! use tern_model::network::CellKind;
//! use tern_model::random::{RandomSpec, random_model, random_sequence};
//!
//! let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 20, 64), 1);
//! let sequence = random_sequence(&model, 30, 2);
//!
//! let engine = Engine::new(&model)?;
//! assert_eq!(engine.run(&sequence)?, Golden::new(&model).run(&sequence));
//!
//! // Step by step, as a live input comes in.
//! let mut state = engine.state(1);
//! for x in &sequence {
//!     let h = state.step(x)?;
//!     assert_eq!(h.len(), 64);
//! }
//! # Ok::<(), tern_model::error::Error>(())
//! ```

mod cell;
mod instructions;
mod kernels;
mod layer;
mod matrix;
mod state;
mod step;
mod vector;

pub use instructions::InstructionSet;
pub use state::State;

use std::sync::Arc;

use crate::error::Error;
use crate::network::{Model, Output, Sequence};
use crate::validate::Inputs;
use layer::Layer;
use matrix::{Form, TILE};
use state::Lane;
use vector::Vector;

/// Sequences of a batch that run side by side.
const SIDE_BY_SIDE: usize = 8;

/// A network ready to run. Its clones share the weights; threads may share it.
#[derive(Clone, Debug)]
pub struct Engine {
    weights: Arc<Weights>,
}

/// Everything of a network that does not change while it runs.
#[derive(Debug)]
struct Weights {
    layers: Vec<Layer>,
    inputs: Inputs,
    output: Output,
    output_size: usize,
    has_head: bool,
    instructions: InstructionSet,
    /// Zero state.
    start: Lane,
}

impl Engine {
    /// Lays the weights of `model` out for the fastest instructions of this machine.
    ///
    /// # Errors
    /// When `model` does not pass [`Model::validate`].
    pub fn new(model: &Model) -> Result<Engine, Error> {
        Engine::with(model, InstructionSet::best())
    }

    /// [`new`](Engine::new) with the instructions `set`.
    ///
    /// # Errors
    /// When `model` does not pass [`Model::validate`].
    ///
    /// # Panics
    /// When the machine lacks the instructions.
    pub fn with(model: &Model, set: InstructionSet) -> Result<Engine, Error> {
        assert!(set.is_available(), "this machine has no {set:?}");
        model.validate()?;
        let weights = Arc::new(Weights::new(model, set));
        Ok(Engine { weights })
    }

    /// The instructions that it computes with.
    pub fn instructions(&self) -> InstructionSet {
        self.weights.instructions
    }

    /// Checks that `x` can be one time step of the network's input, as [`Model::validate_input`] does.
    ///
    /// # Errors
    /// When the number of elements or a value is another.
    pub fn validate_input(&self, x: &[i32]) -> Result<(), Error> {
        self.weights.inputs.check(x)
    }

    /// The state of `sequences` sequences at their start.
    pub fn state(&self, sequences: usize) -> State {
        State::new(&self.weights, sequences)
    }

    /// Runs one whole sequence of inputs, from zero state, and returns the outputs that the core sends: one per time step for
    /// [`Output::Every`], the last alone for [`Output::Last`].
    ///
    /// # Errors
    /// When an input does not pass [`Model::validate_input`].
    pub fn run(&self, sequence: &[Vec<i32>]) -> Result<Sequence, Error> {
        let mut outputs = self.run_batch(&[sequence])?;
        Ok(outputs.pop().unwrap_or_default())
    }

    /// [`run`](Engine::run) of several sequences, of any lengths, side by side: faster than one after the other.
    ///
    /// # Errors
    /// When an input does not pass [`Model::validate_input`]; the error names sequence and time step.
    pub fn run_batch<S: AsRef<[Vec<i32>]>>(&self, sequences: &[S]) -> Result<Vec<Sequence>, Error> {
        let lengths: Vec<usize> = sequences.iter().map(|x| x.as_ref().len()).collect();
        let mut outputs = vec![Sequence::new(); sequences.len()];
        self.side_by_side(
            &lengths,
            |sequence, step| &sequences[sequence].as_ref()[step],
            |sequence, _, y| outputs[sequence].push(y.to_vec()),
        )?;
        Ok(outputs)
    }

    /// [`run_batch`](Engine::run_batch) of sequences of one length that stand one after the other: inputs
    /// `[sequences][steps][X]`, outputs `[sequences][steps][N]`, or `[sequences][N]` for [`Output::Last`].
    ///
    /// # Errors
    /// When an input does not pass [`Model::validate_input`]; the error names sequence and time step.
    ///
    /// # Panics
    /// When `x` has another length.
    pub fn run_flat(&self, x: &[i32], sequences: usize, steps: usize) -> Result<Vec<i32>, Error> {
        let (taken, given) = (self.weights.inputs.size, self.weights.output_size);
        assert_eq!(x.len(), sequences * steps * taken, "inputs");
        let outputs = match self.weights.output {
            Output::Every => steps,
            Output::Last => steps.min(1),
        };
        let mut y = vec![0; sequences * outputs * given];
        self.side_by_side(
            &vec![steps; sequences],
            |sequence, step| &x[(sequence * steps + step) * taken..][..taken],
            |sequence, output, values| {
                y[(sequence * outputs + output) * given..][..given].copy_from_slice(values);
            },
        )?;
        Ok(y)
    }

    /// Runs sequences of these lengths: `input` gives the input of a sequence's step, `give` gets a sequence's outputs with
    /// their numbers.
    fn side_by_side<'x>(
        &self,
        lengths: &[usize],
        input: impl Fn(usize, usize) -> &'x [i32],
        mut give: impl FnMut(usize, usize, &[i32]),
    ) -> Result<(), Error> {
        // The longest first: those that have ended are always the last of the ones side by side.
        let mut order: Vec<usize> = (0..lengths.len()).collect();
        order.sort_by_key(|&sequence| std::cmp::Reverse(lengths[sequence]));
        let mut state = self.state(SIDE_BY_SIDE.min(lengths.len()));
        for group in order.chunks(SIDE_BY_SIDE) {
            state.reset();
            for step in 0..lengths[group[0]] {
                let running = group.partition_point(|&sequence| lengths[sequence] > step);
                for (lane, &sequence) in group[..running].iter().enumerate() {
                    let x = input(sequence, step);
                    state.read(lane, x).map_err(|error| {
                        error.within(&format!("sequence {sequence}, time step {step}"))
                    })?;
                }
                let outputs = state.advance(running);
                let outputs = outputs.chunks_exact(self.weights.output_size);
                for (&sequence, y) in group.iter().zip(outputs) {
                    match self.weights.output {
                        Output::Every => give(sequence, step, y),
                        Output::Last if step + 1 == lengths[sequence] => give(sequence, 0, y),
                        Output::Last => (),
                    }
                }
            }
        }
        Ok(())
    }
}

impl Weights {
    fn new(model: &Model, instructions: InstructionSet) -> Weights {
        let form = |bits: u32| match bits <= instructions.most_planes() {
            true => Form::Planes,
            false => Form::Bytes,
        };
        let vector = |length, bits| Vector::zero(length, bits, form(bits));
        let mut vectors = vec![vector(model.input_size, model.input_bits - 1)];
        let (mut layers, mut cells) = (Vec::new(), Vec::new());
        for (index, layer) in model.layers.iter().enumerate() {
            let below = vectors[index].form;
            if let Some(hidden) = layer.hidden() {
                vectors.push(vector(layer.output_size(), hidden.bits() - 1));
                cells.push(vec![0; layer.output_size().next_multiple_of(TILE)]);
            }
            let own = vectors[vectors.len() - 1].form;
            layers.push(Layer::new(
                layer,
                model.layer_input_max(index),
                [below, own],
            ));
        }
        let sums = layers.iter().map(Layer::sums).max().unwrap_or(0);
        Weights {
            layers,
            inputs: model.inputs(),
            output: model.output,
            output_size: model.output_size(),
            has_head: model.head().is_some(),
            instructions,
            start: Lane {
                vectors,
                cells,
                sums: vec![0; sums],
            },
        }
    }

    /// Zero state.
    fn lane(&self) -> Lane {
        self.start.clone()
    }
}
