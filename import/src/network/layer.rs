//! The layers of a network, checked.

use tern_model::network::CellKind;

use super::LARGEST;
use super::rows::gates;
use crate::error::{ImportError, refuse};

/// A recurrent layer of X inputs and H units, G gates in the order of PyTorch: i, f, g, o or r, z, n.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    kind: CellKind,
    sizes: [usize; 2],
    parameters: Parameters,
}

/// The numbers of a recurrent layer, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Weights of the input `[G * H, X]`.
    pub weight_ih: Vec<f32>,
    /// Weights of the hidden state `[G * H, H]`.
    pub weight_hh: Vec<f32>,
    /// Biases of the input's product `[G * H]`.
    pub bias_ih: Vec<f32>,
    /// Biases of the hidden state's product `[G * H]`.
    pub bias_hh: Vec<f32>,
}

impl Layer {
    /// A layer of `[X, H]` inputs and units.
    ///
    /// # Errors
    /// When a size is 0 or above [`LARGEST`], a tensor is of another size, or a value is not finite.
    pub fn new(
        kind: CellKind,
        sizes: [usize; 2],
        parameters: Parameters,
    ) -> Result<Layer, ImportError> {
        let [inputs, units] = sizes;
        in_range("input size", inputs)?;
        in_range("hidden size", units)?;
        let rows = gates(kind) * units;
        let tensors = [
            ("weight_ih", &parameters.weight_ih, rows * inputs),
            ("weight_hh", &parameters.weight_hh, rows * units),
            ("bias_ih", &parameters.bias_ih, rows),
            ("bias_hh", &parameters.bias_hh, rows),
        ];
        for (name, values, expected) in tensors {
            complete(name, values, expected)?;
        }
        Ok(Layer {
            kind,
            sizes,
            parameters,
        })
    }

    /// LSTM or GRU.
    pub fn kind(&self) -> CellKind {
        self.kind
    }

    /// Inputs X.
    pub fn input_size(&self) -> usize {
        self.sizes[0]
    }

    /// Units H.
    pub fn hidden_size(&self) -> usize {
        self.sizes[1]
    }

    /// The numbers.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }
}

/// A linear layer of H inputs and N outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    sizes: [usize; 2],
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// A layer of `[H, N]` inputs and outputs, weights `[N, H]` and biases `[N]`.
    ///
    /// # Errors
    /// When a size is 0 or above [`LARGEST`], a tensor is of another size, or a value is not finite.
    pub fn new(sizes: [usize; 2], weight: Vec<f32>, bias: Vec<f32>) -> Result<Linear, ImportError> {
        let [inputs, outputs] = sizes;
        in_range("number of inputs", inputs)?;
        in_range("number of outputs", outputs)?;
        complete("weight", &weight, inputs * outputs)?;
        complete("bias", &bias, outputs)?;
        Ok(Linear {
            sizes,
            weight,
            bias,
        })
    }

    /// Inputs H.
    pub fn input_size(&self) -> usize {
        self.sizes[0]
    }

    /// Outputs N.
    pub fn output_size(&self) -> usize {
        self.sizes[1]
    }

    /// Weights `[N, H]`.
    pub fn weight(&self) -> &[f32] {
        &self.weight
    }

    /// Biases `[N]`.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }
}

/// Checks a size.
pub(super) fn in_range(what: &str, size: usize) -> Result<(), ImportError> {
    match (1..=LARGEST).contains(&size) {
        true => Ok(()),
        false => refuse(format!("the {what} is {size}, expected 1 to {LARGEST}")),
    }
}

/// Checks that there are so many values, all finite.
fn complete(name: &str, values: &[f32], expected: usize) -> Result<(), ImportError> {
    if values.len() != expected {
        let found = values.len();
        return refuse(format!("{name} has {found} elements, expected {expected}"));
    }
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(place) => refuse(format!(
            "{name} has {} as element {place}, expected finite numbers",
            values[place]
        )),
    }
}
