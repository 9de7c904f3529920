//! A simulated board as a port, with the time of its clock, and what a bad line does to bytes.

pub mod bad_line;
#[cfg(unix)]
pub mod terminal;

use std::time::Duration;

use tern_compile::link::Identity;
use tern_compile::program::Program;
use tern_host::error::LinkError;
use tern_host::frame::{Frame, Kind, Reader};
use tern_host::link::Patience;
use tern_host::port::Port;
use tern_host::session::Session;
use tern_sim::dut::Dut;
use tern_sim::dut::verilator::VerilatorDut;
use tern_sim::serial::Line;
use tern_sim::serial::board::{simulated, verilated};

use crate::simulators::folder;
use crate::small_cores::{Core, cores};

/// A board at the bits of its line; waiting is simulating.
pub struct SimulatedPort<D> {
    /// The line.
    pub line: Line<D>,
    clock_hz: f64,
}

impl<D: Dut> SimulatedPort<D> {
    /// The board at `line`, after the reset of its configuration.
    pub fn new(line: Line<D>, identity: &Identity) -> Self {
        let mut port = SimulatedPort {
            line,
            clock_hz: identity.clock_hz.into(),
        };
        port.restart();
        port
    }

    /// Takes the board's clock away for a moment, which resets it, and waits until it is awake.
    pub fn restart(&mut self) {
        self.line.set_reset(true);
        self.pass(10);
        self.line.set_reset(false);
        self.pass(2000);
        // What the line did while the board had no value on it.
        self.line.take(usize::MAX);
    }

    /// Lets so many cycles pass.
    pub fn pass(&mut self, cycles: u64) {
        (0..cycles).for_each(|_| self.line.cycle());
    }
}

impl<D: Dut> Port for SimulatedPort<D> {
    fn name(&self) -> &str {
        "the simulated board"
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LinkError> {
        self.line.send(bytes);
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, LinkError> {
        let end = self.line.cycles() + (timeout.as_secs_f64() * self.clock_hz) as u64;
        while !self.line.has_received() && self.line.cycles() < end {
            self.line.cycle();
        }
        let bytes = self.line.take(buffer.len());
        buffer[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

/// How patient a link to a simulated board is: nothing lies between its two ends.
pub const PATIENCE: Patience = Patience {
    timeout: Duration::from_micros(200),
    attempts: 50,
    restarts: 50,
    polls: 5000,
};

/// The identity of a simulated board with a program's core.
pub fn identity(name: &str, program: &Program) -> Identity {
    simulated(Identity {
        model: *b"network!",
        design: *b"design!!",
        ..Identity::of(name, &program.shape)
    })
}

/// A board that Verilator simulates, as a port.
///
/// # Panics
/// When it cannot be built.
pub fn board(name: &str, program: &Program) -> SimulatedPort<VerilatorDut> {
    let identity = identity(name, program);
    let line = verilated(program, &identity, &folder().join("simulators"));
    SimulatedPort::new(line.expect("Verilator builds it"), &identity)
}

/// A session with a board behind any port.
///
/// # Panics
/// When it does not answer.
pub fn session<P: Port>(port: P, identity: &Identity) -> Session<P> {
    Session::open(port, identity.baud, PATIENCE).expect("the board answers")
}

/// The small core of that name.
///
/// # Panics
/// When there is none.
pub fn core(name: &str) -> Core {
    let core = cores().into_iter().find(|core| core.name == name);
    core.expect("a core of that name")
}

/// A board with the small LSTM, and who it is.
pub fn lstm() -> (SimulatedPort<VerilatorDut>, Identity) {
    let core = core("lstm");
    let identity = identity(core.name, &core.programs[0]);
    (board(core.name, &core.programs[0]), identity)
}

/// A frame.
pub fn frame(kind: Kind, number: u8, payload: &[u8]) -> Frame {
    Frame {
        kind,
        number,
        payload: payload.to_vec(),
    }
}

/// Every frame that comes for some time after `bytes` were sent.
///
/// # Panics
/// When something comes that is no frame.
pub fn exchange<D: Dut>(port: &mut SimulatedPort<D>, bytes: &[u8]) -> Vec<Frame> {
    port.write(bytes).expect("a simulated line");
    while !port.line.is_sent() {
        port.line.cycle();
    }
    let (mut reader, mut frames, mut buffer) = (Reader::default(), vec![], [0; 64]);
    loop {
        let count = port.read(&mut buffer, Duration::from_micros(200));
        let count = count.expect("a simulated line");
        if count == 0 {
            assert_eq!(
                reader.dropped, 0,
                "the device sends frames and nothing else"
            );
            return frames;
        }
        frames.extend(buffer[..count].iter().filter_map(|byte| reader.push(*byte)));
    }
}

/// The only answer to a request.
///
/// # Panics
/// When there is none, or another one.
pub fn ask<D: Dut>(port: &mut SimulatedPort<D>, request: &Frame) -> Frame {
    let mut answers = exchange(port, &request.encode());
    assert_eq!(answers.len(), 1, "{request:?}: {answers:?}");
    answers.remove(0)
}

/// The frames that the device has dropped, which it tells by itself.
pub fn dropped<D: Dut>(port: &mut SimulatedPort<D>, number: u8) -> u8 {
    ask(port, &frame(Kind::Identify, number, &[])).payload[0]
}
