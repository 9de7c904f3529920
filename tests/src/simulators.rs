//! Cores built by Verilator, kept between runs of the tests.

use std::path::PathBuf;

use tern_compile::program::Program;
use tern_sim::dut::verilator::options::Options;
use tern_sim::dut::verilator::{Simulator, VerilatorDut};
use tern_sim::error::SimError;

/// The folder `tmp` of Cargo's target folder, for what tests build.
pub fn folder() -> PathBuf {
    // This program is target/PROFILE/deps/NAME.
    let program = std::env::current_exe().unwrap_or_default();
    match program.ancestors().nth(3) {
        Some(target) => target.join("tmp"),
        None => std::env::temp_dir(),
    }
}

/// The Verilog text of a program's core.
///
/// # Panics
/// When the hardware description is not sound.
pub fn verilog(program: &Program) -> String {
    tern_hdl::verilog::generate(program).expect("the hardware description is sound")
}

/// A simulator of a Verilog text whose top module is `tern_core`, with waveforms on request if `trace`.
pub fn build(verilog: &str, trace: bool) -> Result<Simulator, SimError> {
    build_options(
        verilog,
        Options {
            trace,
            ..Options::default()
        },
    )
}

/// A simulator of a Verilog text for a short run: built in less time, and slower.
pub fn build_briefly(verilog: &str) -> Result<Simulator, SimError> {
    build_options(
        verilog,
        Options {
            quick: true,
            ..Options::default()
        },
    )
}

/// A simulator of the module `top` of a Verilog text.
pub fn build_top(verilog: &str, top: &str) -> Result<Simulator, SimError> {
    build_options(
        verilog,
        Options {
            top,
            ..Options::default()
        },
    )
}

fn build_options(verilog: &str, options: Options) -> Result<Simulator, SimError> {
    let folder = folder().join("simulators");
    Ok(Simulator::build(&[verilog], &options, &folder)?)
}

/// Overwrites every read-only memory of `dut` with the images of `program`.
pub fn load(dut: &mut VerilatorDut, program: &Program) -> Result<(), SimError> {
    for image in tern_hdl::images::memory_images(program) {
        dut.load_memory(&image.instance, &image.words)?;
    }
    Ok(())
}
