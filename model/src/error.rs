//! Why a model cannot be read, written or run, in one sentence.

use std::error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What sort of error an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file cannot be read or written; the source is a [`std::io::Error`].
    Io,
    /// The bytes are not those of a model file; the source says where they stop to be.
    Format,
    /// A field, a tensor or an input breaks a rule of the format.
    Rule,
}

/// A model that cannot be read, written or run.
///
/// Displays as one sentence: the file where there is one, the tensor or field, its value and the
/// rule it breaks. The sentence holds that of the [source](error::Error::source).
///
/// ```
/// use tern_model::error::ErrorKind;
/// use tern_model::network::Model;
///
/// let error = Model::read("missing.safetensors").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Io);
/// assert!(error.to_string().starts_with("missing.safetensors: file cannot be read: "));
/// ```
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    path: Option<PathBuf>,
    place: String,
    problem: String,
    source: Option<Arc<dyn error::Error + Send + Sync>>,
}

impl Error {
    /// A broken rule.
    pub(crate) fn new(place: impl Into<String>, problem: impl Into<String>) -> Error {
        Error {
            kind: ErrorKind::Rule,
            path: None,
            place: one_line(&place.into()),
            problem: one_line(&problem.into()),
            source: None,
        }
    }

    /// An error of another library.
    pub(crate) fn caused(
        kind: ErrorKind,
        place: impl Into<String>,
        problem: &str,
        source: impl error::Error + Send + Sync + 'static,
    ) -> Error {
        Error::new(place, format!("{problem}: {source}")).because(kind, source)
    }

    /// The same error, of another sort and with the error it comes from.
    pub(crate) fn because(
        self,
        kind: ErrorKind,
        source: impl error::Error + Send + Sync + 'static,
    ) -> Error {
        let source = Some(Arc::new(source) as _);
        Error {
            kind,
            source,
            ..self
        }
    }

    /// The same error, told of something in `place`.
    pub(crate) fn within(self, place: &str) -> Error {
        let place = format!("{place}: {}", self.place);
        Error { place, ..self }
    }

    /// The same error, told of the model file `path`.
    pub(crate) fn in_file(self, path: &Path) -> Error {
        Error {
            path: Some(path.to_owned()),
            ..self
        }
    }

    /// What sort of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The model file, where the error comes from one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The tensor or field at fault, such as `layers.0.weight_ih`; `file` for the file as a whole.
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        write!(f, "{} {}", self.place, self.problem)
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Errors are equal that have one kind and one sentence.
impl PartialEq for Error {
    fn eq(&self, other: &Error) -> bool {
        self.kind == other.kind && self.to_string() == other.to_string()
    }
}

impl Eq for Error {}

/// Characters that no terminal shows and that turn the direction or the line of what follows.
const TURNS: [std::ops::RangeInclusive<char>; 3] = [
    '\u{200e}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2066}'..='\u{2069}',
];

/// `text` with its control characters spelt out, since names in a file may hold any character.
#[doc(hidden)]
pub fn one_line(text: &str) -> String {
    let spell = |c: char| {
        if c.is_control() || TURNS.iter().any(|turns| turns.contains(&c)) {
            c.escape_default().to_string()
        } else {
            c.into()
        }
    };
    text.chars().map(spell).collect()
}
