//! Simulations of a board.

use std::path::Path;

use sha2::{Digest, Sha256};
use tern_compile::link::{HASH_BYTES, Identity};
use tern_compile::program::Program;
use tern_hdl::board::TernLink;
use tern_hdl::board::top::Top;
use tern_hdl::verilog::generate_link;

use super::{Line, PINS};
use crate::dut::rust_hdl::RustHdl;
use crate::dut::verilator::options::Options;
use crate::dut::verilator::{Simulator, VerilatorDut};
use crate::eda::error::ToolError;

/// Clock cycles of a bit on a simulated line, of which fewer would only be faster.
const CYCLES_PER_BIT: u32 = 8;
/// The clock that a simulated board says it has, in Hz.
const CLOCK_HZ: u32 = 24_000_000;

/// The identity of a board that is simulated: 3 Mbaud at 24 MHz, which makes a bit as short as it can be.
pub fn simulated(identity: Identity) -> Identity {
    Identity {
        clock_hz: CLOCK_HZ,
        baud: CLOCK_HZ / CYCLES_PER_BIT,
        ..identity
    }
}

/// The first bytes of the SHA-256 of a file, as an identity has them.
pub fn hash(bytes: &[u8]) -> [u8; HASH_BYTES] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|k| digest[k])
}

/// Cycles of a bit on the board's line.
pub fn cycles_per_bit(identity: &Identity) -> f64 {
    f64::from(identity.clock_hz) / f64::from(identity.baud.max(1))
}

/// The Verilog of a board: the link with the core behind it, and the top module.
///
/// # Errors
/// When the rate is too high for the clock, or the hardware description is not sound.
pub fn board_verilog(
    program: &Program,
    identity: &Identity,
    top: &Top,
) -> Result<String, ToolError> {
    let text = generate_link(&link(program, identity)?, top.prefix);
    let text = text.map_err(|error| ToolError::new(error.to_string()))?;
    Ok(text + &top.verilog())
}

fn link(program: &Program, identity: &Identity) -> Result<TernLink, ToolError> {
    TernLink::new(program, identity).map_err(|error| ToolError::new(error.to_string()))
}

/// The link and the core of a compiled network in Verilog, below a top module that has the board's pins as the ports of a core.
///
/// # Errors
/// When the rate is too high for the clock, or the hardware description is not sound.
pub fn verilog(program: &Program, identity: &Identity) -> Result<String, ToolError> {
    let text = generate_link(&link(program, identity)?, "");
    let text = text.map_err(|error| ToolError::new(error.to_string()))?;
    Ok(text + PINS)
}

/// A simulator of a board; a build of the same content in `folder` is reused.
///
/// # Errors
/// As [`verilog`] and [`Simulator::build`].
pub fn simulator(
    program: &Program,
    identity: &Identity,
    folder: &Path,
) -> Result<Simulator, ToolError> {
    let options = Options {
        top: "tern_pins",
        ..Options::default()
    };
    Simulator::build(&[&verilog(program, identity)?], &options, folder)
}

/// A board that Verilator simulates, with a host at its line.
///
/// # Errors
/// As [`simulator`].
pub fn verilated(
    program: &Program,
    identity: &Identity,
    folder: &Path,
) -> Result<Line<VerilatorDut>, ToolError> {
    let bit = cycles_per_bit(identity);
    let simulator = simulator(program, identity, folder)?;
    Ok(Line::new(simulator.instance(), bit, bit))
}

/// A board in Rust-HDL's own simulation.
///
/// # Errors
/// When the rate is too high for the clock.
pub fn rust_hdl(program: &Program, identity: &Identity) -> Result<RustHdl, ToolError> {
    Ok(RustHdl::of(link(program, identity)?))
}
