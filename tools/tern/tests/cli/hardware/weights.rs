//! `tern weights`: the bytes that load a network into a core.

use crate::support::{Place, small_model};
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_model::network::Output;

const STREAM: &str =
    r#"{"columns": 4, "rows": 2, "lanes": 3, "device": "ecp5-25k", "weights": "stream"}"#;

#[test]
fn the_bytes_of_the_cores_own_network_or_of_another() {
    let place = Place::new();
    let own = small_model(3, Output::Last);
    place.model("own.safetensors", &own);
    place.write("design.json", STREAM.as_bytes());
    let core = [
        "weights",
        "--model",
        "own.safetensors",
        "--design",
        "design.json",
        "--out",
        "w.bin",
    ];
    let text = place.succeed(&core);
    let design = Design::from_json(STREAM).expect("a design");
    let program = Program::compile(&own, &design).expect("it fits");
    let bytes = || std::fs::read(place.path("w.bin")).expect("the file");
    assert!(bytes() == program.load_image());
    assert!(
        text.starts_with("wrote w.bin: ") && text.ends_with(" bytes\n"),
        "{text}"
    );

    let mut other = own.clone();
    for layer in &mut other.layers {
        if let tern_model::network::Layer::Lstm(lstm) = layer {
            lstm.bias.rotate_left(1);
        }
    }
    place.model("other.safetensors", &other);
    place.succeed(&[&core[..], &["--network", "other.safetensors"]].concat());
    let loaded = Program::for_core(&other, &program.shape).expect("of the same shape");
    assert!(bytes() == loaded.load_image() && bytes() != program.load_image());
}

#[test]
fn what_cannot_be_loaded_is_refused() {
    let place = Place::new();
    place.model("own.safetensors", &small_model(3, Output::Last));
    place.model("wide.safetensors", &small_model(4, Output::Last));
    place.write("stream.json", STREAM.as_bytes());
    let fixed = STREAM.replace(r#", "weights": "stream""#, "");
    place.write("fixed.json", fixed.as_bytes());
    let core = |design: &'static str| {
        [
            "weights",
            "--model",
            "own.safetensors",
            "--design",
            design,
            "--out",
            "w.bin",
        ]
    };
    place.refused(
        &core("fixed.json"),
        &["field `weights`", "\"fixed\"", "\"stream\""],
    );
    for (network, words) in [
        (
            "wide.safetensors",
            ["wide.safetensors", "`input_bits` is 4, expected 3"],
        ),
        ("none.safetensors", ["none.safetensors", "No such file"]),
    ] {
        let other = ["--network", network];
        place.refused(&[&core("stream.json")[..], &other].concat(), &words);
    }
    assert!(!place.path("w.bin").exists(), "nothing half-written");
}
