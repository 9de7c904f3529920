//! Random sizes, shifts and arrays in Rust-HDL's simulation, which needs no build: every output, every cycle.

use fastrand::Rng;
use tern_compile::cycles::Timeline;
use tern_compile::design::Skip;
use tern_compile::program::Program;
use tern_model::network::{CellKind, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::dut::rust_hdl::RustHdl;
use tern_sim::stream::stall::StallPattern;
use tern_tests::check::{check, driver};
use tern_tests::family::{Biases, Family, stimulus};

/// Shapes; each takes about half a second.
const SEEDS: std::ops::Range<u64> = 0..30;

/// A small random shape.
fn family(random: &mut Rng) -> Family {
    let (lanes, input_bits) = (random.usize(2..9), random.u32(2..9));
    // Shifts are small or equal half of the time, where the order of passes changes.
    let shift = |random: &mut Rng| {
        if random.bool() {
            random.u32(..3)
        } else {
            random.u32(..10)
        }
    };
    let size = |random: &mut Rng| random.usize(1..=3 * lanes);
    let gate_frac = random.u32(..9);
    let kind = |random: &mut Rng| {
        if random.bool() {
            CellKind::Lstm
        } else {
            CellKind::Gru
        }
    };
    let cells: Vec<(CellKind, usize)> = match random.u8(..4) {
        0 => (0..random.usize(2..4))
            .map(|_| (kind(random), size(random)))
            .collect(),
        _ => vec![(kind(random), size(random))],
    };
    // A GRU compares its state with the threshold, an LSTM a product of two gates.
    let gru = cells.iter().any(|(kind, _)| *kind == CellKind::Gru);
    let range = if gru { gate_frac } else { 2 * gate_frac };
    let three = random.bool();
    let spec = RandomSpec {
        input_size: size(random),
        input_bits,
        cells,
        head: random.bool().then(|| random.usize(1..20)),
        output: if random.bool() {
            Output::Every
        } else {
            Output::Last
        },
        gate_frac,
        lut_bits: random.u32(1..9),
        state_bits: gate_frac + random.u32(2..8),
        input_shift: shift(random),
        hidden_shift: shift(random),
        hidden_bits: (0..4)
            .map(|_| if random.bool() { 2 } else { random.u32(3..9) })
            .collect(),
        lut_shift: random.u32(..6),
        state_lut_shift: random.u32(..6),
    };
    let four = Family {
        spec,
        columns: 4,
        rows: random.usize(1..11),
        lanes,
        skip: None,
        device: "ecp5-85k",
        threshold: random.i32(1..=(1 << range) / 2 + 1),
        biases: match random.u8(..3) {
            0 => Biases::Wide,
            narrow => Biases::Narrow {
                limit: 200,
                step: 1 << (2 * narrow - 2),
            },
        },
    };
    if four.lanes >= 4 && random.bool() {
        let skip = if random.bool() {
            Skip::Delta
        } else {
            Skip::Zero
        };
        return Family {
            skip: Some(skip),
            ..four
        };
    }
    let on_three = Family {
        columns: 3,
        ..four.clone()
    };
    let runs = Program::compile(&four.model(0), &on_three.design()).is_ok();
    if three && runs { on_three } else { four }
}

#[test]
fn values_and_cycles() {
    for seed in SEEDS {
        let family = family(&mut Rng::with_seed(seed));
        let model = family.model(seed);
        let program = Program::compile(&model, &family.design())
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let context = Context {
            design: format!("{} {:?}", family.label(), family.spec),
            seed,
        };
        let mut driver = driver(RustHdl::new(&program), &model, family.lanes)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let lengths = [2, 1, 3];
        let sequences = stimulus(&model, &lengths, seed);
        let patterns = StallPattern::all(seed);
        for pattern in [patterns[0], patterns[3]] {
            driver.reset(1);
            let transcript = check(&mut driver, &model, &sequences, pattern, &context)
                .unwrap_or_else(|error| panic!("{error}"));
            if pattern == patterns[0] {
                let expected = Timeline::of(&model, &program.shape, &sequences).output_beats;
                assert_eq!(transcript.output_cycles, expected, "cycles: {context:?}");
            }
        }
    }
}
