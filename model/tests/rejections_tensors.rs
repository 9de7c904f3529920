//! Every rule on tensors, broken one at a time in an otherwise valid file.

mod support;

use safetensors::Dtype;
use support::RawFile;
use tern_model::network::{Layer, Model};

/// Breaks a valid file and checks the sentence that reading it gives.
fn rejects(model: Model, breaks: impl Fn(&mut RawFile), sentence: &str) {
    let mut raw = RawFile::of(&model);
    breaks(&mut raw);
    assert_eq!(raw.read().unwrap_err().to_string(), sentence);
}

/// Sets element `index` of an integer tensor, in place of the value there.
fn set(raw: &mut RawFile, name: &str, index: usize, value: i32) {
    let (dtype, _, data) = raw.tensors.get_mut(name).unwrap();
    let width = dtype.bitsize() / 8;
    data[index * width..(index + 1) * width].copy_from_slice(&value.to_le_bytes()[..width]);
}

#[test]
fn every_missing_tensor() {
    for model in [support::lstm_model(), support::gru_model()] {
        for name in RawFile::of(&model)
            .tensors
            .into_keys()
            .filter(|name| name != "embedding")
        {
            let sentence = format!("{name} is missing from the file");
            rejects(
                model.clone(),
                |raw| drop(raw.tensors.remove(&name)),
                &sentence,
            );
        }
    }
}

#[test]
fn extra_tensor() {
    let tensor = || (Dtype::I8, vec![1], vec![0]);
    for name in [
        "layers.2.weight",
        "layers.0.state_lut",
        "layers.0.bias_ih",
        "weight_ih",
    ] {
        let sentence = format!("{name} is not a tensor that the model's fields call for");
        rejects(
            support::gru_model(),
            |raw| drop(raw.tensors.insert(name.to_owned(), tensor())),
            &sentence,
        );
    }
}

#[test]
fn names_are_told_on_one_line() {
    rejects(
        support::gru_model(),
        |raw| {
            drop(
                raw.tensors
                    .insert("two\nlines".to_owned(), (Dtype::I8, vec![1], vec![0])),
            )
        },
        "two\\nlines is not a tensor that the model's fields call for",
    );
}

#[test]
fn every_wrong_type() {
    for model in [support::lstm_model(), support::gru_model()] {
        for (name, (dtype, shape, data)) in RawFile::of(&model).tensors {
            // As wide as the right type, so that the type alone is wrong.
            let wrong = match dtype {
                Dtype::I8 => Dtype::U8,
                Dtype::I16 => Dtype::F16,
                _ => Dtype::F32,
            };
            rejects(
                model.clone(),
                |raw| {
                    drop(
                        raw.tensors
                            .insert(name.clone(), (wrong, shape.clone(), data.clone())),
                    )
                },
                &format!("{name} has type {wrong}, expected {dtype}"),
            );
        }
    }
}

#[test]
fn every_wrong_shape() {
    for model in [support::lstm_model(), support::gru_model()] {
        for (name, (dtype, shape, data)) in RawFile::of(&model).tensors {
            let mut wrong = shape.clone();
            wrong.push(1);
            rejects(
                model.clone(),
                |raw| {
                    drop(
                        raw.tensors
                            .insert(name.clone(), (dtype, wrong.clone(), data.clone())),
                    )
                },
                &format!("{name} has shape {wrong:?}, expected {shape:?}"),
            );
        }
    }
}

#[test]
fn transposed_weights() {
    rejects(
        support::lstm_model(),
        |raw| {
            raw.tensors
                .get_mut("layers.0.weight_ih")
                .unwrap()
                .1
                .reverse()
        },
        "layers.0.weight_ih has shape [3, 16], expected [16, 3]",
    );
}

#[test]
fn weight_that_is_no_trit() {
    let sentence = |name, value| format!("{name} holds {value} at [1, 1], expected -1 to 1");
    for (name, width) in [
        ("layers.0.weight_ih", 3),
        ("layers.0.weight_hh", 4),
        ("layers.1.weight", 4),
    ] {
        for value in [2, -2, 127, -128] {
            rejects(
                support::lstm_model(),
                |raw| set(raw, name, width + 1, value),
                &sentence(name, value),
            );
        }
    }
    rejects(
        support::gru_model(),
        |raw| set(raw, "layers.1.weight_hh", 3, 2),
        &sentence("layers.1.weight_hh", 2),
    );
}

#[test]
fn lstm_table_value_outside_its_range() {
    for (gate, low) in [(0, 0), (1, 0), (2, -128), (3, 0)] {
        for value in [low - 1, 129] {
            rejects(
                support::lstm_model(),
                |raw| set(raw, "layers.0.lut", gate * 256 + 255, value),
                &format!("layers.0.lut holds {value} at [{gate}, 255], expected {low} to 128"),
            );
        }
    }
    for value in [-129, 129] {
        rejects(
            support::lstm_model(),
            |raw| set(raw, "layers.0.state_lut", 7, value),
            &format!("layers.0.state_lut holds {value} at [7], expected -128 to 128"),
        );
    }
}

#[test]
fn gru_table_value_outside_its_range() {
    for (gate, low) in [(0, 0), (1, 0), (2, -1)] {
        for value in [low - 1, 2] {
            rejects(
                support::gru_model(),
                |raw| set(raw, "layers.1.lut", gate * 16, value),
                &format!("layers.1.lut holds {value} at [{gate}, 0], expected {low} to 1"),
            );
        }
    }
}

#[test]
fn embedding_outside_the_input_range() {
    rejects(
        support::lstm_model(),
        |raw| set(raw, "embedding", 4, -128),
        "embedding holds -128 at [1, 1], expected -127 to 127",
    );
}

#[test]
fn embedding_of_another_width_or_without_rows() {
    let insert = |raw: &mut RawFile, shape: Vec<usize>| {
        let data = vec![0; shape.iter().product()];
        raw.tensors
            .insert("embedding".to_owned(), (Dtype::I8, shape, data));
    };
    let model = support::lstm_model;
    rejects(
        model(),
        |raw| insert(raw, vec![2, 4]),
        "embedding has shape [2, 4], expected [2, 3]",
    );
    rejects(
        model(),
        |raw| insert(raw, vec![]),
        "embedding has shape [], expected [0, 3]",
    );
    rejects(
        model(),
        |raw| insert(raw, vec![0, 3]),
        "embedding has 0 rows, expected 1 to 4096",
    );
    rejects(
        model(),
        |raw| insert(raw, vec![4097, 3]),
        "embedding has 4097 rows, expected 1 to 4096",
    );
}

#[test]
fn vectors_of_another_length_in_memory() {
    let mut model = support::gru_model();
    match &mut model.layers[0] {
        Layer::Gru(gru) => drop(gru.bias.pop()),
        other => panic!("expected a GRU layer, found {other:?}"),
    }
    let sentence = "layers.0.bias has 15 values, expected 16, of shape [16]";
    assert_eq!(model.validate().unwrap_err().to_string(), sentence);
    assert_eq!(model.to_bytes().unwrap_err().to_string(), sentence);
}
