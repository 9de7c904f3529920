//! Where a ternary classifier begins: so many of its hidden trits alive.

use candle_core::Result;

use crate::classify::network::Classifier;
use crate::data::batch::Batch;
use crate::layer::observe::{alive, kept};
use crate::layer::recurrent::Recurrent;
use crate::quantize::ternary::kept_magnitude;

/// Halvings of the range of a threshold, or of a slope.
const HALVINGS: usize = 12;
/// Least threshold that is tried: below it a trit is the sign of noise.
const LEAST_THRESHOLD: f64 = 1.0 / 64.0;
/// Part of the share that is taken for it.
const ENOUGH: f64 = 0.8;
/// Most that slopes are multiplied by, where no threshold makes enough trits alive.
const STEEPEST: f64 = 16.0;
/// Most that is added to the pre-activations of the gates that let a trit come to life, where no slope is enough.
const OPENEST: f64 = 8.0;
/// Least that is.
const LEAST_OPEN: f64 = 1.0 / 64.0;

impl Classifier {
    /// Begins with a share `alive` of the hidden trits of `sample` that are not 0, layer by layer: at
    /// the thresholds that give it and, where none does, with steeper gates and then with gates that are
    /// further open: pure HitNet has no thresholds between 0 and 1, and of the units whose gates begin at
    /// 0 or 1 alike it has a quarter alive after one step. A trained full-precision network lends its
    /// weights; a trit then stands for the mean of the states that it keeps.
    ///
    /// # Errors
    /// When the networks differ in size or the tensor library fails.
    pub(crate) fn begin_alive(
        &self,
        trained: Option<&Classifier>,
        sample: &Batch,
        share: f64,
    ) -> Result<()> {
        if let Some(trained) = trained {
            let states = trained.hidden_states(sample, Ok)?;
            let layers = self.layers.iter().zip(&trained.layers);
            let mut scales = Vec::new();
            for ((layer, trained), states) in layers.zip(&states) {
                let scale = layer.scale_of_trit_for(trained);
                let scale = scale.map(|_| kept(states, &sample.lengths, share));
                scales.push(scale.transpose()?);
            }
            self.warm_start_at(trained, &scales)?;
        }
        if !self.ternary {
            return Ok(());
        }
        for (index, layer) in self.layers.iter().enumerate() {
            let reached = || alive(&self.hidden_states(sample, Ok)?[index], &sample.lengths);
            let enough = || Ok(reached()? > share);
            // More than the share at the lower end, less at the upper.
            bisect([LEAST_THRESHOLD, 1.0], |threshold| {
                layer.set_threshold(threshold)?;
                enough()
            })?;
            if reached()? < ENOUGH * share {
                let mut steepness = 1.0;
                bisect([STEEPEST, 1.0], |to| {
                    layer.steepen(to / steepness)?;
                    steepness = to;
                    enough()
                })?;
            }
            if reached()? < ENOUGH * share {
                let mut openness = 0.0;
                bisect([OPENEST, LEAST_OPEN], |to| {
                    layer.open(to - openness)?;
                    openness = to;
                    enough()
                })?;
            }
        }
        Ok(())
    }

    /// Begins where a trained network ends; of each layer that becomes ternary, what a trit of its
    /// hidden state stands for.
    pub(super) fn warm_start_at(&self, trained: &Self, scales: &[Option<f64>]) -> Result<()> {
        let mut scale_of_input = 1.0;
        for ((layer, trained), scale) in self.layers.iter().zip(&trained.layers).zip(scales) {
            let scale = scale.unwrap_or(1.0);
            Recurrent::warm_start(layer, trained, scale_of_input, scale)?;
            scale_of_input = scale;
        }
        self.weight.set(&trained.weight.as_detached_tensor())?;
        self.bias.set(&trained.bias.as_detached_tensor())?;
        let logit = match self.ternary && !trained.ternary {
            false => f64::from(trained.head_slope()?.to_vec1::<f32>()?[0]),
            true => {
                let weight = trained.weight.flatten_all()?.to_vec1::<f32>()?;
                kept_magnitude(&weight) * scale_of_input
            }
        };
        self.set_head_slope(logit)
    }
}

/// Tries values between two ends, of which `above` holds at the first and not at the other; the last
/// one tried is next to where that changes.
fn bisect([mut low, mut high]: [f64; 2], mut above: impl FnMut(f64) -> Result<bool>) -> Result<()> {
    for _ in 0..HALVINGS {
        let middle = (low * high).sqrt();
        match above(middle)? {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(())
}
