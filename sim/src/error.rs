//! What can go wrong in a simulation.

use std::fmt;

use tern_model::error::Error as ModelError;

use crate::eda::ToolError;
use crate::scoreboard::Mismatch;

/// A simulation that could not run, or that showed a fault of the core. Displays as one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SimError {
    /// A tool is missing or failed.
    Tool(ToolError),
    /// The stimulus does not fit the network.
    Model(ModelError),
    /// The core does not fit the stream, or broke a rule of it.
    Stream(String),
    /// Two executors gave different outputs.
    Mismatch(Box<Mismatch>),
}

impl fmt::Display for SimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SimError::Tool(error) => error.fmt(f),
            SimError::Model(error) => error.fmt(f),
            SimError::Stream(message) => f.write_str(message),
            SimError::Mismatch(mismatch) => mismatch.fmt(f),
        }
    }
}

impl std::error::Error for SimError {}

impl From<ToolError> for SimError {
    fn from(error: ToolError) -> SimError {
        SimError::Tool(error)
    }
}

impl From<ModelError> for SimError {
    fn from(error: ModelError) -> SimError {
        SimError::Model(error)
    }
}

impl From<Mismatch> for SimError {
    fn from(mismatch: Mismatch) -> SimError {
        SimError::Mismatch(Box::new(mismatch))
    }
}
