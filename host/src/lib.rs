//! The link to a board whose core runs a ternary recurrent network.
//!
//! [`frame`] is what travels on the line, [`link`] sends requests over a [`port`] and repeats what is lost, [`session`] runs
//! sequences and loads networks. [`serial`] is the port of a board; [`pty`] gives the other end of a pseudo-terminal to whatever
//! stands in for one. `docs/link.md` describes the protocol for other programs.

pub mod error;
pub mod frame;
pub mod link;
pub mod port;
#[cfg(unix)]
pub mod pty;
pub mod serial;
pub mod session;
