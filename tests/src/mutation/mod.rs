//! Mutation: single changes of the generated Verilog and of the golden model, and whether the comparison notices them.
//!
//! All changes of a core live in one Verilog text, each behind a number ([`instrument`]), so that one build serves them
//! all: a memory holds the number of the change that is made, zero for none.

mod expression;
mod hunt;
mod parameters;
mod schema;
mod statement;
mod survey;

pub use hunt::Hunt;
pub use parameters::changes as parameter_changes;
pub use schema::instrument;
pub use survey::{Sample, Survey, survey};

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

impl std::fmt::Display for Mutant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Mutant {
            module,
            kind,
            from,
            to,
        } = self;
        write!(f, "{module}: {kind}: `{from}` -> `{to}`")
    }
}
