//! Adam with a limit on the gradient's norm.

use std::sync::{Mutex, PoisonError};

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor, Var, bail};

use rayon::prelude::*;

use crate::ops::floats::floats;

/// Decay of the running mean of the gradients.
const BETA_1: f64 = 0.9;
/// Decay of the running mean of their squares.
const BETA_2: f64 = 0.999;
/// Elements that a thread takes at least, and of whose squares one sum is made.
const BLOCK: usize = 4096;
/// Keeps the quotient finite.
const EPSILON: f32 = 1e-8;

/// A parameter, and the magnitude that none of its elements exceeds.
pub(crate) type Bounded = (Var, f64);

/// State of Adam (Kingma and Ba, 2015).
#[derive(Clone, Debug)]
pub(crate) struct Adam {
    /// Updates made so far.
    pub(crate) updates: u32,
    /// Of each parameter, its running means.
    pub(crate) moments: Vec<Moments>,
}

/// Running means of one parameter, an element of each for each of its own.
#[derive(Clone, Debug)]
pub(crate) struct Moments {
    /// Of the gradient.
    pub(crate) mean: Vec<f32>,
    /// Of the gradient's square.
    pub(crate) square: Vec<f32>,
}

impl Adam {
    pub(crate) fn new(parameters: &[Bounded]) -> Adam {
        let moments = |(parameter, _): &Bounded| Moments {
            mean: vec![0.0; parameter.elem_count()],
            square: vec![0.0; parameter.elem_count()],
        };
        Adam {
            updates: 0,
            moments: parameters.iter().map(moments).collect(),
        }
    }

    /// One update at the given learning rate. The gradient is scaled down where its norm over all
    /// parameters exceeds `norm_limit`; each parameter is kept within its bound.
    pub(crate) fn step(
        &mut self,
        parameters: &[Bounded],
        gradients: &GradStore,
        learning_rate: f64,
        norm_limit: f64,
    ) -> Result<()> {
        self.updates += 1;
        let unbias_1 = 1.0 - BETA_1.powf(f64::from(self.updates));
        let unbias_2 = 1.0 - BETA_2.powf(f64::from(self.updates));
        let shrink = (norm_limit / norm(parameters, gradients)?).min(1.0);
        for ((parameter, bound), moments) in parameters.iter().zip(&mut self.moments) {
            let Some(gradient) = gradients.get(parameter) else {
                continue;
            };
            let update = Update {
                shrink: shrink as f32,
                rate: (learning_rate / unbias_1) as f32,
                unbias_2: unbias_2 as f32,
                bound: *bound as f32,
                moments: Mutex::new(moments),
            };
            parameter.inplace_op2(&gradient.contiguous()?, &update)?;
        }
        Ok(())
    }
}

/// An update of one parameter in its place.
struct Update<'a> {
    shrink: f32,
    rate: f32,
    unbias_2: f32,
    bound: f32,
    moments: Mutex<&'a mut Moments>,
}

impl InplaceOp2 for Update<'_> {
    fn name(&self) -> &'static str {
        "adam"
    }

    fn cpu_fwd(
        &self,
        parameter: &mut CpuStorage,
        parameter_layout: &Layout,
        gradient: &CpuStorage,
        gradient_layout: &Layout,
    ) -> Result<()> {
        let Some((start, end)) = parameter_layout.contiguous_offsets() else {
            bail!("a parameter is contiguous");
        };
        let CpuStorage::F32(values) = parameter else {
            bail!("a parameter is of 32-bit floats");
        };
        let gradient = floats(gradient, gradient_layout)?;
        let mut moments = self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        let Moments { mean, square } = &mut **moments;
        let (decay_1, decay_2) = (BETA_1 as f32, BETA_2 as f32);
        let moments = mean.par_iter_mut().zip(square);
        let values = values[start..end].par_iter_mut().zip(gradient);
        let all = values.zip(moments).with_min_len(BLOCK);
        all.for_each(|((value, &gradient), (mean, square))| {
            let gradient = gradient * self.shrink;
            *mean = decay_1 * *mean + (1.0 - decay_1) * gradient;
            *square = decay_2 * *square + (1.0 - decay_2) * gradient * gradient;
            let deviation = (*square / self.unbias_2).sqrt() + EPSILON;
            let next = *value - self.rate * *mean / deviation;
            *value = next.clamp(-self.bound, self.bound);
        });
        Ok(())
    }
}

/// Norm of the gradient over all parameters.
fn norm(parameters: &[Bounded], gradients: &GradStore) -> Result<f64> {
    let mut sum = 0.0;
    for (parameter, _) in parameters {
        if let Some(gradient) = gradients.get(parameter) {
            sum += squares(gradient)?;
        }
    }
    Ok(sum.sqrt())
}

/// Sum of the squares of all elements.
fn squares(tensor: &Tensor) -> Result<f64> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    let candle_core::Storage::Cpu(storage) = &*storage else {
        bail!("a gradient is in main memory");
    };
    let blocks = floats(storage, layout)?.par_chunks(BLOCK).map(|block| {
        let mut lanes = [0f32; 16];
        let (chunks, rest) = block.as_chunks::<16>();
        for chunk in chunks {
            lanes.iter_mut().zip(chunk).for_each(|(l, v)| *l += v * v);
        }
        let rest: f32 = rest.iter().map(|v| v * v).sum();
        f64::from(lanes.iter().sum::<f32>() + rest)
    });
    // In the order of the blocks, whichever thread made them.
    let blocks: Vec<f64> = blocks.collect();
    Ok(blocks.into_iter().sum())
}
