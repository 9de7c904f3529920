//! From a wrong output to the sum that went wrong first: its step, gate and unit.
//!
//! The core is simulated again with a waveform, in which every hidden unit that leaves the array shows as a cycle with
//! `drain_unit_valid`, its four sums two cycles later as `gate_0_preactivation` to `gate_3_preactivation`. The golden
//! model says what they should be.

use std::path::Path;

use tern_model::{Gate, Golden, LayerState, Model};

use crate::eda::ToolError;
use crate::error::SimError;
use crate::scoreboard::Mismatch;
use crate::stream::{StallPattern, StreamDriver, StreamFormat};
use crate::verilator::VerilatorDut;
use crate::waveform::{Signal, Waveform};

/// Cycles from a unit's number to its sums.
const SUM_LATENCY: usize = 2;

/// Names the first wrong gate sum behind `mismatch`: its step, gate, unit and both values.
///
/// `stimulus` is that of the comparison; `dut` is a new core of the same network on `lanes` trits a processing element,
/// which writes its waveform to `trace` ([`crate::verilator::Simulator::traced_instance`]). Where every sum is right the
/// fault lies behind the gates, and the mismatch comes back as it was.
///
/// Errors: the waveform cannot be read or lacks the sums.
pub fn locate(
    mismatch: Mismatch,
    model: &Model,
    stimulus: &[Vec<Vec<i32>>],
    lanes: usize,
    dut: VerilatorDut,
    trace: &Path,
) -> Result<Mismatch, SimError> {
    let Some(sequence) = stimulus.get(mismatch.sequence) else {
        return Ok(mismatch);
    };
    let mut driver = StreamDriver::new(dut, StreamFormat::of(model, lanes))?;
    // A broken core may break the stream's rules as well; its waveform up to there is what counts.
    let _ = driver.run(
        std::slice::from_ref(sequence),
        StallPattern::none(mismatch.context.seed),
    );
    drop(driver);
    let mut got = read_sums(trace)?.into_iter();
    let mut golden = Golden::new(model);
    for (step, x) in sequence.iter().enumerate() {
        golden.step(x);
        let Some(LayerState::Lstm(state)) = golden.layers().first() else {
            break;
        };
        for unit in 0..state.hidden_state.len() {
            let got = got.next();
            for gate in Gate::ORDER {
                let expected = state.sums[gate.index()][unit];
                let got = got.map(|sums| sums[gate.index()]);
                if got != Some(expected) {
                    let value = |sum: i64| i32::try_from(sum).ok();
                    return Ok(Mismatch {
                        step,
                        unit,
                        gate: Some(gate.symbol().to_owned()),
                        expected: value(expected),
                        got: got.and_then(value),
                        ..mismatch
                    });
                }
            }
        }
    }
    Ok(mismatch)
}

/// The four sums of every hidden unit that left the array, in order.
fn read_sums(trace: &Path) -> Result<Vec<[i64; 4]>, ToolError> {
    let sums = Gate::ORDER.map(|gate| format!("gate_{}_preactivation", gate.index()));
    let mut names = vec!["drain_unit_valid"];
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
        .map(|cycle| std::array::from_fn(|gate| sums[gate].signed(cycle + SUM_LATENCY)));
    Ok(units.collect())
}
