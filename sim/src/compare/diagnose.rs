//! From a wrong output to the sum that went wrong first: its step, gate and unit.
//!
//! The core is simulated again with a waveform, in which every hidden unit that leaves the array shows as a cycle with
//! `units.valid`, its four sums two cycles later as those of `units.bias_0` to `units.bias_3`. The golden
//! model says what they should be.

use std::path::Path;

use tern_compile::shape::{Part, Shape};
use tern_hdl::images::sum_signal;
use tern_model::golden::{Golden, LayerState};
use tern_model::network::{CellKind, Gate, GruBias, Model};

use super::mismatch::Mismatch;
use crate::dut::verilator::VerilatorDut;
use crate::eda::error::ToolError;
use crate::error::SimError;
use crate::stream::driver::StreamDriver;
use crate::stream::format::StreamFormat;
use crate::stream::stall::StallPattern;
use crate::wave::waveform::{Signal, Waveform};

/// Cycles from a unit's number to its sums.
const SUM_LATENCY: usize = 2;

/// Names the first wrong sum behind `mismatch`: its step, layer, gate, unit and both values.
///
/// `stimulus` is that of the comparison; `dut` is a new core of `model` on `shape`, which writes its waveform to `trace`
/// ([`crate::dut::verilator::Simulator::traced_instance`]). Where every sum is right the fault lies behind them, and the mismatch
/// comes back as it was.
///
/// Errors: the waveform cannot be read or lacks the sums.
pub fn locate(
    mismatch: Mismatch,
    model: &Model,
    shape: &Shape,
    stimulus: &[Vec<Vec<i32>>],
    dut: VerilatorDut,
    trace: impl AsRef<Path>,
) -> Result<Mismatch, SimError> {
    let trace = trace.as_ref();
    let Some(sequence) = stimulus.get(mismatch.sequence) else {
        return Ok(mismatch);
    };
    let mut driver = StreamDriver::new(dut, StreamFormat::of(model, shape.design.lanes))?;
    // A broken core may break the stream's rules as well; its waveform up to there is what counts.
    let _ = driver.run(
        std::slice::from_ref(sequence),
        StallPattern::none(mismatch.context.seed),
    );
    drop(driver);
    let mut got = read_sums(trace, shape)?.into_iter();
    let mut golden = Golden::new(model);
    for (step, x) in sequence.iter().enumerate() {
        golden.step(x);
        for (layer, state) in golden.layers().iter().enumerate() {
            let Some((names, sums)) = sums(state) else {
                continue;
            };
            for (unit, _) in state.output().iter().enumerate() {
                let got = got.next();
                let values = names.iter().zip(sums.iter().enumerate());
                for (name, (k, expected)) in values {
                    let expected = expected[unit];
                    let got = got.map(|got| got[k] >> scale(shape, layer, k));
                    if got != Some(expected) {
                        let value = |sum: i64| i32::try_from(sum).ok();
                        return Ok(Mismatch {
                            step,
                            unit,
                            gate: Some(format!("layer {layer}, gate {name}")),
                            expected: value(expected),
                            got: got.and_then(value),
                            ..mismatch
                        });
                    }
                }
            }
        }
    }
    Ok(mismatch)
}

/// Names and values of a recurrent layer's four sums.
fn sums(state: &LayerState) -> Option<([&'static str; 4], &[Vec<i64>; 4])> {
    match state {
        LayerState::Lstm(lstm) => Some((Gate::ORDER.map(Gate::symbol), &lstm.sums)),
        LayerState::Gru(gru) => Some((GruBias::ORDER.map(GruBias::symbol), &gru.sums)),
        LayerState::Linear(_) => None,
    }
}

/// Bits by which a sum is scaled up in the core.
fn scale(shape: &Shape, layer: usize, sum: usize) -> usize {
    match (shape.layers[layer].cell, sum) {
        (CellKind::Gru, 2) => shape.part_shift(layer, Part::Input),
        (CellKind::Gru, 3) => shape.part_shift(layer, Part::Hidden),
        _ => shape.section_shift(layer),
    }
}

/// The four sums of every hidden unit that left the array, in order.
fn read_sums(trace: &Path, shape: &Shape) -> Result<Vec<[i64; 4]>, ToolError> {
    let sums = [0, 1, 2, 3].map(|sum| sum_signal(shape, sum));
    let mut names = vec!["units.valid"];
    names.extend(sums.iter().map(String::as_str));
    let waveform = Waveform::read(trace, &names)?;
    let signals: Vec<&Signal> = names
        .iter()
        .filter_map(|name| waveform.signal(name))
        .collect();
    let [valid, sums @ ..] = signals.as_slice() else {
        return Ok(vec![]);
    };
    let units = (0..waveform.cycles.saturating_sub(SUM_LATENCY))
        .filter(|cycle| valid.values[*cycle] == 1)
        .map(|cycle| std::array::from_fn(|sum| sums[sum].signed(cycle + SUM_LATENCY)));
    Ok(units.collect())
}
