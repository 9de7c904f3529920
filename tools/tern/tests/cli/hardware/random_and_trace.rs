//! `tern random` and `tern trace`.

use super::viewers::shown;
use crate::support::{Place, csv, small_model};
use tern_model::network::{Layer, Model, Output};
use tern_model::random::random_sequence;

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
        let model = Model::read(place.path(out)).expect("a model file");
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
    let stack = Model::read(place.path("e.safetensors")).expect("a model file");
    let sizes: Vec<usize> = stack.layers.iter().map(Layer::output_size).collect();
    assert_eq!(sizes, [5, 6]);
    assert!(matches!(stack.layers[0], Layer::Gru(_)));
    let bits = |model: &Model| -> Vec<u32> {
        let hidden = model.layers.iter().filter_map(Layer::hidden);
        hidden.map(|hidden| hidden.bits()).collect()
    };
    assert_eq!((bits(&model), bits(&stack)), (vec![2], vec![2, 2]));
    place.succeed(
        &[
            &["random", "--input-size", "4", "--hidden-bits", "4"],
            &layers[..],
        ]
        .concat(),
    );
    let integers = Model::read(place.path("e.safetensors")).expect("a model file");
    assert_eq!(bits(&integers), [4, 4]);
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
    let model = small_model(3, Output::Every);
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
    assert_eq!(text("x.trits.txt"), "00 0\n01 +1\n10 -1\n11 0\n");
    let labels = ["gate i", "gate o", "cell state c", "h", "weight"];
    shown(&place, &labels);
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

#[test]
fn a_picture_alone_of_a_sequence_of_one_step() {
    let place = Place::new();
    let model = small_model(3, Output::Every);
    place.model("model.safetensors", &model);
    place.write("x.csv", csv(&random_sequence(&model, 1, 1)).as_bytes());
    let files = ["trace", "--model", "model.safetensors", "--input", "x.csv"];
    place.succeed(&[&files[..], &["--svg", "x.svg"]].concat());
    assert_eq!(place.names(), ["model.safetensors", "x.csv", "x.svg"]);
    place.refused(&files, &["--vcd"]);
}

#[test]
fn an_input_is_never_an_output() {
    let place = Place::new();
    let model = small_model(3, Output::Every);
    place.model("model.safetensors", &model);
    let input = csv(&random_sequence(&model, 2, 1));
    place.write("x.csv", input.as_bytes());
    let files = ["trace", "--model", "model.safetensors", "--input", "x.csv"];
    for (option, file) in [
        ("--vcd", "x.csv"),
        ("--svg", "./x.csv"),
        ("--vcd", "model.safetensors"),
    ] {
        let words = [option, file, "another place"];
        place.refused(&[&files[..], &[option, file]].concat(), &words);
    }
    assert_eq!(
        std::fs::read_to_string(place.path("x.csv")).expect("text"),
        input
    );
    assert_eq!(
        Model::read(place.path("model.safetensors")).expect("a model"),
        model
    );
}
