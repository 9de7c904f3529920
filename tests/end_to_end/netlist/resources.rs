//! The resource model against Yosys, LUT4s, flip-flops and block RAMs within 10 %, of event arrays within 5 %, and against nextpnr,
//! logic cells.

use tern_sim::synth::synthesis::synthesize;
use tern_tests::resource_matrix::{Configuration, events, placed, quick, slow};

/// Largest deviation in percent.
const LIMIT: f64 = 10.0;
/// The same of an array that sums events.
const EVENT_LIMIT: f64 = 5.0;

/// Synthesizes the configurations, prints a row for each and refuses those whose estimate is off.
fn check(configurations: &[Configuration]) {
    let mut off = Vec::new();
    for configuration in configurations {
        let program = configuration.program();
        let (shape, streams) = (&program.shape, configuration.streams);
        let text =
            tern_hdl::verilog::generate(&program).expect("the hardware description is sound");
        let top = tern_hdl::verilog::top_module(streams);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let done = synthesize(&text, top, shape.design.device, folder.path());
        let done = done.unwrap_or_else(|error| panic!("{error}"));
        let figures = [
            ("LUT4", shape.lut_estimate(), done.luts()),
            ("FF", shape.ff_estimate(), done.flip_flops()),
            ("RAM", shape.ram_estimate(), done.rams()),
        ];
        let limit = if shape.events() { EVENT_LIMIT } else { LIMIT };
        let mut row = configuration.label();
        for (what, estimate, counted) in figures {
            let deviation = 100.0 * (estimate as f64 / counted as f64 - 1.0);
            row += &format!("; {what} {counted}, estimate {estimate} ({deviation:+.1} %)");
            if deviation.abs() > limit {
                off.push(format!(
                    "{what} of {}: {deviation:+.1} %",
                    configuration.label()
                ));
            }
        }
        println!("{row}");
        assert!(done.rams() <= shape.block_rams(), "what must fit: {row}");
    }
    assert!(
        off.is_empty(),
        "beyond {LIMIT} %, {EVENT_LIMIT} % of event arrays: {off:#?}"
    );
}

/// How much of the cells that nextpnr counts an estimate may lack, and how much more it may state, in percent.
const CELLS: std::ops::RangeInclusive<f64> = -9.0..=9.0;

#[test]
fn logic_cells_of_cores_that_were_placed() {
    let mut off = vec![];
    for (label, shape, cells) in placed() {
        let estimate = shape.cell_estimate();
        let deviation = 100.0 * (estimate as f64 / cells as f64 - 1.0);
        let row = format!("{label}: {cells} cells, estimate {estimate} ({deviation:+.1} %)");
        println!("{row}");
        off.extend((!CELLS.contains(&deviation)).then_some(row));
    }
    assert!(off.is_empty(), "beyond {CELLS:?} %: {off:#?}");
}

#[test]
fn a_few_configurations() {
    check(&quick());
}

#[test]
#[ignore = "25 minutes: cargo test --release --workspace --test end_to_end resources -- --include-ignored --nocapture"]
fn every_other_configuration() {
    check(&slow());
}

#[test]
#[ignore = "10 minutes: cargo test --release --workspace --test end_to_end resources -- --include-ignored --nocapture"]
fn event_arrays() {
    check(&events());
}
