//! Sequences through a core, back to back, against the golden model.

use tern_compile::shape::Shape;
use tern_model::golden::Golden;
use tern_model::network::Model;
use tern_sim::compare::diagnose::locate;
use tern_sim::compare::mismatch::{Context, Mismatch, compare};
use tern_sim::dut::Dut;
use tern_sim::dut::verilator::VerilatorDut;
use tern_sim::error::{ErrorKind, SimError};
use tern_sim::stream::driver::{StreamDriver, Transcript};
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;

use crate::simulators;

/// What the core sends for `sequences[sequence][step][X]`, by the golden model.
pub fn golden(model: &Model, sequences: &[Vec<Vec<i32>>]) -> Vec<Vec<Vec<i32>>> {
    let mut golden = Golden::new(model);
    sequences
        .iter()
        .map(|sequence| golden.run(sequence))
        .collect()
}

/// A core with the streams of `model` on an array of `lanes` trits a processing element, after reset.
pub fn driver<D: Dut>(dut: D, model: &Model, lanes: usize) -> Result<StreamDriver<D>, SimError> {
    StreamDriver::new(dut, StreamFormat::of(model, lanes))
}

/// Runs `sequences` back to back on the core and compares every output with the golden model's.
///
/// Errors: the first difference, or a broken rule of the stream.
pub fn check<D: Dut>(
    driver: &mut StreamDriver<D>,
    model: &Model,
    sequences: &[Vec<Vec<i32>>],
    pattern: StallPattern,
    context: &Context,
) -> Result<Transcript, SimError> {
    let expected = golden(model, sequences);
    let transcript = driver.run(sequences, pattern)?;
    let names = ["golden", driver.dut_mut().name()];
    compare(names, sequences, &expected, &transcript.outputs, context)?;
    Ok(transcript)
}

/// `error` with the gate behind it where it is a difference: the sequence runs once more on a core of `verilog` with a
/// waveform, after `prepare`, which may load its memories.
pub fn explain(
    error: SimError,
    model: &Model,
    sequences: &[Vec<Vec<i32>>],
    shape: &Shape,
    verilog: &str,
    prepare: impl FnOnce(&mut VerilatorDut) -> Result<(), SimError>,
) -> SimError {
    let ErrorKind::Mismatch(mismatch) = error.kind() else {
        return error;
    };
    let diagnose = || -> Result<Mismatch, SimError> {
        let folder = simulators::folder();
        let trace = tempfile::Builder::new()
            .suffix(".vcd")
            .tempfile_in(&folder)
            .map_err(|e| SimError::stream(format!("{}: {e}", folder.display())))?;
        let mut dut = simulators::build(verilog, true)?.traced_instance(trace.path())?;
        prepare(&mut dut)?;
        locate(mismatch.clone(), model, shape, sequences, dut, trace.path())
    };
    diagnose().map_or_else(|error| error, |mismatch| Box::new(mismatch).into())
}
