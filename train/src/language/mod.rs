//! Language models: a recurrent network that predicts the next word or character.

mod checkpoint;
pub mod corpus;
mod evaluate;
mod export;
mod network;
mod recipe;
mod run;

pub use checkpoint::{Trained, read};
pub use evaluate::{integer_perplexity, perplexity};
pub use export::{Words, export};
pub use network::{LanguageModel, Masks};
pub use recipe::{Cell, Precision, Recipe};
pub use run::{Event, RunConfig, train};
