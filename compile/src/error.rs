//! Why a design, or a network on a design, is refused, in one sentence.

use std::error;
use std::fmt;
use std::sync::Arc;

use tern_model::error::one_line;

/// What sort of error an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The design file cannot be read; the source is a [`std::io::Error`].
    Io,
    /// The text is not JSON with the fields of a design.
    Format,
    /// A field of the design is outside its range.
    Field,
    /// An array of that design does not run the network.
    Network,
    /// The device has too few resources for the core.
    Device,
    /// The network does not fit into the memories of another one's core.
    Core,
}

/// A design, or a network on a design, that is refused.
///
/// Displays as one sentence: the file where there is one, the field, its value and what is allowed.
/// The sentence holds that of the [source](error::Error::source).
///
/// ```
/// use tern_compile::design::Design;
/// use tern_compile::error::ErrorKind;
///
/// let error = Design::new(65, 8, "ice40-hx8k").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Field);
/// assert_eq!(error.to_string(), "field `rows` is 65, expected 1 to 64");
/// ```
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    sentence: String,
    source: Option<Arc<dyn error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, sentence: impl Into<String>) -> Error {
        Error {
            kind,
            sentence: one_line(&sentence.into()),
            source: None,
        }
    }

    /// An error of another library, with what it did not allow.
    pub(crate) fn caused(
        kind: ErrorKind,
        what: impl fmt::Display,
        source: impl error::Error + Send + Sync + 'static,
    ) -> Error {
        let error = Error::new(kind, format!("{what}: {source}"));
        Error {
            source: Some(Arc::new(source)),
            ..error
        }
    }

    /// The same error, told of the design file `path`.
    pub(crate) fn in_file(self, path: &std::path::Path) -> Error {
        Error {
            sentence: one_line(&format!("{}: {}", path.display(), self.sentence)),
            ..self
        }
    }

    /// What sort of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
