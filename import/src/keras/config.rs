//! The description of a Keras model: its layers, one after the other.

use serde_json::Value;
use tern_model::file::plain_types;

use crate::error::{ImportError, refuse};

/// A layer.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its name.
    pub name: String,
    /// Its class, such as `LSTM`.
    pub class: String,
    /// Its settings.
    pub config: Value,
    /// Its place in the file of weights: its class in small letters, with a number behind it from the second on.
    pub place: String,
}

/// The layers of a model and, where they are no chain, why.
pub(super) struct Chain {
    pub layers: Vec<Entry>,
    pub broken: Option<ImportError>,
}

/// The layers of a description.
///
/// # Errors
/// When it is no description of a Sequential or functional model.
pub(super) fn chain(json: &[u8]) -> Result<Chain, ImportError> {
    let model: Value = serde_json::from_slice(json).map_err(|error| {
        let error = plain_types(&error.to_string());
        ImportError::new(format!("config.json is no JSON: {error}"))
    })?;
    let class = text(&model, "class_name");
    if !matches!(class, "Sequential" | "Functional") {
        return refuse(format!(
            "the model is of the class {class:?}, expected Sequential or Functional: the file of any other has its weights, but not what is done with them"
        ));
    }
    let config = &model["config"];
    let Some(list) = config["layers"].as_array() else {
        return refuse("config.json has no list of layers");
    };
    let mut layers: Vec<Entry> = Vec::new();
    let mut broken = None;
    for layer in list {
        let class = text(layer, "class_name").to_owned();
        let name = text(&layer["config"], "name").to_owned();
        if !text(layer, "module").starts_with("keras") && broken.is_none() {
            broken = Some(ImportError::new(format!(
                "layer {name}: its class {class} is not one of Keras"
            )));
        }
        let above = layers.last().map(|layer| layer.name.as_str());
        if text(&model, "class_name") == "Functional" && broken.is_none() {
            broken = joined(layer, &name, above);
        }
        let same = layers.iter().filter(|other| other.class == class).count();
        let place = match same {
            0 => snake_case(&class),
            number => format!("{}_{number}", snake_case(&class)),
        };
        layers.push(Entry {
            name,
            class,
            config: layer["config"].clone(),
            place,
        });
    }
    if class == "Functional" && broken.is_none() {
        let last = layers
            .last()
            .map(|layer| layer.name.clone())
            .unwrap_or_default();
        let outputs = histories(&config["output_layers"]);
        if outputs != [last.as_str()] {
            broken = Some(ImportError::new(format!(
                "the outputs of the model are {outputs:?}, expected {last} alone"
            )));
        }
    }
    Ok(Chain { layers, broken })
}

/// Why a layer does not take the output of the one above it in the list, and that alone.
fn joined(layer: &Value, name: &str, above: Option<&str>) -> Option<ImportError> {
    let nodes = layer["inbound_nodes"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let found: Vec<&str> = nodes.iter().flat_map(tensors).collect();
    let expected: Vec<&str> = above.into_iter().collect();
    (found != expected || nodes.len() > 1).then(|| {
        let expected = above.unwrap_or("nothing");
        ImportError::new(format!(
            "layer {name} takes {found:?}, expected {expected}: a network of Tern is one chain of layers"
        ))
    })
}

/// The layers whose outputs a call takes, anywhere in its arguments.
fn tensors(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(tensors).collect(),
        Value::Object(map) => match map.get("keras_history") {
            Some(history) => histories(history),
            None => map.values().flat_map(tensors).collect(),
        },
        _ => vec![],
    }
}

/// Names in `[NAME, 0, 0]`, or in a list of such.
fn histories(value: &Value) -> Vec<&str> {
    match value.as_array().map(Vec::as_slice) {
        Some([Value::String(name), ..]) => vec![name],
        Some(items) => items.iter().flat_map(histories).collect(),
        None => vec![],
    }
}

/// A text of an object; empty where there is none.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// `BatchNormalization` as `batch_normalization`, `LSTM` as `lstm`.
fn snake_case(class: &str) -> String {
    let letters: Vec<char> = class.chars().collect();
    let mut name = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let follows_small = place > 0 && letters[place - 1].is_ascii_lowercase();
        if letter.is_ascii_uppercase() && follows_small {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_become_names_of_groups() {
        for (class, name) in [
            ("LSTM", "lstm"),
            ("GRU", "gru"),
            ("Dense", "dense"),
            ("BatchNormalization", "batch_normalization"),
            ("TimeDistributed", "time_distributed"),
        ] {
            assert_eq!(snake_case(class), name);
        }
    }
}
