//! Classifiers: a recurrent network that tells to which class a sequence belongs.

mod checkpoint;
mod data;
pub mod evaluate;
mod export;
pub mod folder;
mod network;
mod outcome;
mod recipe;
mod remarks;
mod run;
mod sequences;
mod sound;
mod task;
pub mod vowels;

pub use checkpoint::{Trained, read};
pub use data::{Data, scaled};
pub use export::export;
pub use network::{Classifier, Given, GivenLayer};
pub use outcome::{Outcome, outcome};
pub use recipe::{Recipe, Task};
pub use remarks::remarks;
pub use run::{Event, check_resumed, settle, train, untrained};
pub use sequences::{Known, Sequence, Sequences};
pub use task::Figures;
