//! A network put into another one's routed core is the network, bit for bit.

use std::fs;

use tern_compile::design::Skip;
use tern_compile::program::Program;
use tern_hdl::images::memory_images;
use tern_model::network::{CellKind, Layer, Model, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::dut::netlist::netlist_simulator;
use tern_sim::error::SimError;
use tern_sim::patch::map::MemoryMap;
use tern_sim::patch::routed_core::RoutedCore;
use tern_sim::patch::text::RoutedText;
use tern_sim::stream::stall::StallPattern;
use tern_sim::synth::board::Board;
use tern_sim::synth::implement::{Implementation, implement};
use tern_tests::check::{check, driver};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::simulators;

const SEED: u64 = 5;

/// Networks whose biases and tables are in block RAM.
fn family(skip: Option<Skip>) -> Family {
    Family {
        spec: RandomSpec {
            head: Some(3),
            output: Output::Every,
            ..RandomSpec::fixed_point(CellKind::Lstm, 4, 20)
        },
        columns: 4,
        rows: 2,
        lanes: 4,
        skip,
        device: "ice40-hx8k",
        threshold: 3000,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    }
}

/// A network with what synthesis would simplify: a gate of no weights and no biases, and a gate like another.
fn degenerate(mut model: Model) -> Model {
    for layer in &mut model.layers {
        if let Layer::Lstm(lstm) = layer {
            let gate = lstm.hidden_size;
            let biases = &mut lstm.bias;
            biases[..gate].fill(0);
            biases.copy_within(2 * gate..3 * gate, 3 * gate);
            for weights in [&mut lstm.weight_ih, &mut lstm.weight_hh] {
                let gate = weights.len() / 4;
                weights[..gate].fill(0);
                weights.copy_within(2 * gate..3 * gate, 3 * gate);
            }
        }
    }
    model
}

/// The netlist with the contents of a routed design in its block RAMs, read back bit by bit.
fn netlist_of(netlist: &str, map: &MemoryMap, routed: &RoutedText) -> String {
    let cell = "SB_RAM40_4K #(";
    let (mut parts, mut exchanged) = (netlist.split(cell), 0);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (parameters, rest) = part.split_once("\n  ) ").expect("parameters and a name");
        let mut lines: Vec<String> = parameters.lines().map(str::to_owned).collect();
        for memory in &map.memories {
            for (index, ram) in memory.rams.iter().enumerate() {
                let name = format!("\\{}.mem.0.{index} ", memory.instance);
                if !rest.starts_with(&name) {
                    continue;
                }
                let contents = routed.ram((ram.x, ram.y)).expect("a RAM");
                for (number, digits) in contents.lines().enumerate() {
                    let parameter = format!("    .INIT_{number:X}(");
                    let line = lines.iter_mut().find(|line| line.starts_with(&parameter));
                    *line.expect("a parameter") = format!("{parameter}256'h{digits}),");
                }
                exchanged += 1;
            }
        }
        text += &format!("{cell}{}\n  ) {rest}", lines.join("\n"));
    }
    let rams: usize = map.memories.iter().map(|memory| memory.rams.len()).sum();
    assert_eq!(
        exchanged, rams,
        "every block RAM of the map is in the netlist"
    );
    text
}

/// Compares the netlist with a routed design's contents with the golden model.
fn compare(
    family: &Family,
    model: &Model,
    done: &Implementation,
    map: &MemoryMap,
    routed: &str,
    what: &str,
) -> Result<(), SimError> {
    let netlist = fs::read_to_string(&done.synthesis.netlist).expect("a netlist");
    let routed = RoutedText::parse(routed).expect("a routed design");
    let mut synthesis = done.synthesis.clone();
    synthesis.netlist = synthesis.netlist.with_file_name("patched.v");
    fs::write(&synthesis.netlist, netlist_of(&netlist, map, &routed)).expect("writable");
    let simulator = netlist_simulator(&synthesis, simulators::folder().join("simulators"))?;
    let mut driver = driver(simulator.instance(), model, family.lanes)?;
    let sequences = stimulus(model, &[4, 1, 6], SEED);
    let context = Context {
        design: format!("netlist with {what}"),
        seed: SEED,
    };
    let pattern = StallPattern::none(SEED);
    check(&mut driver, model, &sequences, pattern, &context).map(|_| ())
}

#[test]
fn a_patched_core_is_the_other_network() {
    is_the_other_network(family(None));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- patch --include-ignored"]
fn a_patched_event_array_is_the_other_network() {
    is_the_other_network(family(Some(Skip::Delta)));
}

fn is_the_other_network(family: Family) {
    let folder = tempfile::tempdir().expect("a folder");
    // The core of the network with the widest biases holds those of the others.
    let compile = |model: &Model| Program::compile(model, &family.design()).expect("it fits");
    let mut models: Vec<Model> = (1..4).map(|seed| family.model(seed)).collect();
    models.sort_by_key(|model| compile(model).shape.bias_bits);
    let (wide, another) = (models.remove(2), models.remove(1));
    let program = compile(&wide);
    let text = simulators::verilog(&program.with_random_memories());
    let board = Board::named("ice40-hx8k").expect("a board");
    let work = folder.path().join("work");
    let done = implement(&text, "tern_core", &board, &[1], &work, &mut |_| ()).expect("a core");
    let core = RoutedCore::fill(&wide, &program, &done).expect("every bit is where it should be");
    core.write(folder.path()).expect("writable");
    let core = RoutedCore::read(folder.path()).expect("what was written");
    let map = core.memories();
    assert!(
        map.in_logic(&memory_images(&program)).is_empty(),
        "all memories are in block RAM"
    );
    let routed = fs::read_to_string(folder.path().join("core.asc")).expect("a routed design");
    compare(&family, &wide, &done, map, &routed, "its own network")
        .unwrap_or_else(|e| panic!("{e}"));

    for (model, what) in [
        (another.clone(), "another network"),
        (degenerate(models.remove(0)), "a degenerate network"),
    ] {
        let patched = core.patched(&model).expect("a patched design");
        // What the RAMs hold is what the network's own core would hold, but for the format of its biases.
        let read = map
            .read(&RoutedText::parse(&patched).expect("a design"))
            .expect("contents");
        let own = memory_images(&compile(&model));
        for image in own
            .iter()
            .filter(|image| !image.instance.ends_with(".bias"))
        {
            assert!(read.contains(image), "{} of {what}", image.instance);
        }
        compare(&family, &model, &done, map, &patched, what).unwrap_or_else(|e| panic!("{e}"));
        let wrong = compare(&family, &model, &done, map, &routed, "the wrong network");
        wrong.expect_err("the first network answers otherwise");
    }

    let mut other = another;
    if let Layer::Lstm(lstm) = &mut other.layers[0] {
        lstm.threshold = lstm.threshold.map(|theta| theta + 1);
    }
    let message = core.patched(&other).expect_err("another core").to_string();
    assert!(
        message.starts_with("field `layers.0.threshold` is 3001, expected 3000: "),
        "{message}"
    );
}
