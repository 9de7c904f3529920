//! Designs, sizing and compilation.

use tern_compile::design::{Design, Streams, Weights};
use tern_compile::device::{DEVICES, Device};
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_model::network::{CellKind, Output};
use tern_model::random::{RandomSpec, random_model};

fn refused(spec: &RandomSpec, design: &Design) -> String {
    let model = random_model(spec, 1);
    Program::compile(&model, design).map_or_else(|error| error.to_string(), |_| "accepted".into())
}

fn lstm(input_size: usize, hidden_size: usize) -> RandomSpec {
    RandomSpec::hitnet(CellKind::Lstm, input_size, hidden_size)
}

#[test]
fn a_memory_takes_the_best_shape_of_block_ram() {
    let ice40 = Device::named("ice40-hx8k").expect("it is listed");
    let ecp5 = Device::named("ecp5-85k").expect("it is listed");
    // Yosys' counts for the same memories.
    for (words, bits, expected) in [(256, 16, 1), (1024, 16, 4), (2048, 16, 8), (512, 32, 4)] {
        assert_eq!(ice40.rams(words, bits), expected, "{words} x {bits}");
    }
    for (words, bits, expected) in [(256, 16, 1), (2048, 16, 2), (512, 32, 1)] {
        assert_eq!(ecp5.rams(words, bits), expected, "{words} x {bits}");
    }
}

#[test]
fn networks_that_an_array_does_not_run_are_named() {
    let design = Design::new(4, 8, "ecp5-85k").expect("a valid design");
    let three = design.clone().with_columns(3).expect("a valid design");
    let mixed = RandomSpec {
        cells: vec![(CellKind::Gru, 8), (CellKind::Lstm, 8)],
        ..lstm(8, 8)
    };
    assert_eq!(refused(&mixed, &design), "accepted");
    assert!(refused(&mixed, &three).contains("`columns` is 3, expected 4 unless every"));
    let between = RandomSpec {
        input_bits: 8,
        hidden_shift: 3,
        ..RandomSpec::hitnet(CellKind::Gru, 8, 8)
    };
    assert_eq!(refused(&between, &design), "accepted");
    assert!(refused(&between, &three).contains("hidden_shift 3 lies between"));
    assert!(refused(&lstm(8, 1025), &design).contains("`layers.0.hidden_size` is 1025"));
    let wide = RandomSpec {
        input_bits: 8,
        ..lstm(8, 8)
    };
    let lanes = Design::new(4, 33, "ecp5-85k").expect("a valid design");
    assert!(refused(&wide, &lanes).contains("`lanes` is 33, expected at most 32"));
    let integers = |hidden_bits: &[u32]| RandomSpec {
        hidden_bits: hidden_bits.to_vec(),
        ..RandomSpec::fixed_point(CellKind::Lstm, 8, 8)
    };
    let trits_in = |hidden_bits: &[u32]| RandomSpec {
        input_bits: 2,
        ..integers(hidden_bits)
    };
    let beat = "`lanes` is 33, expected at most 32 for 8-bit hidden states";
    assert!(refused(&trits_in(&[8]), &lanes).contains(beat));
    assert_eq!(refused(&trits_in(&[7]), &lanes), "accepted");
    assert_eq!(refused(&integers(&[4]), &design), "accepted");
}

#[test]
fn planes_of_hidden_states_share_their_weights() {
    let shape = |hidden_bits: &[u32]| {
        let spec = RandomSpec {
            cells: vec![(CellKind::Lstm, 9), (CellKind::Gru, 7)],
            hidden_bits: hidden_bits.to_vec(),
            head: Some(3),
            output: Output::Every,
            ..RandomSpec::fixed_point(CellKind::Lstm, 5, 9)
        };
        let design = Design::new(2, 4, "simulation").expect("a valid design");
        let program = Program::compile(&random_model(&spec, 1), &design).expect("it runs");
        program.shape
    };
    let (trits, integers) = (shape(&[]), shape(&[4, 3]));
    assert_eq!(integers.weight_words(), trits.weight_words());
    // Planes of x, h and the state below: 7 + 1, 1 + 1, 1 of trits; 7 + 3, 3 + 2, 2 of integers.
    let passes = |shape: &Shape| [0, 1, 2].map(|section| shape.passes(section).len());
    assert_eq!((passes(&trits), passes(&integers)), ([8, 2, 1], [10, 5, 2]));
    // An element of b bits counts b - 1 per weight: gates, units, inputs and hidden states of both layers, then the head.
    let macs =
        |h: [usize; 2]| 4 * 9 * (7 * 5 + h[0] * 9) + 3 * 7 * (h[0] * 9 + h[1] * 7) + 3 * h[1] * 7;
    assert_eq!(trits.macs_per_step(), macs([1, 1]));
    assert_eq!(integers.macs_per_step(), macs([3, 2]));
    for (shape, what) in [(&trits, "trits"), (&integers, "integers")] {
        for section in 0..3 {
            let weights: Vec<usize> = shape.passes(section).iter().map(|p| p.weight).collect();
            assert!(weights.is_sorted(), "{what}: {weights:?}");
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_by_the_resource_it_lacks() {
    let rams = Design::new(16, 8, "ice40-hx8k").expect("a valid design");
    let error = refused(&lstm(64, 64), &rams);
    assert!(
        error.contains("block RAMs") && error.contains("has 32"),
        "{error}"
    );
    let luts = Design::new(30, 60, "ecp5-25k").expect("a valid design");
    let error = refused(&lstm(2, 2), &luts);
    assert!(
        error.contains("block RAMs") || error.contains("LUT4s"),
        "{error}"
    );
}

#[test]
fn the_largest_array_fits_and_a_larger_device_is_never_slower() {
    let model = random_model(
        &RandomSpec {
            output: Output::Last,
            ..lstm(64, 64)
        },
        1,
    );
    let mut slowest = u64::MAX;
    for device in DEVICES {
        let design = Design::largest(&model, device.name).expect("an array fits");
        let program = Program::compile(&model, &design).expect("it compiles");
        assert!(program.shape.fits(), "{design:?}");
        let cycles = program.shape.cycles_per_step();
        assert!(
            cycles <= slowest,
            "{design:?}: {cycles} cycles a step, {slowest} on a smaller device"
        );
        slowest = cycles;
    }
}

#[test]
fn the_largest_array_has_pes_of_one_ram_port_where_they_are_as_fast() {
    for kind in [CellKind::Lstm, CellKind::Gru] {
        let model = random_model(&RandomSpec::hitnet(kind, 300, 300), 1);
        let design = Design::largest(&model, "ecp5-85k").expect("an array fits");
        assert!(design.lanes <= 18, "36 bits of a port: {design:?}");
        assert!(design.macs_per_cycle() > 1500, "{design:?}");
    }
}

#[test]
fn an_ultraplus_loads_what_its_block_rams_cannot_hold() {
    for (size, weights) in [(32, Weights::Fixed), (256, Weights::Stream)] {
        let model = random_model(&lstm(size, size), 1);
        let design = Design::largest(&model, "ice40-up5k").expect("an array fits");
        assert_eq!((design.weights, design.streams), (weights, Streams::Bytes));
    }
    let model = random_model(&lstm(256, 256), 1);
    let design = Design::largest(&model, "ecp5-85k").expect("an array fits");
    assert_eq!(design.weights, Weights::Fixed);
    assert_eq!(design.streams, Streams::Wide);
}

#[test]
fn a_step_without_waits_takes_its_beats_and_no_more() {
    let spec = RandomSpec {
        input_bits: 8,
        hidden_shift: 7,
        head: Some(10),
        output: Output::Last,
        ..lstm(24, 96)
    };
    let design = Design::new(6, 8, "ice40-hx8k").expect("a valid design");
    let program = Program::compile(&random_model(&spec, 1), &design).expect("it compiles");
    // 16 blocks of 7 planes of 3 chunks and 12 chunks of h.
    assert_eq!(program.shape.cycles_per_step(), 16 * (7 * 3 + 12));
    assert!((program.shape.efficiency() - 1.0).abs() < 1e-12);
}

/// The shipped networks differ in more than their biases, which is not what a user should read.
#[test]
fn a_network_of_another_shape_is_refused_by_the_field_that_differs() {
    let shipped = |name: &str| {
        let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("models");
        let file = models.join(name).with_extension("safetensors");
        tern_model::network::Model::read(file).expect("a shipped model")
    };
    let design = Design::new(4, 8, "ecp5-85k").expect("a valid design");
    let core = Program::compile(&shipped("spoken-digits"), &design).expect("it fits");
    let hitnet = shipped("spoken-digits-hitnet");
    let error = Program::for_core(&hitnet, &core.shape).expect_err("another shape");
    assert_eq!(
        error.to_string(),
        "field `layers.0.gate_frac` is 0, expected 7"
    );
    let own = Program::for_core(&shipped("spoken-digits"), &core.shape).expect("its own");
    assert_eq!(own.shape, core.shape);
}
