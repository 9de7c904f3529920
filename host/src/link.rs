//! Requests and their answers, with repetition of what is lost.

use std::time::Duration;

use crate::error::LinkError;
use crate::frame::{Frame, Kind, Reader};
use crate::port::Port;

/// How long and how often a link waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long without a byte until a request is repeated, beyond the time that its own bytes take.
    pub timeout: Duration,
    /// How often a request is sent before the link gives up.
    pub attempts: u32,
    /// How often a sequence begins anew before the link gives up.
    pub restarts: u32,
    /// How many requests for output in a row may bring nothing.
    pub polls: u32,
}

impl Default for Patience {
    /// For a board behind USB, whose bridges keep a byte for up to 16 ms.
    fn default() -> Self {
        Patience {
            timeout: Duration::from_millis(100),
            attempts: 8,
            restarts: 8,
            polls: 2000,
        }
    }
}

/// What a link has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Requests that were answered.
    pub requests: u64,
    /// Requests that were sent again.
    pub repeats: u64,
    /// Sequences that began anew.
    pub restarts: u64,
    /// Bytes sent.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
    /// Frames received that were none.
    pub dropped: u64,
    /// Answers to other requests than the last.
    pub stale: u64,
}

/// A link over a port.
pub struct Link<P> {
    port: P,
    reader: Reader,
    number: u8,
    baud: u32,
    patience: Patience,
    statistics: Statistics,
}

impl<P: Port> Link<P> {
    /// A link at `baud` bits per second, at least 1.
    pub fn new(port: P, baud: u32, patience: Patience) -> Link<P> {
        Link {
            port,
            reader: Reader::default(),
            number: 0,
            baud: baud.max(1),
            patience,
            statistics: Statistics::default(),
        }
    }

    /// What it has seen.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            dropped: self.reader.dropped,
            ..self.statistics
        }
    }

    /// How patient it is.
    pub fn patience(&self) -> &Patience {
        &self.patience
    }

    /// The port's name.
    pub fn name(&self) -> &str {
        self.port.name()
    }

    /// The port.
    pub fn port(&mut self) -> &mut P {
        &mut self.port
    }

    /// Counts a sequence that begins anew.
    pub(crate) fn note_restart(&mut self) {
        self.statistics.restarts += 1;
    }

    /// Sends a request of a new number and waits for its answer, of kind `expected` or [`Kind::Error`]. An answer of another kind
    /// is one to a request that an earlier program sent: the request gets the next number then.
    ///
    /// # Errors
    /// When the port fails or nothing answers.
    pub fn request(
        &mut self,
        kind: Kind,
        payload: &[u8],
        expected: Kind,
    ) -> Result<Frame, LinkError> {
        self.number = self.number.wrapping_add(1);
        let mut noise = 0;
        for attempt in 0..self.patience.attempts {
            let request = Frame {
                kind,
                number: self.number,
                payload: payload.to_vec(),
            };
            let mut bytes = request.encode();
            if attempt > 0 || self.statistics.requests == 0 {
                // Ends whatever the line has left at the device.
                bytes.insert(0, 0);
            }
            self.statistics.repeats += u64::from(attempt > 0);
            self.statistics.sent += bytes.len() as u64;
            self.port.write(&bytes)?;
            match self.answer(bytes.len(), &mut noise)? {
                // No device refuses to say who it is.
                Some(answer)
                    if answer.kind == expected
                        || (answer.kind == Kind::Error && kind != Kind::Identify) =>
                {
                    self.statistics.requests += 1;
                    return Ok(answer);
                }
                Some(_) => self.number = self.number.wrapping_add(1),
                None => {}
            }
        }
        Err(LinkError::Silent {
            port: self.port.name().to_owned(),
            attempts: self.patience.attempts,
            noise,
        })
    }

    /// Waits for the answer to the present number; nothing if time is over. Counts bytes that were none to `noise`.
    fn answer(&mut self, sent: usize, noise: &mut u64) -> Result<Option<Frame>, LinkError> {
        let line = Duration::from_secs_f64(10.0 * sent as f64 / f64::from(self.baud));
        let mut timeout = line + self.patience.timeout;
        let mut buffer = [0; 512];
        // A line that never falls silent must end some time too.
        let mut most = 64 * buffer.len();
        loop {
            let count = self.port.read(&mut buffer, timeout)?;
            if count == 0 || most < count {
                return Ok(None);
            }
            most -= count;
            timeout = self.patience.timeout;
            self.statistics.received += count as u64;
            *noise += count as u64;
            let mut found = None;
            for byte in &buffer[..count] {
                match self.reader.push(*byte) {
                    Some(frame) if frame.number == self.number => found = Some(frame),
                    Some(_) => self.statistics.stale += 1,
                    None => {}
                }
            }
            if found.is_some() {
                return Ok(found);
            }
        }
    }
}
