//! What synthesis makes of the core: processing elements without multipliers.

use std::path::Path;

use tern_model::{CellKind, Program, RandomSpec};
use tern_sim::eda::yosys;
use tern_tests::family::{Biases, Family};
use tern_tests::simulators;

/// The log of Yosys' cell statistics for module `top`: as described, and mapped to iCE40 cells with its
/// DSP blocks allowed.
fn statistics(verilog: &str, top: &str) -> (String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path: &Path = folder.path();
    std::fs::write(path.join("source.v"), verilog).expect("the source is written");
    let run = |script: String| {
        yosys(&script, path).unwrap_or_else(|error| panic!("{top}: {error}"));
        std::fs::read_to_string(path.join("stat.txt")).expect("Yosys wrote its statistics")
    };
    let read = format!("read_verilog source.v\nhierarchy -check -top {top}\n");
    let described = run(format!(
        "{read}proc\nflatten\nopt_clean\ntee -o stat.txt stat\n"
    ));
    let mapped = run(format!(
        "{read}synth_ice40 -dsp -abc9 -top {top}\ntee -o stat.txt stat\n"
    ));
    (described, mapped)
}

fn core() -> String {
    let family = Family {
        spec: RandomSpec {
            head: Some(10),
            ..RandomSpec::fixed_point(CellKind::Lstm, 8, 8)
        },
        rows: 2,
        lanes: 8,
        device: "ice40-hx8k",
        threshold: 4000,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    };
    let program = Program::compile(&family.model(1), &family.design()).expect("it fits");
    simulators::verilog(&program)
}

#[test]
fn the_array_adds_and_never_multiplies() {
    let (described, mapped) = statistics(&core(), "tern_array");
    assert!(described.contains("$add"), "{described}");
    assert!(!described.contains("$mul"), "{described}");
    assert!(mapped.contains("SB_LUT4"), "{mapped}");
    assert!(!mapped.contains("SB_MAC16"), "{mapped}");
}

#[test]
fn the_core_needs_no_dsp_block() {
    let (_, mapped) = statistics(&core(), "tern_core");
    assert!(mapped.contains("SB_RAM40_4K"), "{mapped}");
    assert!(!mapped.contains("SB_MAC16"), "{mapped}");
}

#[test]
fn a_multiplier_would_show() {
    let verilog = "module multiply(input clock, input [15:0] a, input [15:0] b, output reg [31:0] y);\n\
                   always @(posedge clock) y <= a * b;\nendmodule\n";
    let (described, mapped) = statistics(verilog, "multiply");
    assert!(described.contains("$mul"), "{described}");
    assert!(mapped.contains("SB_MAC16"), "{mapped}");
}
