//! One network on several rungs: the same cases, the same values, the same cycles.

use std::path::Path;

use tern_compile::cycles::CycleModel;
use tern_compile::design::Streams;
use tern_compile::program::Program;
use tern_model::golden::Golden;
use tern_model::network::{Model, Output};

use super::case::{Case, Stalls};
use super::observe::{Observed, WATCHDOG_CYCLES, observe};
use super::rung::{Build, Rung};
use crate::dut::Dut;
use crate::eda::ToolError;
use crate::error::SimError;
use crate::scoreboard::{Context, Mismatch, first_difference};
use crate::stream::{StallPattern, StreamDriver, StreamFormat};

/// What a rung has been through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sequences.
    pub sequences: u64,
    /// Clock cycles, those before resets included; none for the golden model.
    pub cycles: u64,
    /// Cases in which it differs from the reference.
    pub differences: u64,
}

/// A simulated core with a place in the ladder.
struct Simulated {
    rung: Rung,
    driver: StreamDriver<Box<dyn Dut>>,
    tally: Tally,
}

/// The rungs of one network. The first one is the reference of values, the first simulated one that of cycles.
pub struct Ladder<'m> {
    model: &'m Model,
    program: &'m Program,
    golden: Option<Tally>,
    simulated: Vec<Simulated>,
    context: Context,
}

/// Builds `rungs` for `verilog`, the text of `program`'s core, in `folder`; `say` gets the name of each rung before it.
///
/// # Errors
/// When a tool is missing or fails.
pub fn build(
    rungs: &[Rung],
    program: &Program,
    verilog: &str,
    folder: &Path,
    say: &mut dyn FnMut(Rung),
) -> Result<Vec<Build>, ToolError> {
    let mut builds = vec![];
    for rung in rungs {
        say(*rung);
        builds.extend(Build::new(*rung, program, verilog, folder)?);
    }
    Ok(builds)
}

impl<'m> Ladder<'m> {
    /// The ladder of `model`, compiled as `program`, on `builds`, with the golden model below them if `golden`.
    /// `load` says that the builds are those of another network of the same shape; a core with a load port gets its network
    /// through that. `name` is the network's and the design's, for messages.
    ///
    /// # Errors
    /// When memories or ports do not fit the network.
    pub fn new(
        name: &str,
        model: &'m Model,
        program: &'m Program,
        golden: bool,
        builds: &[Build],
        load: bool,
    ) -> Result<Ladder<'m>, SimError> {
        let design = &program.shape.design;
        let format = StreamFormat::of(model, design.lanes).on(design.streams);
        let mut simulated = vec![];
        for build in builds {
            let dut = build.instance(program, load)?;
            let mut driver = StreamDriver::new(dut, format)?.with_watchdog(WATCHDOG_CYCLES);
            if program.shape.loads() {
                driver.load(&program.load_image(), StallPattern::none(0))?;
            }
            simulated.push(Simulated {
                rung: build.rung(),
                driver,
                tally: Tally::default(),
            });
        }
        Ok(Ladder {
            model,
            program,
            golden: golden.then(Tally::default),
            simulated,
            context: Context {
                design: name.to_owned(),
                seed: 0,
            },
        })
    }

    /// Runs the case on every rung; returns the first rung that differs, and how.
    pub fn check(&mut self, case: &Case) -> Option<(Rung, SimError)> {
        let stimulus = case.stimulus(self.model);
        self.context.seed = case.seed;
        let golden = self.golden.is_some().then(|| {
            let mut golden = Golden::new(self.model);
            let run = |sequence: &Vec<Vec<i32>>| golden.run(sequence);
            stimulus.iter().map(run).collect::<Vec<_>>()
        });
        let mut values = golden
            .as_ref()
            .map(|values| ("golden".to_owned(), values.clone()));
        let mut reference: Option<(Rung, Observed)> = None;
        let mut first = None;
        let sequences = stimulus.len() as u64;
        if let Some(tally) = &mut self.golden {
            tally.sequences += sequences;
        }
        for simulated in &mut self.simulated {
            simulated.tally.sequences += sequences;
            let rung = simulated.rung;
            let run = observe(&mut simulated.driver, &stimulus, case);
            let run = run.map_err(|error| {
                SimError::Stream(format!("{error}, in {} on {rung}", self.context))
            });
            let compared = run.and_then(|run| {
                simulated.tally.cycles += run.cycles;
                if let Some((name, expected)) = &values {
                    compare_values(name, expected, rung, &run, self.model, case, &self.context)?;
                }
                compare_cycles(
                    reference.as_ref(),
                    rung,
                    &run,
                    case,
                    self.program,
                    &self.context,
                )?;
                Ok(run)
            });
            match compared {
                Ok(run) if reference.is_none() => {
                    let outputs = run.transcript.outputs.clone();
                    values = values.or(Some((rung.name().to_owned(), outputs)));
                    reference = Some((rung, run));
                }
                Ok(_) => {}
                Err(error) => {
                    simulated.tally.differences += 1;
                    first = first.or(Some((rung, error)));
                }
            }
        }
        first
    }

    /// What each rung has been through, lowest first.
    pub fn tallies(&self) -> Vec<(Rung, Tally)> {
        let golden = self.golden.map(|tally| (Rung::Golden, tally));
        let simulated = self.simulated.iter().map(|s| (s.rung, s.tally));
        golden.into_iter().chain(simulated).collect()
    }
}

/// Fails at the first value that differs.
fn compare_values(
    reference: &str,
    expected: &[Vec<Vec<i32>>],
    rung: Rung,
    run: &Observed,
    model: &Model,
    case: &Case,
    context: &Context,
) -> Result<(), SimError> {
    let pairs = expected.iter().zip(&run.transcript.outputs).enumerate();
    for (sequence, (expected, got)) in pairs {
        if let Some((output, unit, expected_value, got_value)) = first_difference(expected, got) {
            return Err(SimError::from(Mismatch {
                context: context.clone(),
                reference: reference.to_owned(),
                executor: rung.name().to_owned(),
                sequence,
                step: match model.output {
                    Output::Every => output,
                    Output::Last => case.lengths[sequence] - 1,
                },
                unit,
                gate: None,
                expected: expected_value,
                got: got_value,
            }));
        }
    }
    Ok(())
}

/// Fails at the first cycle that differs from the reference's, or from the cycle model's where that holds.
fn compare_cycles(
    reference: Option<&(Rung, Observed)>,
    rung: Rung,
    run: &Observed,
    case: &Case,
    program: &Program,
    context: &Context,
) -> Result<(), SimError> {
    let differs = |what: &str, at: usize, expected: String, got: String, name: &str| {
        Err(SimError::Stream(format!(
            "{rung} differs from {name} in {context}: {what} {at}: expected {expected}, got {got}"
        )))
    };
    let cycle = |cycle: Option<&u64>| cycle.map_or("none".to_owned(), |c| format!("cycle {c}"));
    let lists = |name: &str, what: &str, expected: &[u64], got: &[u64]| match first(expected, got) {
        Some(at) => differs(what, at, cycle(expected.get(at)), cycle(got.get(at)), name),
        None => Ok(()),
    };
    let transcript = &run.transcript;
    if case.stalls == Stalls::None && program.shape.design.streams == Streams::Wide {
        let expected = CycleModel::new(&program.shape)
            .run(&case.lengths)
            .output_beats;
        lists(
            "cycle model",
            "output beat",
            &expected,
            &transcript.output_cycles,
        )?;
    }
    let Some((name, expected)) = reference else {
        return Ok(());
    };
    if let Some(at) = first(&expected.before_reset, &run.before_reset) {
        let ports = |run: &Observed| format!("{:?}", run.before_reset.get(at));
        return differs(
            "cycle before the reset",
            at,
            ports(expected),
            ports(run),
            name.name(),
        );
    }
    let expected = &expected.transcript;
    lists(
        name.name(),
        "input beat",
        &expected.input_cycles,
        &transcript.input_cycles,
    )?;
    lists(
        name.name(),
        "output beat",
        &expected.output_cycles,
        &transcript.output_cycles,
    )
}

/// The first index at which two lists differ.
fn first<T: PartialEq>(a: &[T], b: &[T]) -> Option<usize> {
    (0..a.len().max(b.len())).find(|k| a.get(*k) != b.get(*k))
}
