//! The contract of the streams: resets, cut steps, pauses, handshakes.

use fastrand::Rng;
use tern_compile::cycles::Timeline;
use tern_compile::design::Skip;
use tern_compile::program::Program;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::dut::verilator::VerilatorDut;
use tern_sim::dut::{Beat, Dut, Inputs};
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;
use tern_tests::beats::{Blocked, InputBeat, Never, Random, Stalls, pass, reset};
use tern_tests::check::{check, driver, golden};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::simulators;

/// One network in a simulated core.
struct Bench {
    context: Context,
    model: Model,
    program: Program,
    format: StreamFormat,
    core: StreamDriver<VerilatorDut>,
}

impl Bench {
    fn new(family: &Family, seed: u64) -> Bench {
        let program = Program::compile(&family.model(seed), &family.design()).expect("it fits");
        let model = family.model(seed);
        let simulator = simulators::build(&simulators::verilog(&program), false);
        let dut = simulator.expect("it builds").instance();
        Bench {
            context: Context {
                design: family.label(),
                seed,
            },
            format: StreamFormat::of(&model, family.lanes),
            core: driver(dut, &model, family.lanes).expect("the streams fit"),
            program,
            model,
        }
    }

    /// Beats of a sequence, of whose last step only `kept` beats are there; the last one carries `tlast`.
    fn beats(&self, sequence: &[Vec<i32>], kept: usize, noise: &mut Rng) -> Vec<InputBeat> {
        let steps = sequence.iter().flat_map(|x| self.format.pack(x, noise));
        let mut beats: Vec<InputBeat> = steps.map(|beat| (beat, false)).collect();
        beats.truncate(beats.len() + kept - self.format.input.beats());
        if let Some((_, tlast)) = beats.last_mut() {
            *tlast = true;
        }
        beats
    }

    /// The values of the output beats, and whether each output ends its sequence.
    fn unpack(&self, sent: &[(Beat, bool)]) -> Vec<(Vec<i32>, bool)> {
        let outputs = sent.chunks(self.format.output.beats());
        let unpack = |beats: &[(Beat, bool)]| {
            let data: Vec<Beat> = beats.iter().map(|(data, _)| *data).collect();
            let early = beats[..beats.len() - 1].iter().any(|(_, tlast)| *tlast);
            assert!(!early, "tlast before an output's last beat");
            (
                self.format.unpack(&data),
                beats.last().is_some_and(|beat| beat.1),
            )
        };
        outputs.map(unpack).collect()
    }

    /// What `unpack` should give for the sequences.
    fn expected(&self, sequences: &[Vec<Vec<i32>>]) -> Vec<(Vec<i32>, bool)> {
        let outputs = golden(&self.model, sequences).into_iter();
        let marked = |outputs: Vec<Vec<i32>>| {
            let last = outputs.len() - 1;
            let mark = move |(k, output)| (output, k == last);
            outputs.into_iter().enumerate().map(mark)
        };
        outputs.flat_map(marked).collect()
    }

    /// Runs sequences right after a reset without stalls: every value and every cycle.
    fn check_after_reset(&mut self, sequences: &[Vec<Vec<i32>>], what: &str) {
        let pattern = StallPattern::none(self.context.seed);
        let transcript = check(
            &mut self.core,
            &self.model,
            sequences,
            pattern,
            &self.context,
        )
        .unwrap_or_else(|error| panic!("{what}: {error}"));
        let expected = Timeline::of(&self.model, &self.program.shape, sequences);
        assert_eq!(
            transcript.output_cycles, expected.output_beats,
            "{what}: {:?}",
            self.context
        );
    }
}

/// A core with a head, one without, and one whose array drains longer than it sums; all take several beats a step.
fn families() -> [Family; 5] {
    let with_head = RandomSpec {
        head: Some(5),
        ..RandomSpec::fixed_point(CellKind::Lstm, 8, 7)
    };
    let without_head = RandomSpec {
        output: Output::Every,
        ..RandomSpec::hitnet(CellKind::Lstm, 11, 10)
    };
    let deep = RandomSpec {
        head: Some(30),
        ..RandomSpec::hitnet(CellKind::Lstm, 8, 13)
    };
    let family = |spec, threshold, device, rows, lanes| Family {
        spec,
        columns: 4,
        rows,
        lanes,
        skip: None,
        device,
        threshold,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    };
    let events = |spec: &RandomSpec, threshold, skip, rows| Family {
        skip: Some(skip),
        ..family(spec.clone(), threshold, "ecp5-25k", rows, 4)
    };
    [
        events(&with_head, 5000, Skip::Delta, 2),
        events(&without_head, 1, Skip::Zero, 1),
        family(with_head, 5000, "ice40-hx8k", 3, 3),
        family(without_head, 1, "ecp5-25k", 3, 3),
        family(deep, 1, "ecp5-25k", 6, 7),
    ]
}

/// The same families with an output every step and with one a sequence; one network of each, so that all tests share its simulator.
fn benches() -> Vec<Bench> {
    let outputs = [Output::Every, Output::Last];
    let bench = |(family, output): (Family, Output)| {
        let spec = RandomSpec {
            output,
            ..family.spec.clone()
        };
        Bench::new(&Family { spec, ..family }, 1)
    };
    families()
        .into_iter()
        .flat_map(|family| outputs.map(|output| (family.clone(), output)))
        .map(bench)
        .collect()
}

#[test]
fn reset_at_any_cycle() {
    let seed = 1;
    for mut bench in benches() {
        let mut noise = Rng::with_seed(seed);
        let before = stimulus(&bench.model, &[2, 3], seed);
        let after = stimulus(&bench.model, &[2, 1], seed + 1);
        let beats: Vec<InputBeat> = before
            .iter()
            .flat_map(|sequence| bench.beats(sequence, bench.format.input.beats(), &mut noise))
            .collect();
        let cycles = Timeline::of(&bench.model, &bench.program.shape, &before).output_beats;
        let span = cycles.last().expect("there are outputs") + 10;
        for at in 0..span {
            let stalls: [&mut dyn Stalls; 3] =
                [&mut Never, &mut Blocked, &mut Random(Rng::with_seed(at))];
            for (number, stalls) in stalls.into_iter().enumerate() {
                pass(bench.core.dut_mut(), &beats, at, stalls);
                reset(bench.core.dut_mut(), at as u32 % 3);
                bench.core.reset(1);
                bench.check_after_reset(&after, &format!("reset at cycle {at}, stalls {number}"));
                bench.core.reset(1);
            }
        }
    }
}

#[test]
fn tlast_inside_a_step() {
    let seed = 2;
    for mut bench in benches() {
        let mut noise = Rng::with_seed(seed);
        let whole = bench.format.input.beats();
        assert!(whole > 1, "a step must have an inside");
        let (mut beats, mut padded) = (vec![], vec![]);
        for steps in 1..4 {
            for kept in (1..whole).chain([whole]) {
                let sequence =
                    stimulus(&bench.model, &[steps], seed + beats.len() as u64).remove(0);
                beats.extend(bench.beats(&sequence, kept, &mut noise));
                let mut zeroed = sequence;
                if let Some(x) = zeroed.last_mut() {
                    x.iter_mut()
                        .skip(kept * bench.format.input.lanes)
                        .for_each(|x| *x = 0);
                }
                padded.push(zeroed);
            }
        }
        let expected = bench.expected(&padded);
        let stalls: [&mut dyn Stalls; 2] = [&mut Never, &mut Random(Rng::with_seed(seed))];
        for stalls in stalls {
            let passage = pass(bench.core.dut_mut(), &beats, 20_000, stalls);
            assert_eq!(
                passage.taken,
                beats.len(),
                "beats taken: {:?}",
                bench.context
            );
            assert_eq!(bench.unpack(&passage.sent), expected, "{:?}", bench.context);
        }
    }
}

#[test]
fn many_short_sequences_back_to_back() {
    let seed = 3;
    for mut bench in benches() {
        let sequences = stimulus(&bench.model, &[1, 1, 1, 2, 1, 1, 3, 1, 1, 1], seed);
        bench.check_after_reset(&sequences, "back to back");
    }
}

#[test]
fn state_survives_a_long_pause() {
    let seed = 4;
    for mut bench in benches() {
        let sequence = stimulus(&bench.model, &[6], seed).remove(0);
        let expected = golden(&bench.model, std::slice::from_ref(&sequence)).remove(0);
        let pattern = StallPattern::none(seed);
        let (before, after) = sequence.split_at(3);
        let mut run = || {
            let first = bench.core.run_open(before, pattern)?;
            for cycle in 0..30_000 {
                // The rest of the stream's signals mean nothing while valid is low.
                bench.core.dut_mut().cycle(&Inputs {
                    s_axis_tdata: [cycle & 0xff, 0, 0, 0],
                    s_axis_tlast: cycle % 2 == 0,
                    m_axis_tready: cycle % 3 == 0,
                    ..Inputs::default()
                });
            }
            let second = bench.core.run(&[after.to_vec()], pattern)?;
            Ok([first, second]
                .map(|transcript| transcript.outputs.concat())
                .concat())
        };
        let got = run().unwrap_or_else(|error: tern_sim::error::SimError| panic!("{error}"));
        assert_eq!(got, expected, "{:?}", bench.context);
    }
}

#[test]
fn a_blocked_sink_stops_the_core_and_loses_nothing() {
    let seed = 5;
    for mut bench in benches() {
        let mut noise = Rng::with_seed(seed);
        let sequences = stimulus(&bench.model, &[2; 12], seed);
        let beats: Vec<InputBeat> = sequences
            .iter()
            .flat_map(|sequence| bench.beats(sequence, bench.format.input.beats(), &mut noise))
            .collect();
        let blocked = pass(bench.core.dut_mut(), &beats, 20_000, &mut Blocked);
        assert!(
            blocked.waiting,
            "valid waits for ready: {:?}",
            bench.context
        );
        assert!(
            blocked.sent.is_empty() && blocked.taken < beats.len(),
            "{} beats taken: {:?}",
            blocked.taken,
            bench.context
        );
        let rest = pass(
            bench.core.dut_mut(),
            &beats[blocked.taken..],
            20_000,
            &mut Never,
        );
        assert_eq!(
            bench.unpack(&rest.sent),
            bench.expected(&sequences),
            "{:?}",
            bench.context
        );
    }
}

/// What the head of the Verilog says: registers that begin as anything, and what they make of offers before the first reset,
/// leave nothing behind a reset of one cycle.
#[test]
fn a_reset_of_one_cycle_is_enough_from_any_state() {
    for family in families() {
        for before in [0, 1, 200] {
            let mut bench = Bench::new(&family, 1);
            let offer = Inputs {
                s_axis_tvalid: true,
                m_axis_tready: true,
                ..Inputs::default()
            };
            for _ in 0..before {
                bench.core.dut_mut().cycle(&offer);
            }
            bench.core.reset(1);
            let sequences = stimulus(&bench.model, &[3, 1, 2], 1);
            let pattern = StallPattern::none(1);
            check(
                &mut bench.core,
                &bench.model,
                &sequences,
                pattern,
                &bench.context,
            )
            .unwrap_or_else(|error| panic!("{before} cycles before the reset: {error}"));
        }
    }
}

#[test]
fn beats_on_offer_during_a_reset_are_dropped() {
    let seed = 6;
    for mut bench in benches() {
        reset(bench.core.dut_mut(), 50);
        let sequences = stimulus(&bench.model, &[2], seed);
        bench.core.reset(1);
        bench.check_after_reset(&sequences, "after a long reset");
    }
}
