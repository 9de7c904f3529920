//! Every rule on the description, broken one at a time in an otherwise valid file.

mod support;

use serde_json::{Value, json};
use support::RawFile;
use tern_model::network::Model;

/// Breaks a valid file and checks that the sentence about it is `place` and `problem`.
fn rejects(model: Model, breaks: impl Fn(&mut Value), place: &str, problem: &str) {
    let mut raw = RawFile::of(&model);
    breaks(&mut raw.description);
    let error = raw.read().unwrap_err();
    assert_eq!(error.to_string(), format!("{place} {problem}"));
    assert_eq!(error.place(), place);
}

/// Sets the field at `pointer` of a valid file to `value`.
fn rejects_value(model: Model, pointer: &str, value: impl Into<Value>, problem: &str) {
    let value = value.into();
    let place = pointer.trim_start_matches('/').replace('/', ".");
    rejects(
        model,
        |json| *json.pointer_mut(pointer).unwrap() = value.clone(),
        &place,
        problem,
    );
}

#[test]
fn wrong_version() {
    for version in [json!(0), json!(2), json!("1"), json!(1.5), json!(null)] {
        let problem = format!("is {version}, expected 1");
        rejects_value(support::lstm_model(), "/version", version, &problem);
    }
    // Whatever else a later version may hold, its number is what is wrong.
    let later = |json: &mut Value| *json = json!({"version": 2, "graph": []});
    rejects(support::lstm_model(), later, "version", "is 2, expected 1");
}

#[test]
fn sizes_of_zero_or_above_4096() {
    for size in [0, 4097, usize::MAX] {
        let problem = format!("is {size}, expected 1 to 4096");
        rejects_value(support::lstm_model(), "/input_size", size, &problem);
        rejects_value(
            support::lstm_model(),
            "/layers/0/input_size",
            size,
            &problem,
        );
        rejects_value(
            support::lstm_model(),
            "/layers/0/hidden_size",
            size,
            &problem,
        );
        rejects_value(
            support::lstm_model(),
            "/layers/1/output_size",
            size,
            &problem,
        );
        rejects_value(
            support::gru_model(),
            "/layers/1/hidden_size",
            size,
            &problem,
        );
    }
}

#[test]
fn constants_outside_their_range() {
    let ranges = [
        ("/gate_frac", 0_i32, 8_i32),
        ("/lut_bits", 1, 10),
        ("/state_bits", 2, 24),
        ("/input_shift", 0, 31),
        ("/hidden_shift", 0, 31),
        ("/lut_shift/0", 0, 31),
        ("/lut_shift/2", 0, 31),
        ("/threshold", 1, i32::MAX),
    ];
    for model in [support::lstm_model(), support::gru_model()] {
        for (field, low, high) in ranges {
            let outside = [low.checked_sub(1), high.checked_add(1)];
            for value in outside.into_iter().flatten().filter(|&value| value >= 0) {
                let problem = format!("is {value}, expected {low} to {high}");
                rejects_value(model.clone(), &format!("/layers/0{field}"), value, &problem);
            }
        }
    }
    let model = support::lstm_model;
    rejects_value(
        model(),
        "/layers/0/state_lut_shift",
        32,
        "is 32, expected 0 to 31",
    );
    rejects_value(
        model(),
        "/layers/0/lut_shift/3",
        32,
        "is 32, expected 0 to 31",
    );
    rejects_value(
        model(),
        "/layers/0/threshold",
        -5,
        "is -5, expected 1 to 2147483647",
    );
    rejects_value(model(), "/input_bits", 1, "is 1, expected 2 to 8");
    rejects_value(model(), "/input_bits", 9, "is 9, expected 2 to 8");
}

#[test]
fn no_layers() {
    let problem = "is empty, expected at least one layer";
    rejects_value(support::lstm_model(), "/layers", json!([]), problem);
}

#[test]
fn linear_that_is_not_last() {
    let twice = |json: &mut Value| {
        let layers = json["layers"].as_array_mut().unwrap();
        layers.push(json!({"kind": "linear", "input_size": 2, "output_size": 2}));
    };
    let problem = "is `linear`, expected `lstm` or `gru`, since a linear layer only stands last";
    rejects(support::lstm_model(), twice, "layers.1.kind", problem);
}

#[test]
fn sizes_that_do_not_chain() {
    let problem = "is 5, expected 4, the size of what enters";
    rejects_value(support::lstm_model(), "/layers/1/input_size", 5, problem);
    rejects_value(support::gru_model(), "/layers/1/input_size", 5, problem);
    let problem = "is 2, expected 3, the size of what enters";
    rejects_value(support::lstm_model(), "/layers/0/input_size", 2, problem);
}

#[test]
fn labels_that_are_not_one_an_output() {
    let problem = "has 1 names, expected 2, one an output";
    rejects_value(support::lstm_model(), "/labels", json!(["yes"]), problem);
}

#[test]
fn labels_of_one_name() {
    let twice = |json: &mut Value| json["labels"] = json!(["yes", "yes"]);
    let problem = "is \"yes\", expected another name than `labels.0`";
    rejects(support::lstm_model(), twice, "labels.1", problem);
}

/// Breaks a valid file in a way that the JSON reader words, and checks place and key words.
fn rejects_json(breaks: impl Fn(&mut Value), place: &str, words: &[&str]) {
    let mut raw = RawFile::of(&support::lstm_model());
    breaks(&mut raw.description);
    let error = raw.read().unwrap_err();
    assert_eq!(error.place(), place, "{error}");
    for word in words {
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn unknown_fields() {
    rejects_json(
        |json| json["colour"] = json!(1),
        "colour",
        &["unknown field `colour`"],
    );
    rejects_json(
        |json| json["layers"][0]["dropout"] = json!(0.5),
        "layers.0.dropout",
        &["unknown field `dropout`"],
    );
    rejects_json(
        |json| json["layers"][1]["hidden_size"] = json!(4),
        "layers.1.hidden_size",
        &["unknown field `hidden_size`"],
    );
}

#[test]
fn fields_with_names_of_control_characters() {
    rejects_json(
        |json| json["a\u{1b}[2J\u{202e}"] = json!(1),
        r"a\u{1b}[2J\u{202e}",
        &[r"unknown field `a\u{1b}[2J\u{202e}`"],
    );
}

#[test]
fn unknown_kind_and_output() {
    let words = ["unknown name `conv`", "`lstm`, `gru`, `linear`"];
    rejects_json(
        |json| json["layers"][0]["kind"] = json!("conv"),
        "layers.0.kind",
        &words,
    );
    let words = ["unknown name `first`", "`last` or `every`"];
    rejects_json(|json| json["output"] = json!("first"), "output", &words);
}

#[test]
fn descriptions_beside_the_network() {
    let model = support::lstm_model;
    rejects_value(model(), "/training", 5, "is a number, expected an object");
    rejects_value(
        model(),
        "/preprocessing",
        "log-mel",
        "is a text, expected an object",
    );
    let list = "expected a list of 3 numbers, one an input";
    for kind in ["log-mel", "scaled"] {
        for (field, value, place, problem) in [
            ("scale", json!(3), "scale", format!("is a number, {list}")),
            (
                "scale",
                json!([1.0]),
                "scale",
                format!("is a list of 1, {list}"),
            ),
            ("offset", json!(null), "offset", format!("is null, {list}")),
            (
                "scale",
                json!([0, 1, -1e-3]),
                "scale.2",
                "is -0.001, expected 0 or more".to_owned(),
            ),
            (
                "offset",
                json!([-1, "a", 0]),
                "offset.1",
                "is a text, expected a number".to_owned(),
            ),
        ] {
            let breaks = |json: &mut Value| {
                json["preprocessing"] =
                    json!({"features": kind, "offset": [0, 0, 0], "scale": [1, 1, 1]});
                json["preprocessing"][field] = value.clone();
            };
            rejects(model(), breaks, &format!("preprocessing.{place}"), &problem);
        }
        let breaks = |json: &mut Value| json["preprocessing"] = json!({"features": kind});
        let problem = format!("is missing, {list}");
        rejects(model(), breaks, "preprocessing.offset", &problem);
    }
}

#[test]
fn missing_fields() {
    for name in [
        "version",
        "name",
        "input_size",
        "input_bits",
        "layers",
        "output",
    ] {
        let missing = format!("field `{name}` is missing");
        let remove = |json: &mut Value| drop(json.as_object_mut().unwrap().remove(name));
        rejects_json(
            remove,
            "the description in the file's `tern` metadata",
            &[&missing],
        );
    }
    for name in ["kind", "lut_bits", "lut_shift", "state_lut_shift"] {
        let missing = format!("field `{name}` is missing");
        let remove =
            |json: &mut Value| drop(json["layers"][0].as_object_mut().unwrap().remove(name));
        rejects_json(remove, "layers.0", &[&missing]);
    }
}

#[test]
fn fields_of_another_type() {
    rejects_json(
        |json| json["input_size"] = json!(-1),
        "input_size",
        &["cannot be read: ", "-1", "expected a whole number"],
    );
    rejects_json(
        |json| json["input_bits"] = json!("8"),
        "input_bits",
        &["\"8\"", "expected a whole number of 32 bits"],
    );
    rejects_json(
        |json| json["layers"][0]["lut_shift"] = json!([3, 3, 3]),
        "layers.0.lut_shift",
        &["found a list of length 3, expected a list of length 4"],
    );
    rejects_json(
        |json| json["layers"][0]["threshold"] = json!(1u64 << 31),
        "layers.0.threshold",
        &["2147483648", "expected an integer of 32 bits"],
    );
    rejects_json(
        |json| json["layers"][0]["gate_frac"] = json!(null),
        "layers.0.gate_frac",
        &["null, expected a whole number of 32 bits"],
    );
    rejects_json(
        |json| json["layers"][1]["kind"] = json!(3),
        "layers.1.kind",
        &["`3`, expected a name in quotes"],
    );
    rejects_json(
        |json| *json = json!([1]),
        "the description in the file's `tern` metadata",
        &["cannot be read"],
    );
}

#[test]
fn duplicate_fields() {
    let raw = RawFile::of(&support::gru_model());
    let text = raw.description.to_string();
    let twice = |from: &str, to: &str| {
        let twice = text.replacen(from, to, 1);
        assert_ne!(twice, text);
        Model::from_bytes(&raw.bytes_described(&twice))
            .unwrap_err()
            .to_string()
    };
    let error = twice("\"input_bits\":2", "\"input_bits\":2,\"input_bits\":3");
    assert!(error.contains("duplicate field `input_bits`"), "{error}");
    let error = twice("\"lut_bits\":4", "\"lut_bits\":4,\"lut_bits\":5");
    assert!(error.contains("duplicate field `lut_bits`"), "{error}");
    let error = twice("\"version\":1", "\"version\":1,\"version\":1");
    assert!(error.contains("duplicate field `version`"), "{error}");
}

#[test]
fn anything_after_the_json() {
    let raw = RawFile::of(&support::gru_model());
    let bytes = raw.bytes_described(&format!("{} {{}}", raw.description));
    let error = Model::from_bytes(&bytes).unwrap_err().to_string();
    assert!(error.contains("more follows its end"), "{error}");
}
