//! The array that is chosen for a device: it has the pins and the room, and what keeps it from being faster is known.

use tern_compile::design::{Design, Streams};
use tern_compile::device::DEVICES;
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_compile::sizing::Candidate;
use tern_compile::sizing::bound::Bound;
use tern_compile::sizing::budget::Resource;
use tern_model::network::{CellKind, Model};
use tern_model::random::{RandomSpec, random_model};

fn shape(model: &Model, design: &Design) -> Shape {
    Program::compile(model, design)
        .expect("it fits by itself")
        .shape
}

/// 8-bit inputs into one layer with a head.
fn bytes_in(kind: CellKind, input_size: usize, hidden_size: usize, outputs: usize) -> RandomSpec {
    RandomSpec {
        head: Some(outputs),
        ..RandomSpec::fixed_point(kind, input_size, hidden_size)
    }
}

#[test]
fn ports_are_counted_to_the_bit() {
    let model = random_model(&bytes_in(CellKind::Lstm, 64, 32, 10), 1);
    let design = Design::new(7, 32, "ecp5-85k").expect("a valid design");
    // Clock, reset, 32 elements of 8 bits and an output of 32, each with valid, ready and last.
    assert_eq!(shape(&model, &design).pins(), 2 + 256 + 3 + 32 + 3);
    let bytes = Design {
        streams: Streams::Bytes,
        ..design
    };
    assert_eq!(shape(&model, &bytes).pins(), 2 + 8 + 3 + 8 + 3);
}

#[test]
fn no_chosen_array_has_more_ports_than_the_package_has_pins() {
    let mut limited = 0;
    for (input_size, hidden_size) in [(64, 32), (40, 12), (100, 60), (7, 90)] {
        let model = random_model(&bytes_in(CellKind::Lstm, input_size, hidden_size, 10), 1);
        for device in DEVICES {
            let all = Candidate::all(&model, device.name).expect("an array fits");
            assert!(all.iter().all(|array| array.shape.pins() <= device.pins()));
            let widest = all.iter().map(|array| array.shape.design.lanes).max();
            limited += usize::from(widest < Some(32));
            let design = Design::largest(&model, device.name).expect("an array fits");
            let shape = shape(&model, &design);
            assert!(shape.fits(), "{design:?}: {:?}", shape.shortage());
        }
    }
    assert!(limited > 0, "pins are a limit somewhere");
}

#[test]
fn among_arrays_equally_fast_the_smallest_is_taken() {
    let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 40, 24), 1);
    for (device, port) in [("ice40-hx8k", 8), ("ecp5-25k", 18)] {
        let ports = |shape: &Shape| shape.design.lanes.div_ceil(port);
        let chosen = shape(&model, &Design::largest(&model, device).expect("an array"));
        let all = Candidate::all(&model, device).expect("arrays");
        let cycles = |array: &Candidate| array.shape.cycles_per_step();
        let fewest = all.iter().map(cycles).min().expect("an array");
        let as_fast = |cycles: u64| cycles as f64 <= 1.01 * fewest as f64;
        assert!(as_fast(chosen.cycles_per_step()), "{:?}", chosen.design);
        for other in all.iter().filter(|array| as_fast(cycles(array))) {
            let (mine, its) = (ports(&chosen), ports(&other.shape));
            let smaller = (its, other.cells) < (mine, chosen.cell_estimate());
            assert!(!smaller, "{:?}, {:?}", chosen.design, other.shape.design);
        }
    }
}

#[test]
fn what_limits_the_speed_is_said() {
    let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 64, 64), 1);
    let on = |rows, lanes, device| {
        let design = Design::new(rows, lanes, device).expect("a valid design");
        shape(&model, &design).bound(None)
    };
    match on(1, 4, "ice40-hx8k") {
        Bound::Choice { cycles, design } => {
            let slow = Design::new(1, 4, "ice40-hx8k").expect("a valid design");
            assert!(
                cycles < shape(&model, &slow).cycles_per_step(),
                "{design:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    let trits = random_model(&RandomSpec::hitnet(CellKind::Lstm, 64, 64), 1);
    for (model, resource) in [(&model, Resource::Cells), (&trits, Resource::BlockRams)] {
        let largest = Design::largest(model, "ice40-hx8k").expect("an array");
        match shape(model, &largest).bound(None) {
            Bound::Short { shortage, .. } => {
                assert_eq!(shortage.resource, resource, "{shortage:?}");
                assert!(shortage.needed > shortage.available, "{shortage:?}");
            }
            other => panic!("{other:?}"),
        }
    }
    let small = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 2, 4), 1);
    let largest = Design::largest(&small, "ecp5-85k").expect("an array");
    match shape(&small, &largest).bound(None) {
        Bound::Network { waiting } => assert!(waiting > 0),
        other => panic!("{other:?}"),
    }
}

/// By estimate 6 rows of 43 lanes are faster than what is chosen here.
#[test]
fn a_faster_array_is_one() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../models/shakespeare.safetensors"
    );
    let model = Model::read(file).expect("a shipped network");
    let largest = Design::largest(&model, "ecp5-85k").expect("an array");
    let largest = shape(&model, &largest);
    match largest.bound(None) {
        Bound::Choice { cycles, design } => {
            assert!(cycles < largest.cycles_per_step(), "{design:?}");
        }
        Bound::Network { .. } | Bound::Short { .. } => {}
    }
}

#[test]
fn a_network_too_large_for_the_device_names_what_is_short() {
    let model = random_model(&RandomSpec::hitnet(CellKind::Lstm, 512, 512), 1);
    let error = Design::largest(&model, "ice40-hx8k").expect_err("2 million weights");
    let error = error.to_string();
    for word in ["ice40-hx8k", "block RAMs", "32 may be taken"] {
        assert!(error.contains(word), "`{word}` is missing: {error}");
    }
}

#[test]
fn a_reserve_is_left_to_other_logic() {
    let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 40, 24), 1);
    for device in DEVICES.iter().filter(|device| device.family.is_some()) {
        let largest = |percent| {
            let like = Design::new(1, 2, device.name).expect("a valid design");
            Design::largest_like(&model, &like.with_reserve(percent)?)
        };
        let (all, half) = (largest(0), largest(50));
        let (all, half) = (all.expect("an array"), half.expect("an array"));
        let shape = shape(&model, &half);
        assert!(2 * shape.block_rams() <= device.block_rams, "{half:?}");
        assert!(2 * shape.cell_estimate() <= device.luts, "{half:?}");
        assert!(half.pes() <= all.pes(), "{half:?}, {all:?}");
        let error = Program::compile(&model, &Design { reserve: 90, ..all });
        let error = error.expect_err("nine tenths are reserved").to_string();
        assert!(error.contains("beside its reserve of 90 %"), "{error}");
        assert!(largest(91).is_err());
    }
}
