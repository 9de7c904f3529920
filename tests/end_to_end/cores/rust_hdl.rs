//! Rust-HDL's simulation and Verilator in lock-step: every output in every cycle, and the golden model.

use fastrand::Rng;
use tern_compile::program::Program;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::dut::rust_hdl::RustHdl;
use tern_sim::dut::verilator::VerilatorDut;
use tern_sim::dut::{Beat, Dut, Inputs};
use tern_sim::stream::stall::StallPattern;
use tern_tests::check::{check, driver};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::lock_step::LockStep;
use tern_tests::simulators;

/// Cycles of random signals on the ports.
const RANDOM_CYCLES: u32 = 4_000;

/// Both simulations of the network of a seed.
fn both(family: &Family, seed: u64) -> (Model, LockStep<RustHdl, VerilatorDut>) {
    let model = family.model(seed);
    let program = Program::compile(&model, &family.design()).expect("it fits");
    let simulator = simulators::build(&simulators::verilog(&program), false).expect("it builds");
    let dut = LockStep::new(RustHdl::new(&program), simulator.instance());
    (model, dut)
}

/// Sequences under the four stall patterns, with resets between and inside them.
fn sequences(family: &Family, seed: u64) {
    let (model, dut) = both(family, seed);
    let context = Context {
        design: family.label(),
        seed,
    };
    let mut driver = driver(dut, &model, family.lanes).expect("the streams fit");
    for pattern in StallPattern::all(seed) {
        let sequences = stimulus(&model, &[2, 1, 3], seed);
        check(&mut driver, &model, &sequences, pattern, &context)
            .unwrap_or_else(|error| panic!("{error}"));
        driver
            .run_open(&sequences[2], pattern)
            .unwrap_or_else(|error| panic!("{context:?}: {error}"));
        driver.reset(1);
    }
}

/// Any signals on the ports: beats that end sequences anywhere, pauses, back-pressure, resets.
fn random_signals(family: &Family, seed: u64) {
    let (_, mut dut) = both(family, seed);
    let mut random = Rng::with_seed(seed);
    let bits = dut.input_bits();
    let beat = |random: &mut Rng| -> Beat {
        std::array::from_fn(|word| match bits.saturating_sub(64 * word as u32) {
            0 => 0,
            kept @ 1..64 => random.u64(..) >> (64 - kept),
            _ => random.u64(..),
        })
    };
    let mut offered: Option<(Beat, bool)> = None;
    for cycle in 0..RANDOM_CYCLES {
        if offered.is_none() && random.u8(..4) > 0 {
            offered = Some((beat(&mut random), random.u8(..6) == 0));
        }
        let (s_axis_tdata, s_axis_tlast) = offered.unwrap_or((beat(&mut random), random.bool()));
        let outputs = dut.cycle(&Inputs {
            s_axis_tdata,
            reset: cycle == 0 || random.u16(..500) == 0,
            s_axis_tvalid: offered.is_some(),
            s_axis_tlast,
            m_axis_tready: random.u8(..4) > 0,
            ..Inputs::default()
        });
        if outputs.s_axis_tready {
            offered = None;
        }
    }
}

fn family(spec: RandomSpec, rows: usize, lanes: usize, threshold: i32) -> Family {
    Family {
        spec,
        columns: 4,
        rows,
        lanes,
        skip: None,
        device: "ice40-hx8k",
        threshold,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    }
}

#[test]
fn fixed_point_with_a_head() {
    let spec = RandomSpec {
        head: Some(5),
        ..RandomSpec::fixed_point(CellKind::Lstm, 5, 7)
    };
    let family = family(spec, 3, 3, 3000);
    sequences(&family, 1);
    random_signals(&family, 2);
}

#[test]
fn hitnet_without_head() {
    let spec = RandomSpec::hitnet(CellKind::Lstm, 9, 10);
    let family = family(spec, 2, 4, 1);
    sequences(&family, 3);
    random_signals(&family, 4);
}

#[test]
fn hidden_state_first_and_one_output_a_sequence() {
    let spec = RandomSpec {
        input_bits: 3,
        gate_frac: 2,
        lut_bits: 5,
        state_bits: 7,
        input_shift: 3,
        hidden_shift: 1,
        output: Output::Last,
        ..RandomSpec::hitnet(CellKind::Lstm, 4, 6)
    };
    let family = family(spec, 4, 2, 8);
    sequences(&family, 5);
    random_signals(&family, 6);
}
