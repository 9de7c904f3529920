//! `tern verify`.

use crate::support::{Place, small_model};
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_model::network::{Model, Output};
use tern_report::facts::Verified;
use tern_sim::dut::icarus::Icarus;

const DESIGN: &str = r#"{"columns": 4, "rows": 2, "lanes": 2, "device": "ice40-hx8k"}"#;
const FILES: [&str; 5] = ["verify", "--model", "m.safetensors", "--design", "d.json"];

/// A folder with a network and a design; the network's Verilog.
fn place() -> (Place, String) {
    let place = Place::new();
    let model: Model = small_model(3, Output::Every);
    place.model("m.safetensors", &model);
    place.write("d.json", DESIGN.as_bytes());
    (
        place,
        tern_hdl::verilog::generate(&program(DESIGN)).expect("sound"),
    )
}

fn program(design: &str) -> Program {
    let design = Design::from_json(design).expect("a design");
    Program::compile(&small_model(3, Output::Every), &design).expect("it fits")
}

/// The lines of the table: rung, sequences, cycles, differences.
fn rows(text: &str) -> Vec<Vec<String>> {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
    text.lines().skip(1).map(words).collect()
}

#[test]
fn a_sound_core_passes_and_a_broken_one_is_named() {
    let (place, verilog) = place();
    let rows = rows(&place.succeed(&[&FILES[..], &["--cases", "6"]].concat()));
    let names: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["golden", "rust-hdl", "verilator"]);
    assert!(rows.iter().all(|row| row[3] == "0"), "{rows:?}");
    assert!(rows.iter().all(|row| row[1] == rows[0][1]), "{rows:?}");
    assert!(rows[1][2].parse::<u64>().expect("cycles") > 100, "{rows:?}");
    assert_eq!(rows[1][2], rows[2][2], "as many cycles on both");

    let broken = verilog.replacen("total = sum_q + ", "total = sum_q - ", 1);
    assert_ne!(broken, verilog);
    place.write("broken.v", broken.as_bytes());
    let output = place.run(&[&FILES[..], &["--verilog", "broken.v", "--out", "v"]].concat());
    let kept = std::fs::read(place.path("v/verify.json")).expect("what was compared");
    let kept: Verified = serde_json::from_slice(&kept).expect("as reports read it");
    assert_eq!(kept.differences(), 1);
    assert!(
        kept.command.contains(" --verilog broken.v "),
        "{}",
        kept.command
    );
    assert_eq!(kept.not_run, ["icarus", "netlist-ice40", "netlist-ecp5"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(
        error.contains("verilator differs from golden in "),
        "{error}"
    );
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        table
            .lines()
            .any(|l| l.starts_with("verilator") && l.ends_with(" 1")),
        "{table}"
    );

    let (_, command) = error
        .trim()
        .split_once("to see it again: tern ")
        .expect("a command");
    let again: Vec<&str> = command.split_whitespace().collect();
    assert_eq!(again[..5], FILES);
    let case = again.last().expect("a case");
    assert!(
        case.starts_with("steps=1,stalls=none,seed="),
        "the smallest case: {case}"
    );
    let output = place.run(&again);
    let second = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{second}");
    assert_eq!(second, error);
    let sound: Vec<&str> = again
        .iter()
        .copied()
        .filter(|w| !["--verilog", "broken.v"].contains(w))
        .collect();
    place.succeed(&sound);
}

#[test]
fn icarus_verilog_agrees_or_is_missed() {
    let (place, verilog) = place();
    let arguments = [&FILES[..], &["--executor", "golden,icarus", "--cases", "3"]].concat();
    if !Icarus::is_there() {
        place.refused(&arguments, &["iverilog", "PATH"]);
        return;
    }
    let rows = rows(&place.succeed(&arguments));
    assert_eq!((rows[1][0].as_str(), rows[1][3].as_str()), ("icarus", "0"));
    let broken = verilog.replacen("assign tdata = ", "assign tdata = 32'bx ^ ", 1);
    assert_ne!(broken, verilog);
    place.write("broken.v", broken.as_bytes());
    let output = place.run(&[&arguments[..], &["--verilog", "broken.v"]].concat());
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("unknown value"), "{error}");
}

#[test]
fn a_core_with_a_load_port_and_a_prefix_is_loaded_on_every_rung() {
    let (place, _) = place();
    let design = DESIGN.replace('}', r#", "weights": "stream", "prefix": "mine_"}"#);
    place.write("d.json", design.as_bytes());
    let mut rungs = "golden,rust-hdl,verilator,netlist-ice40".to_owned();
    if Icarus::is_there() {
        rungs += ",icarus";
    }
    let arguments = [&FILES[..], &["--cases", "4", "--executor", &rungs]].concat();
    let rows = rows(&place.succeed(&arguments));
    assert_eq!(rows.len(), rungs.split(',').count());
    assert!(rows.iter().all(|row| row[3] == "0"), "{rows:?}");
    let core = tern_hdl::verilog::generate(&program(&design)).expect("sound");
    let broken = core.replacen(" weight_words = ", " weight_words = 1 ^ ", 1);
    assert!(broken != core, "the loader has no weight_words");
    place.write("broken.v", broken.as_bytes());
    let arguments = [
        &FILES[..],
        &["--executor", "golden,verilator", "--verilog", "broken.v"],
    ];
    let output = place.run(&arguments.concat());
    let error = String::from_utf8_lossy(&output.stderr);
    assert_ne!(output.status.code(), Some(0), "{error}");
    assert!(error.contains("load"), "{error}");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let (place, _) = place();
    let with = |more: &[&'static str]| [&FILES[..], more].concat();
    place.refused(&with(&["--executor", "golden,vhdl"]), &["vhdl", "rust-hdl"]);
    place.refused(
        &with(&["--executor", "verilator"]),
        &["verilator", "two or more"],
    );
    place.refused(&with(&["--case", "steps=none"]), &["steps=none"]);
    place.refused(&with(&["--verilog", "no.v"]), &["no.v"]);
    place.refused(&with(&["--random"]), &["--random"]);
}
