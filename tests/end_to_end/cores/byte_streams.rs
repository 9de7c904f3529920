//! Cores behind byte streams, `tern_bytes`, against the golden model.

use fastrand::Rng;
use tern_compile::design::{Design, Skip, Streams};
use tern_compile::program::Program;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::dut::Dut;
use tern_sim::dut::rust_hdl::RustHdl;
use tern_sim::dut::verilator::Simulator;
use tern_sim::dut::verilator::lint::lint;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;
use tern_tests::beats::{InputBeat, Never, Random, Stalls, pass, reset};
use tern_tests::check::{check, golden};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::lock_step::LockStep;
use tern_tests::simulators;

/// Networks of a family.
const SEEDS: std::ops::Range<u64> = 0..5;

fn on_bytes(family: &Family) -> Design {
    Design {
        streams: Streams::Bytes,
        ..family.design()
    }
}

fn format(family: &Family, model: &Model) -> StreamFormat {
    StreamFormat::of(model, family.lanes).on(Streams::Bytes)
}

fn simulator(program: &Program) -> Simulator {
    let simulator = simulators::build_top(&simulators::verilog(program), "tern_bytes");
    simulator.unwrap_or_else(|error| panic!("{error}"))
}

/// One network of a family behind byte streams, the same for all tests, so that they share its simulator.
fn one(family: &Family) -> (Model, Program) {
    let model = family.model(1);
    let program = Program::compile(&model, &on_bytes(family)).expect("it fits");
    (model, program)
}

fn family(spec: RandomSpec, rows: usize, lanes: usize, threshold: i32) -> Family {
    Family {
        spec,
        columns: 4,
        rows,
        lanes,
        skip: None,
        device: "ecp5-85k",
        threshold,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    }
}

/// Bytes a beat, in and out: 3 and 4, 1 and 1, 2 and 2, 30 and 8.
fn families() -> [Family; 5] {
    let with_head = RandomSpec {
        head: Some(5),
        ..RandomSpec::fixed_point(CellKind::Lstm, 8, 7)
    };
    let without_head = RandomSpec::hitnet(CellKind::Lstm, 9, 10);
    let elements_across_bytes = RandomSpec {
        input_bits: 3,
        gate_frac: 2,
        lut_bits: 5,
        state_bits: 7,
        input_shift: 3,
        hidden_shift: 1,
        output: Output::Last,
        ..RandomSpec::hitnet(CellKind::Lstm, 13, 6)
    };
    let wide = RandomSpec::fixed_point(CellKind::Lstm, 61, 31);
    let changes = with_head.clone();
    [
        family(with_head, 3, 3, 5000),
        family(without_head, 2, 4, 1),
        family(elements_across_bytes, 4, 5, 8),
        family(wide, 4, 30, 4000),
        Family {
            skip: Some(Skip::Delta),
            ..family(changes, 1, 4, 5000)
        },
    ]
}

#[test]
fn random_networks_under_the_stall_patterns() {
    for family in families() {
        let models: Vec<Model> = SEEDS.map(|seed| family.model(seed)).collect();
        let programs = Program::compile_family(&models, &on_bytes(&family)).expect("they fit");
        let simulator = simulator(&programs[0]);
        for ((model, program), seed) in models.iter().zip(&programs).zip(SEEDS) {
            let design = family.label();
            let context = Context { design, seed };
            let sequences = stimulus(model, &[3, 1, 2 + seed as usize % 4], seed);
            let mut dut = simulator.instance();
            simulators::load(&mut dut, program).expect("the memories are those of the core");
            let driver = StreamDriver::new(dut, format(&family, model));
            let mut driver = driver.expect("the streams are bytes");
            for pattern in StallPattern::all(seed) {
                check(&mut driver, model, &sequences, pattern, &context)
                    .unwrap_or_else(|error| panic!("{pattern:?}: {error}"));
                driver
                    .run_open(&sequences[2], pattern)
                    .unwrap_or_else(|error| panic!("{context:?}, {pattern:?}: {error}"));
                driver.reset(1);
            }
        }
    }
}

#[test]
fn rust_hdl_beside_verilator() {
    let family = &families()[2];
    let (model, program) = one(family);
    let dut = LockStep::new(RustHdl::new(&program), simulator(&program).instance());
    let mut driver = StreamDriver::new(dut, format(family, &model)).expect("the streams are bytes");
    for pattern in StallPattern::all(11) {
        let sequences = stimulus(&model, &[2, 1, 3], 11);
        check(
            &mut driver,
            &model,
            &sequences,
            pattern,
            &Context::default(),
        )
        .unwrap_or_else(|error| panic!("{error}"));
    }
}

/// The bytes of a sequence, the last one with `tlast`.
fn bytes(format: &StreamFormat, sequence: &[Vec<i32>], noise: &mut Rng) -> Vec<InputBeat> {
    let steps = sequence.iter().flat_map(|x| format.pack(x, noise));
    let mut bytes: Vec<InputBeat> = steps.map(|byte| (byte, false)).collect();
    if let Some((_, tlast)) = bytes.last_mut() {
        *tlast = true;
    }
    bytes
}

/// What a step of `format` means of which these bytes are all: the bits that are missing are zero.
fn decode(format: &StreamFormat, bytes: &[InputBeat]) -> Vec<i32> {
    let bits = format.input.element_bits;
    let beat_bits = 8 * (format.input.lanes * bits).div_ceil(8);
    let bit = |at: usize| {
        bytes
            .get(at / 8)
            .map_or(0, |byte| byte.0[0] >> (at % 8) & 1)
    };
    let element = |k: usize| {
        let from = k / format.input.lanes * beat_bits + k % format.input.lanes * bits;
        let code: u64 = (0..bits).map(|b| bit(from + b) << b).sum();
        let sign = 1i32 << (bits - 1);
        match bits {
            2 => (code & 1) as i32 - (code >> 1) as i32,
            _ => ((code as i32 ^ sign) - sign).max(1 - sign),
        }
    };
    (0..format.input.elements).map(element).collect()
}

/// The output bytes of outputs, each with whether it ends its sequence.
fn unpack(format: &StreamFormat, sent: &[InputBeat]) -> Vec<(Vec<i32>, bool)> {
    let unpack = |bytes: &[InputBeat]| {
        let (last, before) = bytes.split_last().expect("chunks are never empty");
        assert!(before.iter().all(|byte| !byte.1), "tlast inside an output");
        let beats: Vec<_> = bytes.iter().map(|byte| byte.0).collect();
        (format.unpack(&beats), last.1)
    };
    sent.chunks(format.output.beats()).map(unpack).collect()
}

/// What `unpack` should give for the sequences.
fn expected(model: &Model, sequences: &[Vec<Vec<i32>>]) -> Vec<(Vec<i32>, bool)> {
    let marked = |outputs: Vec<Vec<i32>>| {
        let count = outputs.len();
        let mark = move |(k, output)| (output, k + 1 == count);
        outputs.into_iter().enumerate().map(mark)
    };
    let outputs = golden(model, sequences).into_iter();
    outputs.flat_map(marked).collect()
}

#[test]
fn tlast_after_any_byte_of_a_step() {
    for family in families() {
        let (model, program) = one(&family);
        let format = format(&family, &model);
        let mut noise = Rng::with_seed(2);
        let (mut inputs, mut sequences) = (vec![], vec![]);
        let whole = format.input.beats();
        for kept in 1..=whole {
            let mut sequence = stimulus(&model, &[1 + kept % 2], kept as u64).remove(0);
            let mut sent = bytes(&format, &sequence, &mut noise);
            let start = sent.len() - whole;
            sent.truncate(start + kept);
            if let (Some(byte), Some(x)) = (sent.last_mut(), sequence.last_mut()) {
                byte.1 = true;
                *x = decode(&format, &sent[start..]);
            }
            inputs.extend(sent);
            sequences.push(sequence);
        }
        let expected = expected(&model, &sequences);
        let mut dut = simulator(&program).instance();
        reset(&mut dut, 1);
        let stalls: [&mut dyn Stalls; 2] = [&mut Never, &mut Random(Rng::with_seed(3))];
        for stalls in stalls {
            let passage = pass(&mut dut, &inputs, 60_000, stalls);
            assert_eq!(passage.taken, inputs.len(), "{}", family.label());
            assert_eq!(
                unpack(&format, &passage.sent),
                expected,
                "{}",
                family.label()
            );
        }
    }
}

#[test]
fn reset_at_any_cycle() {
    for family in families().into_iter().take(3) {
        let (model, program) = one(&family);
        let format = format(&family, &model);
        let mut noise = Rng::with_seed(4);
        let [before, after] = [5, 6].map(|seed| stimulus(&model, &[2, 1], seed));
        let mut all = |sequences: &[Vec<Vec<i32>>]| -> Vec<InputBeat> {
            let bytes = sequences
                .iter()
                .map(|sequence| bytes(&format, sequence, &mut noise));
            bytes.flatten().collect()
        };
        let (before, beats, expected) = (all(&before), all(&after), expected(&model, &after));
        let mut dut = simulator(&program).instance();
        reset(&mut dut, 1);
        for at in 0..250 {
            let stalls: [&mut dyn Stalls; 2] = [&mut Never, &mut Random(Rng::with_seed(at))];
            for stalls in stalls {
                pass(&mut dut, &before, at, stalls);
                reset(&mut dut, 1 + at as u32 % 3);
                let passage = pass(&mut dut, &beats, 3_000, &mut Never);
                let got = unpack(&format, &passage.sent);
                assert_eq!(got, expected, "{}, reset in cycle {at}", family.label());
            }
        }
    }
}

#[test]
fn the_core_inside_is_the_core_alone() {
    for family in families() {
        let (model, program) = one(&family);
        let alone = Program::compile(&model, &family.design()).expect("it fits");
        let [bytes, alone] = [&program, &alone].map(simulators::verilog);
        let core = |text: &str| {
            let from = text.find("module tern_core (").expect("there is a core");
            let length = text[from..].find("endmodule").expect("it ends");
            text[from..from + length].to_owned()
        };
        assert_eq!(core(&bytes), core(&alone));
        assert!(!alone.contains("module tern_bytes ("));
        let port = |text: &str, name: &str| text.contains(&format!("[7:0] {name}"));
        assert!(port(&bytes, "s_axis_tdata") && port(&bytes, "m_axis_tdata"));
    }
}

#[test]
fn generated_verilog_is_clean() {
    for family in families() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let verilog = simulators::verilog(&one(&family).1);
        lint(&verilog, "tern_bytes", folder.path())
            .unwrap_or_else(|error| panic!("{}: {error}", family.label()));
    }
}

#[test]
fn ports_are_bytes() {
    let (_, program) = one(&families()[3]);
    let dut = RustHdl::new(&program);
    assert_eq!((dut.input_bits(), dut.output_bits()), (8, 8));
}
