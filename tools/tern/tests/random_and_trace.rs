//! `tern random` and `tern trace`.

mod support;

use support::{Place, csv};
use tern_model::{Layer, Model, Output, random_sequence};

#[test]
fn a_random_network_is_as_asked_and_repeats() {
    let place = Place::new();
    let options = [
        "--input-size",
        "7",
        "--input-bits",
        "4",
        "--hidden-size",
        "9",
    ];
    let random = |seed: &str, out: &str| {
        let more = ["--outputs", "2", "--every", "--seed", seed, "--out", out];
        place.succeed(&[&["random"], &options[..], &more].concat());
        let model = Model::read(&place.path(out)).expect("a model file");
        (std::fs::read(place.path(out)).expect("the file"), model)
    };
    let (bytes, model) = random("5", "a.safetensors");
    assert_eq!(
        (model.input_size, model.input_bits, model.output_size()),
        (7, 4, 2)
    );
    assert_eq!(
        (model.layers[0].output_size(), model.output),
        (9, Output::Every)
    );
    assert_eq!(random("5", "b.safetensors").0, bytes);
    assert_ne!(random("6", "c.safetensors").0, bytes);
    let layers = [
        "--hidden-size",
        "5,6",
        "--cell",
        "gru",
        "--out",
        "e.safetensors",
    ];
    place.succeed(&[&["random", "--input-size", "4"], &layers[..]].concat());
    let stack = Model::read(&place.path("e.safetensors")).expect("a model file");
    let sizes: Vec<usize> = stack.layers.iter().map(Layer::output_size).collect();
    assert_eq!(sizes, [5, 6]);
    assert!(matches!(stack.layers[0], Layer::Gru(_)));
    place.refused(
        &[
            "random",
            "--input-size",
            "0",
            "--hidden-size",
            "9",
            "--out",
            "d",
        ],
        &["--input-size", "0"],
    );
    place.refused(
        &[
            "random",
            "--input-size",
            "7",
            "--hidden-size",
            "9",
            "--out",
            "no/d",
        ],
        &["no/d"],
    );
    assert_eq!(
        place.names(),
        [
            "a.safetensors",
            "b.safetensors",
            "c.safetensors",
            "e.safetensors"
        ]
    );
}

#[test]
fn a_waveform_and_a_picture() {
    let place = Place::new();
    let model = support::small_model(3, Output::Every);
    place.model("model.safetensors", &model);
    place.write("x.csv", csv(&random_sequence(&model, 3, 1)).as_bytes());
    let design = r#"{"columns": 4, "rows": 2, "lanes": 2, "device": "ice40-hx8k"}"#;
    place.write("design.json", design.as_bytes());
    let files = [
        "trace",
        "--model",
        "model.safetensors",
        "--design",
        "design.json",
        "--input",
        "x.csv",
    ];
    let arguments = [&files[..], &["--vcd", "x.vcd", "--svg", "x.svg"]].concat();
    place.succeed(&[&arguments[..], &["--step", "2"]].concat());
    let text = |name: &str| std::fs::read_to_string(place.path(name)).expect("text");
    assert!(text("x.vcd").contains("$enddefinitions"));
    assert!(text("x.svg").contains("s_axis_tvalid"));
    let (vcd, svg) = (text("x.vcd"), text("x.svg"));
    place.refused(
        &[&arguments[..], &["--step", "3"]].concat(),
        &["--step", "3", "x.csv"],
    );
    let bytes = design.replace('}', r#", "streams": "bytes"}"#);
    place.write("design.json", bytes.as_bytes());
    place.refused(&arguments, &["streams", "bytes", "wide"]);
    assert_eq!(
        (text("x.vcd"), text("x.svg")),
        (vcd, svg),
        "an error leaves files as they are"
    );
}
