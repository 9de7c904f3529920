//! Language models: a recurrent network that predicts the next word or character.

mod checkpoint;
pub mod corpus;
mod evaluate;
mod export;
mod head;
mod network;
mod recipe;
mod run;
mod task;
mod words;

pub use checkpoint::{Trained, read};
pub use evaluate::{integer_perplexity, perplexity, token_perplexity};
pub use export::export;
pub use head::Softmax;
pub use network::{LanguageModel, Masks};
pub use recipe::{Recipe, SoftmaxKind};
pub use run::{Event, check_resumed, train};
pub use words::Words;
