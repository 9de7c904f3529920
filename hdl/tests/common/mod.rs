//! Drives a core in Rust-HDL's own simulation.

use fastrand::Rng;
use rust_hdl::core::prelude::*;
use tern_compile::cycles::Timeline;
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_hdl::core::TernCore;
use tern_hdl::kit::Vector;
use tern_model::golden::Golden;
use tern_model::network::{CellKind, HiddenState, Layer, Model, Output};
use tern_model::random::{RandomSpec, random_model, random_sequence};

/// A beat of the input stream and whether it ends a sequence.
pub type InputBeat = ([u64; 4], bool);

/// A transfer on the output stream: cycle, data, last.
pub type OutputBeat = (u64, u64, bool);

/// Runs a core without stalls until it has sent `expected` beats, for at most `limit` cycles.
pub fn run(program: &Program, beats: &[InputBeat], expected: usize, limit: u64) -> Vec<OutputBeat> {
    let mut core = TernCore::new(program);
    check_all(&core).expect("every signal is driven");
    let bits = program.shape.input_stream_bits() as u32;
    let mut sent = 0;
    let mut received = vec![];
    for cycle in 0..limit {
        let reset = cycle == 0;
        core.clock.next = Clock { clk: false };
        core.reset.next = Vector::from(reset);
        core.s_axis_tvalid.next = Vector::from(!reset && sent < beats.len());
        let (data, last) = beats.get(sent).copied().unwrap_or_default();
        core.s_axis_tdata.next = Vector::from_words(&data, bits);
        core.s_axis_tlast.next = Vector::from(last);
        core.m_axis_tready.next = Vector::from(true);
        assert!(simulate(&mut core, 1000), "the core settles");
        if core.m_axis_tvalid.val().any() && !reset {
            received.push((
                cycle - 1,
                core.m_axis_tdata.val().words()[0],
                core.m_axis_tlast.val().any(),
            ));
        }
        if core.s_axis_tready.val().any() && !reset && sent < beats.len() {
            sent += 1;
        }
        if received.len() == expected {
            return received;
        }
        core.clock.next = Clock { clk: true };
        assert!(simulate(&mut core, 1000), "the core settles");
    }
    panic!(
        "{} of {expected} output beats, {sent} of {} input beats",
        received.len(),
        beats.len()
    );
}

/// Holds every output beat of random sequences to the golden model, and its cycle to the cycle model; returns that one's cycles.
pub fn check(model: &Model, design: &Design, lengths: &[usize], name: &str, seed: u64) -> Timeline {
    let program = Program::compile(model, design).unwrap_or_else(|error| panic!("{name}: {error}"));
    let sequences: Vec<_> = lengths
        .iter()
        .enumerate()
        .map(|(k, steps)| random_sequence(model, *steps, seed + k as u64))
        .collect();
    let mut golden = Golden::new(model);
    let expected: Vec<Vec<i32>> = sequences
        .iter()
        .flat_map(|sequence| golden.run(sequence))
        .collect();
    let words = words(&program.shape, &expected);
    let timeline = Timeline::of(model, &program.shape, &sequences);
    let limit = timeline.output_beats.last().map_or(0, |cycle| cycle + 99);
    let input = pack(&program.shape, &sequences);
    let beats = run(&program, &input, words.len(), limit);
    for (k, (cycle, data, _)) in beats.iter().enumerate() {
        let beat = format!(
            "beat {k} of {}: {name}, seed {seed}, on {design:?}",
            words.len()
        );
        assert_eq!(*data, words[k], "{beat}");
        assert_eq!(*cycle, timeline.output_beats[k], "cycle of {beat}");
    }
    let last = beats.last().expect("there are beats");
    assert!(last.2, "the last beat carries tlast");
    timeline
}

/// Packs sequences of steps into input beats.
pub fn pack(shape: &Shape, sequences: &[Vec<Vec<i32>>]) -> Vec<InputBeat> {
    let (lanes, bits) = (shape.design.lanes, shape.input_bits);
    let mut beats = vec![];
    for sequence in sequences {
        for (t, step) in sequence.iter().enumerate() {
            let chunks: Vec<&[i32]> = step.chunks(lanes).collect();
            for (k, chunk) in chunks.iter().enumerate() {
                let mut words = [0u64; 4];
                for (lane, value) in chunk.iter().enumerate() {
                    let code = if bits == 2 {
                        u64::from(*value > 0) | u64::from(*value < 0) << 1
                    } else {
                        *value as u64 & ((1 << bits) - 1)
                    };
                    for b in 0..bits {
                        let at = lane * bits + b;
                        words[at / 64] |= (code >> b & 1) << (at % 64);
                    }
                }
                beats.push((words, t + 1 == sequence.len() && k + 1 == chunks.len()));
            }
        }
    }
    beats
}

/// Outputs of the golden model as the output stream has them.
pub fn words(shape: &Shape, outputs: &[Vec<i32>]) -> Vec<u64> {
    let bits = shape.output_stream().element_bits;
    let code = |h: i32| match bits {
        2 => u64::from(h > 0) | u64::from(h < 0) << 1,
        bits => h as u64 & ((1 << bits) - 1),
    };
    let pack = |chunk: &[i32]| {
        let chunk = chunk.iter().enumerate();
        chunk.map(|(k, h)| code(*h) << (bits * k)).sum()
    };
    let of_head = |output: &[i32]| output.iter().map(|y| u64::from(*y as u32)).collect();
    let of_state = |output: &[i32]| output.chunks(shape.design.lanes).map(pack).collect();
    let words = outputs.iter().map(|output| -> Vec<u64> {
        match shape.outputs {
            Some(_) => of_head(output),
            None => of_state(output),
        }
    });
    words.flatten().collect()
}

/// Bits of what the layer above the model's last one takes.
fn top_bits(model: &Model) -> u32 {
    let hidden = model.layers.last().and_then(Layer::hidden);
    hidden.map_or(2, HiddenState::bits)
}

/// A network whose layers differ in everything.
pub fn stack(rng: &mut Rng, seed: u64) -> (Model, Design) {
    let lanes = rng.usize(2..7);
    let layers = rng.usize(1..4);
    let mut model: Option<Model> = None;
    for layer in 0..layers {
        let gate_frac = rng.u32(..9);
        let below = model.as_ref().map_or(rng.usize(1..12), Model::output_size);
        let spec = RandomSpec {
            input_size: below,
            input_bits: model.as_ref().map_or(rng.u32(2..9), top_bits),
            cells: vec![(
                if rng.bool() {
                    CellKind::Lstm
                } else {
                    CellKind::Gru
                },
                rng.usize(1..12),
            )],
            head: None,
            output: if rng.bool() {
                Output::Every
            } else {
                Output::Last
            },
            gate_frac,
            lut_bits: rng.u32(1..8),
            state_bits: gate_frac + rng.u32(2..6),
            input_shift: rng.u32(..4),
            hidden_shift: rng.u32(..6),
            hidden_bits: vec![if rng.bool() { 2 } else { rng.u32(3..9) }],
            lut_shift: rng.u32(..5),
            state_lut_shift: rng.u32(..5),
        };
        let mut next = random_model(&spec, seed * 10 + layer as u64);
        match &mut model {
            None => model = Some(next),
            Some(model) => model.layers.append(&mut next.layers),
        }
    }
    let mut model = model.expect("at least one layer");
    if rng.bool() {
        let spec = RandomSpec {
            cells: vec![],
            head: Some(rng.usize(1..9)),
            input_bits: top_bits(&model),
            ..RandomSpec::hitnet(CellKind::Lstm, model.output_size(), 1)
        };
        model.layers.append(&mut random_model(&spec, seed).layers);
    }
    let design = Design::new(rng.usize(1..7), lanes, "simulation").expect("a valid design");
    let three = design.clone().with_columns(3).expect("a valid design");
    let fits = rng.bool() && Program::compile(&model, &three).is_ok();
    (model, if fits { three } else { design })
}
