//! A board that Verilator simulates, bit by bit of its serial line, behind a pseudo-terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use tern_compile::link::Identity;
use tern_gen_verilog::artifacts::design_json;
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::failure::Failure;
use tern_host::error::LinkError;
use tern_host::pty::Pty;
use tern_sim::dut::verilator::Simulator;
use tern_sim::eda::folders::cache_folder;
use tern_sim::serial::Line;
use tern_sim::serial::board::{cycles_per_bit, hash, simulated, simulator};

use crate::progress;

/// Cycles between two looks at the terminal.
const CYCLES: u32 = 2000;
/// How long to wait for bytes while nothing moves, in milliseconds.
const WAIT: u16 = 10;
/// Looks without a byte in either direction after which nothing moves.
const IDLE: u32 = 200;

/// A simulation that runs until this is dropped.
pub struct Simulated {
    path: String,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Simulated {
    /// Builds the board of the core that was chosen and starts it; the rate of its line.
    pub fn start(choice: &Choice) -> Result<(Simulated, u32), Failure> {
        let core = choice.core()?;
        let identity = simulated(Identity {
            model: hash(&choice.model_bytes()?),
            design: hash(&design_json(&core)?),
            ..Identity::of(&core.model.name, &core.program.shape)
        });
        let stages = progress::stages();
        stages.set_message("building the simulated board".to_owned());
        let folder = cache_folder().map_err(Failure::input)?.join("simulators");
        let built = simulator(&core.program, &identity, &folder).map_err(Failure::input)?;
        stages.finish_and_clear();
        let pty = Pty::open().map_err(Failure::input)?;
        let (path, ended) = (pty.path().to_owned(), Arc::new(AtomicBool::new(false)));
        let (seen, bit, baud) = (ended.clone(), cycles_per_bit(&identity), identity.baud);
        let thread = std::thread::spawn(move || {
            // The terminal's other end tells the user what failed: it gets no answer.
            let _ = run(&pty, &built, bit, &seen);
        });
        let simulated = Simulated {
            path,
            ended,
            thread: Some(thread),
        };
        Ok((simulated, baud))
    }

    /// The terminal's path.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A simulation that panicked has nothing to say any more.
            let _ = thread.join();
        }
    }
}

/// Carries bytes between the terminal and the board until the end.
fn run(pty: &Pty, board: &Simulator, bit: f64, ended: &AtomicBool) -> Result<(), LinkError> {
    let mut line = Line::new(board.instance(), bit, bit);
    line.set_reset(true);
    (0..CYCLES).for_each(|_| line.cycle());
    line.set_reset(false);
    (0..CYCLES).for_each(|_| line.cycle());
    line.take(usize::MAX);
    let (mut buffer, mut idle) = ([0; 4096], 0);
    while !ended.load(Ordering::Relaxed) {
        let wait = if idle < IDLE { 0 } else { WAIT };
        let count = pty.read(&mut buffer, wait)?;
        line.send(&buffer[..count]);
        (0..CYCLES).for_each(|_| line.cycle());
        let bytes = line.take(usize::MAX);
        pty.write(&bytes)?;
        let moves = count > 0 || !bytes.is_empty() || !line.is_sent();
        idle = if moves { 0 } else { idle.saturating_add(1) };
    }
    Ok(())
}
