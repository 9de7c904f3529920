//! Executors and the scoreboard: equal ones pass, and of unequal ones the first difference is told.

mod common;

use common::{ACCUMULATE, simulator};
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::{RandomSpec, random_model, random_sequence};
use tern_sim::compare::mismatch::{self, Context};
use tern_sim::dut::{Dut, Inputs, Outputs};
use tern_sim::error::SimError;
use tern_sim::executor::{DutExecutor, Executor, GoldenExecutor};
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;

/// A core in software: collects the beats of a step and answers with what the golden model says.
struct GoldenCore<'m> {
    format: StreamFormat,
    golden: tern_model::golden::Golden<'m>,
    input: Vec<u64>,
    output: std::collections::VecDeque<(u64, bool)>,
    reset: bool,
}

impl<'m> GoldenCore<'m> {
    fn new(model: &'m Model, lanes: usize) -> Self {
        let format = StreamFormat::of(model, lanes);
        let golden = tern_model::golden::Golden::new(model);
        GoldenCore {
            format,
            golden,
            input: Vec::new(),
            output: Default::default(),
            reset: false,
        }
    }

    fn step(&mut self, tlast: bool) {
        let lanes = self.format.input.lanes;
        let element = |k: usize| (self.input[k / lanes] >> (8 * (k % lanes))) as u8 as i8 as i32;
        let x: Vec<i32> = (0..self.format.input.elements).map(element).collect();
        let y = self.golden.step(&x);
        if tlast || self.format.every {
            let last = y.len() - 1;
            self.output.extend(
                y.iter()
                    .enumerate()
                    .map(|(unit, y)| (*y as u32 as u64, tlast && unit == last)),
            );
        }
        if tlast {
            self.golden.reset();
        }
        self.input.clear();
    }
}

impl Dut for GoldenCore<'_> {
    fn name(&self) -> &str {
        "software"
    }

    fn input_bits(&self) -> u32 {
        self.format.input.port_bits() as u32
    }

    fn output_bits(&self) -> u32 {
        32
    }

    fn cycle(&mut self, inputs: &Inputs) -> Outputs {
        self.reset |= inputs.reset;
        let (tdata, tlast) = self.output.front().copied().unwrap_or_default();
        let valid = !self.output.is_empty();
        let outputs = Outputs {
            m_axis_tdata: [tdata, 0, 0, 0],
            m_axis_tvalid: valid,
            m_axis_tlast: tlast,
            s_axis_tready: !valid,
            ..Outputs::default()
        };
        if valid && inputs.m_axis_tready {
            self.output.pop_front();
        }
        if inputs.s_axis_tvalid && !valid {
            self.input.push(inputs.s_axis_tdata[0]);
            if self.input.len() == self.format.input.beats() {
                self.step(inputs.s_axis_tlast);
            }
        }
        outputs
    }
}

fn model(output: Output) -> Model {
    let spec = RandomSpec {
        output,
        head: Some(3),
        ..RandomSpec::fixed_point(CellKind::Lstm, 10, 6)
    };
    random_model(&spec, 5)
}

/// Runs both executors and fails at the first value that differs.
fn compare(
    reference: &mut dyn Executor,
    executor: &mut dyn Executor,
    stimulus: &[Vec<Vec<i32>>],
    context: &Context,
) -> Result<(), SimError> {
    let run = |executor: &mut dyn Executor| {
        let outputs = stimulus.iter().map(|steps| executor.run(steps));
        outputs.collect::<Result<Vec<_>, _>>()
    };
    let (expected, got) = (run(reference)?, run(executor)?);
    let names = [reference.name(), executor.name()];
    Ok(mismatch::compare(
        names, stimulus, &expected, &got, context,
    )?)
}

fn stimulus(model: &Model) -> Vec<Vec<Vec<i32>>> {
    (0..6)
        .map(|seed| random_sequence(model, 4 + seed as usize, seed))
        .collect()
}

#[test]
fn a_right_core_equals_the_golden_model_under_every_pattern() {
    for output in [Output::Last, Output::Every] {
        let model = model(output);
        for pattern in StallPattern::all(3) {
            let mut golden = GoldenExecutor::new(&model).unwrap();
            let format = StreamFormat::of(&model, 4);
            let driver = StreamDriver::new(GoldenCore::new(&model, 4), format).unwrap();
            let mut core = DutExecutor::new("software", &model, driver, pattern);
            compare(
                &mut golden,
                &mut core,
                &stimulus(&model),
                &Context::default(),
            )
            .unwrap();
            assert!(core.driver_mut().dut_mut().reset);
        }
    }
}

/// Executor with one value changed, or its last output left out.
struct Faulty<'m> {
    golden: GoldenExecutor<'m>,
    sequence: usize,
    fault: fn(&mut Vec<Vec<i32>>),
}

impl Executor for Faulty<'_> {
    fn name(&self) -> &str {
        "faulty"
    }

    fn run(&mut self, sequence: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
        let mut outputs = self.golden.run(sequence)?;
        if self.sequence >= 2 {
            (self.fault)(&mut outputs);
        }
        self.sequence += 1;
        Ok(outputs)
    }

    fn go_on(&mut self, steps: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
        self.golden.go_on(steps)
    }
}

#[test]
fn the_first_difference_is_told_with_everything_needed_to_see_it_again() {
    let context = Context {
        design: "tiny on 4x2x4".to_owned(),
        seed: 11,
    };
    let value = |y: i32| y.to_string();
    let check = |output: Output,
                 fault: fn(&mut Vec<Vec<i32>>),
                 step: usize,
                 unit: usize,
                 got: fn(i32) -> Option<i32>| {
        let model = model(output);
        let mut golden = GoldenExecutor::new(&model).unwrap();
        let expected = golden.run(&stimulus(&model)[2]).unwrap();
        let expected = expected[if output == Output::Every { step } else { 0 }][unit];
        let mut faulty = Faulty {
            golden: GoldenExecutor::new(&model).unwrap(),
            sequence: 0,
            fault,
        };
        let error = compare(&mut golden, &mut faulty, &stimulus(&model), &context)
            .unwrap_err()
            .to_string();
        let place = format!("seed 11, sequence 2, step {step}, unit {unit}");
        let values = format!(
            "expected {expected}, got {}",
            got(expected).map_or("nothing".to_owned(), value)
        );
        assert_eq!(
            error,
            format!("faulty differs from golden in tiny on 4x2x4, {place}: {values}")
        );
    };
    let two_values = |outputs: &mut Vec<Vec<i32>>| {
        outputs[3][1] += 1;
        outputs[4][0] += 1;
    };
    check(Output::Every, two_values, 3, 1, |y| Some(y + 1));
    check(Output::Every, |outputs| drop(outputs.pop()), 5, 0, |_| None);
    check(
        Output::Last,
        |outputs| outputs[0][2] -= 5,
        5,
        2,
        |y| Some(y - 5),
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let model = model(Output::Last);
    let core = simulator(ACCUMULATE).instance();
    let format = StreamFormat::of(&model, 5);
    let error = StreamDriver::new(core, format).err().unwrap().to_string();
    assert!(
        error
            .starts_with("port s_axis_tdata of the core in verilator is 32 bits wide, expected 40"),
        "{error}"
    );
    let error = GoldenExecutor::new(&model)
        .unwrap()
        .run(&[vec![0; 9]])
        .unwrap_err()
        .to_string();
    assert_eq!(error, "input has 9 elements, expected 10");
}
