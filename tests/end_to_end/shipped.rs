//! Every shipped network on every device: the array that is chosen is generated, placed and routed, and takes what was estimated.

use tern_compile::design::Design;
use tern_compile::device::DEVICES;
use tern_compile::program::Program;
use tern_model::network::Model;
use tern_sim::synth::board::Board;
use tern_sim::synth::implement::implement;

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

/// `cargo test --release -p tern-tests shipped -- --include-ignored --nocapture`
#[test]
#[ignore = "takes hours on two cores"]
fn each_is_routed_and_takes_what_was_estimated() {
    let mut off = vec![];
    for name in MODELS {
        let model = model(name);
        for device in DEVICES.iter().filter(|device| device.family.is_some()) {
            let Ok(design) = Design::largest(&model, device.name) else {
                assert_eq!((name, device.name), TOO_LARGE);
                continue;
            };
            let program = Program::compile(&model, &design).expect("a core");
            let (shape, text) = (&program.shape, tern_hdl::verilog::generate(&program));
            let board = Board::of_device(device.name).expect("its board");
            let top = tern_hdl::verilog::top_module(design.streams);
            let folder = tempfile::tempdir().expect("a temporary folder");
            let text = text.expect("the hardware description is sound");
            let done = implement(&text, top, &board, &[1], folder.path(), &mut |_| ());
            let done = done.unwrap_or_else(|error| panic!("{name} on {device}: {error}"));
            let (routed, estimate) = (done.fastest(), shape.cell_estimate());
            let deviation = 100.0 * (estimate as f64 / routed.logic_cells as f64 - 1.0);
            let row = format!(
                "{name} on {device}, {} x {} x {}: {} cells, estimate {estimate} ({deviation:+.1} %), {} block RAMs, {} pins, {:.1} MHz",
                design.columns,
                design.rows,
                design.lanes,
                routed.logic_cells,
                routed.rams,
                routed.pins,
                routed.fmax_mhz
            );
            println!("{row}");
            let fits = routed.pins == shape.pins() && routed.rams <= shape.block_rams();
            off.extend((!fits || !(-5.0..=10.0).contains(&deviation)).then_some(row));
        }
    }
    assert!(off.is_empty(), "{off:#?}");
}
