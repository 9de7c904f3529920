//! What goes through a network as it runs, for histograms.

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
