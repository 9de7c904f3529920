//! Why a board was not reached, or what it said.

use std::fmt;

/// One sentence about a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The port could not be opened, or failed.
    Port(String),
    /// No answer came to a request, however often it was repeated.
    Silent {
        /// The port.
        port: String,
        /// How often the request was sent.
        attempts: u32,
        /// Bytes that came and were no answer.
        noise: u64,
    },
    /// What answers is not what was expected.
    Device(String),
    /// The sequence had to begin anew too often.
    Restarts {
        /// The port.
        port: String,
        /// How often it began.
        restarts: u32,
        /// What happened last.
        last: String,
    },
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::Port(sentence) | LinkError::Device(sentence) => f.write_str(sentence),
            LinkError::Silent {
                port,
                attempts,
                noise: 0,
            } => write!(
                f,
                "{port}: nothing answers to {attempts} requests, expected a board with a core of Tern and the baud rate of its bitstream"
            ),
            LinkError::Silent {
                port,
                attempts,
                noise,
            } => write!(
                f,
                "{port}: {noise} bytes came and no answer among them to {attempts} requests, expected a board with a core of Tern and the baud rate of its bitstream"
            ),
            LinkError::Restarts {
                port,
                restarts,
                last,
            } => write!(
                f,
                "{port}: a sequence began {restarts} times and did not come to its end: {last}"
            ),
        }
    }
}

impl std::error::Error for LinkError {}
