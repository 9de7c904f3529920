//! One network on several rungs: the same cases, the same values, the same cycles.

use std::path::Path;

use tern_compile::cycles::Timeline;
use tern_compile::design::Streams;
use tern_compile::program::Program;
use tern_model::golden::Golden;
use tern_model::network::Model;

use super::case::Case;
use super::observe::{Observed, WATCHDOG_CYCLES, observe};
use crate::compare::mismatch::{Context, compare};
use crate::dut::Dut;
use crate::eda::error::ToolError;
use crate::error::SimError;
use crate::executor::build::Build;
use crate::executor::name::ExecutorName;
use crate::stream::driver::StreamDriver;

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
    rung: ExecutorName,
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
    rungs: &[ExecutorName],
    program: &Program,
    verilog: &str,
    folder: impl AsRef<Path>,
    say: &mut dyn FnMut(ExecutorName),
) -> Result<Vec<Build>, ToolError> {
    let folder = folder.as_ref();
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
        let mut simulated = vec![];
        for build in builds {
            let driver = build.driver(model, program, load)?;
            simulated.push(Simulated {
                rung: build.executor(),
                driver: driver.with_watchdog(WATCHDOG_CYCLES),
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
    pub fn check(&mut self, case: &Case) -> Option<(ExecutorName, SimError)> {
        let stimulus = case.stimulus(self.model);
        self.context.seed = case.pattern.seed;
        let golden = self.golden.is_some().then(|| {
            let mut golden = Golden::new(self.model);
            let run = |sequence: &Vec<Vec<i32>>| golden.run(sequence);
            stimulus.iter().map(run).collect::<Vec<_>>()
        });
        let mut values = golden
            .as_ref()
            .map(|values| ("golden".to_owned(), values.clone()));
        let shape = &self.program.shape;
        let wide = shape.design.streams == Streams::Wide;
        let exact = (case.pattern.is_none() && wide)
            .then(|| Timeline::of(self.model, shape, &stimulus).output_beats);
        let mut reference: Option<(ExecutorName, Observed)> = None;
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
                SimError::stream(format!("{error}, in {} on {rung}", self.context))
            });
            let compared = run.and_then(|run| {
                simulated.tally.cycles += run.cycles;
                if let Some((name, expected)) = &values {
                    let (names, outputs) = ([name, rung.name()], &run.transcript.outputs);
                    compare(names, &stimulus, expected, outputs, &self.context)?;
                }
                compare_cycles(
                    reference.as_ref(),
                    rung,
                    &run,
                    exact.as_deref(),
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
    pub fn tallies(&self) -> Vec<(ExecutorName, Tally)> {
        let golden = self.golden.map(|tally| (ExecutorName::Golden, tally));
        let simulated = self.simulated.iter().map(|s| (s.rung, s.tally));
        golden.into_iter().chain(simulated).collect()
    }
}

/// Fails at the first cycle that differs from the reference's, or from those that the cycle model says.
fn compare_cycles(
    reference: Option<&(ExecutorName, Observed)>,
    rung: ExecutorName,
    run: &Observed,
    exact: Option<&[u64]>,
    context: &Context,
) -> Result<(), SimError> {
    let differs = |what: &str, at: usize, expected: String, got: String, name: &str| {
        Err(SimError::stream(format!(
            "{rung} differs from {name} in {context}: {what} {at}: expected {expected}, got {got}"
        )))
    };
    let cycle = |cycle: Option<&u64>| cycle.map_or("none".to_owned(), |c| format!("cycle {c}"));
    let lists = |name: &str, what: &str, expected: &[u64], got: &[u64]| match first(expected, got) {
        Some(at) => differs(what, at, cycle(expected.get(at)), cycle(got.get(at)), name),
        None => Ok(()),
    };
    let transcript = &run.transcript;
    if let Some(exact) = exact {
        lists(
            "cycle model",
            "output beat",
            exact,
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
