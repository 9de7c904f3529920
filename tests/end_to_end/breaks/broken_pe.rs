//! One processing element broken on purpose: the comparison fails and names where.

use tern_compile::program::Program;
use tern_model::network::{CellKind, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::error::{ErrorKind, SimError};
use tern_sim::stream::stall::StallPattern;
use tern_tests::check::{check, driver, explain};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::simulators;

/// The broken element: column 2 computes gate g; row 1 computes units 1, 4, 7, …
const COLUMN: &str = "column_2";
const ROW: usize = 1;
const LANE: usize = 2;

fn family() -> Family {
    Family {
        spec: RandomSpec {
            head: Some(4),
            output: Output::Every,
            ..RandomSpec::fixed_point(CellKind::Lstm, 6, 8)
        },
        columns: 4,
        rows: 3,
        lanes: 4,
        skip: None,
        device: "ice40-hx8k",
        threshold: 2000,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    }
}

/// Swaps the two rails of one lane of the weights of one processing element.
fn swap_rails(verilog: &str) -> String {
    let (head, end) = ("module tern_column ", "endmodule\n");
    let start = verilog.find(head).expect("the column is there");
    let column = &verilog[start..];
    let column = &column[..column.find(end).expect("it ends") + end.len()];
    let signal = format!("weight_{ROW}_q");
    let connected = format!(".weight({signal})");
    assert!(column.contains(&connected), "the element is there");
    let (plus, minus) = (2 * LANE, 2 * LANE + 1);
    let swapped = format!(
        ".weight({{{signal}[7:{}], {signal}[{plus}], {signal}[{minus}], {signal}[{}:0]}})",
        minus + 1,
        plus - 1
    );
    let broken = column.replacen(&connected, &swapped, 1);
    let broken = broken.replacen(head, "module broken_column ", 1);
    // All columns are one module; this one becomes a copy.
    let instance = verilog
        .find(&format!(") {COLUMN} ("))
        .expect("the column is used");
    let kind = verilog[..instance]
        .rfind("tern_column ")
        .expect("it has a module");
    let mut text = verilog.to_owned();
    text.replace_range(kind..kind + "tern_column".len(), "broken_column");
    text + &broken
}

/// The comparison of the whole core with the golden model, on the given Verilog.
fn compare(verilog: &str, seed: u64) -> Result<(), SimError> {
    let family = family();
    let model = family.model(seed);
    let context = Context {
        design: family.label(),
        seed,
    };
    let sequences = stimulus(&model, &[4, 3], seed);
    let program = Program::compile(&model, &family.design()).expect("it fits");
    let dut = simulators::build(verilog, false)?.instance();
    let mut driver = driver(dut, &model, family.lanes)?;
    let pattern = StallPattern::all(seed)[3];
    check(&mut driver, &model, &sequences, pattern, &context)
        .map(|_| ())
        .map_err(|error| {
            explain(error, &model, &sequences, &program.shape, verilog, |_| {
                Ok(())
            })
        })
}

#[test]
fn swapped_rails_are_found_and_named() {
    let seed = 8;
    let family = family();
    let program = Program::compile(&family.model(seed), &family.design()).expect("it fits");
    let sound = simulators::verilog(&program);
    compare(&sound, seed).expect("the sound core equals the golden model");

    let broken = swap_rails(&sound);
    let error = compare(&broken, seed).expect_err("a broken element shows");
    println!("{error}");
    let ErrorKind::Mismatch(mismatch) = error.kind() else {
        panic!("expected a difference, got: {error}");
    };
    assert_eq!(mismatch.gate.as_deref(), Some("layer 0, gate g"), "{error}");
    assert_eq!(mismatch.unit % family.rows, ROW, "{error}");
    let message = error.to_string();
    let start = format!(
        "verilator differs from golden in {}, seed {seed}, sequence ",
        family.label()
    );
    assert!(message.starts_with(&start), "{message}");
    let place = format!(", layer 0, gate g, unit {}: expected ", mismatch.unit);
    assert!(message.contains(&place), "{message}");
    assert!(
        message.contains(&format!(", step {}, ", mismatch.step)),
        "{message}"
    );
}
