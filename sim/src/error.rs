//! What can go wrong in a simulation.

use std::error::Error;
use std::fmt;

use tern_model::error::Error as ModelError;

use crate::compare::mismatch::Mismatch;
use crate::eda::error::ToolError;

/// A simulation that could not run, or that showed a fault of the core. Displays as one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimError {
    kind: Box<ErrorKind>,
}

/// Why a simulation failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A tool is missing or failed.
    Tool(ToolError),
    /// The stimulus does not fit the network.
    Model(ModelError),
    /// The core does not fit the stream, or broke a rule of it.
    Stream(String),
    /// Two executors gave different outputs.
    Mismatch(Mismatch),
}

impl SimError {
    /// A core that does not fit the stream, or broke a rule of it: `message` is the sentence.
    pub fn stream(message: impl Into<String>) -> SimError {
        SimError::from(ErrorKind::Stream(message.into()))
    }

    /// Why it failed.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }
}

impl fmt::Display for SimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::Tool(error) => error.fmt(f),
            ErrorKind::Model(error) => error.fmt(f),
            ErrorKind::Stream(message) => f.write_str(message),
            ErrorKind::Mismatch(mismatch) => mismatch.fmt(f),
        }
    }
}

impl Error for SimError {
    // The sentence is that of the inner error, whose cause is therefore the next in the chain.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.kind() {
            ErrorKind::Tool(error) => error.source(),
            ErrorKind::Model(error) => error.source(),
            ErrorKind::Stream(_) | ErrorKind::Mismatch(_) => None,
        }
    }
}

impl From<ErrorKind> for SimError {
    fn from(kind: ErrorKind) -> SimError {
        SimError {
            kind: Box::new(kind),
        }
    }
}

impl From<ToolError> for SimError {
    fn from(error: ToolError) -> SimError {
        SimError::from(ErrorKind::Tool(error))
    }
}

impl From<ModelError> for SimError {
    fn from(error: ModelError) -> SimError {
        SimError::from(ErrorKind::Model(error))
    }
}

impl From<Box<Mismatch>> for SimError {
    fn from(mismatch: Box<Mismatch>) -> SimError {
        SimError::from(ErrorKind::Mismatch(*mismatch))
    }
}
