//! The netlist after synthesis, of iCE40 or ECP5 cells, equals the golden model, with the network it was made with or one
//! that it loads.

use tern_model::{CellKind, Design, Model, Output, Program, RandomSpec, Weights};
use tern_sim::SimError;
use tern_sim::netlist::netlist_simulator;
use tern_sim::scoreboard::Context;
use tern_sim::stream::StallPattern;
use tern_sim::synth::synthesize;
use tern_tests::check::{check, driver};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::recordings::{shipped, test_recordings};
use tern_tests::simulators;

/// Synthesizes the first of the programs, loads the last where there are several, and compares its netlist with the golden
/// model.
fn run(
    model: &Model,
    programs: &[Program],
    sequences: &[Vec<Vec<i32>>],
    context: &Context,
) -> Result<(), SimError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = &programs[0];
    let device = program.shape.design.device();
    let verilog = simulators::verilog(program);
    let synthesis = synthesize(&verilog, "tern_core", device, folder.path())?;
    assert!(synthesis.rams() > 0, "memories are in block RAMs");
    let netlist = netlist_simulator(&synthesis, &simulators::folder().join("simulators"))?;
    let mut driver = driver(netlist.instance(), model, program.shape.design.lanes)?;
    for other in &programs[1..] {
        driver.load(&other.load_image(), StallPattern::none(context.seed))?;
    }
    check(
        &mut driver,
        model,
        sequences,
        StallPattern::none(context.seed),
        context,
    )?;
    let stalled = &sequences[..sequences.len().min(3)];
    check(
        &mut driver,
        model,
        stalled,
        StallPattern::all(context.seed)[3],
        context,
    )
    .map(|_| ())
}

#[test]
fn spoken_digits_on_twenty_recordings() {
    let shipped = shipped("spoken-digits");
    let test = "netlist::spoken_digits_on_twenty_recordings";
    let Some(examples) = test_recordings(test, &shipped.model, 15) else {
        return;
    };
    assert_eq!(examples.len(), 20, "recordings");
    let sequences: Vec<_> = examples
        .into_iter()
        .map(|example| example.features)
        .collect();
    let context = Context {
        design: "netlist of spoken-digits".to_owned(),
        seed: 0,
    };
    run(&shipped.model, &[shipped.program], &sequences, &context)
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Checks the netlist of one random network on a device, loaded into the core of another where `weights` says so.
fn random_with(weights: Weights, family: &Family, seed: u64) {
    let design = Design {
        weights,
        ..family.design()
    };
    let seeds = match weights {
        Weights::Fixed => vec![seed],
        Weights::Stream => vec![seed + 1, seed],
    };
    let models: Vec<Model> = seeds.iter().map(|seed| family.model(*seed)).collect();
    let programs = Program::compile_family(&models, &design).expect("they fit");
    let model = &models[models.len() - 1];
    let sequences = stimulus(model, &[3, 1, 5], seed);
    let context = Context {
        design: format!("netlist of {} on {}", family.label(), family.device),
        seed,
    };
    run(model, &programs, &sequences, &context).unwrap_or_else(|error| panic!("{error}"));
}

/// A small array.
fn family(columns: usize, device: &'static str, spec: RandomSpec, threshold: i32) -> Family {
    Family {
        spec,
        columns,
        rows: 2,
        lanes: 3,
        device,
        threshold,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    }
}

/// Checks the netlist of one random network on a device.
fn random(columns: usize, device: &'static str, spec: RandomSpec, threshold: i32, seed: u64) {
    let family = family(columns, device, spec, threshold);
    random_with(Weights::Fixed, &family, seed);
}

fn fixed_point() -> RandomSpec {
    RandomSpec {
        head: Some(3),
        ..RandomSpec::fixed_point(CellKind::Lstm, 4, 5)
    }
}

fn hitnet() -> RandomSpec {
    RandomSpec {
        output: Output::Last,
        ..RandomSpec::hitnet(CellKind::Lstm, 5, 4)
    }
}

#[test]
fn random_fixed_point_network_on_an_ice40() {
    random(4, "ice40-hx8k", fixed_point(), 3000, 1);
}

#[test]
fn random_hitnet_network_on_an_ice40() {
    random(4, "ice40-hx8k", hitnet(), 1, 2);
}

#[test]
fn random_fixed_point_network_on_an_ecp5() {
    random(4, "ecp5-25k", fixed_point(), 3000, 1);
}

#[test]
fn random_hitnet_network_on_an_ecp5() {
    random(4, "ecp5-25k", hitnet(), 1, 2);
}

#[test]
fn random_gru_on_an_ice40() {
    let spec = RandomSpec {
        cells: vec![(CellKind::Gru, 5)],
        ..fixed_point()
    };
    random(3, "ice40-hx8k", spec, 60, 5);
}

fn stack() -> RandomSpec {
    RandomSpec {
        cells: vec![(CellKind::Gru, 4), (CellKind::Lstm, 5)],
        gate_frac: 3,
        state_bits: 7,
        ..fixed_point()
    }
}

#[test]
fn random_stack_on_an_ecp5() {
    random(4, "ecp5-25k", stack(), 6, 6);
}

#[test]
fn loaded_stack_on_an_ecp5() {
    random_with(Weights::Stream, &family(4, "ecp5-25k", stack(), 6), 6);
}

#[test]
fn loaded_fixed_point_network_on_an_ice40() {
    let family = family(4, "ice40-hx8k", fixed_point(), 3000);
    random_with(Weights::Stream, &family, 1);
}
