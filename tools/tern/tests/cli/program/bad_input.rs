//! Input that cannot be used: one line on standard error, exit code 2, nothing printed or written.

use crate::support::{Place, csv, npy, small_model};
use tern_model::network::Output;
use tern_model::random::random_sequence;

const RUN: [&str; 4] = ["run", "--model", "model.safetensors", "--input"];

/// A place with a model of 5 inputs of 4 bits: -8 to 7.
fn prepared() -> Place {
    let place = Place::new();
    place.model("model.safetensors", &small_model(4, Output::Every));
    place
}

#[track_caller]
fn csv_refused(text: &str, words: &[&str]) {
    let place = prepared();
    place.write("x.csv", text.as_bytes());
    place.refused(
        &[&RUN[..], &["x.csv"]].concat(),
        &[&["x.csv"], words].concat(),
    );
}

#[track_caller]
fn npy_refused(bytes: &[u8], words: &[&str]) {
    let place = prepared();
    place.write("x.npy", bytes);
    place.refused(
        &[&RUN[..], &["x.npy"]].concat(),
        &[&["x.npy"], words].concat(),
    );
}

#[test]
fn csv_with_values_out_of_range() {
    let good = "0,1,2,3,4\n";
    csv_refused(
        &format!("{good}0,8,2,3,4\n"),
        &["line 2, column 2", "\"8\"", "-8 to 7"],
    );
    csv_refused("0,1,-9,3,4\n", &["line 1, column 3", "\"-9\"", "-8 to 7"]);
    for text in ["NaN", "1.0", "1e0", "", "x", "99999999999999999999"] {
        let line = format!("{good}{good}0,1,2,3,{text}\n");
        csv_refused(
            &line,
            &["line 3, column 5", &format!("\"{text}\""), "-8 to 7"],
        );
    }
}

#[test]
fn csv_with_long_values_of_several_lines() {
    let text = format!("\"0\n{}\",1,2,3,4\n", "9".repeat(100_000));
    let shown = format!("\"0\\n{}\",", "9".repeat(38));
    csv_refused(&text, &["column 1", &shown, "-8 to 7"]);
}

#[test]
fn csv_with_other_numbers_of_columns() {
    csv_refused("0,1,2,3\n", &["line 1", "4 columns", "expected 5"]);
    csv_refused(
        "0,1,2,3,4\n0,1,2,3,4,5\n",
        &["line 2", "6 columns", "expected 5"],
    );
    csv_refused("0;1;2;3\n", &["line 1", "4 columns", "expected 5"]);
}

#[test]
fn csv_without_content() {
    csv_refused("", &["time steps", "0"]);
    csv_refused("\n\n", &["time steps", "0"]);
    let place = prepared();
    place.write("x.csv", b"0,1,2,\xff,4\n");
    place.refused(&[&RUN[..], &["x.csv"]].concat(), &["x.csv"]);
}

#[test]
fn npy_of_other_types() {
    let nan = f32::NAN.to_le_bytes().repeat(5);
    npy_refused(&npy("<f4", false, &[1, 5], &nan), &["NaN", "whole"]);
    let half = 1.5f64.to_le_bytes().repeat(5);
    npy_refused(&npy("<f8", false, &[1, 5], &half), &["1.5", "whole"]);
    npy_refused(&npy("|b1", false, &[1, 5], &[2; 5]), &["cannot be read"]);
    let huge = 1 << 32;
    npy_refused(
        &npy("|i1", false, &[huge, huge], &[]),
        &["shape", "[4294967296, 4294967296]"],
    );
    npy_refused(&npy("<c8", false, &[1, 5], &[0; 40]), &["<c8", "integers"]);
    npy_refused(&npy("<U1", false, &[1, 5], &[0; 20]), &["<U1", "integers"]);
    npy_refused(&npy("|O", false, &[1, 5], &[0; 40]), &["|O", "integers"]);
}

#[test]
fn npy_of_other_shapes() {
    for shape in [&[5][..], &[1, 4], &[5, 1], &[1, 1, 5], &[]] {
        npy_refused(&npy("|i1", false, shape, &[0; 5]), &["shape", "[time, 5]"]);
    }
    npy_refused(&npy("|i1", false, &[0, 5], &[]), &["time steps", "0"]);
    npy_refused(
        &npy("|i1", false, &[2, 5], &[0; 9]),
        &["9 bytes", "10 elements"],
    );
    npy_refused(
        &npy("|i1", false, &[2, 5], &[0; 11]),
        &["11 bytes", "10 elements"],
    );
    let huge = 1_000_000_000_000_000_000;
    npy_refused(&npy("|i1", false, &[huge, 5], &[0; 5]), &["5 bytes"]);
}

#[test]
fn npy_with_values_out_of_range() {
    npy_refused(
        &npy("|i1", false, &[1, 5], &[0, 0, 0, 8, 0]),
        &["[0, 3]", "8", "-8 to 7"],
    );
    let mut data = [0; 80];
    data[72 + 7] = 0x80;
    npy_refused(
        &npy("<u8", false, &[2, 5], &data),
        &["[1, 4]", "9223372036854775808"],
    );
    npy_refused(
        &npy("<i8", true, &[2, 5], &data),
        &["[1, 4]", "-9223372036854775808"],
    );
}

#[test]
fn npy_with_a_header_of_brackets_of_escapes_or_of_gigabytes() {
    let header = |length: u32, text: &str| {
        let start = [b"\x93NUMPY\x02\x00", &length.to_le_bytes()[..]].concat();
        [start, text.as_bytes().to_vec()].concat()
    };
    let brackets = format!("{{'shape': {}{}}}", "[".repeat(40), "]".repeat(40));
    let length = brackets.len() as u32;
    npy_refused(&header(length, &brackets), &["41 brackets", "8"]);
    npy_refused(&header(6, "{'a\\\\'"), &["NPY", "backslash"]);
    npy_refused(&header(3_000_000_000, "{}"), &["3000000000 bytes", "2"]);
    npy_refused(&header(4, "{'a'"), &["NPY", "Python"]);
    npy_refused(&header(14, "\n\n\n\n\n\n\n\n\n\n{'a'"), &["NPY", "Python"]);
}

#[test]
fn npy_truncated_anywhere() {
    let bytes = npy("|i1", false, &[1, 5], &[0; 5]);
    for length in 0..bytes.len() {
        npy_refused(&bytes[..length], &[]);
    }
}

#[test]
fn files_of_other_kinds() {
    let place = prepared();
    place.write("x.txt", b"0,1,2,3,4\n");
    place.refused(
        &[&RUN[..], &["x.txt"]].concat(),
        &["x.txt", ".wav, .npy or .csv"],
    );
    for name in ["nothing.csv", "nothing.npy"] {
        place.refused(&[&RUN[..], &[name]].concat(), &[name]);
    }
}

#[test]
fn recordings() {
    let place = Place::new();
    place.recording("empty.wav", 8000, 0, 1);
    place.recording("short.wav", 8000, 20, 1);
    place.write("nothing.wav", b"");
    place.write("text.wav", b"not sound\n");
    for (name, words) in [
        ("empty.wav", &["samples", "0"][..]),
        ("short.wav", &["samples", "20"]),
        ("nothing.wav", &["WAV"]),
        ("text.wav", &["WAV"]),
        ("missing.wav", &[]),
    ] {
        place.refused(&["run", "--input", name], &[&[name], words].concat());
    }
}

#[test]
fn recording_for_a_model_without_front_end() {
    let place = prepared();
    place.recording("x.wav", 8000, 4000, 1);
    place.refused(
        &[&RUN[..], &["x.wav"]].concat(),
        &[
            "x.wav: is a recording",
            "integers",
            "no preprocessing",
            ".npy or .csv file of [time, 5]",
        ],
    );
    let mut scaled = small_model(4, Output::Last);
    let numbers = vec![1.0; scaled.input_size];
    scaled.preprocessing =
        Some(serde_json::json!({"features": "scaled", "offset": numbers, "scale": numbers}));
    place.model("model.safetensors", &scaled);
    place.refused(
        &[&RUN[..], &["x.wav"]].concat(),
        &["x.wav: is a recording", "real features", "[time, 5]"],
    );
    scaled.preprocessing = Some(serde_json::json!({"features": "unheard-of"}));
    place.model("model.safetensors", &scaled);
    place.refused(
        &[&RUN[..], &["x.wav"]].concat(),
        &["preprocessing", "unheard-of"],
    );
}

#[test]
fn data_that_is_not_there() {
    let place = prepared();
    place.refused(&["eval", "--data", "nothing"], &["nothing"]);
    place.refused(&["eval", "--data", "."], &["no recording"]);
    place.refused(&["eval", "--data", ".", "--limit", "0"], &["--limit"]);
    place.refused(
        &["eval", "--model", "model.safetensors", "--data", "."],
        &["3 outputs"],
    );
    for (task, from) in [
        ("digits", "github.com/Jakobovski"),
        ("vowels", "timeseriesclassification.com"),
        ("ptb", "fit.vutbr.cz"),
        ("wikitext2", "huggingface.co"),
        ("shakespeare", "karpathy"),
    ] {
        let train = ["train", task, "--data", "nothing", "--out", "run"];
        place.refused(&train, &["nothing", "--data", "TERN_DATA", from]);
    }
    place.refused(
        &["eval", "--data", "nothing"],
        &["--data", "TERN_DATA", "github.com/Jakobovski"],
    );
    assert_eq!(place.names(), ["model.safetensors"]);
}

#[test]
fn a_device_that_the_golden_model_does_not_use() {
    let place = prepared();
    place.write("x.csv", b"0,1,2,3,4\n");
    let device = ["--device", "nexys"];
    let words = ["--device is nexys", "golden", "--executor"];
    place.refused(&[&["eval"], &device[..]].concat(), &words);
    place.refused(&[&RUN[..], &["x.csv"], &device].concat(), &words);
    let eval = ["eval", "--run", "run", "--device", "ice40-hx8k"];
    let output = place.run(&eval);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn models_and_designs() {
    let place = prepared();
    place.write("x.csv", b"0,1,2,3,4\n");
    let model = std::fs::read(place.path("model.safetensors")).expect("the model file");
    place.write("cut.safetensors", &model[..model.len() - 1]);
    place.write(
        "large.json",
        br#"{"columns": 4, "rows": 64, "lanes": 16, "device": "ice40-hx8k"}"#,
    );
    place.write(
        "no_device.json",
        br#"{"columns": 4, "rows": 1, "lanes": 2, "device": "simulation"}"#,
    );
    place.refused(
        &["run", "--model", "cut.safetensors", "--input", "x.csv"],
        &["cut.safetensors"],
    );
    let large = ["x.csv", "--executor", "verilator", "--design", "large.json"];
    place.refused(&[&RUN[..], &large].concat(), &["large.json", "ice40-hx8k"]);
    let synth = ["synth", "--model", "model.safetensors", "--design"];
    place.refused(&[&synth[..], &["large.json"]].concat(), &["large.json"]);
    place.refused(
        &[&synth[..], &["no_device.json"]].concat(),
        &["field `device`", "simulation"],
    );
    let design = br#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ice40-hx8k"}"#;
    place.write("good.json", design);
    let below_a_file = ["good.json", "--out", "x.csv/out"];
    place.refused(&[&synth[..], &below_a_file].concat(), &["x.csv/out"]);
    assert!(!place.path("build").exists());
}

#[test]
fn exploring_without_a_device_or_a_folder() {
    let place = prepared();
    place.write("file", b"");
    let explore = ["explore", "--model", "model.safetensors"];
    for device in ["ice40-hx9k", "simulation"] {
        let arguments = [&explore[..], &["--device", device]].concat();
        place.refused(&arguments, &["--device", device, "ice40-hx8k"]);
    }
    place.refused(
        &[&explore[..], &["--out", "file/out"]].concat(),
        &["file/out"],
    );
    place.refused(&["explore", "--model", "none"], &["none"]);
    assert!(!place.path("build").exists());
}

const LOADED: &str =
    r#"{"columns": 4, "rows": 2, "lanes": 3, "device": "ecp5-25k", "weights": "stream"}"#;

/// A place with a model under names that commands write to.
fn inputs() -> Place {
    let place = Place::new();
    let model = small_model(3, Output::Last);
    for name in [
        "m.safetensors",
        "explore.json",
        "synth.json",
        "core.json",
        "x.gtkw",
        "x.surf.ron",
    ] {
        place.model(name, &model);
    }
    let sequence = random_sequence(&model, 2, 1);
    place.write("x.csv", csv(&sequence).as_bytes());
    place.write("design.json", LOADED.as_bytes());
    place
}

#[test]
fn no_command_writes_over_what_it_reads() {
    let place = inputs();
    for (line, lost) in [
        (
            "trace --model m.safetensors --input x.csv --vcd x.csv",
            "x.csv",
        ),
        (
            "trace --model m.safetensors --input x.csv --svg ./x.csv",
            "x.csv",
        ),
        (
            "trace --model m.safetensors --input x.csv --vcd m.safetensors",
            "m.safetensors",
        ),
        ("trace --model x.gtkw --input x.csv --vcd x.vcd", "x.gtkw"),
        (
            "trace --model x.surf.ron --input x.csv --vcd x.vcd",
            "x.surf.ron",
        ),
        (
            "weights --model m.safetensors --design design.json --out design.json",
            "design.json",
        ),
        ("explore --model explore.json --out .", "explore.json"),
        ("synth --model synth.json --out .", "synth.json"),
        ("synth --model core.json --out .", "core.json"),
        (
            "patch --synth . --network m.safetensors --out m.safetensors",
            "m.safetensors",
        ),
        (
            "patch --synth . --network m.safetensors --out core.json",
            "core.json",
        ),
        ("roofline synth.json --svg synth.json", "synth.json"),
    ] {
        let before = std::fs::read(place.path(lost)).expect("the input");
        let words: Vec<&str> = line.split(' ').collect();
        place.refused(&words, &[lost, "also read"]);
        let after = std::fs::read(place.path(lost)).expect("the input");
        assert!(before == after, "{line}");
    }
    let both = "trace --model m.safetensors --input x.csv --vcd x.out --svg x.out";
    let words: Vec<&str> = both.split(' ').collect();
    place.refused(&words, &["--svg", "--vcd also writes"]);
    place.refused(
        &["export", "--run", ".", "--out", "checkpoint.safetensors"],
        &["checkpoint.safetensors"],
    );
}

#[test]
fn another_network_is_for_a_core_that_is_named() {
    let place = inputs();
    let line = "weights --design design.json --network m.safetensors --out w.bin";
    let words: Vec<&str> = line.split(' ').collect();
    place.refused(&words, &["--model"]);
    assert!(!place.path("w.bin").exists());
}
