//! The generated Verilog is clean under `verilator --lint-only -Wall`, but for waivers that say why.

use std::path::Path;

use tern_compile::design::{Design, Weights};
use tern_compile::program::Program;
use tern_model::network::{CellKind, Output};
use tern_model::random::RandomSpec;
use tern_sim::dut::verilator::lint::lint;
use tern_tests::family::{Biases, Family};
use tern_tests::recordings::shipped;
use tern_tests::simulators;

/// Warnings that are defects, never matters of taste.
const NEVER_WAIVED: [&str; 7] = [
    "UNSIGNED",
    "LATCH",
    "IMPLICIT",
    "UNDRIVEN",
    "WIDTHTRUNC",
    "CASEINCOMPLETE",
    "MULTIDRIVEN",
];

fn waivers() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("hdl");
    std::fs::read_to_string(path.join("lint.vlt")).expect("hdl/lint.vlt can be read")
}

/// The cores that are linted, each with what it is.
fn cores() -> Vec<(String, String)> {
    let fixed_point = || RandomSpec::fixed_point(CellKind::Lstm, 6, 7);
    let hitnet = || RandomSpec::hitnet(CellKind::Lstm, 5, 4);
    let mut last = fixed_point();
    (last.head, last.output) = (Some(10), Output::Last);
    let mut hidden_first = fixed_point();
    (hidden_first.input_bits, hidden_first.input_shift) = (3, 9);
    let mut one_output = hitnet();
    one_output.head = Some(1);
    let mut gap = hitnet();
    (gap.input_shift, gap.output) = (3, Output::Last);
    let gru = |cells: &[(CellKind, usize)]| RandomSpec {
        cells: cells.to_vec(),
        ..fixed_point()
    };
    let mut gru_head = gru(&[(CellKind::Gru, 7)]);
    gru_head.head = Some(4);
    let mut mixed = gru(&[(CellKind::Gru, 7), (CellKind::Lstm, 5), (CellKind::Gru, 6)]);
    (mixed.head, mixed.output) = (Some(3), Output::Last);
    let mut linear = gru(&[]);
    linear.head = Some(6);
    let core = |device, weights, (columns, spec, rows, lanes)| {
        let family = Family {
            spec,
            columns,
            rows,
            lanes,
            device,
            threshold: 1,
            biases: Biases::Narrow { limit: 99, step: 1 },
        };
        let design = Design {
            weights,
            ..family.design()
        };
        let program = Program::compile(&family.model(1), &design).expect("it fits");
        (family.label(), simulators::verilog(&program))
    };
    let loaded = [
        ("ecp5-85k", mixed.clone(), 3),
        ("ice40-up5k", last.clone(), 1),
    ];
    let loaded =
        loaded.map(|(device, spec, rows)| core(device, Weights::Stream, (4, spec, rows, 8)));
    let designs = [
        (3, gru(&[(CellKind::Gru, 7)]), 3, 4),
        (3, gru_head, 2, 24),
        (3, gru(&[(CellKind::Gru, 7), (CellKind::Gru, 9)]), 4, 4),
        (4, mixed, 3, 4),
        (4, linear, 2, 4),
    ];
    let columns_of = |(spec, rows, lanes)| (4, spec, rows, lanes);
    let lstm_designs = [
        (fixed_point(), 3, 4),
        (last, 2, 8),
        (hidden_first, 8, 2),
        (hitnet(), 1, 2),
        (one_output, 4, 3),
        (gap, 5, 5),
        (RandomSpec::hitnet(CellKind::Lstm, 1, 1), 1, 2),
    ];
    let shipped = ["spoken-digits", "spoken-digits-hitnet"].map(|name| {
        let program = shipped(name).program;
        (name.to_owned(), simulators::verilog(&program))
    });
    let lstm_designs = lstm_designs.into_iter().map(columns_of);
    let designs = designs.into_iter().chain(lstm_designs);
    let fixed = designs.map(|design| core("ecp5-85k", Weights::Fixed, design));
    fixed.chain(loaded).chain(shipped).collect()
}

/// The complaints about a Verilog text under `waivers`, one a line.
fn complaints(verilog: &str, waivers: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let result = lint(verilog, "tern_core", waivers, folder.path());
    let log = std::fs::read_to_string(folder.path().join("lint.log")).expect("lint left its log");
    let complaints = log.lines().filter(|line| line.starts_with('%'));
    let complaints: Vec<String> = complaints.map(str::to_owned).collect();
    assert_eq!(result.is_ok(), complaints.is_empty(), "{log}");
    complaints
}

#[test]
fn generated_verilog_is_clean() {
    for (name, verilog) in cores() {
        let complaints = complaints(&verilog, &waivers());
        assert!(complaints.is_empty(), "{name}:\n{}", complaints.join("\n"));
    }
}

#[test]
fn every_waiver_is_scoped_reasoned_and_needed() {
    let text = waivers();
    for rule in NEVER_WAIVED {
        let waived = text.split_whitespace().any(|word| word == rule);
        assert!(!waived, "hdl/lint.vlt waives {rule}");
    }
    let (first, rest) = text.split_once('\n').expect("hdl/lint.vlt has lines");
    assert_eq!(first, "`verilator_config");
    let all: Vec<String> = cores()
        .iter()
        .flat_map(|(_, verilog)| complaints(verilog, first))
        .collect();
    for pair in rest.lines().collect::<Vec<_>>().chunks(2) {
        let [reason, waiver] = pair else {
            panic!("a reason or a waiver is missing at the end: {pair:?}");
        };
        assert!(reason.starts_with("// "), "no reason above `{waiver}`");
        let scope = waiver
            .strip_prefix("lint_off -rule ")
            .and_then(|rest| rest.split_once(" -file \"*tern_core.v\" -match \""))
            .and_then(|(rule, rest)| Some((rule, rest.strip_suffix('"')?)));
        let Some((rule, pattern)) = scope else {
            panic!("not a scoped waiver: {waiver}");
        };
        let parts: Vec<&str> = pattern.split('*').collect();
        let needed = |complaint: &&String| {
            complaint.starts_with(&format!("%Warning-{rule}: ")) && in_order(complaint, &parts)
        };
        assert!(
            all.iter().any(|line| needed(&line)),
            "nothing needs `{waiver}`"
        );
    }
}

/// Whether the parts occur in the text one after the other.
fn in_order(text: &str, parts: &[&str]) -> bool {
    let step = |rest: &str, part: &str| rest.find(part).map(|at| at + part.len());
    let mut at = 0;
    parts.iter().all(|part| match step(&text[at..], part) {
        Some(end) => {
            at += end;
            true
        }
        None => false,
    })
}

#[test]
fn defects_are_not_waived() {
    let (_, sound) = cores().swap_remove(0);
    for (from, to, expected) in [
        (
            "reg [2:0] token_d;",
            "reg [1:0] token_d;",
            "%Warning-WIDTHTRUNC",
        ),
        ("reg [2:0] token_d;", "", "token_d"),
        ("select_value = 1'b0;", "", "%Warning-LATCH"),
    ] {
        assert!(sound.contains(from), "the drain of three rows has `{from}`");
        let complaints = complaints(&sound.replacen(from, to, 1), &waivers());
        assert!(
            complaints.iter().any(|line| line.contains(expected)),
            "`{from}` -> `{to}`: {complaints:?}"
        );
    }
}
