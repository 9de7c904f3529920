//! Many cases on one network, or on many random ones.

use proptest::strategy::{Strategy, ValueTree};
use tern_compile::program::Program;
use tern_model::network::Model;

use super::case::Case;
use super::draw::runner;
use super::ladder::{Ladder, Tally};
use super::random::{Network, networks};
use super::shrink::smallest;
use crate::dut::verilator::Simulator;
use crate::dut::verilator::options::Options;
use crate::eda::error::ToolError;
use crate::error::SimError;
use crate::executor::build::Build;
use crate::executor::name::ExecutorName;

/// Most sequences of a case.
const SEQUENCES: usize = 3;
/// Cycles of time steps, about, that are worth the build of an array in a campaign.
const ARRAY_CYCLES: u64 = 10_000;
/// Most attempts to make a random network smaller, each of which builds its core.
const NETWORK_ATTEMPTS: usize = 40;

/// A difference, made as small as it was found possible.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rung that differs.
    pub rung: ExecutorName,
    /// How.
    pub error: SimError,
    /// The case that shows it on a new core.
    pub case: Case,
}

/// What each rung has been through, and the first difference.
pub type BenchResult = (Vec<(ExecutorName, Tally)>, Option<Finding>);

/// A network that is ready for its cases.
pub struct Bench<'a> {
    /// Network and design, for messages.
    pub name: &'a str,
    /// The network.
    pub model: &'a Model,
    /// The network, compiled.
    pub program: &'a Program,
    /// Whether the golden model is the reference.
    pub golden: bool,
    /// The simulated rungs.
    pub builds: &'a [Build],
    /// Whether the builds are those of another network of the same shape.
    pub load: bool,
}

impl Bench<'_> {
    fn ladder(&self) -> Result<Ladder<'_>, SimError> {
        let (name, model, program) = (self.name, self.model, self.program);
        Ladder::new(name, model, program, self.golden, self.builds, self.load)
    }

    /// Runs one case on new cores.
    ///
    /// # Errors
    /// When a core cannot be made.
    pub fn case(&self, case: &Case) -> Result<BenchResult, SimError> {
        let mut ladder = self.ladder()?;
        let found = ladder.check(case).map(|(rung, error)| Finding {
            rung,
            error,
            case: case.clone(),
        });
        Ok((ladder.tallies(), found))
    }

    /// Runs `cases` cases of up to `steps` steps per sequence, drawn from `seed`, one after the other on the same cores;
    /// stops at a difference and makes it small. `after` is called after each case.
    ///
    /// # Errors
    /// When a core cannot be made.
    pub fn run(
        &self,
        seed: u64,
        cases: u64,
        steps: usize,
        after: &mut dyn FnMut(),
    ) -> Result<BenchResult, SimError> {
        let (mut runner, strategy) = (runner(seed), Case::strategy(SEQUENCES, steps));
        let mut ladder = self.ladder()?;
        for _ in 0..cases {
            let mut tree = strategy.new_tree(&mut runner).map_err(draw)?;
            let found = ladder.check(&tree.current());
            after();
            if let Some((rung, error)) = found {
                let found = self.small(rung, error, &mut tree);
                return Ok((ladder.tallies(), Some(found)));
            }
        }
        Ok((ladder.tallies(), None))
    }

    /// The smallest case that still differs, on new cores, and how it differs there.
    fn small(
        &self,
        rung: ExecutorName,
        error: SimError,
        tree: &mut impl ValueTree<Value = Case>,
    ) -> Finding {
        let differs = |case: &Case| self.case(case).ok().and_then(|(_, found)| found);
        let case = smallest(tree, usize::MAX, |case| differs(case).is_some());
        differs(&case).unwrap_or(Finding { rung, error, case })
    }
}

fn draw(reason: proptest::test_runner::Reason) -> SimError {
    SimError::stream(format!("no random case could be drawn: {reason}"))
}

/// A difference on a random network, with what it takes to see it again.
pub struct RandomFinding {
    /// The network.
    pub model: Model,
    /// The network on its array.
    pub program: Program,
    /// The difference.
    pub finding: Finding,
}

/// What random networks showed.
#[derive(Default)]
pub struct RandomRun {
    /// Arrays.
    pub arrays: u64,
    /// Networks, each with a case of its own.
    pub cases: u64,
    /// What each rung has been through.
    pub tallies: Vec<(ExecutorName, Tally)>,
    /// The first difference.
    pub found: Option<RandomFinding>,
}

/// Runs `cases` random networks, one case each, up to `of_an_array` on each random array, fewer where a time step is long,
/// through the golden model, Rust-HDL and Verilator; stops at a difference and makes it small. `after` is called after each
/// case.
///
/// # Errors
/// When a tool is missing or fails.
pub fn random_campaign(
    seed: u64,
    cases: u64,
    of_an_array: u64,
    after: &mut dyn FnMut(),
) -> Result<RandomRun, SimError> {
    let (mut draws, strategy) = (runner(seed), networks());
    let mut run = RandomRun::default();
    while run.cases < cases {
        let mut tree = strategy.new_tree(&mut draws).map_err(draw)?;
        let affordable = ARRAY_CYCLES
            / tree
                .current()
                .step_cycles()
                .map_or(1, |cycles| cycles.max(1));
        let seeds = affordable.clamp(1, of_an_array).min(cases - run.cases);
        let first = seed.wrapping_mul(1_000_000) + run.cases;
        run.arrays += 1;
        let found = array(&tree.current(), first, seeds, &mut run, after)?;
        let Some((network_seed, found)) = found else {
            continue;
        };
        let differs = |network: &Network| {
            let again = array(
                network,
                network_seed,
                1,
                &mut RandomRun::default(),
                &mut || (),
            );
            again.ok().and_then(|found| found)
        };
        let network = smallest(&mut tree, NETWORK_ATTEMPTS, |network| {
            differs(network).is_some()
        });
        let (_, found) = differs(&network).unwrap_or((network_seed, found));
        run.found = Some(found);
        break;
    }
    Ok(run)
}

/// The networks of `seeds` seeds from `first` on, one case each; the first difference with its network's seed.
fn array(
    network: &Network,
    first: u64,
    seeds: u64,
    run: &mut RandomRun,
    after: &mut dyn FnMut(),
) -> Result<Option<(u64, RandomFinding)>, SimError> {
    let models: Vec<Model> = (first..first + seeds)
        .map(|seed| network.model(seed))
        .collect();
    let design = network.family.design();
    let fault =
        |error: &dyn std::fmt::Display| SimError::stream(format!("{}: {error}", network.label()));
    let programs = Program::compile_family(&models, &design).map_err(|error| fault(&error))?;
    let verilog = tern_hdl::verilog::generate(&programs[0]).map_err(|error| fault(&error))?;
    let folder = temporary_folder()?;
    let options = Options {
        quick: true,
        ..Options::default()
    };
    let simulator = Simulator::build(&[&verilog], &options, folder.path())?;
    let builds = [Build::rust_hdl(), Build::verilator(simulator)];
    for (seed, (model, program)) in (first..).zip(models.iter().zip(programs)) {
        let name = format!("{}, network {seed}", network.label());
        let bench = Bench {
            name: &name,
            model,
            program: &program,
            golden: true,
            builds: &builds,
            load: true,
        };
        let (tallies, found) = bench.run(seed, 1, 3, after)?;
        run.cases += 1;
        add(&mut run.tallies, &tallies);
        if let Some(finding) = found {
            let (model, finding) = (model.clone(), finding);
            return Ok(Some((
                seed,
                RandomFinding {
                    model,
                    program,
                    finding,
                },
            )));
        }
    }
    Ok(None)
}

fn temporary_folder() -> Result<tempfile::TempDir, ToolError> {
    tempfile::tempdir().map_err(|e| ToolError::file("create", &std::env::temp_dir(), e))
}

/// Adds what rungs have been through.
fn add(sums: &mut Vec<(ExecutorName, Tally)>, tallies: &[(ExecutorName, Tally)]) {
    if sums.is_empty() {
        *sums = tallies
            .iter()
            .map(|(rung, _)| (*rung, Tally::default()))
            .collect();
    }
    for ((_, sum), (_, tally)) in sums.iter_mut().zip(tallies) {
        sum.sequences += tally.sequences;
        sum.cycles += tally.cycles;
        sum.differences += tally.differences;
    }
}
