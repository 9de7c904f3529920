//! A network that was trained elsewhere, in full precision and on real features.

use candle_core::{Device, Tensor, Var};
use tern_model::network::CellKind;

use crate::classify::network::Classifier;
use crate::error::TrainError;
use tern_features::Scaling;

/// A full-precision network that was trained elsewhere: recurrent layers of H units each under a linear head.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Kind of all layers.
    pub cell: CellKind,
    /// Units H of each layer.
    pub units: usize,
    /// The layers, from the input up; the first takes real features.
    pub layers: Vec<GivenLayer>,
    /// Weights of the head `[N, H]`.
    pub weight: Vec<f32>,
    /// Biases of the head `[N]`.
    pub bias: Vec<f32>,
}

/// A layer of X inputs, row-major, gates in the order of PyTorch.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenLayer {
    /// Weights of the input `[G * H, X]`.
    pub weight_ih: Vec<f64>,
    /// Weights of the hidden state `[G * H, H]`.
    pub weight_hh: Vec<f32>,
    /// Biases `[4 * H]`: i, f, g, o of an LSTM; r, z, and the candidate's of input and hidden state of a GRU.
    pub bias: Vec<f64>,
}

impl Classifier {
    /// Takes over the numbers of a network on real features, for the features that `scaling` makes of them in `bits` bits.
    ///
    /// An integer x stands for `x / scale + offset`: the factor goes into the weights of the input, the offset into the biases.
    ///
    /// # Errors
    /// When the sizes differ or the tensor library fails.
    pub(crate) fn take_over(
        &self,
        given: &Given,
        scaling: &Scaling,
        bits: u32,
    ) -> Result<(), TrainError> {
        let mut layers = given.layers.clone();
        if let Some(first) = layers.first_mut() {
            first.take_integers(scaling, bits);
        }
        let single = |values: &[f64]| values.iter().map(|value| *value as f32).collect::<Vec<_>>();
        if layers.len() != self.layers.len() {
            return Err(TrainError::new(format!(
                "the network has {} layers, expected {}",
                layers.len(),
                self.layers.len()
            )));
        }
        for (own, given) in self.layers.iter().zip(&layers) {
            for (name, value, _) in own.parameters() {
                match name {
                    "weight_ih" => set(name, value, single(&given.weight_ih))?,
                    "weight_hh" => set(name, value, given.weight_hh.clone())?,
                    "bias" => set(name, value, single(&given.bias))?,
                    _ => (),
                }
            }
        }
        set("head.weight", &self.weight, given.weight.clone())?;
        set("head.bias", &self.bias, given.bias.clone())
    }
}

impl GivenLayer {
    /// The layer for integers in place of the real features that they stand for.
    fn take_integers(&mut self, scaling: &Scaling, bits: u32) {
        // Full precision divides an integer by what counts as 1.
        let one = f64::from(1u32 << (bits - 2));
        let features = scaling.offset.len();
        // The biases of a GRU's hidden candidate come last, behind those of the rows.
        let rows = self.weight_ih.chunks_mut(features.max(1));
        for (row, bias) in rows.zip(&mut self.bias) {
            let constants = scaling.offset.iter().zip(&scaling.scale);
            for (weight, (offset, scale)) in row.iter_mut().zip(constants) {
                *bias += *weight * offset;
                // A feature that never changes is always 0.
                *weight *= if *scale == 0.0 { 0.0 } else { one / scale };
            }
        }
    }
}

fn set(name: &str, value: &Var, numbers: Vec<f32>) -> Result<(), TrainError> {
    let (found, expected) = (numbers.len(), value.elem_count());
    if found != expected {
        return Err(TrainError::new(format!(
            "{name} has {found} numbers, expected {expected}"
        )));
    }
    Ok(value.set(&Tensor::from_vec(numbers, value.dims(), &Device::Cpu)?)?)
}
