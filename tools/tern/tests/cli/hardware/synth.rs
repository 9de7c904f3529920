//! `tern synth` on a small core, and the list of tools it uses.

use crate::support::{Place, small_model};
use tern_model::network::Output;

#[test]
fn area_fmax_and_bitstream() {
    let place = Place::new();
    place.model("model.safetensors", &small_model(3, Output::Last));
    // Behind bytes the core is a module of the top, and its parts are listed all the same.
    let design =
        r#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ice40-hx8k", "streams": "bytes"}"#;
    place.write("design.json", design.as_bytes());
    let files = ["--model", "model.safetensors", "--design", "design.json"];
    let text =
        place.succeed(&[&["synth"], &files[..], &["--seed", "1,2", "--out", "out"]].concat());
    for module in ["tern_bytes", "tern_core", "tern_array", "tern_pe"] {
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
    assert_eq!(json["modules"][0]["module"], "tern_bytes");
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
        &[
            "field `board` is \"ecp5-vip\"",
            "colorlight-i5",
            "device ecp5-25k",
        ],
    );
    let design = design.replace(", \"board\": \"ecp5-vip\"", "");
    place.write("design.json", design.as_bytes());
    place.refused(
        &[&["synth", "--board", "ecp5-vip"], &files[..]].concat(),
        &["field `device` is \"ecp5-25k\", expected \"ecp5-85k\" for the ECP5 VIP Processor Board"],
    );
    place.refused(
        &[&["synth", "--device", "simulation"], &files[..]].concat(),
        &["field `device` is \"simulation\", expected an FPGA"],
    );
}

#[test]
fn what_cannot_be_placed_is_refused_before_synthesis() {
    let place = Place::new();
    let random = ["random", "--input-size", "64", "--input-bits", "8"];
    let sizes = ["--hidden-size", "32", "--outputs", "10"];
    place.succeed(&[&random[..], &sizes, &["--out", "model.safetensors"]].concat());
    let design = r#"{"columns": 4, "rows": 4, "lanes": 32, "device": "ecp5-25k"}"#;
    place.write("design.json", design.as_bytes());
    let files = ["--model", "model.safetensors", "--design", "design.json"];
    let synth = [&["synth"], &files[..], &["--out", "out"]].concat();
    place.refused(
        &synth,
        &[
            "ports have 296 bits",
            "package CABGA381 of the ULX3S 25F has 197 pins",
            "`streams` \"bytes\" or `lanes` of at most 19",
        ],
    );
    // The shipped network on seven rows: 5578 cells by nextpnr's count, on an UltraPlus of 5280.
    let design =
        r#"{"columns": 4, "rows": 7, "lanes": 8, "device": "ice40-up5k", "streams": "bytes"}"#;
    place.write("design.json", design.as_bytes());
    place.refused(
        &["synth", "--design", "design.json", "--out", "out"],
        &[
            "logic cells by estimate",
            "iCEBreaker has 5280",
            "fewer `rows` or `lanes`",
        ],
    );
    assert!(!place.path("out").exists(), "nothing was synthesized");
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

/// The folder of one command, and what it starts.
#[cfg(target_os = "linux")]
mod alone {
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use tern_model::network::Output;

    use crate::support::{Place, small_model};

    /// Answers as Yosys does, and synthesizes for ever.
    const YOSYS: &str = r#"#!/bin/sh
    case "$*" in
    -V) echo "Yosys 0.50" ;;
    *help*) echo "-abc9 -spram -device -nowidelut -json" ;;
    *) echo $$ > "$PID.part"; mv "$PID.part" "$PID"; exec sleep 600 ;;
    esac
    "#;

    fn endless_synth(place: &Place) -> Command {
        use std::os::unix::fs::PermissionsExt;
        place.model("m.safetensors", &small_model(3, Output::Last));
        place.write("yosys", YOSYS.as_bytes());
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(place.path("yosys"), executable).expect("the test's own file");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = [place.path("")]
            .into_iter()
            .chain(std::env::split_paths(&path));
        let mut command = Command::new(env!("CARGO_BIN_EXE_tern"));
        command
            .args(["synth", "--model", "m.safetensors", "--out", "out"])
            .current_dir(place.path(""))
            .env("PATH", std::env::join_paths(folders).expect("plain names"))
            .env("PID", place.path("pid"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Waits until `done`, for a minute at most.
    fn until(done: impl Fn() -> bool, what: &str) {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < Duration::from_secs(60), "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn signal(name: &str, child: &Child) {
        let line = format!("kill -{name} {}", child.id());
        let sent = Command::new("sh").args(["-c", &line]).status();
        assert!(sent.expect("sh runs").success());
    }

    #[test]
    fn a_second_one_is_refused_and_children_end_with_their_parent() {
        for name in ["TERM", "KILL"] {
            let place = Place::new();
            let mut first = endless_synth(&place).spawn().expect("the program starts");
            until(|| place.path("pid").exists(), "Yosys starts");
            let pid = std::fs::read_to_string(place.path("pid")).expect("a number");
            let process = Path::new("/proc").join(pid.trim());
            // A process that ended stays as a name until its new parent asks for it.
            let ended = || {
                let state = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
                state.is_empty() || state.contains(") Z ")
            };
            assert!(!ended(), "Yosys runs");

            let second = endless_synth(&place).output().expect("the program starts");
            let error = String::from_utf8_lossy(&second.stderr).into_owned();
            assert_eq!(second.status.code(), Some(2), "{error}");
            assert!(error.contains("out: another command"), "{error}");
            assert!(!ended(), "the first one goes on");

            signal(name, &first);
            first.wait().expect("the program ends");
            until(ended, "Yosys ends with it");
        }
    }
}
