//! What `gen-verilog` does, in parts that `tern` shares: choosing a network and an array, generating the files of a core
//! and writing them all or not at all.

mod arguments;
mod artifacts;
mod bundled;
mod choice;
mod failure;
mod folder;
mod header;
mod report;
mod summary;

pub use arguments::{Arguments, command, parse};
pub use artifacts::{Artifact, artifacts, verilog};
pub use choice::{Choice, Core};
pub use failure::Failure;
pub use folder::{check, default_folder, write};
pub use report::Report;
pub use summary::summary;
