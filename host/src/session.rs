//! Sequences and networks over a link.

use tern_compile::link::{Identity, MAX_DATA};

use crate::error::LinkError;
use crate::frame::{Frame, Kind};
use crate::link::{Link, Patience};
use crate::port::Port;

/// The bit of the flags that ends a sequence.
const END: u8 = 0x80;
/// The bits of the flags that say which frame since the reset it is.
const PLACE: u8 = 0x7f;
/// The bit of a status that says that the newest byte ends a sequence.
const LAST: u8 = 1;
/// The bit of a status that says that a frame of any length has room.
const ROOM: u8 = 2;
/// The code of a frame that has no room.
const NO_ROOM: u8 = 2;

/// A device that has said who it is.
pub struct Session<P> {
    link: Link<P>,
    identity: Identity,
    place: u8,
    fresh: bool,
}

/// How a sequence went on.
enum Step<T> {
    /// As it should.
    Done(T),
    /// The device has lost it: why.
    Lost(String),
}

impl<P: Port> Session<P> {
    /// Asks the device behind `port` who it is.
    ///
    /// # Errors
    /// When the port fails, nothing answers, or the answer is no identity.
    pub fn open(port: P, baud: u32, patience: Patience) -> Result<Session<P>, LinkError> {
        let mut link = Link::new(port, baud, patience);
        let answer = link.request(Kind::Identify, &[], Kind::Identify)?;
        let identity = Identity::parse(&answer.payload)
            .map_err(|error| LinkError::Device(format!("{}: {error}", link.name())))?;
        Ok(Session {
            link,
            identity,
            place: 0,
            fresh: false,
        })
    }

    /// What the device has said.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The link.
    pub fn link(&mut self) -> &mut Link<P> {
        &mut self.link
    }

    /// How many frames the device has dropped since its reset, modulo 256.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn dropped_by_device(&mut self) -> Result<u8, LinkError> {
        let answer = self.link.request(Kind::Identify, &[], Kind::Identify)?;
        Ok(answer.payload.first().copied().unwrap_or_default())
    }

    /// The bytes of the output stream for a sequence of `input`, bytes of the input stream, at least one. A sequence that the
    /// device has lost begins anew. `progress` gets how many bytes of the input the device has.
    ///
    /// # Errors
    /// When the port fails, nothing answers, or the device loses the sequence again and again.
    pub fn run(
        &mut self,
        input: &[u8],
        expected: usize,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<u8>, LinkError> {
        let restarts = self.link.patience().restarts;
        let mut last = String::new();
        for restart in 0..restarts {
            if restart > 0 {
                self.link.note_restart();
                self.fresh = false;
            }
            match self.once(input, expected, progress)? {
                Step::Done(output) => return Ok(output),
                Step::Lost(why) => last = why,
            }
        }
        self.fresh = false;
        Err(self.gave_up(restarts, last))
    }

    /// Loads a network, the bytes of `tern weights`. `progress` gets how many of them the device has.
    ///
    /// # Errors
    /// When the core has no load stream, and as [`Session::run`].
    pub fn load(&mut self, image: &[u8], progress: &mut dyn FnMut(usize)) -> Result<(), LinkError> {
        if !self.identity.loads {
            let (port, name) = (self.link.name(), &self.identity.name);
            return Err(LinkError::Device(format!(
                "{port}: the core {name} has no load stream, expected one of a design with `weights` \"stream\""
            )));
        }
        let restarts = self.link.patience().restarts;
        let mut last = String::new();
        for restart in 0..restarts {
            if restart > 0 {
                self.link.note_restart();
            }
            self.fresh = false;
            match self.send(Kind::Weights, image, &mut Vec::new(), progress)? {
                Step::Done(_) => match self.settle()? {
                    Step::Done(()) => return Ok(()),
                    Step::Lost(why) => last = why,
                },
                Step::Lost(why) => last = why,
            }
        }
        self.fresh = false;
        Err(self.gave_up(restarts, last))
    }

    fn gave_up(&self, restarts: u32, last: String) -> LinkError {
        LinkError::Restarts {
            port: self.link.name().to_owned(),
            restarts,
            last,
        }
    }

    /// One attempt at a sequence.
    fn once(
        &mut self,
        input: &[u8],
        expected: usize,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Step<Vec<u8>>, LinkError> {
        let mut output = Vec::with_capacity(expected);
        let mut ended = match self.send(Kind::Input, input, &mut output, progress)? {
            Step::Done(ended) => ended,
            Step::Lost(why) => return Ok(Step::Lost(why)),
        };
        let mut polls = 0;
        while !ended && output.len() <= expected && polls < self.link.patience().polls {
            let answer = self.link.request(Kind::Output, &[], Kind::Output)?;
            let before = output.len();
            ended = match taken(&answer, &mut output) {
                Ok(status) => status & LAST != 0,
                Err(code) => return Ok(Step::Lost(refused(code))),
            };
            polls = if output.len() > before { 0 } else { polls + 1 };
        }
        match ended && output.len() == expected {
            true => Ok(Step::Done(output)),
            false => Ok(Step::Lost(format!(
                "{} bytes of output came, expected {expected}",
                output.len()
            ))),
        }
    }

    /// Sends all data in frames, after a reset where the device is not known to be between two sequences, and adds what comes
    /// to `output`; whether the output has ended.
    fn send(
        &mut self,
        kind: Kind,
        data: &[u8],
        output: &mut Vec<u8>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Step<bool>, LinkError> {
        if !self.fresh {
            self.link.request(Kind::Reset, &[], Kind::Reset)?;
            self.place = 0;
            self.fresh = true;
        }
        let expected = match kind {
            Kind::Input => Kind::Output,
            other => other,
        };
        let (mut sent, mut polls, mut ended) = (0, 0, false);
        let mut status = ROOM;
        while sent < data.len() {
            if polls >= self.link.patience().polls {
                return Ok(Step::Lost(format!(
                    "the core takes no more after {sent} bytes"
                )));
            }
            if status & ROOM == 0 {
                let answer = self.link.request(Kind::Output, &[], Kind::Output)?;
                let before = output.len();
                status = match taken(&answer, output) {
                    Ok(status) => status,
                    Err(code) => return Ok(Step::Lost(refused(code))),
                };
                polls = if output.len() > before { 0 } else { polls + 1 };
                continue;
            }
            let next = (sent + MAX_DATA).min(data.len());
            let end = if next == data.len() { END } else { 0 };
            let mut payload = vec![self.place & PLACE | end];
            payload.extend_from_slice(&data[sent..next]);
            let answer = self.link.request(kind, &payload, expected)?;
            match taken(&answer, output) {
                Ok(now) => {
                    (sent, polls, status) = (next, 0, now);
                    self.place = self.place.wrapping_add(1);
                    ended = status & LAST != 0;
                    progress(sent);
                }
                Err(NO_ROOM) => status = 0,
                Err(code) => return Ok(Step::Lost(refused(code))),
            }
        }
        Ok(Step::Done(ended))
    }

    /// Waits until the core has taken all of a network.
    fn settle(&mut self) -> Result<Step<()>, LinkError> {
        for _ in 0..self.link.patience().polls {
            let answer = self.link.request(Kind::Output, &[], Kind::Output)?;
            match taken(&answer, &mut Vec::new()) {
                Ok(status) if status & ROOM != 0 => return Ok(Step::Done(())),
                Ok(_) => {}
                Err(code) => return Ok(Step::Lost(refused(code))),
            }
        }
        Ok(Step::Lost("the core does not take the network".to_owned()))
    }
}

/// The status of an answer, whose data go to `output`; of an error its code.
fn taken(answer: &Frame, output: &mut Vec<u8>) -> Result<u8, u8> {
    let (status, data) = answer.payload.split_first().unwrap_or((&0, &[]));
    if answer.kind == Kind::Error {
        return Err(*status);
    }
    output.extend_from_slice(data);
    Ok(*status)
}

/// Why the device did not do what it was asked.
fn refused(code: u8) -> String {
    match code {
        1 => "the core has no load stream".to_owned(),
        3 => "the device was reset".to_owned(),
        4 => "the device expects another frame".to_owned(),
        code => format!("the device refuses it with code {code}"),
    }
}
