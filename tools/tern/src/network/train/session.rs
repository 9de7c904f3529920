//! What every training run needs around it: a folder and an ear for Ctrl-C.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;

use super::log::checkpoint;

/// The folder of a run, made: `out`, or the run's name under `runs`.
///
/// Fails now rather than after the first epoch if a checkpoint cannot be written there.
pub fn folder(out: Option<&Path>, name: &str) -> Result<PathBuf, Failure> {
    let folder = match out {
        Some(folder) => folder.to_owned(),
        None => Path::new("runs").join(name),
    };
    make(&folder)?;
    match tempfile::tempfile_in(&folder) {
        Ok(_) => Ok(folder),
        Err(error) => Err(Failure::input(format!(
            "{}: cannot be written: {error}, expected a file in a folder to write to",
            checkpoint(&folder).display()
        ))),
    }
}

/// Makes a folder.
pub fn make(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let folder = folder.display();
        Failure::input(format!(
            "{folder}: cannot be made: {error}, expected a folder to write to"
        ))
    })
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C breaks a run off instead of ending the program.
pub fn catch_interrupts() -> Result<(), Failure> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).map_err(Failure::input)
}

/// Whether a run is to go on.
pub fn go_on() -> ControlFlow<()> {
    match INTERRUPTED.load(Ordering::Relaxed) {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    }
}

/// What an interrupted run leaves.
pub fn interrupted(checkpoint: &Path) -> Result<(), Failure> {
    let place = checkpoint.display();
    console::summary(
        || format!("wrote {place}: interrupted, the same command with --resume goes on\n"),
        || json!({"wrote": [checkpoint], "interrupted": true}),
    )
}
