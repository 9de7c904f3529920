//! The network of a language model in training.

use candle_core::{Device, Result, Tensor, Var};

use crate::language::head::{Softmax, TernaryHead};
use crate::language::recipe::{Recipe, SoftmaxKind};
use crate::layer::cell::LayerState;
use crate::layer::observe::{Activity, WeightPair};
use crate::layer::recurrent::Recurrent;
use crate::quantize::blocks::quantize_straight_through;
use crate::quantize::draws::Draws;
#[cfg(doc)]
use crate::quantize::precision::Precision;
use crate::quantize::quantizer::Quantizer;
use crate::quantize::ternary::{kept_magnitude, ternary, ternary_straight_through};
use crate::run::checkpoint::Parameters;
use crate::run::fit::Network;

/// Range of the embedding's random elements.
const EMBEDDING_RANGE: f32 = 0.1;

/// A word's embedding, recurrent layers of as many units, and a softmax.
///
/// Row v of `embedding`, in [`Precision::Hitnet`] made ternary, in [`Precision::Study`] quantized, is
/// the input that stands for word v. In [`SoftmaxKind::Full`] it is also, as it stands, the word's
/// softmax weight: both are one matrix.
#[derive(Clone, Debug)]
pub struct LanguageModel {
    ternary: bool,
    inputs: Quantizer,
    units: usize,
    embedding: Var,
    bias: Var,
    layers: Vec<Recurrent>,
    head: Option<TernaryHead>,
}

/// Masks of dropout, multiplied with the inputs of each layer and with the hidden states that the
/// softmax sees, each `[T * B, H]`.
pub type Masks = Vec<Option<Tensor>>;

impl LanguageModel {
    /// A network with random weights; `log_shares` holds, of each word, the logarithm of how
    /// frequent it is, which is where the softmax's bias begins.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn random(recipe: &Recipe, log_shares: &[f32]) -> Result<LanguageModel> {
        let (units, words) = (recipe.units, log_shares.len());
        let mut rng = fastrand::Rng::with_seed(recipe.seed);
        let mut value = |_| EMBEDDING_RANGE * (2.0 * rng.f32() - 1.0);
        let embedding: Vec<f32> = (0..words * units).map(&mut value).collect();
        let precision = &recipe.precision;
        let mut layer = |_| Recurrent::random(recipe.cell, precision.clone(), [units; 2], &mut rng);
        let layers: Result<Vec<Recurrent>> = (0..recipe.layers).map(&mut layer).collect();
        let layers = layers?;
        let head = match recipe.softmax {
            SoftmaxKind::Full => None,
            SoftmaxKind::Ternary => Some(TernaryHead::random(words, units, &mut rng)?),
        };
        Ok(LanguageModel {
            ternary: precision.hitnet().is_some(),
            inputs: precision.study().map_or(Quantizer::Full, |s| s.activations),
            units,
            embedding: Var::from_vec(embedding, (words, units), &Device::Cpu)?,
            bias: Var::from_slice(log_shares, words, &Device::Cpu)?,
            layers,
            head,
        })
    }

    /// What the logits are made of.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn softmax(&self) -> Result<Softmax> {
        match &self.head {
            Some(head) => head.softmax(&self.bias),
            None => Ok(Softmax {
                weight: self.embedding.as_tensor().clone(),
                bias: self.bias.as_tensor().clone(),
                scale: None,
            }),
        }
    }

    /// The recurrent layers from the input up.
    pub fn layers(&self) -> &[Recurrent] {
        &self.layers
    }

    /// The state of `batch` streams at their start, layer by layer.
    pub fn start(&self, batch: usize) -> Vec<LayerState> {
        let zero = |_: &Recurrent| LayerState::zero(batch, self.units);
        self.layers.iter().map(zero).collect()
    }

    /// The ternary embedding `[V, X]`, row-major: a threshold of its own for each word.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn trits(&self) -> Result<Vec<i8>> {
        let (words, _) = self.embedding.dims2()?;
        let values = self.embedding.flatten_all()?.to_vec1::<f32>()?;
        Ok(ternary(&values, words))
    }

    /// Hidden states `[T * B, H]` of the top layer for `tokens` `[T * B]`, time step after time
    /// step, from `state` on. `masks` is empty, or has one for each layer's input and one for the
    /// result.
    ///
    /// # Errors
    /// When a shape is wrong or a token outside the vocabulary.
    pub fn hidden_states(
        &self,
        tokens: &[u32],
        state: &mut [LayerState],
        masks: &Masks,
    ) -> Result<Tensor> {
        self.observed_states(tokens, state, masks, Draws::CERTAIN, &mut [])
    }

    /// What goes through the layers for `tokens`, read as one stream from zero state.
    ///
    /// # Errors
    /// When a token is outside the vocabulary.
    pub fn activity(&self, tokens: &[u32]) -> Result<Vec<Activity>> {
        let mut activity = vec![Activity::default(); self.layers.len()];
        let (mut state, masks) = (self.start(1), Masks::new());
        self.observed_states(tokens, &mut state, &masks, Draws::CERTAIN, &mut activity)?;
        Ok(activity)
    }

    /// The embedding and the weights of the layers, as trained and as used at inference.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn weight_pairs(&self) -> Result<Vec<WeightPair>> {
        let words = self.embedding.dim(0)?;
        let used = self.inputs(&self.embedding, words, Draws::CERTAIN)?;
        let mut all = vec![WeightPair::new("embedding", &self.embedding, &used)?];
        for (index, layer) in self.layers.iter().enumerate() {
            for pair in layer.weight_pairs()? {
                let name = format!("layers.{index}.{}", pair.name);
                all.push(WeightPair { name, ..pair });
            }
        }
        Ok(all)
    }

    /// The inputs of the lowest layer that `count` rows of the embedding stand for.
    fn inputs(&self, rows: &Tensor, count: usize, draws: Draws) -> Result<Tensor> {
        match self.ternary {
            true => ternary_straight_through(rows, count),
            false => quantize_straight_through(rows, self.inputs, count, draws),
        }
    }

    /// [`LanguageModel::hidden_states`] with the draws of stochastic quantizers; what the layers go
    /// through is added to `activity`, which is empty or has an element for each.
    pub(crate) fn observed_states(
        &self,
        tokens: &[u32],
        state: &mut [LayerState],
        masks: &Masks,
        draws: Draws,
        activity: &mut [Activity],
    ) -> Result<Tensor> {
        let count = tokens.len();
        let indices = Tensor::from_slice(tokens, count, &Device::Cpu)?;
        let rows = self.embedding.index_select(&indices, 0)?;
        let mut rows = self.inputs(&rows, count, draws.part(0))?;
        let masked = |rows: Tensor, index: usize| match masks.get(index) {
            Some(Some(mask)) => rows * mask,
            _ => Ok(rows),
        };
        for (index, (layer, state)) in self.layers.iter().zip(state).enumerate() {
            let draws = draws.part(1 + index as u64);
            let rows_in = masked(rows, index)?;
            let activity = activity.get_mut(index);
            let states = layer.observed_states(&rows_in, state, draws, activity)?;
            rows = states.reshape((count, self.units))?;
        }
        masked(rows, self.layers.len())
    }

    /// Sets the sloping factor of a [`Precision::Study`]: that of a share of the run.
    pub(crate) fn set_slope(&self, share: f64) -> Result<()> {
        let mut layers = self.layers.iter();
        layers.try_for_each(|layer| layer.set_slope(share))
    }
}

impl Network for LanguageModel {
    fn parameters(&self) -> Parameters<'_> {
        let unbounded = f64::from(f32::MAX);
        let mut all = vec![
            ("embedding".to_owned(), &self.embedding, unbounded),
            ("softmax.bias".to_owned(), &self.bias, unbounded),
        ];
        for (index, layer) in self.layers.iter().enumerate() {
            let named = |(name, value, bound)| (format!("layers.{index}.{name}"), value, bound);
            all.extend(layer.parameters().into_iter().map(named));
        }
        if let Some(head) = &self.head {
            let named = |(name, value, bound): (&str, _, _)| (name.to_owned(), value, bound);
            all.extend(head.parameters().map(named));
        }
        all
    }

    fn warm_start(&self, trained: &Self) -> Result<()> {
        let rows = trained.embedding.to_vec2::<f32>()?;
        let kept = rows.iter().map(|row| kept_magnitude(row));
        let mut input_scale = kept.sum::<f64>() / rows.len() as f64;
        let mut output_scale = 1.0;
        for (layer, trained) in self.layers.iter().zip(&trained.layers) {
            let scale = layer.scale_of_trit_for(trained);
            layer.warm_start(trained, input_scale, scale.unwrap_or(1.0))?;
            if let Some(scale) = scale {
                (input_scale, output_scale) = (scale, scale);
            }
        }
        match (&self.head, &trained.head) {
            (Some(head), None) => head.warm_start(&trained.embedding, output_scale)?,
            (Some(head), Some(trained)) => head.copy(trained)?,
            _ => (),
        }
        self.bias.set(&trained.bias.as_detached_tensor())?;
        self.embedding
            .set(&(trained.embedding.as_detached_tensor() * output_scale)?)
    }
}
