//! What goes through a network as it runs: for histograms, and for where a ternary one begins.

use candle_core::{Result, Tensor};

/// Values that one recurrent layer takes over a text.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// Of each gate, in its order.
    pub gates: Vec<GateActivity>,
    /// Hidden states, all units of all time steps.
    pub hidden: Vec<f32>,
}

/// Values that one gate takes, all units of all time steps.
#[derive(Clone, Debug, Default)]
pub struct GateActivity {
    /// Pre-activations: the arguments of sigmoid or tanh, sloping factor included.
    pub arguments: Vec<f32>,
    /// Activations, as they are used.
    pub values: Vec<f32>,
}

/// Weights of a matrix, as trained and as used.
#[derive(Clone, Debug)]
pub struct WeightPair {
    /// Name of the parameter.
    pub name: String,
    /// Shadow weights.
    pub shadow: Vec<f32>,
    /// The values that the forward pass computes with.
    pub used: Vec<f32>,
}

impl WeightPair {
    pub(crate) fn new(name: impl Into<String>, shadow: &Tensor, used: &Tensor) -> Result<Self> {
        let values = |tensor: &Tensor| tensor.flatten_all()?.to_vec1::<f32>();
        Ok(WeightPair {
            name: name.into(),
            shadow: values(shadow)?,
            used: values(used)?,
        })
    }
}

/// The hidden states `[T, B, H]` of the time steps that sequences of these lengths have: of each, H.
fn real_steps(states: &Tensor, lengths: &[usize]) -> Result<Vec<Vec<f32>>> {
    let mut real = Vec::new();
    for (t, step) in states.detach().to_vec3::<f32>()?.into_iter().enumerate() {
        let rows = step.into_iter().zip(lengths);
        real.extend(rows.filter(|(_, length)| t < **length).map(|(row, _)| row));
    }
    Ok(real)
}

/// Share of hidden states `[T, B, H]` that are not 0, without the steps behind a sequence's last.
pub(crate) fn alive(states: &Tensor, lengths: &[usize]) -> Result<f64> {
    let states = real_steps(states, lengths)?.concat();
    let alive = states.iter().filter(|h| **h != 0.0).count();
    Ok(alive as f64 / states.len().max(1) as f64)
}

/// Mean magnitude of a share of hidden states `[T, B, H]`, the largest, without the steps behind a
/// sequence's last.
pub(crate) fn kept(states: &Tensor, lengths: &[usize], share: f64) -> Result<f64> {
    let states = real_steps(states, lengths)?.concat();
    let mut magnitudes: Vec<f32> = states.iter().map(|h| h.abs()).collect();
    magnitudes.sort_by(|a, b| b.total_cmp(a));
    let count = ((magnitudes.len() as f64 * share) as usize).max(1);
    let largest = magnitudes.iter().take(count).map(|h| f64::from(*h));
    Ok(largest.sum::<f64>() / count as f64)
}

/// Which of H units have a hidden state other than 0 in some step of `[T, B, H]`, added to `ever`.
pub(crate) fn ever_alive(states: &Tensor, lengths: &[usize], ever: &mut [bool]) -> Result<()> {
    for step in real_steps(states, lengths)? {
        let pairs = ever.iter_mut().zip(step);
        pairs.for_each(|(ever, h)| *ever |= h != 0.0);
    }
    Ok(())
}
