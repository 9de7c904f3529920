//! What `gen-verilog` does, in parts that `tern` shares: choosing a network and an array, generating the files of a core
//! and writing them all or not at all.

pub mod arguments;
pub mod artifacts;
mod bench;
pub mod bundled;
pub mod choice;
pub mod console;
pub mod dataflows;
pub mod failure;
pub mod folder;
mod header;
pub mod outputs;
pub mod report;
pub mod shell;
pub mod summary;
