//! Language models: a recurrent network that predicts the next word or character.

mod checkpoint;
pub mod corpus;
mod evaluate;
mod export;
mod head;
mod network;
mod recipe;
mod run;
mod sampler;
mod tokens;

pub use checkpoint::{Trained, read};
pub use evaluate::{integer_perplexity, perplexity, token_perplexity};
pub use export::{Words, export};
pub use head::Softmax;
pub use network::{LanguageModel, Masks};
pub use recipe::{Cell, Precision, Recipe, SoftmaxKind};
pub use run::{Event, RunConfig, train};
pub use sampler::Sampler;
pub use tokens::{TokenPreprocessing, Tokens};
