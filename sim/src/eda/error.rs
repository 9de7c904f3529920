//! Why a tool, or a file of its flow, could not be used.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// An EDA tool that is missing or that failed, or a file of its flow that cannot be used.
///
/// Displays as one sentence: the tool, what it was doing, and the last lines of its log.
#[derive(Clone, Debug)]
pub struct ToolError {
    kind: ToolErrorKind,
    message: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What kind of failure a [`ToolError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolErrorKind {
    /// A design, board or netlist that cannot be used, or that does not fit.
    Input,
    /// A file or folder that cannot be read or written.
    File,
    /// A program that is missing, too old or failed.
    Program,
}

impl ToolError {
    fn of(kind: ToolErrorKind, message: impl Into<String>) -> ToolError {
        ToolError {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// Something that was asked for cannot be used.
    pub(crate) fn new(message: impl Into<String>) -> ToolError {
        ToolError::of(ToolErrorKind::Input, message)
    }

    /// A program is missing, too old or failed.
    pub(crate) fn program(message: impl Into<String>) -> ToolError {
        ToolError::of(ToolErrorKind::Program, message)
    }

    /// "cannot `doing` `path`: `error`".
    pub(crate) fn file(
        doing: &str,
        path: &Path,
        error: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> ToolError {
        let source: Arc<dyn Error + Send + Sync> = error.into().into();
        let message = format!("cannot {doing} {}: {source}", path.display());
        ToolError {
            source: Some(source),
            ..ToolError::of(ToolErrorKind::File, message)
        }
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ToolErrorKind {
        self.kind
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ToolError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl PartialEq for ToolError {
    fn eq(&self, other: &ToolError) -> bool {
        (self.kind, &self.message) == (other.kind, &other.message)
    }
}

impl Eq for ToolError {}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::io;
    use std::path::Path;

    use super::{ToolError, ToolErrorKind};
    use crate::error::SimError;

    #[test]
    fn a_file_that_cannot_be_read_keeps_its_cause() {
        let cause = io::Error::from(io::ErrorKind::NotFound);
        let error = ToolError::file("read", Path::new("a.v"), cause);
        assert_eq!(error.kind(), ToolErrorKind::File);
        assert_eq!(error.to_string(), "cannot read a.v: entity not found");
        let error = SimError::from(error);
        let cause = error.source().expect("a cause");
        let cause = cause.downcast_ref::<io::Error>().expect("of the system");
        assert_eq!(cause.kind(), io::ErrorKind::NotFound);
    }
}
