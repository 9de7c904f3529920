//! Classifiers: a recurrent network that tells to which class a sequence belongs.

mod checkpoint;
mod data;
mod export;
pub mod folder;
mod network;
mod outcome;
mod recipe;
mod run;
mod sequences;
mod sound;
pub mod vowels;

pub use checkpoint::{Figures, Trained, read};
pub use data::{Data, scaled};
pub use export::export;
pub use network::Classifier;
pub use outcome::{Outcome, outcome};
pub use recipe::{Recipe, Task};
pub use run::{Event, RunConfig, train};
pub use sequences::{Sequence, Sequences};
