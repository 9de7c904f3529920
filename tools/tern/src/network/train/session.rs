//! What every training run needs around it: a folder of its own and an ear for Ctrl-C.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};

use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::{Lock, Made, lock};
use tern_gen_verilog::outputs::Output;

use tern_train::run::RunConfig;

use super::log::{self, checkpoint};

/// What becomes of a run that is in a folder already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Another is refused.
    Stays,
    /// It goes on.
    GoesOn,
    /// Another takes its place, once it has a checkpoint of its own.
    IsReplaced,
}

/// The folder of a run while it is trained; no other program writes to it meanwhile.
pub struct RunFolder {
    /// The folder.
    pub path: PathBuf,
    _made: Made,
    _lock: Lock,
}

/// The folder of a run, made and locked.
///
/// Fails now rather than after the first epoch if a checkpoint cannot be written there.
pub fn folder(folder: &Path, existing: Existing) -> Result<RunFolder, Failure> {
    without_links(folder)?;
    let made = Made::missing(&teacher(folder));
    make(folder)?;
    let file = checkpoint(folder);
    tempfile::tempfile_in(folder).map_err(|error| {
        let file = file.display();
        Failure::input(format!(
            "{file}: cannot be written: {error}, expected a file in a folder to write to"
        ))
    })?;
    let lock = lock(folder)?;
    let runs = [file, checkpoint(&teacher(folder))];
    if let Some(file) = runs.iter().find(|file| file.exists())
        && existing == Existing::Stays
    {
        return Err(Failure::input(format!(
            "{}: a run is there already, expected --resume to go on with it, --force to replace it or --out with another folder",
            file.display()
        )));
    }
    Ok(RunFolder {
        path: folder.to_owned(),
        _made: made,
        _lock: lock,
    })
}

/// Refuses links in place of a run's files: what they lead to may be an input, and would be written.
fn without_links(run: &Path) -> Result<(), Failure> {
    let files = written(run).into_iter().map(|(_, file)| file);
    match files
        .chain([run.join(log::RECIPE), teacher(run)])
        .find(|file| file.is_symlink())
    {
        None => Ok(()),
        Some(file) => Err(Failure::input(format!(
            "--out would write {}, which is a link, expected a folder of a run's own files",
            file.display()
        ))),
    }
}

/// Refuses the folder of the data as that of a run.
pub fn beside(run: &Path, data: &Path) -> Result<(), Failure> {
    let place = |path: &Path| path.canonicalize().ok();
    match place(run).is_some_and(|run| Some(run) == place(data)) {
        false => Ok(()),
        true => Err(Failure::input(format!(
            "--out is {}, the folder of the data, expected another for the run",
            run.display()
        ))),
    }
}

/// Folder of the run of a full-precision network that the network of a run learns from.
pub fn teacher(run: &Path) -> PathBuf {
    run.join("teacher")
}

/// The files that a run writes to its folder, its teacher's among them.
pub fn written(run: &Path) -> Vec<Output<'static>> {
    let folders = [run.to_owned(), teacher(run)];
    let files = folders.iter().flat_map(|folder| log::files(folder));
    files.map(|file| ("--out", file)).collect()
}

/// The checkpoint of a run that is to be read.
///
/// # Errors
/// When the run ended while its teacher was trained, so that it has none.
pub fn begun(run: &Path) -> Result<PathBuf, Failure> {
    let file = checkpoint(run);
    match !file.exists() && checkpoint(&teacher(run)).exists() {
        true => Err(Failure::input(format!(
            "{}: its teacher alone has begun, expected a run with a network of its own: train with the recipe and data of the teacher and --resume goes on with it",
            run.display()
        ))),
        false => Ok(file),
    }
}

/// Refuses to go on with a run of which the teacher alone has begun, by a recipe that has none: it would begin another beside it.
pub fn no_teacher_alone(config: &RunConfig) -> Result<(), Failure> {
    match (config.resume, config.checkpoint.parent()) {
        (true, Some(run)) => begun(run).map(|_| ()),
        _ => Ok(()),
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

/// The signal that breaks a run off, 0 before one.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// From now on Ctrl-C, a request to end and a terminal that closes break a run off instead of ending the program.
#[cfg(unix)]
pub fn catch_interrupts() -> Result<(), Failure> {
    use nix::sys::signal::{SigHandler, Signal, signal};

    extern "C" fn note(signal: i32) {
        SIGNAL.store(signal, Ordering::Relaxed);
    }
    // SAFETY: the handler stores a number in an atomic, which a handler may do at any time.
    let handle = |caught, handler| unsafe { signal(caught, handler) }.map_err(Failure::input);
    for caught in [Signal::SIGINT, Signal::SIGTERM] {
        handle(caught, SigHandler::Handler(note))?;
    }
    // Under nohup the run outlives its terminal.
    let before = handle(Signal::SIGHUP, SigHandler::Handler(note))?;
    if matches!(before, SigHandler::SigIgn) {
        handle(Signal::SIGHUP, SigHandler::SigIgn)?;
    }
    Ok(())
}

/// From now on Ctrl-C breaks a run off instead of ending the program.
#[cfg(not(unix))]
pub fn catch_interrupts() -> Result<(), Failure> {
    const INTERRUPT: i32 = 2;
    ctrlc::set_handler(|| SIGNAL.store(INTERRUPT, Ordering::Relaxed)).map_err(Failure::input)
}

/// What goes on with an interrupted run.
pub const RESUME: &str = "the same command with --resume";

/// Whether a run is to go on.
pub fn go_on() -> ControlFlow<()> {
    match SIGNAL.load(Ordering::Relaxed) {
        0 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    }
}

/// The end of a command that a signal broke off once it had written `place`; `next` goes on with it.
pub fn interrupted(place: &Path, next: &str) -> Result<(), Failure> {
    let text = place.display();
    // A terminal that closed shows nothing; the exit code says it all the same.
    let _ = console::summary(
        || format!("wrote {text}: interrupted, {next} goes on\n"),
        || json!({"wrote": [place], "interrupted": true}),
    );
    Err(Failure::signal(SIGNAL.load(Ordering::Relaxed) as u8))
}
