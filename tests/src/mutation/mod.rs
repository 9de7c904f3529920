//! Mutation: single changes of the generated Verilog and of the golden model, and whether the comparison notices them.
//!
//! All changes of a core live in one Verilog text, each behind a number ([`instrument`]), so that one build serves them
//! all: a memory holds the number of the change that is made, zero for none.

mod expression;
mod hunt;
mod mutant;
mod parameters;
mod schema;
mod scope;
mod statement;
mod survey;

pub use hunt::Hunt;
pub use mutant::Mutant;
pub use parameters::changes as parameter_changes;
pub use schema::instrument;
pub use survey::{Sample, Survey, survey};
