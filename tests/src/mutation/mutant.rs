//! One change of a core.

use std::fmt;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mutant {
    /// The Verilog module, without the number that tells copies apart.
    pub module: String,
    /// What kind of change it is.
    pub kind: &'static str,
    /// The statement or condition, with `#` for the numbers that tell its copies apart.
    pub from: String,
    /// What stands in its place; empty where it is dropped.
    pub to: String,
}

impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mutant {
            module,
            kind,
            from,
            to,
        } = self;
        write!(f, "{module}: {kind}: `{from}` -> `{to}`")
    }
}
