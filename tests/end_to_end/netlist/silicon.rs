//! What synthesis makes of the core: processing elements without multipliers.

use tern_compile::program::Program;
use tern_model::network::CellKind;
use tern_model::random::RandomSpec;
use tern_sim::eda::yosys::yosys;
use tern_tests::family::{Biases, Family};
use tern_tests::recordings::shipped;
use tern_tests::simulators;

/// Yosys' cell statistics of module `top` after the commands `synthesis`.
fn statistics(verilog: &str, top: &str, synthesis: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    std::fs::write(path.join("source.v"), verilog).expect("the source is written");
    let script = format!(
        "read_verilog source.v\nhierarchy -check -top {top}\n{synthesis}\ntee -o stat.txt stat\n"
    );
    yosys(&script, path).unwrap_or_else(|error| panic!("{top}: {error}"));
    std::fs::read_to_string(path.join("stat.txt")).expect("Yosys wrote its statistics")
}

/// The cells of the description: operators.
fn described(verilog: &str, top: &str) -> String {
    statistics(verilog, top, "proc\nflatten\nopt_clean")
}

/// The iCE40 cells, DSP blocks allowed.
fn mapped(verilog: &str, top: &str) -> String {
    statistics(verilog, top, &format!("synth_ice40 -dsp -abc9 -top {top}"))
}

/// A small core of the fixed-point kind, head included.
fn core() -> String {
    let family = Family {
        spec: RandomSpec {
            head: Some(10),
            ..RandomSpec::fixed_point(CellKind::Lstm, 8, 8)
        },
        columns: 4,
        rows: 2,
        lanes: 8,
        skip: None,
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
fn the_array_of_the_spoken_digits_adds_and_never_multiplies() {
    let verilog = simulators::verilog(&shipped("spoken-digits").program);
    let cells = described(&verilog, "tern_array");
    assert!(cells.contains("$add"), "{cells}");
    assert!(!cells.contains("$mul"), "{cells}");
}

#[test]
fn arrays_and_cores_need_no_dsp_block() {
    for top in ["tern_array", "tern_core"] {
        let cells = mapped(&core(), top);
        assert!(cells.contains("SB_LUT4"), "{top}: {cells}");
        assert!(!cells.contains("SB_MAC16"), "{top}: {cells}");
    }
}

#[test]
fn a_multiplier_would_show() {
    let verilog = "module multiply(input clock, input [15:0] a, input [15:0] b, output reg [31:0] y);\n\
                   always @(posedge clock) y <= a * b;\nendmodule\n";
    let cells = described(verilog, "multiply");
    assert!(cells.contains("$mul"), "{cells}");
    let cells = mapped(verilog, "multiply");
    assert!(cells.contains("SB_MAC16"), "{cells}");
}
