//! The generated Verilog is clean: no front end that is installed has anything to say of it, and it says nothing twice.

use std::collections::HashMap;
use std::process::Command;

use tern_compile::design::{Design, Skip, Weights};
use tern_compile::program::Program;
use tern_model::network::{CellKind, Output};
use tern_model::random::RandomSpec;
use tern_sim::dut::verilator::lint::lint;
use tern_sim::eda::yosys::yosys;
use tern_tests::family::{Biases, Family};
use tern_tests::recordings::shipped;
use tern_tests::simulators;

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
    let integers = RandomSpec {
        hidden_bits: vec![5],
        ..fixed_point()
    };
    // On top a layer of fewer bits than those below it, and one of trits.
    let stack = |hidden_bits: &[u32]| RandomSpec {
        hidden_bits: hidden_bits.to_vec(),
        ..gru(&[(CellKind::Gru, 7), (CellKind::Lstm, 5), (CellKind::Gru, 6)])
    };
    let core = |device, weights, skip, (columns, spec, rows, lanes)| {
        let family = Family {
            spec,
            columns,
            rows,
            lanes,
            skip,
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
        loaded.map(|(device, spec, rows)| core(device, Weights::Stream, None, (4, spec, rows, 8)));
    let events = [
        (Skip::Delta, Weights::Fixed, mixed.clone()),
        (Skip::Zero, Weights::Stream, integers.clone()),
        (Skip::Delta, Weights::Stream, last.clone()),
    ];
    let events =
        events.map(|(skip, weights, spec)| core("ecp5-85k", weights, Some(skip), (4, spec, 2, 5)));
    let designs = [
        (3, gru(&[(CellKind::Gru, 7)]), 3, 4),
        (3, gru_head, 2, 24),
        (3, gru(&[(CellKind::Gru, 7), (CellKind::Gru, 9)]), 4, 4),
        (4, mixed, 3, 4),
        (4, linear, 2, 4),
        (4, integers, 3, 4),
        (4, stack(&[4, 2, 3]), 3, 4),
        (4, stack(&[8, 3]), 2, 5),
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
    let fixed = designs.map(|design| core("ecp5-85k", Weights::Fixed, None, design));
    fixed.chain(loaded).chain(events).chain(shipped).collect()
}

/// Verilator's complaints about a Verilog text, one a line.
fn complaints(verilog: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let result = lint(verilog, "tern_core", folder.path());
    let log = std::fs::read_to_string(folder.path().join("lint.log")).expect("lint left its log");
    let complaints = log.lines().filter(|line| line.starts_with('%'));
    let complaints: Vec<String> = complaints.map(str::to_owned).collect();
    assert_eq!(result.is_ok(), complaints.is_empty(), "{log}");
    complaints
}

#[test]
fn verilator_has_no_complaint() {
    for (name, verilog) in cores() {
        let complaints = complaints(&verilog);
        assert!(complaints.is_empty(), "{name}:\n{}", complaints.join("\n"));
    }
}

/// Icarus Verilog, where it is installed, and slang (`pyslang`), where Python has it: each with all its warnings on.
#[test]
fn other_front_ends_have_no_complaint() {
    const SLANG: &str = "import sys\nfrom pyslang.driver import Driver\nd = Driver()\nd.addStandardArgs()\n\
        ok = d.parseCommandLine('slang -Wextra -Werror --top tern_core core.v')\n\
        sys.exit(not (ok and d.processOptions() and d.parseAllSources() and d.runFullCompilation(True)))\n";
    let python = std::env::var("TERN_PYSLANG").unwrap_or_else(|_| "python3".to_owned());
    let front_ends: [(&str, &str, &[&str], &[&str]); 2] = [
        (
            "Icarus Verilog",
            "iverilog",
            &["-V"],
            &[
                "-Wall",
                "-g2005",
                "-s",
                "tern_core",
                "-o",
                "core.vvp",
                "core.v",
            ],
        ),
        ("slang", &python, &["-c", "import pyslang"], &["-c", SLANG]),
    ];
    let cores = cores();
    for (name, program, probe, arguments) in front_ends {
        let there = Command::new(program).args(probe).output();
        if !there.is_ok_and(|output| output.status.success()) {
            println!("{name} is not installed: it has not read the cores");
            continue;
        }
        let verdict = |verilog: &str| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            std::fs::write(folder.path().join("core.v"), verilog).expect("it can be written");
            let output = Command::new(program)
                .args(arguments)
                .current_dir(folder.path())
                .output();
            let output = output.expect("it runs");
            let said = [output.stdout, output.stderr].concat();
            (
                output.status.success(),
                String::from_utf8_lossy(&said).trim().to_owned(),
            )
        };
        for (core, verilog) in &cores {
            assert_eq!(verdict(verilog), (true, String::new()), "{name}, {core}");
        }
        let broken = cores[0]
            .1
            .replacen(".clear(reset)", ".clear({reset, reset})", 1);
        assert!(
            broken != cores[0].1 && !verdict(&broken).1.is_empty(),
            "{name}"
        );
    }
}

/// Yosys' warnings count as errors.
#[test]
fn yosys_has_no_complaint() {
    let check = |verilog: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("core.v"), verilog).expect("it can be written");
        let script =
            "read_verilog core.v\nhierarchy -check -top tern_core\nproc\nflatten\ncheck -assert\n";
        yosys(script, folder.path()).map(|_| ())
    };
    let cores = cores();
    for (name, verilog) in &cores {
        check(verilog).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let (from, to) = (
        "assign s_axis_tready = ",
        "assign s_axis_tready = s_axis_tready & ",
    );
    assert!(check(&cores[0].1.replacen(from, to, 1)).is_err());
}

/// A module's text without its name and its numbers.
fn outline(module: &str) -> String {
    let body = module
        .split_once(char::is_whitespace)
        .map_or("", |(_, body)| body);
    let (mut outline, mut in_number, mut before) = (String::new(), false, ' ');
    for c in body.chars() {
        let word = before.is_alphanumeric() || before == '_' || before == '$';
        in_number = if in_number {
            c.is_ascii_hexdigit() || c == '\'' || c == 'd' || c == 'h' || c == 'b'
        } else {
            c.is_ascii_digit() && !word
        };
        before = c;
        if !in_number {
            outline.push(c);
        } else if !outline.ends_with('#') {
            outline.push('#');
        }
    }
    outline
}

#[test]
fn no_two_modules_differ_in_constants_alone() {
    for (name, verilog) in cores() {
        let mut outlines: HashMap<String, &str> = HashMap::new();
        for module in verilog.split("\nmodule ").skip(1) {
            let module = module.split("\nendmodule").next().unwrap_or("");
            let title = module.split_whitespace().next().unwrap_or("");
            let other = outlines.insert(outline(module), title);
            assert_eq!(other, None, "{name}: {title} differs in constants alone");
        }
    }
}

/// Lines of the Verilog of the bundled core, whose text is to be read.
const LINES: usize = 2310;

#[test]
fn the_bundled_core_is_short() {
    let verilog = simulators::verilog(&shipped("spoken-digits").program);
    let lines = verilog.lines().count();
    assert!(lines <= LINES, "{lines} lines, expected {LINES} at most");
}

#[test]
fn defects_are_noticed() {
    let (_, sound) = cores().swap_remove(0);
    for (from, to, expected) in [
        ("reg [2:0] token_q;", "reg [1:0] token_q;", "%Warning-WIDTH"),
        ("reg [2:0] token_q;", "", "token_q"),
        ("assign select = ", "wire chosen = ", "%Warning-UNDRIVEN"),
    ] {
        assert!(sound.contains(from), "the drain of three rows has `{from}`");
        let complaints = complaints(&sound.replacen(from, to, 1));
        assert!(
            complaints.iter().any(|line| line.contains(expected)),
            "`{from}` -> `{to}`: {complaints:?}"
        );
    }
}
