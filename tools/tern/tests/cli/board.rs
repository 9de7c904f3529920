//! Boards: the one that is simulated, one that says who it is and no more, and what is no board.
#![cfg(unix)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, spawn};

use crate::support::{Place, small_model};
use serde_json::Value;
use tern_compile::design::{Design, Streams};
use tern_compile::link::Identity;
use tern_compile::program::Program;
use tern_compile::stream_layout::StreamLayout;
use tern_host::frame::{Frame, Kind, Reader};
use tern_host::pty::Pty;
use tern_model::network::{Layer, Output};

const STREAM: &str =
    r#"{"columns": 4, "rows": 2, "lanes": 3, "device": "ecp5-25k", "weights": "stream"}"#;

/// What stands at the other end of a pseudo-terminal until this is dropped.
struct Other {
    path: String,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Other {
    /// Answers bytes by what `answer` makes of them.
    fn new(mut answer: impl FnMut(&[u8]) -> Vec<u8> + Send + 'static) -> Other {
        let pty = Pty::open().expect("a pseudo-terminal");
        let (path, ended) = (pty.path().to_owned(), Arc::new(AtomicBool::new(false)));
        let seen = ended.clone();
        let thread = spawn(move || {
            let mut buffer = [0; 512];
            while !seen.load(Ordering::Relaxed) {
                let count = pty.read(&mut buffer, 10).expect("an open terminal");
                if count > 0 {
                    pty.write(&answer(&buffer[..count]))
                        .expect("an open terminal");
                }
            }
        });
        Other {
            path,
            ended,
            thread: Some(thread),
        }
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}

/// A device that says who it is, whatever it is asked.
fn device(payload: Vec<u8>) -> Other {
    let mut reader = Reader::default();
    Other::new(move |bytes| {
        let requests = bytes.iter().filter_map(|byte| reader.push(*byte));
        let answer = |request: Frame| Frame {
            kind: Kind::Identify,
            number: request.number,
            payload: payload.clone(),
        };
        requests
            .flat_map(|request| answer(request).encode())
            .collect()
    })
}

/// A network that is not the bundled one.
fn identity() -> Identity {
    let streams = Streams::Bytes;
    Identity {
        name: "another".to_owned(),
        model: [0xab; 8],
        design: [0xcd; 8],
        clock_hz: 48_000_000,
        baud: 115_200,
        input: StreamLayout {
            elements: 24,
            element_bits: 8,
            lanes: 8,
            streams,
        },
        output: StreamLayout::head(10, streams),
        every: false,
        loads: false,
    }
}

/// `--port sim`: a small network gives on the simulated board what it gives in the golden model, and takes another one.
#[test]
fn the_simulated_board_answers_as_the_golden_model() {
    let place = Place::new();
    let own = small_model(2, Output::Every);
    place.model("own.safetensors", &own);
    place.write("design.json", STREAM.as_bytes());
    place.write(
        "x.csv",
        b"0,1,-1,1,0\n1,1,0,0,1\n-1,0,1,-1,0\n0,0,0,0,0\n1,-1,1,1,-1\n",
    );
    let mut common = vec!["--model", "own.safetensors", "--design", "design.json"];
    let run = [&["run", "--json", "--input", "x.csv"][..], &common].concat();
    let result = |text: &str| -> Value { serde_json::from_str(text).expect("JSON") };
    let golden = result(
        &place.succeed(&[&["run", "--json", "--input", "x.csv"][..], &common[..2]].concat()),
    );
    let board = result(&place.succeed(&[&run[..], &["--port", "sim"]].concat()));
    assert_eq!(board["outputs"], golden["outputs"]);
    assert_eq!(golden["outputs"].as_array().map(Vec::len), Some(5));
    assert_eq!(
        (&board["executor"], &board["link"]["repeats"]),
        (&"board".into(), &0.into())
    );
    assert!(board["link"]["bytes_sent"].as_u64() > Some(15));

    let mut other = own.clone();
    for layer in &mut other.layers {
        if let Layer::Lstm(lstm) = layer {
            lstm.weight_hh
                .iter_mut()
                .for_each(|weight| *weight = -*weight);
        }
    }
    place.model("other.safetensors", &other);
    common.extend(["--network", "other.safetensors", "--port", "sim"]);
    let text = place.succeed(&[&["weights"][..], &common].concat());
    assert!(text.starts_with("wrote sim: "), "{text}");
}

/// What goes to a core, as a table and as the bytes of the stream.
#[test]
fn features_are_what_the_core_gets() {
    let place = Place::new();
    let model = small_model(2, Output::Last);
    place.model("m.safetensors", &model);
    place.write("design.json", STREAM.as_bytes());
    place.write("x.csv", b"0,1,-1,0,1\n1,1,0,-1,0\n");
    let common = ["features", "--model", "m.safetensors", "--input", "x.csv"];
    place.succeed(&[&common[..], &["--out", "x.npy"]].concat());
    place.succeed(
        &[
            &common[..],
            &["--design", "design.json", "--out", "x.bytes"],
        ]
        .concat(),
    );
    let again = ["run", "--json", "--model", "m.safetensors", "--input"];
    let run = |file| place.succeed(&[&again[..], &[file]].concat());
    assert_eq!(run("x.npy"), run("x.csv"));
    let design = Design::from_json(STREAM).expect("a design");
    let program = Program::compile(&model, &design).expect("it fits");
    let bytes = std::fs::read(place.path("x.bytes")).expect("the file");
    let identity = Identity::of(&model.name, &program.shape);
    assert_eq!(bytes.len(), 2 * identity.input.beats());
    // Two-rail trits 0, +1, -1 in the lanes from the lowest on; a zero may have either code.
    assert_eq!(bytes[0] >> 2 & 0b1111, 0b1001);
    place.refused(
        &[&common[..], &["--out", "x.txt"]].concat(),
        &["x.txt", ".npy or .bytes"],
    );
    assert!(!place.path("x.txt").exists());
}

#[test]
fn what_is_no_board_is_refused() {
    let place = Place::new();
    let model = small_model(2, Output::Last);
    place.model("m.safetensors", &model);
    place.write("x.csv", b"0,1,-1,0,1\n");
    place.write("file", b"");
    let refused = |port: &str, words: &[&str]| {
        let common = ["run", "--model", "m.safetensors", "--input", "x.csv"];
        place.refused(&[&common[..], &["--port", port]].concat(), words);
    };
    refused("/dev/nothing", &["/dev/nothing", "no such port"]);
    refused("file", &["file: is no serial port"]);
    let silent = Other::new(|_| vec![]);
    refused(
        &silent.path,
        &[&silent.path, "nothing answers to 8 requests"],
    );
    let noise = Other::new(|bytes| bytes.iter().map(|byte| byte ^ 0x5a).collect());
    refused(
        &noise.path,
        &[&noise.path, "bytes came and no answer among them"],
    );
    let mut bytes = identity().bytes().to_vec();
    let other = device(bytes.clone());
    let words = [
        "core another",
        "another model",
        "abababababababab",
        "m.safetensors",
    ];
    refused(&other.path, &words);
    bytes[1] = 9;
    let newer = device(bytes.clone());
    refused(&newer.path, &["version 9", "expected 1"]);
    let short = device(bytes[..20].to_vec());
    refused(&short.path, &["20 bytes", "expected 64"]);
}

#[test]
fn boards_that_are_not_known_are_listed() {
    let place = Place::new();
    for command in ["synth", "program"] {
        let words = ["nexys", "icebreaker", "ulx3s-85f"];
        place.refused(&[command, "--board", "nexys"], &words);
    }
    let words = ["core.bin", "tern synth --board hx8k-breakout"];
    place.refused(&["program", "--board", "hx8k-breakout"], &words);
    place.refused(&["program", "--board", "ecp5-vip"], &["`serial`"]);
    place.refused(
        &[
            "synth", "--board", "ecp5-vip", "--device", "ecp5-85k", "--clock", "20",
        ],
        &["--clock"],
    );
    place.refused(
        &["synth", "--board", "icebreaker", "--clock", "1000"],
        &["no PLL makes 1000 MHz"],
    );
    let digits = "1".to_owned() + &"0".repeat(300);
    place.refused(
        &["synth", "--board", "icebreaker", "--clock", &digits],
        &["--clock is 1e300, expected 1 to 1000"],
    );
}
