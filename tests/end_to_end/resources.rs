//! The resource model against Yosys: LUT4s, flip-flops and block RAMs within 10 %.

use tern_sim::synth::synthesis::synthesize;
use tern_tests::resource_matrix::{Configuration, quick, slow};

/// Largest deviation in percent.
const LIMIT: f64 = 10.0;

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
        let mut row = configuration.label();
        for (what, estimate, counted) in figures {
            let deviation = 100.0 * (estimate as f64 / counted as f64 - 1.0);
            row += &format!("; {what} {counted}, estimate {estimate} ({deviation:+.1} %)");
            if deviation.abs() > LIMIT {
                off.push(format!(
                    "{what} of {}: {deviation:+.1} %",
                    configuration.label()
                ));
            }
        }
        println!("{row}");
        assert!(done.rams() <= shape.block_rams(), "what must fit: {row}");
    }
    assert!(off.is_empty(), "beyond {LIMIT} %: {off:#?}");
}

#[test]
fn a_few_configurations() {
    check(&quick());
}

/// `cargo test --release -p tern-tests resources -- --include-ignored --nocapture`
#[test]
#[ignore = "takes 25 minutes on two cores"]
fn every_other_configuration() {
    check(&slow());
}
