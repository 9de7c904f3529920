//! Files that are no files, texts in other forms, and options that nothing heeds.

use crate::support::{Place, csv, small_model};
use tern_model::network::Output;
use tern_model::random::random_sequence;

const RUN: [&str; 4] = ["run", "--model", "m.safetensors", "--input"];

/// A place with a model, a sequence for it, and what it answers.
fn place() -> (Place, String) {
    let place = Place::new();
    let model = small_model(4, Output::Every);
    place.model("m.safetensors", &model);
    let sequence = random_sequence(&model, 3, 1);
    place.write("x.csv", csv(&sequence).as_bytes());
    let answer = place.succeed(&[&RUN[..], &["x.csv"]].concat());
    (place, answer)
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_no_input() {
    let (place, _) = place();
    let link = |name: &str| {
        std::os::unix::fs::symlink("/dev/zero", place.path(name)).expect("a link");
    };
    for name in [
        "z.wav",
        "z.npy",
        "z.csv",
        "z.json",
        "z.safetensors",
        "z.toml",
    ] {
        link(name);
    }
    let z = "it is a device";
    for (line, words) in [
        ("run --input z.wav", ["z.wav", z]),
        ("run --model m.safetensors --input z.csv", ["z.csv", z]),
        ("run --model m.safetensors --input z.npy", ["z.npy", z]),
        (
            "run --model z.safetensors --input x.csv",
            ["z.safetensors", z],
        ),
        ("explore --model z.safetensors", ["z.safetensors", z]),
        ("synth --design z.json", ["z.json", z]),
        ("verify --verilog z.json", ["z.json", z]),
        ("roofline z.json --svg a.svg", ["z.json", z]),
        ("explore --sweep z.toml --out out", ["z.toml", z]),
        ("train folder . --recipe z.toml", ["z.toml", z]),
        ("import z.safetensors --list", ["z.safetensors", z]),
    ] {
        let line: Vec<&str> = line.split(' ').collect();
        place.refused(&line, &words);
    }
    let made = std::process::Command::new("mkfifo")
        .arg(place.path("pipe.csv"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    place.refused(
        &[&RUN[..], &["pipe.csv"]].concat(),
        &["pipe.csv", "it is a pipe"],
    );
    std::fs::create_dir(place.path("folder.csv")).expect("room");
    place.refused(
        &[&RUN[..], &["folder.csv"]].concat(),
        &["folder.csv", "it is a folder", "expected a table"],
    );
}

/// A pipe's name has no ending: its first bytes tell what comes out of it.
#[cfg(unix)]
#[test]
fn what_comes_out_of_a_pipe_is_read() {
    let (place, answer) = place();
    let piped = |file: &str, line: &str| {
        let script = format!("cat {file} | \"$0\" {line} --input /dev/stdin");
        let output = std::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_tern")])
            .current_dir(place.path("."))
            .output()
            .expect("sh runs");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        (String::from_utf8(output.stdout).expect("text"), error)
    };
    let run = "run --model m.safetensors";
    assert_eq!(piped("x.csv", run), (answer.clone(), String::new()));
    let features = ["features", "--model", "m.safetensors", "--out", "x.npy"];
    place.succeed(&[&features[..], &["--input", "x.csv"]].concat());
    assert_eq!(piped("x.npy", run), (answer, String::new()));
    place.recording("r.wav", 8000, 4000, 1);
    let heard = place.succeed(&["run", "--input", "r.wav"]);
    assert_eq!(piped("r.wav", "run"), (heard, String::new()));
    let (text, error) = piped("/dev/null", run);
    assert!(
        text.is_empty() && error.contains("time steps is 0"),
        "{error}"
    );
    place.write("x.txt", b"1,2,3,4,5\n");
    place.refused(
        &[&RUN[..], &["x.txt"]].concat(),
        &["ends in \"txt\"", "expected .wav, .npy or .csv"],
    );
}

#[test]
fn columns_may_stand_between_semicolons_or_tabs() {
    let (place, answer) = place();
    let text = std::fs::read_to_string(place.path("x.csv")).expect("the sequence");
    for mark in [";", "\t"] {
        let names = ["a", "b", "c", "d", "e"].join(mark);
        let body = text.replace(',', mark);
        for (name, text) in [
            ("plain.csv", body.clone()),
            ("named.csv", format!("{names}\n{body}")),
            ("marked.csv", format!("\u{feff}{body}")),
        ] {
            place.write(name, text.as_bytes());
            let got = place.succeed(&[&RUN[..], &[name]].concat());
            assert_eq!(got, answer, "{name} {mark:?}");
        }
    }
    place.write("comma.csv", b"1,5;2;3;4;5\n");
    place.refused(
        &[&RUN[..], &["comma.csv"]].concat(),
        &["comma.csv", "line 1", "2 columns"],
    );
    place.write("latin.csv", b"1,2,\xe9,4,5\n");
    place.refused(
        &[&RUN[..], &["latin.csv"]].concat(),
        &["byte 4 is not UTF-8"],
    );
}

#[test]
fn options_that_nothing_heeds_are_refused() {
    let (place, _) = place();
    for (line, words) in [
        ("run --input x.csv --seed 3", ["--input", "--seed"]),
        (
            "run --input x.csv --temperature 1",
            ["--input", "--temperature"],
        ),
        ("run --input x.csv --prompt a", ["--input", "--prompt"]),
        (
            "trace --input x.csv --vcd a.vcd --step 1",
            ["--svg", "required"],
        ),
        (
            "trace --input x.csv --vcd a.vcd --cycles 9",
            ["--svg", "required"],
        ),
        (
            "verify --executor golden,rust-hdl --verilog x.v",
            ["--verilog is x.v, which no executor reads", "verilator"],
        ),
        ("synth --seed 3,1,3", ["--seed names 3 twice", "each once"]),
        (
            "verify --executor golden,verilator,golden",
            ["--executor names golden twice", "each once"],
        ),
        (
            "features --input x.csv --out a.bytes --prefix p_",
            ["--prefix is \"p_\"", "a.bytes"],
        ),
    ] {
        let line: Vec<&str> = line.split(' ').collect();
        place.refused(
            &[&line[..1], &["--model", "m.safetensors"], &line[1..]].concat(),
            &words,
        );
    }
    assert_eq!(place.names(), ["m.safetensors", "x.csv"]);
}

#[test]
fn what_a_file_says_moves_no_cursor() {
    let (place, _) = place();
    let mut model = small_model(4, Output::Every);
    model.labels = Some(
        ["a\u{1b}[2J", "b\n", "c\u{202e}"]
            .map(str::to_owned)
            .to_vec(),
    );
    place.model("m.safetensors", &model);
    let text = place.succeed(&[&RUN[..], &["x.csv"]].concat());
    assert_eq!(text.lines().count(), 3, "{text}");
    for label in [r"a\u{1b}[2J ", r"b\n ", r"c\u{202e} "] {
        assert!(text.contains(label), "{text}");
    }
    let design = r#"{"columns": 4, "rows": 1, "lanes": 2, "device": "a\u001b[2J\u202e"}"#;
    place.write("d.json", design.as_bytes());
    place.refused(
        &["verify", "--model", "m.safetensors", "--design", "d.json"],
        &[r"a\u{1b}[2J\u{202e}"],
    );
}

#[test]
fn numbers_on_the_command_line_are_told_what_was_expected() {
    let place = Place::new();
    for (line, expected) in [
        ("verify --cases 0", "expected 1 or more"),
        ("verify --cases a", "expected a whole number"),
        ("verify --steps 70000", "expected 1 to 65535"),
        ("train folder x --epochs 0", "expected 1 to 1000000"),
        (
            "random --input-size 99999999999999999999999",
            "expected a smaller number",
        ),
    ] {
        let line: Vec<&str> = line.split(' ').collect();
        place.refused(&line, &[expected]);
    }
}

#[cfg(unix)]
#[test]
fn a_device_without_a_line_is_no_serial_port() {
    let (place, _) = place();
    place.refused(
        &[&RUN[..], &["x.csv", "--port", "/dev/null"]].concat(),
        &["/dev/null: is no serial port", "auto or sim"],
    );
}
