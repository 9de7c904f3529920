//! A simulated board behind a pseudo-terminal, for programs that open a serial port.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::{JoinHandle, spawn};

use tern_host::port::Port;
use tern_host::pty::Pty;

use super::{board, core};

/// Cycles between two looks at the terminal.
const CYCLES: u64 = 2000;

/// A board that runs until this is dropped.
pub struct Terminal {
    path: String,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Terminal {
    /// The board with the small core of that name, once it runs: no client waits for its simulator to be built.
    ///
    /// # Panics
    /// When the system has no pseudo-terminal or the board cannot be built.
    pub fn new(name: &'static str) -> Terminal {
        let pty = Pty::open().expect("a pseudo-terminal");
        let (path, ended) = (pty.path().to_owned(), Arc::new(AtomicBool::new(false)));
        let (seen, (built, runs)) = (ended.clone(), sync_channel(1));
        let run = move || {
            let (mut port, mut buffer) = (board(name, &core(name).programs[0]), [0; 4096]);
            built.send(()).expect("someone waits");
            while !seen.load(Ordering::Relaxed) {
                let count = pty.read(&mut buffer, 1).expect("a terminal");
                port.write(&buffer[..count]).expect("a simulated line");
                port.pass(CYCLES);
                pty.write(&port.line.take(usize::MAX)).expect("a terminal");
            }
        };
        let thread = Some(spawn(run));
        runs.recv().expect("the board was built");
        Terminal {
            path,
            ended,
            thread,
        }
    }

    /// The path that a program opens as its serial port.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // What failed is told by the program that got no answer.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
