//! Model files that cannot be used: one line, exit code 2, nothing written.

mod support;

use serde_json::json;
use support::{Opened, Place, assert_refused};

/// Runs the program on a model file with these bytes.
#[track_caller]
fn refused(place: &Place, bytes: &[u8], words: &[&str]) {
    place.write("bad.safetensors", bytes);
    let output = place.run(&["--model", "bad.safetensors", "--out", "out"]);
    assert_refused(&output, 2, &[&["bad.safetensors"], words].concat());
    assert_eq!(place.names(), ["bad.safetensors", "model.safetensors"]);
}

/// Runs the program on the good model file after `change`.
#[track_caller]
fn refused_after(change: impl FnOnce(&mut Opened), words: &[&str]) {
    let place = Place::new();
    let mut opened = Opened::new(&place.read("model.safetensors"));
    change(&mut opened);
    refused(&place, &opened.bytes(), words);
}

#[test]
fn truncated_anywhere() {
    let place = Place::new();
    let bytes = place.read("model.safetensors");
    for length in (0..bytes.len()).step_by(bytes.len() / 23) {
        refused(&place, &bytes[..length], &[]);
    }
}

#[test]
fn garbled() {
    let place = Place::new();
    let bytes = place.read("model.safetensors");
    for (at, byte) in [(0, 0xff), (7, 0x80), (9, b'x'), (40, 0xff)] {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        refused(&place, &bytes, &[]);
    }
    refused(&place, b"not a model\nbut text\n", &[]);
}

#[test]
fn wrong_version() {
    refused_after(|file| file.tern["version"] = json!(2), &["version", "2"]);
}

#[test]
fn weight_of_two() {
    refused_after(
        |file| file.tensor("layers.0.weight_hh")[11] = 2,
        &["layers.0.weight_hh", "2"],
    );
}

#[test]
fn lut_too_long() {
    refused_after(
        |file| file.tern["layers"][0]["lut_bits"] = json!(7),
        &["layers.0.lut", "[4, 256]", "[4, 128]"],
    );
}

#[test]
fn sizes_of_zero_and_a_billion() {
    for size in [0, 1_000_000_000] {
        let text = size.to_string();
        for field in ["input_size", "hidden_size"] {
            refused_after(
                |file| file.tern["layers"][0][field] = json!(size),
                &[field, &text],
            );
        }
        refused_after(
            |file| file.tern["layers"][1]["output_size"] = json!(size),
            &["output_size", &text],
        );
    }
}

#[test]
fn missing_file_and_folder() {
    let place = Place::new();
    for name in ["nothing.safetensors", "."] {
        let output = place.run(&["--model", name, "--out", "out"]);
        assert_refused(&output, 2, &[name]);
    }
    assert_eq!(place.names(), ["model.safetensors"]);
}
