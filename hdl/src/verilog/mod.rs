//! The Verilog of a core: what Rust-HDL emits, checked and made readable.
//!
//! Rust-HDL emits one module an instance, every register a module, every clock a copied signal. The
//! passes here change the text, never the logic: registers and clocks are written in place, equal
//! modules become one, and names lose their paths.

mod lint;
mod merge;
mod parse;
mod registers;
mod settle;
mod spelling;

use std::fmt;

use rust_hdl::core::prelude::{Block, check_all, generate_verilog_unchecked};
use tern_compile::design::Streams;
use tern_compile::program::Program;

use crate::core::TernCore;
use crate::core::tern_bytes::TernBytes;

/// Why no Verilog was generated: a defect of the hardware description, not of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerateError(String);

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the hardware description is not sound: {}", self.0)
    }
}

impl std::error::Error for GenerateError {}

/// Name of the top module that has these streams.
pub const fn top_module(streams: Streams) -> &'static str {
    match streams {
        Streams::Wide => "tern_core",
        Streams::Bytes => "tern_bytes",
    }
}

/// The Verilog-2005 text of a compiled network, weights inside, its top module the [`top_module`] of its design.
///
/// # Errors
/// When a signal is not driven or an expression would mean something else in Verilog than in Rust.
pub fn generate(program: &Program) -> Result<String, GenerateError> {
    match program.shape.design.streams {
        Streams::Wide => emit(&TernCore::new(program)),
        Streams::Bytes => emit(&TernBytes::new(program)),
    }
}

/// The Verilog-2005 text of a block with all that is in it; the block has been connected (`connect_all`).
///
/// # Errors
/// When a signal is not driven or an expression would mean something else in Verilog than in Rust.
pub fn emit<B: Block>(block: &B) -> Result<String, GenerateError> {
    check_all(block).map_err(|error| GenerateError(format!("{error:?}")))?;
    lint::check(block).map_err(GenerateError)?;
    let mut modules = parse::modules(&generate_verilog_unchecked(block)).map_err(GenerateError)?;
    registers::write_in_place(&mut modules);
    spelling::simplify(&mut modules);
    settle::assign_once(&mut modules);
    let modules = merge::merge(modules);
    let text: Vec<String> = modules.iter().map(ToString::to_string).collect();
    Ok(format!(
        "`default_nettype none\n\n{}\n`default_nettype wire\n",
        text.join("\n")
    ))
}
