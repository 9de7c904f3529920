//! Every shipped network on every device: the array that is chosen is generated, simulated, placed and routed, gives the golden
//! model's outputs and takes what was estimated.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use tern_compile::design::Design;
use tern_compile::device::{DEVICES, Device};
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_hdl::verilog::top_of;
use tern_model::file::write_atomic;
use tern_model::golden::Golden;
use tern_model::network::Model;
use tern_model::random::random_sequence;
use tern_sim::eda::locate;
use tern_sim::executor::build::Build;
use tern_sim::executor::name::ExecutorName;
use tern_sim::stream::stall::StallPattern;
use tern_sim::synth::board::Board;
use tern_sim::synth::implement::implement;
use tern_tests::simulators;

/// The shipped networks.
const MODELS: [&str; 5] = [
    "spoken-digits",
    "spoken-digits-gru",
    "spoken-digits-hitnet",
    "japanese-vowels",
    "shakespeare",
];
/// The one that no array of the device holds: more weights than its block RAMs.
const TOO_LARGE: (&str, &str) = ("shakespeare", "ice40-hx8k");
/// By how many percent the estimate of logic cells may be off: what is chosen takes at most 90 % of a device's by estimate.
const DEVIATION: RangeInclusive<f64> = -6.0..=11.0;
/// Steps of the sequence that is simulated.
const STEPS: usize = 3;

fn model(name: &str) -> Model {
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../models");
    Model::read(format!("{models}/{name}.safetensors")).expect("a shipped network")
}

#[test]
fn each_gets_an_array_that_fits_by_estimate() {
    for name in MODELS {
        let model = model(name);
        for device in DEVICES {
            let design = Design::largest(&model, device.name);
            if (name, device.name) == TOO_LARGE {
                let error = design.expect_err("too many weights").to_string();
                assert!(error.contains("block RAMs"), "{error}");
                continue;
            }
            let program = Program::compile(&model, &design.expect("an array"));
            let shape = program.expect("a core").shape;
            assert!(shape.fits(), "{name} on {device}: {:?}", shape.shortage());
        }
    }
}

/// A network on the array that is chosen for a device.
struct Pair {
    name: String,
    model: Model,
    program: Program,
    verilog: String,
    board: Board,
}

impl Pair {
    /// Nothing for the one network that is too large.
    fn new(name: &str, device: &Device) -> Option<Pair> {
        let model = model(name);
        let Ok(design) = Design::largest(&model, device.name) else {
            assert_eq!((name, device.name), TOO_LARGE);
            return None;
        };
        let program = Program::compile(&model, &design).expect("a core");
        Some(Pair {
            name: format!("{name} on {device}"),
            verilog: simulators::verilog(&program),
            board: Board::of_device(device.name).expect("its board"),
            model,
            program,
        })
    }

    /// Hash of all that decides what comes out: tools, pins and the core.
    fn sources(&self) -> String {
        let version = |(tool, located): (_, Option<locate::Located>)| {
            let version = located.map_or_else(String::new, |located| located.version);
            format!("{tool:?} {version}\n")
        };
        let tools: String = locate::list().into_iter().map(version).collect();
        let Board { package, pins, .. } = &self.board;
        let sources = format!("{tools}{package}\n{pins}\n{}", self.verilog);
        let hash = Sha256::digest(sources);
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The core on Verilator gives what the golden model does.
    fn check(&self) {
        let folder = simulators::folder().join("simulators");
        let build = Build::new(
            ExecutorName::Verilator,
            &self.program,
            &self.verilog,
            folder,
        );
        let build = build.expect("a simulator").expect("not the golden model");
        let driver = build.driver(&self.model, &self.program, false);
        let sequence = [random_sequence(&self.model, STEPS, 1)];
        let seen = driver
            .expect("its streams")
            .run(&sequence, StallPattern::none(0));
        let expected = Golden::new(&self.model).run(&sequence[0]);
        assert_eq!(seen.expect("a run").outputs, [expected], "{}", self.name);
    }

    /// Places and routes the core.
    fn route(&self) -> Routed {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let done = implement(
            &self.verilog,
            &top_of(&self.program.shape.design),
            &self.board,
            &[1],
            folder.path(),
            &mut |stage| println!("{}: {stage}", self.name),
        );
        let done = done.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let fastest = done.fastest();
        Routed {
            logic_cells: fastest.logic_cells,
            rams: fastest.rams,
            pins: fastest.pins,
            fmax_mhz: fastest.fmax_mhz,
            sources: self.sources(),
        }
    }

    /// What the routed core takes beside what was estimated and counted, and whether the two agree.
    fn compare(&self, routed: &Routed) -> (String, bool) {
        let shape = &self.program.shape;
        let Shape { design, .. } = shape;
        let estimate = shape.cell_estimate();
        let deviation = 100.0 * (estimate as f64 / routed.logic_cells as f64 - 1.0);
        let row = format!(
            "{}, {} x {} x {}: {} cells, estimate {estimate} ({deviation:+.1} %), {} block RAMs, {} pins, {:.1} MHz",
            self.name,
            design.columns,
            design.rows,
            design.lanes,
            routed.logic_cells,
            routed.rams,
            routed.pins,
            routed.fmax_mhz
        );
        let fits = routed.pins == shape.pins() && routed.rams <= shape.block_rams();
        (row, fits && DEVIATION.contains(&deviation))
    }

    /// Where what came out is kept.
    fn record(&self) -> PathBuf {
        let name = self.name.replace(" on ", "-");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/results/shipped");
        Path::new(folder).join(format!("{name}.json"))
    }

    /// What came out before, of the same sources.
    fn kept(&self) -> Option<Routed> {
        let record = fs::read(self.record()).ok()?;
        let kept: Routed = serde_json::from_slice(&record).expect("what was kept");
        (kept.sources == self.sources()).then_some(kept)
    }

    fn keep(&self, routed: &Routed) {
        let record = serde_json::to_string_pretty(routed).expect("numbers");
        write_atomic(&self.record(), (record + "\n").as_bytes())
            .expect("a folder of the documents");
    }
}

/// What came out of a pair.
#[derive(Serialize, Deserialize)]
struct Routed {
    logic_cells: usize,
    rams: usize,
    pins: usize,
    fmax_mhz: f64,
    /// Hash of what it came from.
    sources: String,
}

/// Every network on every FPGA that has room for it.
fn pairs() -> Vec<Pair> {
    let devices = DEVICES.iter().filter(|device| device.family.is_some());
    let pairs = devices.flat_map(|device| MODELS.map(|name| Pair::new(name, device)));
    pairs.flatten().collect()
}

/// A pair is not routed again on the same sources: the same command goes on where it was ended, on another machine too.
#[test]
#[ignore = "hours: cargo test --release --workspace --test end_to_end shipped -- --include-ignored --nocapture"]
fn each_is_routed_and_takes_what_was_estimated() {
    let (pairs, mut off) = (pairs(), vec![]);
    for (number, pair) in pairs.iter().enumerate() {
        let place = format!("{} of {}", number + 1, pairs.len());
        let routed = pair.kept().unwrap_or_else(|| {
            println!("{place}: {}", pair.name);
            pair.check();
            let routed = pair.route();
            pair.keep(&routed);
            routed
        });
        let (row, right) = pair.compare(&routed);
        println!("{place}: {row}");
        off.extend((!right).then_some(row));
    }
    assert!(off.is_empty(), "{off:#?}");
}

/// What was routed of the present sources, held to the present estimate.
#[test]
fn those_that_were_routed_take_what_is_estimated() {
    let mut off = vec![];
    for pair in pairs() {
        if let Some(routed) = pair.kept() {
            let (row, right) = pair.compare(&routed);
            println!("{row}");
            off.extend((!right).then_some(row));
        }
    }
    assert!(off.is_empty(), "{off:#?}");
}
