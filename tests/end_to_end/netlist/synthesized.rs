//! The netlist after synthesis, of iCE40 or ECP5 cells, equals the golden model, with the network it was made with or one
//! that it loads.

use std::collections::BTreeSet;
use std::path::Path;

use tern_compile::cycles::Timeline;
use tern_compile::design::{Design, Skip, Weights};
use tern_compile::program::Program;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::dut::netlist::{netlist_simulator, waking_netlist_simulator};
use tern_sim::dut::verilator::{Simulator, VerilatorDut};
use tern_sim::error::SimError;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::stall::StallPattern;
use tern_sim::synth::synthesis::{Synthesis, synthesize};
use tern_tests::check::{check, driver, golden};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::recordings::{shipped, test_recordings};
use tern_tests::simulators;

/// The netlist that Yosys makes of the program's core, in `folder`.
fn synthesis(program: &Program, folder: &Path) -> Result<Synthesis, SimError> {
    let device = program.shape.design.device;
    let verilog = simulators::verilog(program);
    let synthesis = synthesize(&verilog, "tern_core", device, folder)?;
    assert!(synthesis.rams() > 0, "memories are in block RAMs");
    Ok(synthesis)
}

/// A simulator of the netlist.
fn netlist(program: &Program) -> Result<Simulator, SimError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let synthesis = synthesis(program, folder.path())?;
    Ok(netlist_simulator(
        &synthesis,
        simulators::folder().join("simulators"),
    )?)
}

/// Block RAMs that read zeros for 36 cycles after configuration: a reset that ends before gives wrong values, and one that
/// lasts longer, as the head of the Verilog asks, right ones.
#[test]
fn a_reset_outlasts_the_waking_of_block_rams() {
    const ASLEEP: u32 = 36;
    let family = Family {
        spec: RandomSpec {
            head: Some(6),
            ..RandomSpec::fixed_point(CellKind::Lstm, 5, 7)
        },
        columns: 4,
        rows: 3,
        lanes: 2,
        skip: None,
        device: "ice40-hx8k",
        threshold: 1,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    };
    let model = family.model(1);
    let program = Program::compile(&model, &family.design()).expect("it fits");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let simulator = synthesis(&program, folder.path()).and_then(|netlist| {
        let simulators = simulators::folder().join("simulators");
        Ok(waking_netlist_simulator(&netlist, ASLEEP, simulators)?)
    });
    let simulator = simulator.unwrap_or_else(|error| panic!("{error}"));
    let context = Context {
        design: family.label(),
        seed: 1,
    };
    let run = |cycles: u32| {
        let mut driver = driver(simulator.instance(), &model, 2).expect("the streams fit");
        driver.reset(cycles);
        let sequences = stimulus(&model, &[2, 1, 3], 1);
        let pattern = StallPattern::none(1);
        check(&mut driver, &model, &sequences, pattern, &context).map(|_| ())
    };
    assert!(
        run(1).is_err(),
        "the weights were read before they were there"
    );
    run(ASLEEP).unwrap_or_else(|error| panic!("{error}"));
}

/// Compares every value with the golden model's, without stalls also every output cycle with the cycle model's.
fn compare(
    driver: &mut StreamDriver<VerilatorDut>,
    model: &Model,
    program: &Program,
    sequences: &[Vec<Vec<i32>>],
    context: &Context,
) -> Result<(), SimError> {
    driver.reset(1);
    let pattern = StallPattern::none(context.seed);
    let transcript = check(driver, model, sequences, pattern, context)?;
    assert_eq!(
        transcript.output_cycles,
        Timeline::of(model, &program.shape, sequences).output_beats,
        "cycles of the output beats of {context}"
    );
    let stalled = &sequences[..sequences.len().min(3)];
    let pattern = StallPattern::all(context.seed)[3];
    check(driver, model, stalled, pattern, context).map(|_| ())
}

#[test]
fn spoken_digits_on_ten_recordings() {
    let shipped = shipped("spoken-digits");
    let examples = test_recordings(&shipped.model, 30);
    assert_eq!(examples.len(), 10, "recordings");
    let sequences: Vec<_> = examples
        .into_iter()
        .map(|example| example.features)
        .collect();
    let context = Context {
        design: "netlist of spoken-digits".to_owned(),
        seed: 0,
    };
    let run = || -> Result<(), SimError> {
        let (model, program) = (&shipped.model, &shipped.program);
        let netlist = netlist(program)?.instance();
        let mut driver = driver(netlist, model, program.shape.design.lanes)?;
        compare(&mut driver, model, program, &sequences, &context)
    };
    run().unwrap_or_else(|error| panic!("{error}"));
}

/// Networks of each family that one netlist loads, one after the other.
const NETWORKS: u64 = 7;

/// Checks the netlist of a family's networks: with the first one built in, or with all of them loaded into the core of another.
fn run_family(weights: Weights, family: &Family) {
    let (seeds, built) = match weights {
        Weights::Fixed => (0..1, 0),
        Weights::Stream => (0..NETWORKS, NETWORKS),
    };
    let design = Design {
        weights,
        ..family.design()
    };
    let models: Vec<Model> = (0..=built).map(|seed| family.model(seed)).collect();
    let programs = Program::compile_family(&models, &design).expect("they fit");
    let netlist = netlist(&programs[built as usize]).unwrap_or_else(|error| panic!("{error}"));
    let mut values = BTreeSet::new();
    let lengths = [3, 1, 5];
    for seed in seeds {
        let (model, program) = (&models[seed as usize], &programs[seed as usize]);
        let sequences = stimulus(model, &lengths, seed);
        let context = Context {
            design: format!("netlist of {} on {}", family.label(), family.device),
            seed,
        };
        let run = || -> Result<(), SimError> {
            let mut driver = driver(netlist.instance(), model, family.lanes)?;
            if weights == Weights::Stream {
                driver.load(&program.load_image(), StallPattern::none(seed))?;
            }
            compare(&mut driver, model, program, &sequences, &context)
        };
        run().unwrap_or_else(|error| panic!("{error}"));
        values.extend(golden(model, &sequences).concat().concat());
    }
    assert!(values.len() >= 3, "{} gives {values:?}", family.label());
}

/// A small array.
fn family(columns: usize, device: &'static str, spec: RandomSpec, threshold: i32) -> Family {
    Family {
        spec,
        columns,
        rows: 2,
        lanes: 3,
        skip: None,
        device,
        threshold,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    }
}

fn fixed_point(device: &'static str) -> Family {
    let spec = RandomSpec {
        head: Some(3),
        ..RandomSpec::fixed_point(CellKind::Lstm, 4, 5)
    };
    family(4, device, spec, 3000)
}

fn hitnet(device: &'static str) -> Family {
    let spec = RandomSpec {
        output: Output::Last,
        ..RandomSpec::hitnet(CellKind::Lstm, 5, 4)
    };
    family(4, device, spec, 1)
}

fn gru(device: &'static str) -> Family {
    let spec = RandomSpec {
        cells: vec![(CellKind::Gru, 5)],
        head: None,
        ..fixed_point(device).spec
    };
    family(3, device, spec, 60)
}

fn stack(device: &'static str) -> Family {
    let spec = RandomSpec {
        cells: vec![(CellKind::Gru, 4), (CellKind::Lstm, 5)],
        gate_frac: 3,
        state_bits: 7,
        ..fixed_point(device).spec
    };
    family(4, device, spec, 6)
}

/// Hidden states of 4 bits below hidden states of trits.
fn integers(device: &'static str) -> Family {
    let spec = RandomSpec {
        hidden_shift: 1,
        hidden_bits: vec![4],
        ..stack(device).spec
    };
    family(4, device, spec, 6)
}

/// Without a head, so that integers leave.
fn headless_integers(device: &'static str) -> Family {
    let spec = RandomSpec {
        cells: vec![(CellKind::Lstm, 7)],
        hidden_bits: vec![5],
        head: None,
        ..fixed_point(device).spec
    };
    family(4, device, spec, 3000)
}

/// The same network on an event array.
fn events(skip: Skip, family: Family) -> Family {
    Family {
        columns: 4,
        lanes: 4,
        skip: Some(skip),
        ..family
    }
}

#[test]
fn changes_on_an_ice40() {
    run_family(
        Weights::Fixed,
        &events(Skip::Delta, fixed_point("ice40-hx8k")),
    );
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn loaded_networks_of_what_is_not_zero_on_an_ecp5() {
    let family = events(Skip::Zero, integers("ecp5-25k"));
    run_family(Weights::Stream, &family);
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn fixed_point_network_on_an_ice40() {
    run_family(Weights::Fixed, &fixed_point("ice40-hx8k"));
}

#[test]
fn fixed_point_network_on_an_ecp5() {
    run_family(Weights::Fixed, &fixed_point("ecp5-25k"));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn stack_on_an_ecp5() {
    run_family(Weights::Fixed, &stack("ecp5-25k"));
}

#[test]
fn loaded_fixed_point_networks_on_an_ice40() {
    run_family(Weights::Stream, &fixed_point("ice40-hx8k"));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn loaded_hitnet_networks_on_an_ice40() {
    run_family(Weights::Stream, &hitnet("ice40-hx8k"));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn loaded_gru_networks_on_an_ice40() {
    run_family(Weights::Stream, &gru("ice40-hx8k"));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn loaded_hitnet_networks_on_an_ecp5() {
    run_family(Weights::Stream, &hitnet("ecp5-25k"));
}

#[test]
fn loaded_gru_networks_on_an_ecp5() {
    run_family(Weights::Stream, &gru("ecp5-25k"));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn loaded_stacks_on_an_ecp5() {
    run_family(Weights::Stream, &stack("ecp5-25k"));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn integer_hidden_states_on_an_ice40() {
    run_family(Weights::Fixed, &headless_integers("ice40-hx8k"));
}

#[test]
fn integer_and_ternary_hidden_states_on_an_ecp5() {
    run_family(Weights::Fixed, &integers("ecp5-25k"));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- synthesized --include-ignored"]
fn loaded_integer_hidden_states_on_an_ice40() {
    run_family(Weights::Stream, &integers("ice40-hx8k"));
}
