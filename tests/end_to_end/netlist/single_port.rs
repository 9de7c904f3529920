//! Weights in the single-port RAMs of an iCE40 UltraPlus, which nothing but a load can fill.

use tern_compile::cycles::Timeline;
use tern_compile::design::{Design, Skip, Streams, Weights};
use tern_compile::program::Program;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::dut::netlist::netlist_simulator;
use tern_sim::dut::rust_hdl::RustHdl;
use tern_sim::dut::{Dut, Inputs};
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;
use tern_sim::synth::synthesis::synthesize;
use tern_tests::check::check;
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::simulators;

/// Four PEs of eight lanes: a single-port RAM each, a word of it a cycle.
fn family(skip: Option<Skip>, spec: RandomSpec) -> Family {
    Family {
        spec,
        columns: 4,
        rows: 1,
        lanes: 8,
        skip,
        device: "ice40-up5k",
        threshold: 40,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    }
}

fn program(family: &Family, model: &Model, streams: Streams) -> Program {
    let design = Design {
        weights: Weights::Stream,
        streams,
        ..family.design()
    };
    let program = Program::compile(model, &design).expect("it fits");
    assert!(program.shape.weights_in_single_port_rams());
    program
}

/// Closed until a whole network is in it, whatever it is offered.
fn stays_closed<D: Dut>(driver: &mut StreamDriver<D>) {
    for _ in 0..99 {
        let offered = Inputs {
            s_axis_tvalid: true,
            ..Inputs::default()
        };
        let seen = driver.dut_mut().cycle(&offered);
        assert!(!seen.s_axis_tready && !seen.m_axis_tvalid);
    }
}

/// No input before the first load is complete; a load that is broken off does not open the core; a reset after a load keeps it
/// open; a load that is broken off closes it again.
#[test]
fn a_core_without_contents_waits_for_a_load() {
    for skip in [None, Some(Skip::Delta), Some(Skip::Zero)] {
        waits_for_a_load(skip);
    }
}

fn waits_for_a_load(skip: Option<Skip>) {
    let spec = RandomSpec {
        head: Some(5),
        ..RandomSpec::fixed_point(CellKind::Lstm, 9, 10)
    };
    let family = family(skip, spec);
    let model = family.model(1);
    let program = program(&family, &model, Streams::Wide);
    let image = program.load_image();
    let format = StreamFormat::of(&model, family.lanes);
    let mut driver = StreamDriver::new(RustHdl::new(&program), format).expect("its streams");
    let pattern = StallPattern::none(1);
    stays_closed(&mut driver);
    driver
        .load_part(&image[..image.len() - 1], pattern)
        .unwrap_or_else(|error| panic!("{error}"));
    stays_closed(&mut driver);
    driver.reset(1);
    stays_closed(&mut driver);
    driver
        .load(&image, pattern)
        .unwrap_or_else(|error| panic!("{error}"));
    let lengths = [3, 1];
    let sequences = stimulus(&model, &lengths, 1);
    let cycles = Timeline::of(&model, &program.shape, &sequences).output_beats;
    let context = Context {
        design: family.label(),
        seed: 1,
    };
    for pattern in [StallPattern::none(1), StallPattern::all(1)[3]] {
        driver.reset(1);
        let transcript = check(&mut driver, &model, &sequences, pattern, &context)
            .unwrap_or_else(|error| panic!("{error}"));
        if pattern == StallPattern::none(1) {
            assert_eq!(transcript.output_cycles, cycles);
        }
    }
    driver
        .load_part(&image[..1], pattern)
        .unwrap_or_else(|error| panic!("{error}"));
    stays_closed(&mut driver);
}

/// 466,944 recurrent and input weights and a head, on the netlist of the core that a board gets.
#[test]
fn half_a_million_weights_in_an_ultraplus() {
    in_an_ultraplus(None, [200, 256]);
}

/// An array that sums what changes.
#[test]
fn an_event_array_in_an_ultraplus() {
    in_an_ultraplus(Some(Skip::Delta), [24, 96]);
}

fn in_an_ultraplus(skip: Option<Skip>, [inputs, units]: [usize; 2]) {
    let spec = RandomSpec {
        head: Some(10),
        output: Output::Last,
        ..RandomSpec::fixed_point(CellKind::Lstm, inputs, units)
    };
    let family = family(skip, spec);
    let models = [family.model(1), family.model(2)];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let first = program(&family, &models[0], Streams::Bytes);
    let design = &first.shape.design;
    let verilog = simulators::verilog(&first);
    let top = tern_hdl::verilog::top_module(design.streams);
    let synthesis = synthesize(&verilog, top, design.device, folder.path())
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(synthesis.single_port_rams(), 4);
    let simulators = simulators::folder().join("simulators");
    let netlist =
        netlist_simulator(&synthesis, &simulators).unwrap_or_else(|error| panic!("{error}"));
    let format = StreamFormat::of(&models[0], family.lanes).on(design.streams);
    let mut driver = StreamDriver::new(netlist.instance(), format).expect("its streams");
    for (seed, model) in (1..).zip(&models) {
        let image = program(&family, model, Streams::Bytes).load_image();
        let context = Context {
            design: format!("netlist of {}", family.label()),
            seed,
        };
        let loaded = driver.load(&image, StallPattern::none(seed));
        loaded.unwrap_or_else(|error| panic!("{error}"));
        let sequences = stimulus(model, &[2, 1], seed);
        check(
            &mut driver,
            model,
            &sequences,
            StallPattern::none(seed),
            &context,
        )
        .unwrap_or_else(|error| panic!("{error}"));
    }
}
