//! What the tests of this crate share: the fixture cores, a software model of one of them, and where builds go.
#![allow(dead_code)] // each test file uses its own part

use std::path::{Path, PathBuf};

use tern_sim::verilator::{Options, Simulator};

/// `accumulate.v`: ten signed 8-bit elements a step in beats of four, three 32-bit outputs a step.
pub const ACCUMULATE: &str = include_str!("../fixtures/accumulate.v");
const LOOPBACK: &str = include_str!("../fixtures/loopback.v");

/// `loopback.v` with these port and memory widths.
pub fn loopback(input_bits: u32, output_bits: u32, word_bits: u32) -> String {
    format!(
        "`define INPUT_BITS {input_bits}\n`define OUTPUT_BITS {output_bits}\n`define WORD_BITS {word_bits}\n{LOOPBACK}"
    )
}

/// The folder that keeps built simulators between runs of the tests.
pub fn build_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulators")
}

/// A simulator of the Verilog text `source`.
pub fn simulator(source: &str) -> Simulator {
    Simulator::build(&[source], &Options::default(), &build_folder()).expect("the fixture builds")
}
