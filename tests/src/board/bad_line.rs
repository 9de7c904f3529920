//! What a bad line does to a conversation.

use std::time::Duration;

use tern_compile::link::Identity;
use tern_host::error::LinkError;
use tern_host::link::Statistics;
use tern_host::port::Port;
use tern_model::golden::Golden;
use tern_model::random::random_sequence;
use tern_sim::dut::Dut;
use tern_sim::serial::board::cycles_per_bit;
use tern_sim::serial::sequence::{input_bytes, output_length, outputs};

use super::{SimulatedPort, board, identity, session};
use crate::small_cores::Core;

/// Requests in a row of which one, on average, meets each kind of disturbance.
const SELDOM: u32 = 60;
/// Bytes from the device of which one, on average, is disturbed.
const SELDOM_BYTE: u32 = 300;
/// Requests that a line can keep back.
const KEPT: usize = 8;

/// A port that flips bits, loses, doubles, inserts and exchanges bytes, keeps requests back and sends them later once more, breaks
/// off, runs too fast or too slow by 2 % and takes the device's clock away.
pub struct BadLine<D> {
    port: SimulatedPort<D>,
    bit: f64,
    kept: Vec<Vec<u8>>,
    rng: fastrand::Rng,
    /// Disturbances of each kind, in the order of [`BadLine::NAMES`].
    pub met: [u64; 9],
}

impl<D: Dut> BadLine<D> {
    /// What disturbs the line.
    pub const NAMES: [&'static str; 9] = [
        "bits flipped",
        "bytes lost",
        "bytes doubled",
        "bytes inserted",
        "bytes exchanged",
        "requests sent later once more",
        "breaks",
        "resets",
        "answers disturbed",
    ];

    fn new(port: SimulatedPort<D>, identity: &Identity, seed: u64) -> Self {
        BadLine {
            port,
            bit: cycles_per_bit(identity),
            kept: Vec::new(),
            rng: fastrand::Rng::with_seed(seed),
            met: [0; 9],
        }
    }

    /// Whether the disturbance of that number is met.
    fn meets(&mut self, kind: usize, seldom: u32) -> bool {
        let meets = self.rng.u32(0..seldom) == 0;
        self.met[kind] += u64::from(meets);
        meets
    }

    fn disturb(&mut self, bytes: &mut Vec<u8>) {
        for kind in 0..5 {
            if bytes.is_empty() || !self.meets(kind, SELDOM) {
                continue;
            }
            let at = self.rng.usize(..bytes.len());
            match kind {
                0 => bytes[at] ^= 1 << self.rng.u32(0..8),
                1 => {
                    bytes.remove(at);
                }
                2 => bytes.insert(at, bytes[at]),
                3 => bytes.insert(at, self.rng.u8(..)),
                _ => {
                    let other = self.rng.usize(..bytes.len());
                    bytes.swap(at, other);
                }
            }
        }
    }
}

impl<D: Dut> Port for BadLine<D> {
    fn name(&self) -> &str {
        "a bad line"
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LinkError> {
        let deviation = [0.98, 0.99, 1.0, 1.0, 1.01, 1.02][self.rng.usize(0..6)];
        self.port.line.set_send_bit(self.bit * deviation);
        if self.meets(5, SELDOM) && !self.kept.is_empty() {
            let old = self.rng.usize(..self.kept.len());
            self.port.line.send(&self.kept[old]);
        }
        if self.kept.len() == KEPT {
            self.kept.remove(0);
        }
        self.kept.push(bytes.to_vec());
        let mut sent = bytes.to_vec();
        self.disturb(&mut sent);
        self.port.write(&sent)?;
        if self.meets(6, SELDOM) {
            let (before, length) = (self.rng.u64(0..2000), self.rng.u64(1..500));
            self.port.pass(before);
            self.port.line.hold_low(length);
        }
        if self.meets(7, 4 * SELDOM) {
            let before = self.rng.u64(0..20_000);
            self.port.pass(before);
            self.port.restart();
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, LinkError> {
        // Byte by byte, as they come from the line.
        let most = buffer.len().min(2);
        let count = self.port.read(&mut buffer[..1], timeout)?;
        if count == 0 || !self.meets(8, SELDOM_BYTE) {
            return Ok(count);
        }
        match self.rng.u32(0..3) {
            0 => buffer[0] ^= 1 << self.rng.u32(0..8),
            1 if most == 2 => {
                buffer[1] = self.rng.u8(..);
                return Ok(2);
            }
            // Lost: the next one comes in its place.
            _ => return self.port.read(&mut buffer[..1], timeout),
        }
        Ok(1)
    }
}

/// What became of a campaign.
#[derive(Debug)]
pub struct Report {
    /// Sequences that were run.
    pub sequences: u64,
    /// Sequences whose outputs were taken for right and were not those of the golden model.
    pub wrong: u64,
    /// Sequences that came to no end.
    pub wedged: u64,
    /// What the link has seen.
    pub statistics: Statistics,
    /// Disturbances of each kind.
    pub met: [u64; 9],
}

/// Runs sequences through a Verilated board over a bad line until at least `frames` requests have been sent.
///
/// # Panics
/// When the board cannot be built.
pub fn campaign(core: &Core, frames: u64, seed: u64) -> Report {
    let (model, program) = (&core.models[0], &core.programs[0]);
    let identity = identity(core.name, program);
    let line = BadLine::new(board(core.name, program), &identity, seed);
    let mut session = session(line, &identity);
    let (mut sequences, mut wrong, mut wedged) = (0, 0, 0);
    let mut statistics = Statistics::default();
    while statistics.requests + statistics.repeats < frames {
        let mut rng = fastrand::Rng::with_seed(seed << 32 | sequences);
        let steps = [1, 2, 10, 60, 300][rng.usize(0..5)];
        let sequence = random_sequence(model, steps, rng.u64(..));
        let expected = Golden::new(model).run(&sequence);
        let bytes = input_bytes(&identity, &sequence);
        let length = output_length(&identity, steps);
        match session.run(&bytes, length, &mut |_| {}) {
            Ok(got) => wrong += u64::from(outputs(&identity, &got) != expected),
            Err(_) => wedged += 1,
        }
        sequences += 1;
        statistics = session.link().statistics();
    }
    Report {
        sequences,
        wrong,
        wedged,
        statistics,
        met: session.link().port().met,
    }
}
