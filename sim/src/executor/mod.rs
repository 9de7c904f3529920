//! Executors: everything that turns a sequence of inputs into a sequence of outputs.

use tern_model::golden::Golden;
use tern_model::network::{Model, Output};
pub mod build;
pub mod name;

use crate::dut::Dut;
use crate::error::SimError;
use crate::stream::driver::{StreamDriver, Watcher};
use crate::stream::stall::StallPattern;

/// Runs whole sequences, each from zero state.
pub trait Executor {
    /// What it is, for messages, such as `golden`.
    fn name(&self) -> &str;

    /// The outputs for `sequence[step][X]`: one per step or only the last step's, as the network says.
    fn run(&mut self, sequence: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError>;

    /// The outputs for the next `steps[step][X]` of a sequence that stays open, until [`Executor::run`] ends it: one per step,
    /// or none of a network that has an output at the last step alone.
    fn go_on(&mut self, steps: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError>;

    /// From now on tells `watcher` how many time steps of a sequence have gone in, where that takes long enough to be told.
    fn watch(&mut self, _watcher: Watcher) {}
}

/// The golden model.
pub struct GoldenExecutor<'m> {
    model: &'m Model,
    golden: Golden<'m>,
}

impl<'m> GoldenExecutor<'m> {
    /// The golden model of `model`; fails if the model is not valid.
    pub fn new(model: &'m Model) -> Result<GoldenExecutor<'m>, SimError> {
        model.validate()?;
        Ok(GoldenExecutor {
            model,
            golden: Golden::new(model),
        })
    }
}

impl Executor for GoldenExecutor<'_> {
    fn name(&self) -> &str {
        "golden"
    }

    fn run(&mut self, sequence: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
        check_inputs(self.model, sequence)?;
        Ok(self.golden.run(sequence))
    }

    fn go_on(&mut self, steps: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
        check_inputs(self.model, steps)?;
        let outputs = steps.iter().map(|x| self.golden.step(x));
        let outputs: Vec<Vec<i32>> = outputs.collect();
        Ok(match self.model.output {
            Output::Every => outputs,
            Output::Last => Vec::new(),
        })
    }
}

/// A simulated core: one run after the other without a reset between, since tlast ends a sequence.
pub struct DutExecutor<'m, D> {
    name: String,
    model: &'m Model,
    driver: StreamDriver<D>,
    pattern: StallPattern,
}

impl<'m, D: Dut> DutExecutor<'m, D> {
    /// A core of `model` behind `driver`, called `name` in messages (`verilator`, `netlist-ice40`), its streams stalling by
    /// `pattern`.
    pub fn new(
        name: &str,
        model: &'m Model,
        driver: StreamDriver<D>,
        pattern: StallPattern,
    ) -> Self {
        DutExecutor {
            name: name.to_owned(),
            model,
            driver,
            pattern,
        }
    }

    /// The pauses of the next sequence, other ones each time.
    fn next_pattern(&mut self) -> StallPattern {
        let pattern = self.pattern;
        self.pattern.seed = pattern.seed.wrapping_add(1);
        pattern
    }

    /// The driver, for the cycles of transfers and the memories.
    pub fn driver_mut(&mut self) -> &mut StreamDriver<D> {
        &mut self.driver
    }
}

impl<D: Dut> Executor for DutExecutor<'_, D> {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(&mut self, sequence: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
        check_inputs(self.model, sequence)?;
        let pattern = self.next_pattern();
        let transcript = self.driver.run(&[sequence.to_vec()], pattern)?;
        Ok(transcript.outputs.into_iter().flatten().collect())
    }

    fn go_on(&mut self, steps: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
        check_inputs(self.model, steps)?;
        let pattern = self.next_pattern();
        let transcript = self.driver.run_open(steps, pattern)?;
        Ok(transcript.outputs.into_iter().flatten().collect())
    }

    fn watch(&mut self, watcher: Watcher) {
        self.driver.watch(watcher);
    }
}

fn check_inputs(model: &Model, sequence: &[Vec<i32>]) -> Result<(), SimError> {
    sequence
        .iter()
        .try_for_each(|x| model.validate_input(x))
        .map_err(SimError::from)
}
