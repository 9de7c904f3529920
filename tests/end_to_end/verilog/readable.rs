//! The Verilog of a tiny core as it was when it was last read by a person.

use std::path::Path;

use tern_compile::program::Program;
use tern_model::network::CellKind;
use tern_model::random::RandomSpec;
use tern_tests::family::{Biases, Family};
use tern_tests::simulators;

#[test]
fn a_tiny_core_reads_as_before() {
    let family = Family {
        spec: RandomSpec {
            head: Some(3),
            ..RandomSpec::fixed_point(CellKind::Lstm, 3, 4)
        },
        columns: 4,
        rows: 2,
        lanes: 2,
        skip: None,
        device: "ice40-hx8k",
        threshold: 1,
        biases: Biases::Narrow { limit: 9, step: 1 },
    };
    let program = Program::compile(&family.model(1), &family.design()).expect("it fits");
    let verilog = simulators::verilog(&program);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("expected/tiny_core.v");
    if std::env::var_os("TERN_WRITE_EXPECTED").is_some() {
        std::fs::write(&path, &verilog).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("tests/expected/tiny_core.v can be read");
    let mut lines = verilog.lines().zip(expected.lines()).enumerate();
    let change = lines.find(|(_, (now, before))| now != before);
    assert!(
        verilog == expected,
        "the Verilog of the tiny core is not tests/expected/tiny_core.v; first change {change:?}. Read it, and write the file with \
         TERN_WRITE_EXPECTED=1"
    );
}
