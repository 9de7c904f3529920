//! Adam with a limit on the gradient's norm.

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, Var};

/// Decay of the running mean of the gradients.
const BETA_1: f64 = 0.9;
/// Decay of the running mean of their squares.
const BETA_2: f64 = 0.999;
/// Keeps the quotient finite.
const EPSILON: f64 = 1e-8;

/// A parameter, and the magnitude that none of its elements exceeds.
pub(crate) type Bounded = (Var, f64);

/// State of Adam (Kingma and Ba, 2015).
#[derive(Clone, Debug)]
pub(crate) struct Adam {
    /// Updates made so far.
    pub(crate) updates: u32,
    /// Of each parameter, the running mean of its gradient.
    pub(crate) means: Vec<Tensor>,
    /// Of each parameter, the running mean of its gradient's square.
    pub(crate) squares: Vec<Tensor>,
}

impl Adam {
    pub(crate) fn new(parameters: &[Bounded]) -> Result<Adam> {
        let zeros = || -> Result<Vec<Tensor>> {
            let zeros = parameters.iter().map(|(p, _)| p.zeros_like());
            zeros.collect()
        };
        Ok(Adam {
            updates: 0,
            means: zeros()?,
            squares: zeros()?,
        })
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
        for (index, (parameter, bound)) in parameters.iter().enumerate() {
            let Some(gradient) = gradients.get(parameter) else {
                continue;
            };
            let gradient = (gradient.detach() * shrink)?;
            let mean = ((&self.means[index] * BETA_1)? + (&gradient * (1.0 - BETA_1))?)?;
            let square = ((&self.squares[index] * BETA_2)? + (gradient.sqr()? * (1.0 - BETA_2))?)?;
            let deviation = ((&square / unbias_2)?.sqrt()? + EPSILON)?;
            let change = ((&mean * (learning_rate / unbias_1))? / deviation)?;
            let next = (parameter.as_detached_tensor() - change)?;
            parameter.set(&next.clamp(-bound, *bound)?)?;
            self.means[index] = mean;
            self.squares[index] = square;
        }
        Ok(())
    }
}

/// Norm of the gradient over all parameters.
fn norm(parameters: &[Bounded], gradients: &GradStore) -> Result<f64> {
    let mut sum = 0.0;
    for (parameter, _) in parameters {
        if let Some(gradient) = gradients.get(parameter) {
            sum += f64::from(gradient.sqr()?.sum_all()?.to_scalar::<f32>()?);
        }
    }
    Ok(sum.sqrt())
}
