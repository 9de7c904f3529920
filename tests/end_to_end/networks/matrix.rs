//! Networks of every kind on every device: golden model and Verilator agree in every value under the four stall patterns, Verilator
//! and the cycle model in every cycle without stalls.

use std::collections::BTreeSet;

use tern_sim::executor::build::Build;
use tern_sim::stream::stall::StallPattern;
use tern_sim::verify::case::Case;
use tern_sim::verify::ladder::Ladder;
use tern_tests::matrix::{Row, rows};
use tern_tests::simulators;

/// Steps of the sequences of a case.
const LENGTHS: [usize; 3] = [2, 1, 3];

/// Distance of the rows that every run of the tests takes.
const STEP: usize = 41;

/// What the rows have been through.
#[derive(Default)]
struct Sum {
    rows: usize,
    chosen: usize,
    sequences: u64,
    cycles: u64,
}

/// Runs the rows; fails at the first that differs.
fn run(rows: &[Row]) -> Sum {
    let mut sum = Sum::default();
    for row in rows {
        let model = row.model();
        let (program, chosen) = row
            .program(&model)
            .unwrap_or_else(|error| panic!("{row:?}: {error}"));
        assert_eq!(
            program.shape.weights_in_single_port_rams(),
            row.device == "ice40-up5k"
        );
        let label = row.label(&program);
        let simulator = simulators::build_briefly(&simulators::verilog(&program))
            .unwrap_or_else(|error| panic!("{label}: {error}"));
        let builds = [Build::verilator(simulator)];
        let mut ladder = Ladder::new(&label, &model, &program, true, &builds, false)
            .unwrap_or_else(|error| panic!("{label}: {error}"));
        for pattern in StallPattern::all(row.number) {
            let case = Case {
                lengths: LENGTHS.to_vec(),
                pattern,
                reset: None,
            };
            if let Some((rung, error)) = ladder.check(&case) {
                panic!("{label}, {rung}, {case}: {error}");
            }
        }
        let (_, tally) = ladder.tallies()[1];
        println!(
            "{label}: {} sequences, {} cycles",
            tally.sequences, tally.cycles
        );
        sum.rows += 1;
        sum.chosen += usize::from(chosen);
        sum.sequences += tally.sequences;
        sum.cycles += tally.cycles;
    }
    sum
}

/// Every row of a device.
fn on(device: &str) {
    let rows: Vec<Row> = rows()
        .into_iter()
        .filter(|row| row.device == device)
        .collect();
    let Sum {
        rows,
        chosen,
        sequences,
        cycles,
    } = run(&rows);
    println!(
        "{device}: {rows} rows, {chosen} of them on the array that is chosen for them, {sequences} sequences, {cycles} cycles, 0 differences"
    );
}

/// One row in [`STEP`], every device among them.
#[test]
fn a_few_rows() {
    let rows: Vec<Row> = rows().into_iter().step_by(STEP).collect();
    let devices: BTreeSet<&str> = rows.iter().map(|row| row.device).collect();
    assert_eq!(devices.len(), 5);
    assert_eq!(run(&rows).rows, rows.len());
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- matrix --include-ignored --nocapture"]
fn ice40_hx8k() {
    on("ice40-hx8k");
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- matrix --include-ignored --nocapture"]
fn ice40_up5k() {
    on("ice40-up5k");
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- matrix --include-ignored --nocapture"]
fn ecp5_25k() {
    on("ecp5-25k");
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- matrix --include-ignored --nocapture"]
fn ecp5_45k() {
    on("ecp5-45k");
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- matrix --include-ignored --nocapture"]
fn ecp5_85k() {
    on("ecp5-85k");
}
