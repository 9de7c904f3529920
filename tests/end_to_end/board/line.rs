//! A core behind a serial line, from the bits of the line to the outputs of the golden model.

use tern_compile::device::Device;
use tern_compile::link::Identity;
use tern_host::frame::Kind;
use tern_model::golden::Golden;
use tern_model::random::random_sequence;
use tern_sim::dut::Dut;
use tern_sim::dut::verilator::VerilatorDut;
use tern_sim::serial::Line;
use tern_sim::serial::board::{cycles_per_bit, rust_hdl, verilated, verilog};
use tern_sim::serial::sequence::{input_bytes, output_length, outputs};
use tern_sim::synth::synthesis::synthesize;
use tern_tests::board::bad_line::{BadLine, campaign};
use tern_tests::board::{SimulatedPort, board, core, exchange, frame, identity, lstm, session};
use tern_tests::lock_step::LockStep;
use tern_tests::recordings::{shipped, test_recordings};
use tern_tests::simulators::folder;
use tern_tests::small_cores::cores;

/// Every small core answers as the golden model does; nothing is repeated on a line that loses nothing.
#[test]
fn small_cores_answer_as_the_golden_model() {
    for core in cores() {
        let (model, program) = (&core.models[0], &core.programs[0]);
        if program.shape.weights_in_single_port_rams() {
            continue;
        }
        let identity = identity(core.name, program);
        let mut session = session(board(core.name, program), &identity);
        assert_eq!(*session.identity(), identity);
        for (seed, steps) in [(1, 1), (2, 7), (3, 40), (4, 300)] {
            let sequence = random_sequence(model, steps, seed);
            let expected = Golden::new(model).run(&sequence);
            let length = output_length(&identity, steps);
            let bytes = input_bytes(&identity, &sequence);
            let got = session.run(&bytes, length, &mut |_| {});
            let got = got.unwrap_or_else(|error| panic!("{} {steps}: {error}", core.name));
            assert!(
                outputs(&identity, &got) == expected,
                "{} {steps}",
                core.name
            );
        }
        let statistics = session.link().statistics();
        let repeated = (statistics.repeats, statistics.restarts);
        assert_eq!(repeated, (0, 0), "{}", core.name);
        assert_eq!(session.dropped_by_device(), Ok(0), "{}", core.name);
    }
}

/// Another network through W, and the one of before again.
#[test]
fn networks_are_loaded_over_the_line() {
    for name in ["gru and lstm, loaded", "ultraplus"] {
        let core = core(name);
        let identity = identity(name, &core.programs[0]);
        let mut session = session(board(name, &core.programs[0]), &identity);
        for number in [1, 3, 0] {
            let (model, program) = (&core.models[number], &core.programs[number]);
            session
                .load(&program.load_image(), &mut |_| {})
                .unwrap_or_else(|error| panic!("{name} {number}: {error}"));
            let sequence = random_sequence(model, 9, 5);
            let bytes = input_bytes(&identity, &sequence);
            let got = session.run(&bytes, output_length(&identity, 9), &mut |_| {});
            let got = outputs(&identity, &got.expect(name));
            assert!(got == Golden::new(model).run(&sequence), "{name} {number}");
        }
    }
    let (port, identity) = lstm();
    let refused = session(port, &identity).load(&[1, 2], &mut |_| {});
    let sentence = refused.expect_err("no load stream").to_string();
    assert!(sentence.contains("`weights` \"stream\""), "{sentence}");
}

/// The same bits on every pin in every cycle, in a conversation with a break, a wrong frame and a repeated one.
#[test]
fn rust_hdl_and_verilator_agree_in_every_cycle() {
    let core = core("lstm");
    let (model, program) = (&core.models[0], &core.programs[0]);
    let identity = identity(core.name, program);
    let mut verilator = verilated(program, &identity, &folder().join("simulators"))
        .expect("Verilator builds it")
        .into_board();
    // Both begin with a reset, which sets what has no value before.
    verilator.cycle(&Default::default());
    let mut rust_hdl = rust_hdl(program, &identity).expect("a sound description");
    rust_hdl.cycle(&Default::default());
    let bit = cycles_per_bit(&identity);
    let line = Line::new(LockStep::new(rust_hdl, verilator), bit, bit);
    let mut port = SimulatedPort::new(line, &identity);
    port.line.hold_low(300);
    port.pass(400);
    port.line.send(&[1, 2, 3, 0]);
    let mut session = session(port, &identity);
    let sequence = random_sequence(model, 6, 1);
    let bytes = input_bytes(&identity, &sequence);
    let length = output_length(&identity, 6);
    let got = session.run(&bytes, length, &mut |_| {}).expect("an answer");
    assert_eq!(outputs(&identity, &got), Golden::new(model).run(&sequence));
    let port = session.link().port();
    for _ in 0..2 {
        exchange(port, &frame(Kind::Output, 99, &[]).encode());
    }
    assert!(port.line.cycles() > 20_000);
}

/// ±2 % of the rate, in either direction, with bits of 8 cycles and of 10.4, which no whole number of cycles is.
#[test]
fn rates_within_two_percent_are_taken() {
    let core = core("lstm");
    for baud in [3_000_000, 2_300_000] {
        let identity = Identity {
            baud,
            ..identity(core.name, &core.programs[0])
        };
        let bit = cycles_per_bit(&identity);
        for deviation in [0.98, 0.99, 1.01, 1.02] {
            let board = verilated(&core.programs[0], &identity, &folder().join("simulators"));
            let board = board.expect("Verilator builds it").into_board();
            // The host's receiver has the board's rate: what it would take is not what is tested.
            let line = Line::new(board, bit * deviation, bit);
            let mut session = session(SimulatedPort::new(line, &identity), &identity);
            let sequence = random_sequence(&core.models[0], 200, 8);
            let bytes = input_bytes(&identity, &sequence);
            let length = output_length(&identity, 200);
            let got = session.run(&bytes, length, &mut |_| {}).expect("an answer");
            let expected = Golden::new(&core.models[0]).run(&sequence);
            assert_eq!(outputs(&identity, &got), expected);
            assert_eq!(session.link().statistics().repeats, 0, "{baud} {deviation}");
        }
    }
}

/// What stands around the core takes at most 600 LUT4s and three block RAMs of an iCE40.
#[test]
fn link_takes_few_cells() {
    let core = core("linear");
    let identity = Identity {
        clock_hz: 72_000_000,
        baud: 115_200,
        ..identity(core.name, &core.programs[0])
    };
    let text = verilog(&core.programs[0], &identity).expect("a sound description");
    let device = Device::named("ice40-hx8k").expect("a device");
    let cells = |top| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let synthesis = synthesize(&text, top, device, folder.path()).expect("Yosys takes it");
        (synthesis.luts(), synthesis.rams())
    };
    let ((link, link_rams), (core, core_rams)) = (cells("tern_link"), cells("tern_bytes"));
    println!("{} LUT4s around a core of {core}", link - core);
    assert!(link - core <= 600, "{link} and {core}");
    assert_eq!(link_rams - core_rams, 3);
}

/// At least nine tenths of a line at 3 Mbaud carry input where the core keeps up.
#[test]
fn line_is_used() {
    let core = core("linear");
    let identity = identity(core.name, &core.programs[0]);
    let mut session = session(board(core.name, &core.programs[0]), &identity);
    let sequence = random_sequence(&core.models[0], 5000, 2);
    let bytes = input_bytes(&identity, &sequence);
    let before = session.link().port().line.cycles();
    let length = output_length(&identity, 5000);
    session.run(&bytes, length, &mut |_| {}).expect("an answer");
    let cycles = session.link().port().line.cycles() - before;
    let used = bytes.len() as f64 * 10.0 * cycles_per_bit(&identity) / cycles as f64;
    println!(
        "{} bytes of input at {} baud: {:.1} % of the line",
        bytes.len(),
        identity.baud,
        100.0 * used
    );
    assert!(used >= 0.9, "{used}");
}

/// The shipped recordings through the Verilated board, bit by bit of the line.
#[test]
fn recordings_give_the_outputs_of_the_golden_model() {
    recordings(30);
}

#[test]
#[ignore = "half an hour: cargo test --release --workspace --test end_to_end -- --ignored every_recording"]
fn every_recording() {
    recordings(1);
}

/// Every `stride`-th of the 300 test recordings, or the ten that ship.
fn recordings(stride: usize) {
    let shipped = shipped("spoken-digits");
    let identity = identity("spoken-digits", &shipped.program);
    let mut session = session(board("spoken-digits", &shipped.program), &identity);
    let examples = test_recordings(&shipped.model, stride);
    assert!(examples.len() >= 10);
    let mut golden = Golden::new(&shipped.model);
    for (number, example) in examples.iter().enumerate() {
        let bytes = input_bytes(&identity, &example.features);
        let length = output_length(&identity, example.features.len());
        let got = session.run(&bytes, length, &mut |_| {}).expect("an answer");
        let expected = golden.run(&example.features);
        assert!(outputs(&identity, &got) == expected, "recording {number}");
    }
    println!("{} recordings as the golden model", examples.len());
    assert_eq!(session.link().statistics().repeats, 0);
}

/// A bad line costs time and no right answer.
#[test]
fn a_bad_line_brings_no_wrong_answer() {
    bad_line(1000, 1);
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- --ignored ten_thousand_frames"]
fn ten_thousand_frames() {
    bad_line(10_000, 2);
}

fn bad_line(frames: u64, seed: u64) {
    for name in ["lstm", "gru"] {
        let report = campaign(&core(name), frames / 2, seed);
        println!("{name}: {report:?}");
        let names = BadLine::<VerilatorDut>::NAMES.iter().zip(report.met);
        for (what, met) in names {
            println!("  {met} {what}");
            assert!(met > 0, "no {what}");
        }
        assert_eq!((report.wrong, report.wedged), (0, 0));
        assert!(report.sequences > frames / 200);
    }
}
