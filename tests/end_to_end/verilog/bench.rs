//! The test bench beside the Verilog passes on a sound core and fails on a broken one.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use tern_compile::design::{Design, Skip, Streams, Weights};
use tern_gen_verilog::artifacts::artifacts;
use tern_gen_verilog::choice::Core;
use tern_model::network::{CellKind, Output};
use tern_model::random::RandomSpec;
use tern_sim::eda::locate::locate;
use tern_sim::eda::tool::Tool;
use tern_tests::family::{Biases, Family};

/// What the bench says of the files of `folder`.
fn run(folder: &Path, top: &str) -> String {
    let verilator = locate(Tool::Verilator).expect("Verilator");
    let bench = format!("{top}_tb");
    let built = verilator
        .command()
        .args(["--binary", "--timing", "-Wno-fatal"])
        // The pinned Verilator does not know what this compiler wants to be told of coroutines, nor what Python is called.
        .args(["-CFLAGS", "-O0 -std=c++20", "-MAKEFLAGS", "PYTHON3=python3"])
        .args(["--top-module", &bench, "tern.v", "tern_tb.v"])
        .current_dir(folder)
        .output()
        .expect("Verilator starts");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    let output = Command::new(folder.join(format!("obj_dir/V{bench}")))
        .current_dir(folder)
        .output()
        .expect("the bench starts");
    String::from_utf8(output.stdout).expect("text")
}

/// A folder with the files of a core whose bench has passed.
#[track_caller]
fn passed(family: Family, more: impl FnOnce(&mut Design), top: &str) -> TempDir {
    let mut design = family.design();
    more(&mut design);
    let core = Core::new(family.model(1), design).expect("it fits");
    let folder = tempfile::tempdir().expect("a folder");
    for file in artifacts(&core).expect("a sound description") {
        std::fs::write(folder.path().join(file.name), file.bytes).expect("the test's folder");
    }
    let said = run(folder.path(), top);
    assert!(said.starts_with("PASS: "), "{said}");
    folder
}

fn family(spec: RandomSpec, skip: Option<Skip>) -> Family {
    Family {
        spec,
        columns: 4,
        rows: 2,
        lanes: 4,
        skip,
        device: "simulation",
        threshold: 1,
        biases: Biases::Narrow { limit: 9, step: 1 },
    }
}

#[test]
fn loaded_bytes_and_a_wrong_sum() {
    let spec = RandomSpec {
        input_bits: 4,
        head: Some(5),
        output: Output::Last,
        ..RandomSpec::fixed_point(CellKind::Lstm, 5, 6)
    };
    let loaded = |design: &mut Design| {
        (design.streams, design.weights) = (Streams::Bytes, Weights::Stream);
        design.prefix = "a_".to_owned();
    };
    let folder = passed(family(spec, None), loaded, "a_tern_bytes");
    let path = folder.path().join("tern.v");
    let sound = std::fs::read_to_string(&path).expect("Verilog");
    let broken = sound.replacen("sum_q <= total;", "sum_q <= sum_q;", 1);
    assert_ne!(sound, broken);
    std::fs::write(&path, broken).expect("the test's folder");
    let said = run(folder.path(), "a_tern_bytes");
    assert!(said.contains("FAIL: ") && !said.contains("PASS"), "{said}");
}

#[test]
fn trits_of_an_event_array() {
    let spec = RandomSpec::hitnet(CellKind::Lstm, 5, 9);
    passed(family(spec, Some(Skip::Delta)), |_| (), "tern_core");
}
