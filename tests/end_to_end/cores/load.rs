//! Cores that load their network from a stream: each network as good as one that was synthesized.

use tern_compile::cycles::Timeline;
use tern_compile::design::{Design, Skip, Streams, Weights};
use tern_compile::program::Program;
use tern_hdl::images::memory_images;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::dut::rust_hdl::RustHdl;
use tern_sim::dut::verilator::Simulator;
use tern_sim::dut::{Dut, Inputs};
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;
use tern_tests::check::{check, golden};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::simulators;

fn family(spec: RandomSpec, columns: usize, rows: usize, lanes: usize) -> Family {
    Family {
        spec,
        columns,
        rows,
        lanes,
        skip: None,
        device: "ecp5-85k",
        threshold: 1,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    }
}

/// Every kind of memory: four gates, candidates, states, heads; words of one byte and of several; one row and many.
fn families() -> [Family; 8] {
    let lstm = RandomSpec {
        head: Some(5),
        ..RandomSpec::fixed_point(CellKind::Lstm, 8, 7)
    };
    let hitnet = RandomSpec::hitnet(CellKind::Lstm, 9, 10);
    let gru = RandomSpec {
        head: Some(3),
        output: Output::Last,
        ..RandomSpec::fixed_point(CellKind::Gru, 11, 9)
    };
    let stack = RandomSpec {
        cells: vec![(CellKind::Gru, 6), (CellKind::Lstm, 5)],
        ..RandomSpec::fixed_point(CellKind::Gru, 13, 6)
    };
    let integers = RandomSpec {
        cells: vec![(CellKind::Lstm, 5), (CellKind::Gru, 6)],
        hidden_bits: vec![4, 3],
        ..RandomSpec::fixed_point(CellKind::Lstm, 7, 5)
    };
    let linear = RandomSpec {
        cells: vec![],
        head: Some(9),
        ..RandomSpec::hitnet(CellKind::Lstm, 10, 1)
    };
    let events = |spec, skip| Family {
        skip: Some(skip),
        ..family(spec, 4, 2, 4)
    };
    let (changes, not_zero) = (stack.clone(), gru.clone());
    [
        family(lstm, 4, 3, 3),
        family(hitnet, 4, 1, 4),
        family(gru, 3, 2, 9),
        family(stack, 4, 4, 5),
        family(integers, 4, 2, 4),
        family(linear, 4, 2, 6),
        events(changes, Skip::Delta),
        events(not_zero, Skip::Zero),
    ]
}

/// Two networks of the family on a core that loads them.
fn programs(family: &Family, streams: Streams) -> (Vec<Model>, Vec<Program>) {
    let models: Vec<Model> = (0..3).map(|seed| family.model(seed)).collect();
    let design = Design {
        weights: Weights::Stream,
        streams,
        ..family.design()
    };
    let programs = Program::compile_family(&models, &design).expect("networks that fit the design");
    (models, programs)
}

/// The first network runs from the initial contents; the second replaces it in the middle of a sequence; a load that is
/// broken off leaves the core closed; the third network then loads as the second did.
fn life<D: Dut>(dut: D, family: &Family, streams: Streams, seen: &mut dyn FnMut(&mut D, &Program)) {
    let (models, programs) = programs(family, streams);
    let format = StreamFormat::of(&models[0], family.lanes).on(streams);
    let mut driver = StreamDriver::new(dut, format).expect("the streams are the network's");
    let lengths = [2, 1];
    let context = |seed| Context {
        design: family.label(),
        seed,
    };
    let run = |driver: &mut StreamDriver<D>, network: usize| {
        let sequences = stimulus(&models[network], &lengths, network as u64);
        let wide = streams == Streams::Wide;
        let cycles =
            Timeline::of(&models[network], &programs[network].shape, &sequences).output_beats;
        for pattern in [StallPattern::none(7), StallPattern::all(7)[3]] {
            let begin = driver.cycle();
            let model = &models[network];
            let transcript = check(driver, model, &sequences, pattern, &context(network as u64))
                .unwrap_or_else(|error| panic!("network {network}, {pattern:?}: {error}"));
            if wide && pattern == StallPattern::none(7) && begin == 0 {
                assert_eq!(transcript.output_cycles, cycles, "{}", family.label());
            }
        }
    };
    run(&mut driver, 0);
    let patterns = StallPattern::all(3);
    let open = stimulus(&models[0], &[2], 9);
    let interrupted = driver.run_open(&open[0], patterns[0]);
    interrupted.unwrap_or_else(|error| panic!("{error}"));
    for (network, pattern) in [(1, patterns[0]), (2, patterns[1])] {
        let image = programs[network].load_image();
        assert_eq!(image.len(), programs[network].shape.load_bytes());
        if network == 2 {
            let part = driver.load_part(&image[..image.len() / 2], pattern);
            part.unwrap_or_else(|error| panic!("{error}"));
            driver.reset(1);
            for _ in 0..99 {
                // Behind bytes a converter takes some before it finds the core closed.
                let seen = driver.dut_mut().cycle(&Inputs::default());
                assert!(
                    !seen.s_axis_tready || streams == Streams::Bytes,
                    "half a network runs"
                );
            }
        }
        let loaded = driver.load(&image, pattern);
        loaded.unwrap_or_else(|error| panic!("{}: {error}", family.label()));
        seen(driver.dut_mut(), &programs[network]);
        if network == 2 {
            driver.reset(1);
        }
        run(&mut driver, network);
    }
}

#[test]
fn in_the_simulation_of_rust_hdl() {
    for family in families() {
        let (_, programs) = programs(&family, Streams::Wide);
        let dut = RustHdl::new(&programs[0]);
        life(dut, &family, Streams::Wide, &mut |_, _| {});
    }
}

#[test]
fn in_verilator_where_every_memory_holds_what_was_sent() {
    for (family, streams) in [
        (&families()[0], Streams::Bytes),
        (&families()[3], Streams::Wide),
    ] {
        let (_, programs) = programs(family, streams);
        let verilog = simulators::verilog(&programs[0]);
        let simulator: Simulator =
            simulators::build_top(&verilog, tern_hdl::verilog::top_module(streams))
                .unwrap_or_else(|error| panic!("{error}"));
        life(
            simulator.instance(),
            family,
            streams,
            &mut |dut, program| {
                for image in memory_images(program) {
                    let words = dut.read_memory(&image.instance);
                    let words = words.unwrap_or_else(|error| panic!("{error}"));
                    let loaded = image.words.iter().zip(&words);
                    let wrong = loaded.clone().position(|(image, word)| image != word);
                    assert_eq!(wrong, None, "{} of {}", image.instance, family.label());
                }
            },
        );
    }
}

/// A load that wrote nothing ends with a reset, and the network of before runs; one that wrote a word asks for the rest.
fn broken_off<D: Dut>(dut: D, family: &Family) {
    let (models, programs) = programs(family, Streams::Wide);
    let format = StreamFormat::of(&models[0], family.lanes);
    let mut driver = StreamDriver::new(dut, format).expect("the streams are the network's");
    driver.reset(1);
    let [_, _, _, rest] = StallPattern::all(5);
    let context = Context {
        design: family.label(),
        seed: 5,
    };
    let offer = Inputs {
        w_axis_tvalid: true,
        ..Inputs::default()
    };
    let word = programs[0].shape.load_groups()[0].bytes();
    for taken in 0..=word {
        // An offer that is withdrawn before it is taken, then as many bytes as are not yet a word, then one word.
        let mut left = taken;
        let mut offered = 0;
        while left > 0 || offered < 1 {
            left -= usize::from(driver.dut_mut().cycle(&offer).w_axis_tready);
            offered += 1;
        }
        for _ in 0..9 {
            let seen = driver.dut_mut().cycle(&Inputs::default());
            assert!(
                !seen.s_axis_tready,
                "{}: open within a load",
                context.design
            );
        }
        driver.reset(1);
        if taken < word {
            let sequences = stimulus(&models[0], &[2, 1], taken as u64);
            check(&mut driver, &models[0], &sequences, rest, &context)
                .unwrap_or_else(|error| panic!("after {taken} bytes: {error}"));
        }
    }
    let waiting: Vec<[bool; 2]> = (0..99)
        .map(|_| driver.dut_mut().cycle(&Inputs::default()))
        .map(|seen| [seen.s_axis_tready, seen.w_axis_tready])
        .collect();
    assert!(
        waiting.iter().all(|[input, _]| !input),
        "{}",
        context.design
    );
    assert!(
        waiting[50..].iter().all(|[_, load]| *load),
        "{}: the core does not ask for its network",
        context.design
    );
    let loaded = driver.load(&programs[1].load_image(), rest);
    loaded.unwrap_or_else(|error| panic!("{}: {error}", context.design));
    let sequences = stimulus(&models[1], &[2, 1], 7);
    check(&mut driver, &models[1], &sequences, rest, &context)
        .unwrap_or_else(|error| panic!("loaded after a broken load: {error}"));
}

#[test]
fn a_broken_load_ends_with_a_reset() {
    for family in families() {
        let (_, programs) = programs(&family, Streams::Wide);
        broken_off(RustHdl::new(&programs[0]), &family);
        let simulator: Simulator = simulators::build(&simulators::verilog(&programs[0]), false)
            .unwrap_or_else(|error| panic!("{error}"));
        broken_off(simulator.instance(), &family);
    }
}

#[test]
fn a_smaller_network_runs_in_a_larger_core() {
    let family = &families()[0];
    let (_, programs) = programs(family, Streams::Wide);
    let core = &programs[0].shape;
    let spec = RandomSpec {
        input_size: 5,
        cells: vec![(CellKind::Lstm, 4)],
        head: Some(2),
        ..family.spec.clone()
    };
    let small = Family {
        spec,
        ..family.clone()
    }
    .model(4);
    let larger = StreamFormat::of(&family.model(0), family.lanes);
    let mut driver = StreamDriver::new(RustHdl::new(&programs[0]), larger).expect("its streams");
    let program = Program::for_core(&small, core).expect("it is smaller");
    let pattern = StallPattern::none(5);
    driver
        .load(&program.load_image(), pattern)
        .unwrap_or_else(|error| panic!("{error}"));
    let sequences = stimulus(&small, &[3, 2], 6);
    let wide = |sequence: &Vec<Vec<i32>>| -> Vec<Vec<i32>> {
        let step = |x: &Vec<i32>| x.iter().copied().chain([0; 3]).collect();
        sequence.iter().map(step).collect()
    };
    let padded: Vec<_> = sequences.iter().map(wide).collect();
    let outputs = driver.run(&padded, pattern).expect("a run").outputs;
    for (expected, got) in golden(&small, &sequences).iter().zip(&outputs) {
        let kept: Vec<Vec<i32>> = got.iter().map(|output| output[..2].to_vec()).collect();
        assert_eq!(*expected, kept);
        assert!(got.iter().all(|output| output[2..] == [0; 3]), "{got:?}");
    }
    let error = Program::for_core(&family.model(0), &program_of(&small, family).shape);
    let error = error.expect_err("a larger network").to_string();
    assert!(
        error.contains("`input_size` is 8, expected at most 5"),
        "{error}"
    );
}

fn program_of(model: &Model, family: &Family) -> Program {
    let design = Design {
        weights: Weights::Stream,
        ..family.design()
    };
    Program::compile(model, &design).expect("it fits")
}
