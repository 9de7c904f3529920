//! Design files, options and folders that cannot be used: one line, exit code 2, nothing written.

mod support;

use support::{Place, assert_refused, names};

const GOOD: &str = r#"{"columns": 4, "rows": 2, "lanes": 4, "device": "ice40-hx8k"}"#;

/// Runs the program with a design file of this text.
#[track_caller]
fn refused(text: &str, words: &[&str]) {
    let place = Place::new();
    place.write("bad.json", text.as_bytes());
    let model = ["--model", "model.safetensors"];
    let output = place.run(&[&model[..], &["--design", "bad.json", "--out", "out"]].concat());
    assert_refused(&output, 2, &[&["bad.json"], words].concat());
    assert_eq!(place.names(), ["bad.json", "model.safetensors"]);
}

#[test]
fn truncated_anywhere() {
    for length in 0..GOOD.len() {
        refused(&GOOD[..length], &[]);
    }
}

#[test]
fn garbled() {
    refused(
        "\u{0}\u{1}\n\n{{{",
        &["the design cannot be read as JSON: "],
    );
    refused("[1]", &["the design cannot be read: ", "an object"]);
    refused(&GOOD.replace("rows", "row"), &["unknown field `row`"]);
    let words = [
        "field `rows` cannot be read: ",
        "\"2\", expected an integer",
    ];
    refused(&GOOD.replace("2,", "\"2\","), &words);
    refused(&GOOD.replace("2,", "2.5,"), &["rows", "2.5", "an integer"]);
}

#[test]
fn sizes_of_zero_and_a_billion() {
    for size in ["0", "1000000000", "-1"] {
        refused(&GOOD.replace("2,", &format!("{size},")), &["rows", size]);
        refused(
            &GOOD.replace("4, \"d", &format!("{size}, \"d")),
            &["lanes", size],
        );
        refused(
            &GOOD.replace("4, \"r", &format!("{size}, \"r")),
            &["columns", size],
        );
    }
}

#[test]
fn boards_that_are_unknown_or_of_another_device() {
    for board in ["nexys", "ulx3s-85f", "a\u{1b}b"] {
        let design = GOOD.replace('}', &format!(", \"board\": {}}}", serde_json::json!(board)));
        let shown =
            format!("field `board` is {board:?}, expected one of alchitry-cu, hx8k-breakout");
        refused(&design, &[&shown]);
    }
    let simulated = GOOD.replace("ice40-hx8k", "simulation");
    let design = simulated.replace('}', ", \"board\": \"nexys\"}");
    refused(
        &design,
        &["\"nexys\"", "no such field for the device simulation"],
    );
}

#[test]
fn unknown_device() {
    refused(
        &GOOD.replace("hx8k", "hx9k"),
        &["device", "ice40-hx9k", "ice40-hx8k"],
    );
}

#[test]
fn unknown_streams() {
    for (value, words) in [
        ("\"byte\"", ["streams", "byte", "wide", "bytes"]),
        ("8", ["streams", "8", "string", "bad.json"]),
    ] {
        let text = GOOD.replace('}', &format!(", \"streams\": {value}}}"));
        refused(&text, &words);
    }
}

#[test]
fn unknown_weights() {
    for (value, words) in [
        ("\"load\"", ["weights", "\"load\"", "\"fixed\""]),
        ("1", ["weights", "1", "string"]),
    ] {
        refused(
            &GOOD.replace("2,", &format!("2, \"weights\": {value},")),
            &words,
        );
    }
}

#[test]
fn design_that_does_not_fit_the_device() {
    let large = GOOD.replace("2,", "64,").replace("4, \"d", "16, \"d");
    refused(&large, &["model.safetensors", "ice40-hx8k", "32"]);
}

#[test]
fn options_that_do_not_exist() {
    let place = Place::new();
    for arguments in [
        &["--modell", "x"][..],
        &["--model"],
        &["x"],
        &["--device", "ice40"],
    ] {
        assert_refused(&place.run(arguments), 2, &[arguments[0]]);
    }
    assert_eq!(place.names(), ["model.safetensors"]);
}

#[test]
fn folder_that_cannot_be_written() {
    let place = Place::new();
    let below_a_file = "model.safetensors/out";
    for folder in [below_a_file, "/proc/tern"] {
        let output = place.run(&["--model", "model.safetensors", "--out", folder]);
        assert_refused(&output, 2, &[folder]);
    }
    assert_eq!(place.names(), ["model.safetensors"]);
}

#[test]
fn all_files_or_none() {
    let place = Place::new();
    let folder = place.path("out");
    std::fs::create_dir_all(folder.join("design.json")).expect("the test's folder is writable");
    let output = place.run(&["--model", "model.safetensors", "--out", "out"]);
    assert_refused(&output, 2, &["out", "design.json"]);
    assert_eq!(names(&folder), ["design.json"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_folder_is_no_file_to_write() {
    let place = Place::new();
    std::fs::create_dir(place.path("out")).expect("room");
    let made = std::process::Command::new("mkfifo")
        .arg(place.path("out/tern.v"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    place.write("good.json", GOOD.as_bytes());
    let line = [
        "--model",
        "model.safetensors",
        "--design",
        "good.json",
        "--out",
        "out",
    ];
    assert_refused(&place.run(&line), 2, &["out", "tern.v is a pipe"]);
    let check = place.run(&[&line[..], &["--check"]].concat());
    assert_refused(&check, 1, &["out/tern.v cannot be read: it is a pipe"]);
}
