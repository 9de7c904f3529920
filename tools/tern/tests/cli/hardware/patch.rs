//! `tern patch` on a small core, and what it refuses.

use crate::support::{Place, small_model};
use tern_model::network::{Layer, Lstm, Model, Output};

/// With a prefix, under which the memories of the routed core are found as without.
const DESIGN: &str =
    r#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ice40-hx8k", "prefix": "mine_"}"#;

/// The network of the core with a change to its LSTM layer.
fn changed(change: fn(&mut Lstm)) -> Model {
    let mut model = small_model(3, Output::Last);
    model.name = "changed".to_owned();
    for layer in &mut model.layers {
        if let Layer::Lstm(lstm) = layer {
            change(lstm);
        }
    }
    model
}

#[test]
fn a_bitstream_gets_another_network() {
    let place = Place::new();
    place.model("a.safetensors", &small_model(3, Output::Last));
    place.write("design.json", DESIGN.as_bytes());
    let files = ["--model", "a.safetensors", "--design", "design.json"];
    let text = place.succeed(&[&["synth"], &files[..], &["--out", "out"]].concat());
    for module in ["mine_tern_core ", "mine_tern_array ", "mine_tern_pe "] {
        assert!(
            text.lines().any(|line| line.starts_with(module)),
            "{module}: {text}"
        );
    }
    let core = std::fs::read(place.path("out/core.bin")).expect("a bitstream");
    let patch = |model: &'static str| {
        [
            "patch",
            "--synth",
            "out",
            "--network",
            model,
            "--out",
            "b.bin",
        ]
    };

    // Its own network gives the bitstream that is there, and another one's a different one, of which it is the way back.
    place.succeed(&patch("a.safetensors"));
    let bitstream = || std::fs::read(place.path("b.bin")).expect("a bitstream");
    assert!(bitstream() == core, "the same network, the same bytes");
    let negative = |lstm: &mut Lstm| {
        lstm.weight_hh
            .iter_mut()
            .for_each(|weight| *weight = -*weight)
    };
    place.model("b.safetensors", &changed(negative));
    let text = place.succeed(&patch("b.safetensors"));
    assert!(
        text.starts_with("wrote b.bin: changed in place of "),
        "{text}"
    );
    assert_eq!(bitstream().len(), core.len());
    assert!(bitstream() != core, "other weights, other bytes");
    std::fs::remove_file(place.path("b.bin")).expect("it is there");

    // Networks that need another core.
    place.model("other.safetensors", &small_model(4, Output::Last));
    let words = [
        "other.safetensors: field `input_bits` is 4, expected 3: ",
        "tern synth",
    ];
    place.refused(&patch("other.safetensors"), &words);
    place.model(
        "other.safetensors",
        &changed(|lstm| lstm.threshold = Some(1)),
    );
    place.refused(
        &patch("other.safetensors"),
        &["field `layers.0.threshold`", "tern synth"],
    );
    place.model(
        "other.safetensors",
        &changed(|lstm| lstm.bias.rotate_left(1)),
    );
    let words = [
        "memory units.bias_0.bias is in logic and its contents differ",
        "tern synth",
    ];
    place.refused(&patch("other.safetensors"), &words);
    place.refused(&patch("none.safetensors"), &["none.safetensors"]);

    // Files that are missing, damaged or of another core.
    let folder = [
        "patch",
        "--synth",
        "none",
        "--network",
        "a.safetensors",
        "--out",
        "b.bin",
    ];
    place.refused(&folder, &["none/core.json", "tern synth"]);
    for (file, find, replace, word) in [
        ("out/core.asc", ".ram_data ", ".ram_data 1", "core.json"),
        ("out/core.asc", ".device 8k", ".device 5k", "core.json"),
        ("out/core.json", "\"design\"", "\"desing\"", "desing"),
        (
            "out/core.json",
            "\"lanes\": 2",
            "\"lanes\": 0",
            "field `lanes` is 0",
        ),
        (
            "out/core.json",
            "\"lanes\": 2",
            "\"lanes\": 3",
            "out/core.json: memory",
        ),
        (
            "out/core.json",
            "\"width\": 4",
            "\"width\": 3",
            "out/core.json: memory",
        ),
        (
            "out/core.json",
            "\"verilog_sha256\": \"",
            "\"verilog_sha256\": \"0",
            "version of Tern",
        ),
        ("out/core.safetensors", "", "x", "core.safetensors"),
    ] {
        let whole = std::fs::read(place.path(file)).expect("a file");
        let broken = match std::str::from_utf8(&whole) {
            Ok(text) if !find.is_empty() => {
                assert!(text.contains(find), "{file} has no {find}");
                text.replacen(find, replace, 1).into_bytes()
            }
            _ => whole[..whole.len() / 2].to_vec(),
        };
        place.write(file, &broken);
        place.refused(&patch("a.safetensors"), &[word]);
        place.write(file, &whole);
    }
    assert!(!place.path("b.bin").exists(), "nothing was written");
    place.succeed(&patch("a.safetensors"));
}

/// What `tern synth` says of a core is no place for a bitstream.
#[test]
fn the_figures_of_a_core_are_kept() {
    let place = Place::new();
    for file in ["synth.json", "floorplan.json"] {
        let line = [
            "patch",
            "--synth",
            ".",
            "--network",
            "m.safetensors",
            "--out",
            file,
        ];
        place.refused(&line, &["--out", file, "tern synth also writes"]);
    }
}
