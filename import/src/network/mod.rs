//! A recurrent network in full precision, as a file of another tool describes it.

mod layer;
pub(crate) mod rows;
mod run;

pub use layer::{Layer, Linear, Parameters};

use tern_model::network::Output;

use crate::error::{ImportError, refuse};

/// Largest size of an input, a hidden state or an output that Tern takes.
pub const LARGEST: usize = 4096;

/// Recurrent layers, from the input up, under an optional linear head.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// What is done to each feature of the input first.
    pub scaling: Option<Scaling>,
    /// The recurrent layers, at least one; each takes the hidden state of that below.
    pub layers: Vec<Layer>,
    /// The linear layer on the top layer's hidden state.
    pub head: Option<Head>,
    /// Which time steps the file's own network answers.
    pub output: Output,
}

/// A factor and an offset of each feature `[X]`: `x' = factor * x + offset`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    /// What a feature is multiplied with first.
    pub factor: Vec<f64>,
    /// What is then added.
    pub offset: Vec<f64>,
}

impl Scaling {
    /// The scaling of `size` features, where it has one number for all or as many.
    ///
    /// # Errors
    /// When it has another number.
    pub(crate) fn of_features(self, size: usize) -> Result<Scaling, ImportError> {
        let Scaling { factor, offset } = self;
        match factor.len() {
            1 => Ok(Scaling {
                factor: factor.repeat(size),
                offset: offset.repeat(size),
            }),
            count if count == size => Ok(Scaling { factor, offset }),
            count => refuse(format!("it scales {count} features, expected {size}")),
        }
    }
}

/// A linear layer and what follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Name in the file.
    pub name: String,
    /// The weights.
    pub linear: Linear,
    /// What is done with its outputs.
    pub finish: Finish,
}

/// What is done with the outputs of a head; none of it changes which is the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Nothing.
    Linear,
    /// `exp(y) / sum exp(y)`.
    Softmax,
    /// The logarithm of [`Finish::Softmax`].
    LogSoftmax,
    /// `1 / (1 + exp(-y))`.
    Sigmoid,
}

impl Network {
    /// Elements X of an input vector.
    pub fn input_size(&self) -> usize {
        self.layers.first().map_or(0, Layer::input_size)
    }
}

/// Checks the sizes of a recurrent layer's input and hidden state.
pub(crate) fn check_sizes([inputs, units]: [usize; 2]) -> Result<(), ImportError> {
    layer::in_range("input size", inputs)?;
    layer::in_range("hidden size", units)
}
