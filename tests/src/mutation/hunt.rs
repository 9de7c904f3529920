//! Which changes of a core's Verilog show.

use tern_compile::program::Program;
use tern_model::network::Model;
use tern_sim::dut::verilator::{Simulator, VerilatorDut};
use tern_sim::error::SimError;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;
use tern_sim::verify::case::Case;
use tern_sim::verify::observe::{Observed, observe};

use super::mutant::Mutant;
use super::schema::{MUTANT_MEMORY, instrument};
use crate::check::golden;
use crate::simulators;
use crate::small_cores::Core;

/// Cycles without a transfer after which a small core hangs.
const WATCHDOG_CYCLES: u64 = 3000;

/// A case with what the unchanged core shows, which the golden model has agreed with.
struct Expected {
    network: usize,
    case: Case,
    stimulus: Vec<Vec<Vec<i32>>>,
    observed: Observed,
}

/// A core with every change of its Verilog, and the cases that are to notice them.
pub struct Hunt {
    /// The changes; the first has number 1.
    pub mutants: Vec<Mutant>,
    simulator: Simulator,
    format: StreamFormat,
    programs: Vec<Program>,
    /// Cycles of each network's load, where the core has a load port.
    load_cycles: Vec<u64>,
    expected: Vec<Expected>,
}

impl Hunt {
    /// Builds the core with its changes and runs `cases` cases drawn from `seed` without any change.
    ///
    /// Errors: tools that are missing; a core that differs from the golden model.
    pub fn new(core: &Core, seed: u64, cases: usize) -> Result<Hunt, SimError> {
        let shape = &core.programs[0].shape;
        let streams = shape.design.streams;
        let top = tern_hdl::verilog::top_module(streams);
        let (text, mutants) = instrument(&simulators::verilog(&core.programs[0]), top);
        let mut hunt = Hunt {
            mutants,
            simulator: simulators::build_top(&text, top)?,
            format: StreamFormat::of(&core.models[0], shape.design.lanes).on(streams),
            programs: core.programs.clone(),
            load_cycles: vec![],
            expected: vec![],
        };
        for network in 0..hunt.programs.len() {
            hunt.load_cycles.push(hunt.driver(0, network)?.1);
        }
        let mut ready: Option<(usize, StreamDriver<VerilatorDut>)> = None;
        for (number, case) in Case::random(seed, cases, 3, 4).into_iter().enumerate() {
            let network = number * core.models.len() / cases;
            let model = &core.models[network];
            let stimulus = case.stimulus(model);
            // One core for all cases of a network, since arbitrary signals begin where the case before has ended.
            let mut driver = match ready.take().filter(|(of, _)| *of == network) {
                Some((_, driver)) => driver,
                None => hunt.driver(0, network)?.0,
            };
            let observed = observe(&mut driver, &stimulus, &case)?;
            ready = Some((network, driver));
            if observed.transcript.outputs != golden(model, &stimulus) {
                let fault = format!("{} differs from golden without a change: {case}", core.name);
                return Err(SimError::stream(fault));
            }
            hunt.expected.push(Expected {
                network,
                case,
                stimulus,
                observed,
            });
        }
        Ok(hunt)
    }

    /// A core after its reset and load, with the change of that number, and the cycles of the load.
    fn driver(
        &self,
        number: usize,
        network: usize,
    ) -> Result<(StreamDriver<VerilatorDut>, u64), SimError> {
        let mut dut = self.simulator.instance();
        dut.load_memory(MUTANT_MEMORY, &[number as u128])?;
        let program = &self.programs[network];
        let loads = program.shape.loads();
        if !loads {
            simulators::load(&mut dut, program)?;
        }
        let mut driver = StreamDriver::new(dut, self.format)?.with_watchdog(WATCHDOG_CYCLES);
        if loads {
            // A load that a reset breaks off leaves no trace: after the first byte of a word of two or three, and in the last memory.
            let image = program.load_image();
            for part in [image.len() / 18 * 6 + 1, image.len() - 1] {
                driver.load_part(&image[..part], StallPattern::none(0))?;
                driver.reset(1);
            }
            driver.load(&image, StallPattern::all(0)[1])?;
        }
        let cycles = driver.cycle();
        Ok((driver, cycles))
    }

    /// The first case in which the change of that number shows.
    pub fn caught(&self, number: usize) -> Option<usize> {
        let mut driver = None;
        self.expected.iter().position(|expected| {
            let network = expected.network;
            let same = driver.take().filter(|(of, _)| *of == network);
            let ready = match same {
                Some((_, ready)) => Ok(ready),
                None => match self.driver(number, network) {
                    Ok((_, cycles)) if cycles != self.load_cycles[network] => return true,
                    Ok((ready, _)) => Ok(ready),
                    Err(error) => Err(error),
                },
            };
            let Ok(mut ready) = ready else {
                return true;
            };
            let seen = observe(&mut ready, &expected.stimulus, &expected.case);
            driver = Some((network, ready));
            seen.ok().as_ref() != Some(&expected.observed)
        })
    }

    /// The first case of network `network` in which `changed`, run by the golden model, gives other outputs than the core.
    pub fn caught_in_golden(&self, network: usize, changed: &Model) -> Option<usize> {
        self.expected.iter().position(|expected| {
            let Expected {
                stimulus, observed, ..
            } = expected;
            expected.network == network && golden(changed, stimulus) != observed.transcript.outputs
        })
    }
}
