//! The clients of `host/clients`, in Python and C, at the pseudo-terminal of a simulated board.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tern_host::frame::{Frame, Kind};
use tern_host::pty::Pty;
use tern_model::golden::Golden;
use tern_model::random::random_sequence;
use tern_sim::serial::sequence::{input_bytes, output_length, outputs};
use tern_tests::board::terminal::Terminal;
use tern_tests::board::{core, frame, identity};

fn client(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../host/clients");
    Path::new(folder).join(name)
}

fn python(words: &[&str]) -> Output {
    let mut command = Command::new("python3");
    command.arg("-B").arg(client("tern_link.py")).args(words);
    command.output().expect("Python 3")
}

fn failed(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Sequences, and a network through the load stream, give the golden model's outputs.
#[test]
fn the_python_client_gets_the_golden_models_outputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (input, out, weights) = (file("input"), file("out"), file("weights"));
    for (name, number) in [("lstm", 0), ("gru and lstm, loaded", 1)] {
        let core = core(name);
        let (model, program) = (&core.models[number], &core.programs[number]);
        let identity = identity(name, &core.programs[0]);
        let terminal = Terminal::new(name);
        if identity.loads {
            fs::write(&weights, program.load_image()).expect("a file");
            let loaded = python(&[terminal.path(), "--weights", &weights]);
            assert!(loaded.status.success(), "{}", failed(&loaded));
        }
        for (seed, steps) in [(1, 1), (2, 7), (3, 300)] {
            let sequence = random_sequence(model, steps, seed);
            fs::write(&input, input_bytes(&identity, &sequence)).expect("a file");
            let ran = python(&[terminal.path(), "--input", &input, "--out", &out]);
            assert!(ran.status.success(), "{}", failed(&ran));
            let got = fs::read(&out).expect("what it wrote");
            assert_eq!(got.len(), output_length(&identity, steps));
            let expected = Golden::new(model).run(&sequence);
            assert!(outputs(&identity, &got) == expected, "{name}, {steps}");
        }
    }
}

#[test]
fn the_python_client_names_the_board_and_what_is_wrong() {
    let core = core("lstm");
    let identity = identity(core.name, &core.programs[0]);
    let terminal = Terminal::new("lstm");
    let who = python(&[terminal.path()]);
    let who: serde_json::Value = serde_json::from_slice(&who.stdout).expect("JSON");
    assert_eq!(who["name"], identity.name.as_str());
    assert_eq!(who["model"], "6e6574776f726b21", "network! as bytes");
    assert_eq!(who["clock_hz"], identity.clock_hz);
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("input").to_string_lossy().into_owned();
    fs::write(&input, []).expect("a file");
    let error = failed(&python(&[terminal.path(), "--input", &input]));
    assert!(
        error.starts_with("error: 0 bytes of input, expected time steps of "),
        "{error}"
    );
    let error = failed(&python(&[terminal.path(), "--baud", "7"]));
    assert!(
        error.starts_with("error: --baud is 7, expected "),
        "{error}"
    );
    let silent = Pty::open().expect("a pseudo-terminal");
    let error = failed(&python(&[silent.path()]));
    assert_eq!(
        error,
        format!(
            "error: {}: nothing answers as a board does\n",
            silent.path()
        )
    );
}

fn compiled(source: &Path, folder: &Path) -> PathBuf {
    let program = folder.join("program");
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let mut compiler = Command::new(compiler);
    compiler.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I"]);
    compiler.arg(client("")).arg("-o").arg(&program).arg(source);
    let output = compiler.output().expect("a C compiler");
    assert!(output.status.success(), "{}", failed(&output));
    program
}

#[test]
fn the_c_client_names_the_board() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = compiled(&client("identify.c"), folder.path());
    let core = core("lstm");
    let identity = identity(core.name, &core.programs[0]);
    let terminal = Terminal::new("lstm");
    let output = Command::new(&program).arg(terminal.path()).output();
    let output = output.expect("a program");
    assert!(output.status.success(), "{}", failed(&output));
    let line = String::from_utf8(output.stdout).expect("text");
    let expected = format!(
        "{}: {} inputs of {} bits, {} outputs, {} Hz\n",
        identity.name,
        identity.input.elements,
        identity.input.element_bits,
        identity.output.elements,
        identity.clock_hz
    );
    assert_eq!(line, expected);
}

/// Writes again what it takes for a frame, and how many others there were.
const AGAIN: &str = r#"
#include <stdio.h>
#include "tern_link.h"
int main(void) {
    TernLinkReader reader = {0};
    TernLinkFrame frame;
    uint8_t line[TERN_LINK_BYTES];
    for (int byte; (byte = getchar()) != EOF;)
        if (tern_link_push(&reader, (uint8_t)byte, &frame)) {
            size_t count = tern_link_encode((char)frame.kind, frame.number, frame.payload, frame.count, line);
            fwrite(line + 1, 1, count - 1, stdout);
        }
    fprintf(stderr, "%u", (unsigned)reader.dropped);
    return 0;
}
"#;

/// Frames of every length, each with one fill.
fn frames() -> Vec<Frame> {
    let of_length = |length| [0, 1, 255].map(|fill| frame(Kind::Output, fill, &vec![fill; length]));
    (0..=257).flat_map(of_length).collect()
}

/// Takes the zeros out of each frame's bytes and puts them in again.
const STUFFED_AGAIN: &str = "\
import sys
sys.path.insert(0, sys.argv[1])
from tern_link import stuffed, unstuffed
for coded in sys.stdin.buffer.read().split(b'\\0')[:-1]:
    sys.stdout.buffer.write(stuffed(unstuffed(coded)) + b'\\0')
";

#[test]
fn the_python_client_stuffs_as_the_host_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let line: Vec<u8> = frames().iter().flat_map(Frame::encode).collect();
    let input = folder.path().join("line");
    fs::write(&input, &line).expect("a file");
    let mut again = Command::new("python3");
    again.args(["-B", "-c", STUFFED_AGAIN]).arg(client(""));
    let output = again.stdin(fs::File::open(input).expect("a file")).output();
    let output = output.expect("Python 3");
    assert!(output.status.success(), "{}", failed(&output));
    assert!(output.stdout == line);
}

/// Frames of every length are read and written alike; those with a wrong bit, or noise too long for a frame, are dropped.
#[test]
fn the_c_frames_are_those_of_the_host() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("again.c");
    fs::write(&source, AGAIN).expect("a file");
    let program = compiled(&source, folder.path());
    let (mut line, mut expected, mut wrong) = (vec![], vec![], 0);
    for frame in frames() {
        line.extend(frame.encode());
        expected.extend(frame.encode());
        let mut other = frame.encode();
        let bit = expected.len() % 7;
        other[2] ^= 1 << bit;
        if other[2] != 0 {
            line.extend(other);
            wrong += 1;
        }
        line.extend(vec![7; 2 * frame.payload.len() + 1]);
        line.push(0);
        wrong += 1;
    }
    let input = folder.path().join("line");
    fs::write(&input, line).expect("a file");
    let mut again = Command::new(program);
    let output = again.stdin(fs::File::open(input).expect("a file")).output();
    let output = output.expect("a program");
    assert_eq!(output.stdout, expected);
    assert_eq!(String::from_utf8_lossy(&output.stderr), wrong.to_string());
}
