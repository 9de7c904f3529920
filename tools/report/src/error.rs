//! Why a page cannot be made.

use std::fmt;

/// A picture that cannot be drawn or a template that cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<minijinja::Error> for Error {
    fn from(error: minijinja::Error) -> Error {
        Error(format!("the page cannot be made: {error:#}"))
    }
}

impl<E: std::error::Error + Send + Sync> From<plotters::drawing::DrawingAreaErrorKind<E>>
    for Error
{
    fn from(error: plotters::drawing::DrawingAreaErrorKind<E>) -> Error {
        Error(format!("a picture cannot be drawn: {error}"))
    }
}
