//! The Verilog of a core, written from Rust-HDL's description of it.
//!
//! Rust-HDL itself emits one module per instance and one per register, and a block of blocking assignments in each. Here its
//! syntax tree is read (`read`, `build`) into modules of wires, registers and instances (`module`) whose expressions have
//! explicit widths (`lower`, `expression`, `simplify`, `substitute`). On these work the `passes`. The text (`print`) is proven equal to
//! Rust-HDL's own by the tests.

mod build;
mod clocked;
mod expression;
mod leaf;
mod lint;
mod lower;
mod module;
mod names;
mod passes;
mod print;
mod read;
mod settle;
mod simplify;
mod substitute;

use std::fmt;

use rust_hdl::core::prelude::{Block, check_all};
use tern_compile::design::{Design, Streams};
use tern_compile::program::Program;

use crate::board::TernLink;
use crate::core::TernCore;
use crate::core::tern_bytes::TernBytes;
use passes::{inline, prune, share, wires};

/// Why no Verilog was generated: a defect of the hardware description, not of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerateError(String);

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the hardware description is not sound: {}", self.0)
    }
}

impl std::error::Error for GenerateError {}

/// Name of a design's top module: its prefix before the [`top_module`] of its streams.
pub fn top_of(design: &Design) -> String {
    format!("{}{}", design.prefix, top_module(design.streams))
}

/// Name of the top module that has these streams, without a prefix.
pub const fn top_module(streams: Streams) -> &'static str {
    match streams {
        Streams::Wide => "tern_core",
        Streams::Bytes => "tern_bytes",
    }
}

/// The Verilog-2005 text of a compiled network, weights inside, its top module the [`top_of`] its design.
///
/// # Errors
/// When a signal is not driven or an expression would mean something else in Verilog than in Rust.
pub fn generate(program: &Program) -> Result<String, GenerateError> {
    let Design {
        streams, prefix, ..
    } = &program.shape.design;
    match streams {
        Streams::Wide => emit_named(&TernCore::new(program), prefix),
        Streams::Bytes => emit_named(&TernBytes::new(program), prefix),
    }
}

/// The Verilog-2005 text of a link with the core behind it; the names of all modules begin with `prefix`, that of the top module is
/// `prefix` and `tern_link`.
///
/// # Errors
/// When a signal is not driven or an expression would mean something else in Verilog than in Rust.
pub fn generate_link(link: &TernLink, prefix: &str) -> Result<String, GenerateError> {
    emit_named(link, prefix)
}

/// The Verilog-2005 text of a block with all that is in it; the block has been connected (`connect_all`).
///
/// # Errors
/// When a signal is not driven or an expression would mean something else in Verilog than in Rust.
pub fn emit<B: Block>(block: &B) -> Result<String, GenerateError> {
    emit_named(block, "")
}

/// The same with `prefix` before the name of every module.
fn emit_named<B: Block>(block: &B, prefix: &str) -> Result<String, GenerateError> {
    check_all(block).map_err(|error| GenerateError(format!("{error:?}")))?;
    lint::check(block).map_err(GenerateError)?;
    let mut modules = build::modules(&read::Node::of(block)).map_err(GenerateError)?;
    inline::inline(&mut modules);
    let mut modules = share::share(modules);
    prune::prune(&mut modules);
    wires::arrange(&mut modules).map_err(GenerateError)?;
    for module in &mut modules {
        module.name.insert_str(0, prefix);
    }
    let text: Vec<String> = modules
        .iter()
        .rev()
        .map(|module| print::module(module, &modules))
        .collect();
    Ok(format!(
        "`default_nettype none\n\n{}\n`default_nettype wire\n",
        text.join("\n")
    ))
}
