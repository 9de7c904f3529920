//! What a case shows on a simulated core.

use super::case::Case;
use crate::dut::{Dut, Inputs, Outputs};
use crate::error::SimError;
use crate::stream::driver::{StreamDriver, Transcript};
use crate::stream::format::random_beat;

/// Cycles without a transfer after which a core hangs: many times the longest step of any array.
pub(super) const WATCHDOG_CYCLES: u64 = 100_000;

/// Everything that a case shows: two cores that show the same are the same to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The ports in each cycle before the reset; what is not valid is zero.
    pub before_reset: Vec<Outputs>,
    /// The sequences after it.
    pub transcript: Transcript,
    /// Clock cycles of it all.
    pub cycles: u64,
}

/// The case on one core; `stimulus` is the case's, `[sequence][step][X]`.
///
/// # Errors
/// A fault of the simulation, a broken rule of the handshake, or a core that hangs.
pub fn observe<D: Dut>(
    driver: &mut StreamDriver<D>,
    stimulus: &[Vec<Vec<i32>>],
    case: &Case,
) -> Result<Observed, SimError> {
    let before_reset = case.reset.map_or(vec![], |cycles| {
        arbitrary(driver, cycles, case.pattern.seed)
    });
    driver.reset(1);
    let transcript = driver.run(stimulus, case.pattern)?;
    Ok(Observed {
        cycles: driver.cycle() + before_reset.len() as u64,
        before_reset,
        transcript,
    })
}

/// Arbitrary beats, pauses, `tlast`s and back-pressure for `cycles` cycles; what is on offer holds until it is taken.
fn arbitrary<D: Dut>(driver: &mut StreamDriver<D>, cycles: u32, seed: u64) -> Vec<Outputs> {
    let mut random = fastrand::Rng::with_seed(seed);
    let bits = driver.dut_mut().input_bits();
    let mut offered = None;
    let cycle = |_| {
        if offered.is_none() && random.u8(..4) > 0 {
            offered = Some((random_beat(bits, &mut random), random.u8(..6) == 0));
        }
        let noise = (random_beat(bits, &mut random), random.bool());
        let (s_axis_tdata, s_axis_tlast) = offered.unwrap_or(noise);
        let outputs = driver.dut_mut().cycle(&Inputs {
            s_axis_tdata,
            reset: false,
            s_axis_tvalid: offered.is_some(),
            s_axis_tlast,
            m_axis_tready: random.u8(..4) > 0,
            ..Inputs::default()
        });
        if outputs.s_axis_tready {
            offered = None;
        }
        match outputs.m_axis_tvalid {
            true => outputs,
            false => Outputs {
                s_axis_tready: outputs.s_axis_tready,
                ..Outputs::default()
            },
        }
    };
    (0..cycles).map(cycle).collect()
}
