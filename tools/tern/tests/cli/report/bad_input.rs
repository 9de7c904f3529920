//! What a report refuses: one line that names file, field and value, and no page.

use super::{DENSE, core};
use crate::support::Place;
use serde_json::{Value, json};

const REPORT: [&str; 4] = ["report", "core", "--model", "m.safetensors"];

/// A core with what tern synth would have written, changed by `change`.
fn place(change: impl Fn(&mut Value)) -> Place {
    let place = Place::new();
    core(&place, "core", DENSE);
    let module = json!({
        "module": "tern_core", "instances": 1, "luts": 300, "flip_flops": 200, "carries": 9, "rams": 6,
        "single_port_rams": 0,
    });
    let path = json!({
        "from": "a", "from_module": "tern_core", "to": "b", "to_module": "tern_core",
        "logic_ns": 3.0, "routing_ns": 4.0, "levels": 2, "segments": [],
    });
    let mut synth = json!({
        "model": "random",
        "design": serde_json::from_str::<Value>(DENSE).expect("JSON"),
        "board": "a board",
        "modules": [module],
        "seeds": [{"seed": 1, "fmax_mhz": 142.9, "critical_path": path}],
        "median_fmax_mhz": 142.9,
        "logic_cells": 400,
        "block_rams": 6,
        "single_port_rams": 0,
        "pins": 50,
        "bitstream_seed": 1,
    });
    let design = std::fs::read(place.path("core/design.json")).expect("the design");
    synth["design"] = serde_json::from_slice(&design).expect("JSON");
    let report = std::fs::read(place.path("core/report.json")).expect("the report");
    let report: Value = serde_json::from_slice(&report).expect("JSON");
    synth["model"] = report["model"]["name"].clone();
    change(&mut synth);
    std::fs::create_dir(place.path("core/synth")).expect("a new folder");
    place.write("core/synth/synth.json", synth.to_string().as_bytes());
    place
}

#[track_caller]
fn refused(place: &Place, more: &[&str], words: &[&str]) {
    place.refused(&[&REPORT[..], more].concat(), words);
    assert!(!place.path("core/report.html").exists());
    assert!(!place.path("core/report.facts.json").exists());
}

#[test]
fn what_tern_synth_writes_is_taken() {
    let place = place(|_| ());
    let said = place.succeed(&[&REPORT[..], &["--synth", "core/synth"]].concat());
    assert!(!said.contains("not synthesized"), "{said}");
}

#[test]
fn folders_that_are_no_cores() {
    let place = Place::new();
    core(&place, "core", DENSE);
    place.refused(&["report", "none"], &["none", "design.json", "gen-verilog"]);
    place.refused(
        &["report", "core"],
        &["core/tern.v", "spoken-digits", "--model"],
    );
    std::fs::remove_file(place.path("core/tern.v")).expect("a file");
    refused(&place, &[], &["core/tern.v", "cannot be read"]);
}

#[test]
fn figures_of_another_core() {
    let folder = ["--synth", "core/synth"];
    let other = place(|synth| synth["model"] = "other".into());
    refused(
        &other,
        &folder,
        &["core/synth/synth.json", "`model`", "\"other\"", "expected"],
    );
    let other = place(|synth| synth["design"]["rows"] = 2.into());
    refused(
        &other,
        &folder,
        &[
            "synth.json",
            "`design`",
            "\"rows\":2",
            "expected",
            "\"rows\":1",
        ],
    );
}

#[test]
fn figures_that_are_wrong() {
    let broken = place(|synth| synth["seeds"][0]["fmax_mhz"] = "fast".into());
    refused(&broken, &[], &["synth.json", "seeds[0].fmax_mhz", "fast"]);
    let broken = place(|synth| synth["seeds"][0]["fmax_mhz"] = 0.into());
    refused(
        &broken,
        &[],
        &["synth.json", "`fmax_mhz` of seed 1", "more than 0"],
    );
    let broken = place(|synth| synth["median_fmax_mhz"] = (-1).into());
    refused(
        &broken,
        &[],
        &["synth.json", "`median_fmax_mhz`", "-1", "more than 0"],
    );
    let broken = place(|synth| synth["bitstream_seed"] = 7.into());
    refused(
        &broken,
        &[],
        &["synth.json", "`bitstream_seed`", "7", "one of the seeds: 1"],
    );
    let broken = place(|synth| synth["seeds"] = json!([]));
    refused(&broken, &[], &["synth.json", "`bitstream_seed`"]);
    let broken = place(|_| ());
    broken.write("core/synth/synth.json", b"{\"model\": ");
    refused(&broken, &[], &["core/synth/synth.json", "it ends within"]);
    refused(
        &broken,
        &["--synth", "nowhere"],
        &["nowhere/synth.json", "cannot be read"],
    );
}

#[test]
fn floor_plans_of_another_placement() {
    let place = place(|_| ());
    let plan = |seed: u32, logic: usize, unplaced: usize| {
        let tiles = json!([{"x": 1, "y": 2, "logic": {"tern_core": logic}}]);
        json!({"seed": seed, "logic": logic, "unplaced": unplaced, "tiles": tiles}).to_string()
    };
    let write = |text: String| place.write("core/synth/floorplan.json", text.as_bytes());
    write(plan(2, 399, 1));
    refused(
        &place,
        &[],
        &["floorplan.json", "`seed` is 2", "expected 1"],
    );
    write(plan(1, 399, 0));
    refused(&place, &[], &["floorplan.json", "399", "expected 400"]);
    write(plan(1, 399, 1).replace("\"x\":1", "\"x\":-1"));
    refused(&place, &[], &["floorplan.json", "tiles[0].x", "-1"]);
    write(plan(1, 399, 1));
    place.succeed(&REPORT);
}

#[test]
fn verifications_that_cannot_be_read() {
    let place = place(|_| ());
    refused(
        &place,
        &["--verify", "nowhere"],
        &["nowhere/verify.json", "cannot be read"],
    );
    std::fs::create_dir(place.path("core/verify")).expect("a new folder");
    place.write("core/verify/verify.json", b"{\"verilog_sha256\": 5}");
    refused(
        &place,
        &[],
        &["core/verify/verify.json", "verilog_sha256", "5"],
    );
}

#[test]
fn outputs_that_would_destroy_inputs() {
    let place = place(|_| ());
    place.write("x.html", b"0,0\n");
    for (lost, options) in [
        ("core/design.json", &[][..]),
        ("core/tern.v", &[]),
        ("m.safetensors", &[]),
        ("core/synth/synth.json", &[]),
        ("x.html", &["--input", "x.html"]),
    ] {
        let before = std::fs::read(place.path(lost)).expect("the input");
        let why = if options.is_empty() {
            "ends in .html"
        } else {
            "also read"
        };
        refused(&place, &[&["--out", lost], options].concat(), &[lost, why]);
        assert!(
            before == std::fs::read(place.path(lost)).expect("the input"),
            "{lost}"
        );
    }
    std::fs::create_dir(place.path("folder.html")).expect("the test's folder");
    refused(
        &place,
        &["--out", "folder.html"],
        &["folder.html", "folder"],
    );
    assert!(
        !place.path("folder.facts.json").exists(),
        "all files or none"
    );
    refused(
        &place,
        &["--eval", "nowhere"],
        &["3 outputs", "expected 10"],
    );
    place.refused(
        &["report", "--eval", "nowhere"],
        &["nowhere", "cannot be read"],
    );
    refused(&place, &["--input", "nowhere.csv"], &["nowhere.csv"]);
}
