//! `tern`: trains, evaluates, runs and places and routes ternary recurrent networks.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Keeps the megabytes of one training step for the next instead of giving them back.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    tern_program::main()
}
