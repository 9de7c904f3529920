//! A pseudo-terminal: a serial port whose other end is a program.

use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::{read, ttyname, write};

use crate::error::LinkError;

/// The end of a pseudo-terminal that stands in for a board.
pub struct Pty {
    device: OwnedFd,
    /// Kept open, so that the terminal lives on while no program has it open.
    _host: OwnedFd,
    path: String,
}

impl Pty {
    /// A new pseudo-terminal, which passes on every byte as it is.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn open() -> Result<Pty, LinkError> {
        let refuse = |error: Errno| LinkError::Port(format!("no pseudo-terminal: {error}"));
        let pair = openpty(None::<&Winsize>, None).map_err(refuse)?;
        let mut mode = tcgetattr(&pair.slave).map_err(refuse)?;
        cfmakeraw(&mut mode);
        tcsetattr(&pair.slave, SetArg::TCSANOW, &mode).map_err(refuse)?;
        let path = ttyname(&pair.slave).map_err(refuse)?;
        Ok(Pty {
            device: pair.master,
            _host: pair.slave,
            path: path.to_string_lossy().into_owned(),
        })
    }

    /// The path that a program opens as its serial port.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The bytes that the program has written, waiting at most `milliseconds` for the first.
    ///
    /// # Errors
    /// When the terminal fails.
    pub fn read(&self, buffer: &mut [u8], milliseconds: u16) -> Result<usize, LinkError> {
        let mut ends = [PollFd::new(self.device.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ends, PollTimeout::from(milliseconds)) {
            Ok(0) | Err(Errno::EINTR) => Ok(0),
            Ok(_) => read(&self.device, buffer).map_err(|error| self.failed(error)),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Gives the program all of `bytes`.
    ///
    /// # Errors
    /// When the terminal fails.
    pub fn write(&self, bytes: &[u8]) -> Result<(), LinkError> {
        let mut left = bytes;
        while !left.is_empty() {
            let count = write(&self.device, left).map_err(|error| self.failed(error))?;
            left = &left[count..];
        }
        Ok(())
    }

    fn failed(&self, error: Errno) -> LinkError {
        LinkError::Port(format!("{}: {error}", self.path))
    }
}
