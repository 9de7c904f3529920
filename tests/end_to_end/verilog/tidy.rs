//! The readable Verilog is the Verilog that Rust-HDL writes: equal in every cycle, proven of whole cores.

use rust_hdl::core::prelude::{Block, generate_verilog_unchecked};
use tern_compile::program::Program;
use tern_hdl::core::TernCore;
use tern_model::network::CellKind;
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::formal::equivalence::equivalence;
use tern_sim::stream::stall::StallPattern;
use tern_tests::check::{check, driver};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::lock_step::LockStep;
use tern_tests::simulators;
use tern_tests::small_cores::{Core, cores};

/// Rust-HDL's own text of a core.
fn raw(program: &Program) -> String {
    let mut core = TernCore::new(program);
    core.connect_all();
    let text = generate_verilog_unchecked(&core);
    assert!(
        text.contains("module top("),
        "Rust-HDL calls its top module so"
    );
    text.replacen("module top(", "module tern_core(", 1)
}

/// Runs both texts of a network's core in lock-step.
fn run(spec: RandomSpec, rows: usize, lanes: usize, seed: u64) {
    let family = Family {
        spec,
        columns: 4,
        rows,
        lanes,
        skip: None,
        device: "ice40-hx8k",
        threshold: 1,
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    };
    let model = family.model(seed);
    let program = Program::compile(&model, &family.design()).expect("it fits");
    let [raw, tidy] = [raw(&program), simulators::verilog(&program)];
    assert!(
        tidy.len() < raw.len() / 2,
        "the readable text is the shorter one"
    );
    let core = |text: &str| {
        let simulator = simulators::build(text, false);
        simulator
            .unwrap_or_else(|error| panic!("{error}"))
            .instance()
    };
    let context = Context {
        design: family.label(),
        seed,
    };
    let dut = LockStep::new(core(&raw), core(&tidy));
    let mut driver = driver(dut, &model, lanes).expect("the streams fit");
    for pattern in StallPattern::all(seed) {
        let sequences = stimulus(&model, &[3, 1, 4], seed);
        check(&mut driver, &model, &sequences, pattern, &context)
            .unwrap_or_else(|error| panic!("{error}"));
        driver.reset(1);
    }
}

#[test]
fn fixed_point_with_a_head() {
    let spec = RandomSpec {
        head: Some(6),
        ..RandomSpec::fixed_point(CellKind::Lstm, 5, 7)
    };
    run(spec, 3, 2, 1);
}

#[test]
fn hitnet_without_head() {
    run(RandomSpec::hitnet(CellKind::Lstm, 9, 10), 2, 4, 2);
}

/// Rust-HDL's text under the names of the readable one: `_` for `$`, and a register that is called `x_q` has no `x_q_q`.
fn renamed(raw: &str) -> String {
    let register = |line: &str| -> Option<String> {
        let (module, instance) = line.trim().strip_suffix("_q(")?.split_once(' ')?;
        Some(format!("{module} register_{instance}("))
    };
    let mut text = String::new();
    for line in raw.lines() {
        text += register(line).as_deref().unwrap_or(line);
        text.push('\n');
    }
    let numbered = |text: String, k: usize| {
        let port =
            |text: String, port| text.replace(&format!("_q${k}${port}"), &format!("_{k}_{port}"));
        port(port(text, "q"), "d")
    };
    let text = (0..64).fold(text, numbered);
    let text = text.replace("_q$q", "_q").replace("_q$d", "_d");
    text.replace("$signed(", "SIGNED(")
        .replace('$', "_")
        .replace("SIGNED(", "$signed(")
}

/// Bits of the registers that the modules of a text declare; the core has several copies of some.
fn declared(verilog: &str) -> usize {
    let registers = verilog.lines().filter_map(|line| {
        let declaration = line.trim().strip_prefix("reg ")?.strip_suffix("_q;")?;
        let high = declaration
            .split_once('[')
            .and_then(|(_, rest)| rest.split_once(':'));
        // A range that parameters give is that of a leaf, whose text is the same on both sides.
        high.map_or(Some(1), |(high, _)| Some(high.parse::<usize>().ok()? + 1))
    });
    registers.sum::<usize>()
}

/// Every register of the cores, for all inputs and all time.
fn every_register_is_the_same(cores: &[Core]) {
    for core in cores {
        let program = &core.programs[0];
        let raw = renamed(&raw(program));
        let tidy = tern_hdl::verilog::emit(&TernCore::new(program)).expect("a sound core");
        let compare = |tidy: &str| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let found = equivalence([&raw, tidy], "tern_core", folder.path());
            let log = std::fs::read_to_string(folder.path().join("yosys.log")).unwrap_or_default();
            let unlike = log.lines().filter(|line| line.contains("Unproven"));
            let unlike: Vec<String> = unlike.map(str::to_owned).collect();
            (
                found.unwrap_or_else(|error| panic!("{}: {error}", core.name)),
                unlike,
            )
        };
        let (found, unlike) = compare(&tidy);
        println!("{}: {found:?}", core.name);
        assert_eq!(found.unproven, 0, "{}: {unlike:#?}", core.name);
        let registers = declared(&tidy);
        assert!(
            registers > 0 && found.proven >= registers,
            "{}: {found:?}",
            core.name
        );
        let changed = tidy.replacen("open_q <= 1'b1", "open_q <= 1'b0", 1);
        assert!(compare(&changed).0.unproven > 0, "{}", core.name);
    }
}

#[test]
fn every_register_of_three_cores_is_the_same() {
    every_register_is_the_same(&cores()[..3]);
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- tidy --include-ignored --nocapture"]
fn every_register_of_every_small_core_is_the_same() {
    every_register_is_the_same(&cores());
}
