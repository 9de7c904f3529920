//! A classifier of sequences in training.

mod given;
mod start;
mod units;

pub use given::{Given, GivenLayer};

use candle_core::{DType, Device, Result, Tensor, Var};
use tern_model::network::{Layer, Linear};

use crate::classify::recipe::Recipe;
use crate::data::batch::Batch;
use crate::layer::cell::LayerState;
use crate::layer::recurrent::Recurrent;
use crate::ops::dropout::mask;
use crate::ops::within::within;
use crate::quantize::round::round_straight_through;
use crate::quantize::ternary::{ternary, ternary_straight_through};
use crate::run::checkpoint::Parameters;
use crate::run::fit::Network;

/// Logit that one unit of a ternary head's integers counts at the start.
const HEAD_SLOPE: f32 = 0.25;
/// Range of that logit.
const HEAD_SLOPES: (f32, f32) = (0.01, 10.0);
/// Largest magnitude of an integer bias of the head.
const HEAD_BIAS_LIMIT: f32 = 127.0;
/// Largest magnitude of a weight of the head.
const HEAD_WEIGHT_BOUND: f64 = 1.0;

/// Recurrent layers under a linear head on the last hidden state, as real-valued shadow parameters.
///
/// With ternary numbers the forward pass computes with the integers that [`Classifier::layers`]
/// exports, held in floats that represent them exactly; a logit is the head's integer times a
/// learned slope.
#[derive(Clone, Debug)]
pub struct Classifier {
    ternary: bool,
    units: usize,
    layers: Vec<Recurrent>,
    weight: Var,
    bias: Var,
    /// Logit that one unit of the head's integers counts, over `unit` where there is one.
    slope: Var,
    /// That logit at the start, so that the slope moves by shares of it, however small the weights of the trained network
    /// are that it begins with. Only a network that begins alive has one.
    unit: Option<Var>,
}

impl Classifier {
    /// A network with random weights for `inputs` features and `classes` classes.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn random(recipe: &Recipe, inputs: usize, classes: usize) -> Result<Classifier> {
        let mut rng = fastrand::Rng::with_seed(recipe.seed);
        let units = recipe.units;
        let mut layers = Vec::new();
        for index in 0..recipe.layers {
            let cell = recipe.cell;
            let precision = recipe.precision.clone();
            let layer = match index {
                0 => Recurrent::random(cell, precision, [inputs, units], &mut rng)?
                    .with_input_bits(recipe.input_bits),
                _ => Recurrent::random(cell, precision, [units; 2], &mut rng)?,
            };
            if recipe.hitnet().is_some() {
                layer.begin_at(recipe.gate_slope, recipe.hidden_gain)?;
            }
            layers.push(match recipe.alive {
                Some(_) => layer.with_own_threshold()?,
                None => layer,
            });
        }
        let range = 1.0 / (units as f32).sqrt();
        let value = |_| range * (2.0 * rng.f32() - 1.0);
        let weight: Vec<f32> = (0..classes * units).map(value).collect();
        let slope = Var::new(&[HEAD_SLOPE], &Device::Cpu)?;
        let (slope, unit) = match recipe.hitnet().and(recipe.alive) {
            Some(_) => (Var::ones(1, DType::F32, &Device::Cpu)?, Some(slope)),
            None => (slope, None),
        };
        Ok(Classifier {
            ternary: recipe.hitnet().is_some(),
            units,
            layers,
            weight: Var::from_vec(weight, (classes, units), &Device::Cpu)?,
            bias: Var::zeros(classes, DType::F32, &Device::Cpu)?,
            slope,
            unit,
        })
    }

    /// Logits `[B, N]` of a batch.
    ///
    /// # Errors
    /// When a shape is wrong.
    pub fn logits(&self, batch: &Batch) -> Result<Tensor> {
        Ok(self.outputs(batch, None)?.0)
    }

    /// Logits `[B, N]` of a batch, and the hidden states `[T, B, H]` of each layer; `dropout` is a share and what draws it.
    ///
    /// # Errors
    /// When a shape is wrong.
    pub(crate) fn outputs(
        &self,
        batch: &Batch,
        mut dropout: Option<(f64, &mut fastrand::Rng)>,
    ) -> Result<(Tensor, Vec<Tensor>)> {
        let mut masked = |rows: Tensor| match &mut dropout {
            None => Ok(rows),
            Some((share, rng)) => match mask(*share, rows.dims2()?, rng)? {
                None => Ok(rows),
                Some(mask) => rows * mask,
            },
        };
        let states = self.hidden_states(batch, &mut masked)?;
        let top = states.last().expect("a classifier has at least one layer");
        Ok((self.head(&masked(batch.last(top)?)?)?, states))
    }

    /// Hidden states `[T, B, H]` of each layer; `between` changes those that the layer above takes,
    /// `[T * B, H]`.
    fn hidden_states(
        &self,
        batch: &Batch,
        mut between: impl FnMut(Tensor) -> Result<Tensor>,
    ) -> Result<Vec<Tensor>> {
        let (steps, sequences, features) = batch.inputs.dims3()?;
        let rows = (steps * sequences, self.units);
        let mut all = Vec::new();
        let mut below = batch.inputs.reshape((steps * sequences, features))?;
        for (index, layer) in self.layers.iter().enumerate() {
            if index > 0 {
                below = between(below)?;
            }
            let mut state = LayerState::zero(sequences, self.units);
            let states = layer.hidden_states(&below, &mut state)?;
            below = states.reshape(rows)?;
            all.push(states);
        }
        Ok(all)
    }

    /// Logits of hidden states `[B, H]`.
    fn head(&self, hidden: &Tensor) -> Result<Tensor> {
        if !self.ternary {
            let logits = hidden.matmul(&self.weight.t()?)?;
            return logits.broadcast_add(&self.bias);
        }
        let weight = ternary_straight_through(&self.weight, 1)?;
        let integers = hidden.matmul(&weight.t()?)?;
        let integers = integers.broadcast_add(&self.integer_bias()?)?;
        integers.broadcast_mul(&self.head_slope()?)
    }

    fn head_slope(&self) -> Result<Tensor> {
        match &self.unit {
            Some(unit) => within(
                &(self.slope.as_tensor() * unit.as_detached_tensor())?,
                HEAD_SLOPES,
            ),
            None => within(&self.slope, HEAD_SLOPES),
        }
    }

    /// Sets the logit that one unit of the head's integers counts.
    fn set_head_slope(&self, logit: f64) -> Result<()> {
        let logit = Tensor::new(&[logit as f32], &Device::Cpu)?;
        match &self.unit {
            None => self.slope.set(&logit),
            Some(unit) => {
                self.slope.set(&logit.ones_like()?)?;
                unit.set(&logit)
            }
        }
    }

    /// Integer biases of a ternary head.
    fn integer_bias(&self) -> Result<Tensor> {
        let bias = self.bias.broadcast_div(&self.head_slope()?)?;
        round_straight_through(&bias, HEAD_BIAS_LIMIT)
    }

    /// The layers that stand for the network: the integers that the forward pass computed with;
    /// `None` of a full-precision one.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn layers(&self) -> Result<Option<Vec<Layer>>> {
        let mut layers = Vec::new();
        for layer in &self.layers {
            match layer.layer()? {
                Some(layer) => layers.push(layer),
                None => return Ok(None),
            }
        }
        let bias = self.integer_bias()?.to_vec1::<f32>()?;
        layers.push(Layer::Linear(Linear {
            input_size: self.units,
            output_size: bias.len(),
            weight: ternary(&self.weight.flatten_all()?.to_vec1::<f32>()?, 1),
            bias: bias.into_iter().map(|b| b as i32).collect(),
        }));
        Ok(Some(layers))
    }
}

impl Network for Classifier {
    fn parameters(&self) -> Parameters<'_> {
        let unbounded = f64::from(f32::MAX);
        let mut all = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let named = |(name, value, bound)| (format!("layers.{index}.{name}"), value, bound);
            all.extend(layer.parameters().into_iter().map(named));
        }
        let weight_bound = match self.ternary {
            true => HEAD_WEIGHT_BOUND,
            false => unbounded,
        };
        all.push(("head.weight".to_owned(), &self.weight, weight_bound));
        all.push(("head.bias".to_owned(), &self.bias, unbounded));
        all.push(("head.slope".to_owned(), &self.slope, unbounded));
        let unit = self.unit.as_ref();
        all.extend(unit.map(|unit| ("head.unit".to_owned(), unit, unbounded)));
        all
    }

    fn warm_start(&self, trained: &Self) -> Result<()> {
        let layers = self.layers.iter().zip(&trained.layers);
        let scale = |(layer, trained): (&Recurrent, &Recurrent)| layer.scale_of_trit_for(trained);
        self.warm_start_at(trained, &layers.map(scale).collect::<Vec<_>>())
    }
}
