//! `tern synth` on a small core, and the list of tools it uses.

mod support;

use support::{Place, small_model};
use tern_model::network::Output;

#[test]
fn area_fmax_and_bitstream() {
    let place = Place::new();
    place.model("model.safetensors", &small_model(3, Output::Last));
    let design = r#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ice40-hx8k"}"#;
    place.write("design.json", design.as_bytes());
    let files = ["--model", "model.safetensors", "--design", "design.json"];
    let text =
        place.succeed(&[&["synth"], &files[..], &["--seed", "1,2", "--out", "out"]].concat());
    for module in ["tern_core", "tern_array", "tern_pe"] {
        let row = text
            .lines()
            .find(|line| line.starts_with(module))
            .expect("a row");
        let numbers: Vec<usize> = row
            .split_whitespace()
            .skip(1)
            .filter_map(|n| n.parse().ok())
            .collect();
        assert_eq!(numbers.len(), 5, "{row}");
        assert!(
            numbers[1] > 0 && numbers[2] > 0,
            "LUTs and flip-flops: {row}"
        );
    }
    let elements = text
        .lines()
        .find(|line| line.starts_with("tern_pe"))
        .expect("a row");
    assert_eq!(elements.split_whitespace().nth(1), Some("4"), "{elements}");
    for seed in ["seed 1 ", "seed 2 "] {
        let row = text
            .lines()
            .find(|line| line.starts_with(seed))
            .expect("a seed");
        assert!(row.ends_with(" MHz"), "{row}");
    }
    let bitstream = std::fs::read(place.path("out/core.bin")).expect("a bitstream");
    assert!(
        bitstream.len() > 100_000,
        "all of an HX8K: {} bytes",
        bitstream.len()
    );
    assert!(text.contains("out/core.bin"), "{text}");
    let json = std::fs::read(place.path("out/synth.json")).expect("a report");
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(json["seeds"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["modules"][0]["module"], "tern_core");
    let fmax = format!(
        "{:.2} MHz",
        json["median_fmax_mhz"].as_f64().expect("a number")
    );
    assert!(text.contains(&fmax), "{fmax}: {text}");
    let path = &json["seeds"][0]["critical_path"];
    assert!(path["logic_ns"].as_f64() > Some(0.0) && path["routing_ns"].as_f64() > Some(0.0));
    for end in ["from_module", "to_module"] {
        let module = path[end].as_str().expect("a module");
        assert!(module.starts_with("tern_"), "{path}");
    }
    let slowest = text
        .lines()
        .find(|line| line.starts_with("slowest "))
        .expect("a row");
    assert!(
        slowest.contains(" ns (logic ") && slowest.contains(" to "),
        "{slowest}"
    );
}

#[test]
fn a_board_of_another_device_is_refused() {
    let place = Place::new();
    place.model("model.safetensors", &small_model(3, Output::Last));
    let design =
        r#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ecp5-25k", "board": "ecp5-vip"}"#;
    place.write("design.json", design.as_bytes());
    let files = ["--model", "model.safetensors", "--design", "design.json"];
    place.refused(
        &[&["synth"], &files[..]].concat(),
        &["field `device` is \"ecp5-25k\", expected \"ecp5-85k\" for the ECP5 VIP Processor Board"],
    );
    let design = design.replace(", \"board\": \"ecp5-vip\"", "");
    place.write("design.json", design.as_bytes());
    place.refused(
        &[&["synth", "--device", "simulation"], &files[..]].concat(),
        &["field `device` is \"simulation\", expected an FPGA"],
    );
}

#[test]
fn tools_are_listed() {
    let text = Place::new().succeed(&["tools", "list"]);
    for tool in [
        "verilator",
        "yosys",
        "nextpnr-ice40",
        "icepack",
        "nextpnr-ecp5",
        "ecppack",
    ] {
        assert_eq!(
            text.lines().filter(|line| line.starts_with(tool)).count(),
            1,
            "{text}"
        );
    }
}
