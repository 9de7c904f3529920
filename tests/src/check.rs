//! Sequences through a core, back to back, against the golden model.

use tern_compile::shape::Shape;
use tern_model::golden::Golden;
use tern_model::network::Model;
use tern_sim::SimError;
use tern_sim::diagnose::locate;
use tern_sim::dut::Dut;
use tern_sim::scoreboard::{Context, Mismatch, first_difference};
use tern_sim::stream::{StallPattern, StreamDriver, StreamFormat, Transcript};
use tern_sim::verilator::VerilatorDut;

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
    let pairs = expected.iter().zip(&transcript.outputs).enumerate();
    for (sequence, (expected, got)) in pairs {
        if let Some((output, unit, expected, got)) = first_difference(expected, got) {
            let last = sequences[sequence].len().saturating_sub(1);
            let every = model.output == tern_model::network::Output::Every;
            return Err(SimError::from(Mismatch {
                context: context.clone(),
                reference: "golden".to_owned(),
                executor: driver.dut_mut().name().to_owned(),
                sequence,
                step: if every { output } else { last },
                unit,
                gate: None,
                expected,
                got,
            }));
        }
    }
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
    let SimError::Mismatch(mismatch) = error else {
        return error;
    };
    let diagnose = || -> Result<Mismatch, SimError> {
        let folder = simulators::folder();
        let trace = tempfile::Builder::new()
            .suffix(".vcd")
            .tempfile_in(&folder)
            .map_err(|e| SimError::Stream(format!("{}: {e}", folder.display())))?;
        let mut dut = simulators::build(verilog, true)?.traced_instance(trace.path())?;
        prepare(&mut dut)?;
        locate(*mismatch, model, shape, sequences, dut, trace.path())
    };
    diagnose().map_or_else(|error| error, SimError::from)
}
