//! Running sequences.

use std::sync::Arc;

use super::vector::Vector;
use super::{Weights, kernels};
use crate::error::Error;

/// The state of one sequence in all layers.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    /// The input, and above it the hidden state of each recurrent layer.
    pub vectors: Vec<Vector>,
    /// Cell state c or state q of each recurrent layer, padded to whole tiles.
    pub cells: Vec<Vec<i32>>,
    /// Sums of the layer that was computed last.
    pub sums: Vec<i32>,
}

/// Sequences that run side by side through the network of an [`Engine`](super::Engine), each with a state of its own.
///
/// A step allocates nothing.
#[derive(Clone, Debug)]
pub struct State {
    weights: Arc<Weights>,
    lanes: Vec<Lane>,
    outputs: Vec<i32>,
}

impl State {
    pub(super) fn new(weights: &Arc<Weights>, sequences: usize) -> State {
        State {
            weights: Arc::clone(weights),
            lanes: vec![weights.lane(); sequences],
            outputs: vec![0; sequences * weights.output_size],
        }
    }

    /// How many sequences run side by side.
    pub fn sequences(&self) -> usize {
        self.lanes.len()
    }

    /// Sets the state of all sequences to zero, as at their start.
    pub fn reset(&mut self) {
        (0..self.lanes.len()).for_each(|sequence| self.reset_one(sequence));
    }

    /// Sets the state of one sequence to zero.
    ///
    /// # Panics
    /// When there are no more than `sequence` sequences.
    pub fn reset_one(&mut self, sequence: usize) {
        let lane = &mut self.lanes[sequence];
        lane.vectors.iter_mut().for_each(Vector::clear);
        lane.cells.iter_mut().for_each(|cells| cells.fill(0));
    }

    /// Runs one time step of every sequence on the inputs `x`, `[sequences][X]` one after the other, and returns the top
    /// layer's outputs `[sequences][N]`: N values of the head, or the hidden state of H.
    ///
    /// # Errors
    /// When `x` has another length, or an input is not one that
    /// [`Model::validate_input`](crate::network::Model::validate_input) takes. The state is then as it was.
    pub fn step(&mut self, x: &[i32]) -> Result<&[i32], Error> {
        let size = self.weights.inputs.size;
        let (sequences, elements) = (self.lanes.len(), x.len());
        if sequences != 1 && elements != sequences * size {
            let expected = sequences * size;
            let problem = format!("has {elements} elements, expected {expected}");
            return Err(Error::new("input", problem));
        }
        match sequences {
            1 => self.read(0, x)?,
            _ => {
                for (sequence, x) in x.chunks(size).enumerate() {
                    let place = |error: Error| error.within(&format!("sequence {sequence}"));
                    self.read(sequence, x).map_err(place)?;
                }
            }
        }
        Ok(self.advance(sequences))
    }

    /// Puts the input of a sequence's next step in place.
    pub(super) fn read(&mut self, sequence: usize, x: &[i32]) -> Result<(), Error> {
        let input = &mut self.lanes[sequence].vectors[0];
        self.weights.inputs.read(x, &mut input.values)?;
        input.pack();
        Ok(())
    }

    /// Runs one time step of the first `sequences` sequences, whose inputs are in place, and returns their outputs.
    pub(super) fn advance(&mut self, sequences: usize) -> &[i32] {
        let lanes = &mut self.lanes[..sequences];
        kernels::run(self.weights.instructions, &self.weights.layers, lanes);
        let size = self.weights.output_size;
        let outputs = &mut self.outputs[..sequences * size];
        for (output, lane) in outputs.chunks_exact_mut(size).zip(lanes) {
            match self.weights.has_head {
                true => output.copy_from_slice(&lane.sums[..size]),
                false => {
                    let top = lane.vectors.last().into_iter().flat_map(|top| &top.values);
                    output.iter_mut().zip(top).for_each(|(y, &h)| *y = h.into());
                }
            }
        }
        outputs
    }
}
