//! The JSON description in the file's metadata: everything of a model but its tensors.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::{Fault, read_json, read_value};
use crate::error::{Error, ErrorKind};
use crate::network::{Gru, Layer, Linear, Lstm, Model, Output};

/// Version of the format that this library reads and writes.
const VERSION: u64 = 1;

/// The field that decides how the others are read.
#[derive(Deserialize)]
struct Version {
    version: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "version")]
    _version: Value,
    name: String,
    input_size: usize,
    input_bits: u32,
    layers: Vec<Layer>,
    output: Output,
    labels: Option<Vec<String>>,
    preprocessing: Option<Value>,
    training: Option<Value>,
}

#[derive(Serialize)]
struct Versioned<'m> {
    version: u64,
    #[serde(flatten)]
    model: &'m Model,
}

/// The model that `description` describes, with its tensors still empty.
pub(super) fn parse(description: &str) -> Result<Model, Error> {
    let Version { version } = from_json(description)?;
    if version != VERSION {
        return Err(Error::new(
            "version",
            format!("is {version}, expected {VERSION}"),
        ));
    }
    let header: Header = from_json(description)
        .map_err(|error| in_layer(description, error.place()).unwrap_or(error))?;
    Ok(Model {
        name: header.name,
        input_size: header.input_size,
        input_bits: header.input_bits,
        layers: header.layers,
        output: header.output,
        labels: header.labels,
        preprocessing: header.preprocessing,
        training: header.training,
        embedding: None,
    })
}

/// The description of `model`.
pub(super) fn format(model: &Model) -> Result<String, Error> {
    serde_json::to_string(&Versioned {
        version: VERSION,
        model,
    })
    .map_err(|error| {
        Error::caused(
            ErrorKind::Format,
            "file",
            "cannot be described as JSON",
            error,
        )
    })
}

/// What `description` says; an error names the field it happened in, such as `layers.0.lut_bits`.
fn from_json<'d, T: Deserialize<'d>>(description: &'d str) -> Result<T, Error> {
    read_json(description).map_err(|fault| {
        let place = match &fault.field {
            Some(field) => dotted(field),
            None => "the description in the file's `tern` metadata".to_owned(),
        };
        told(place, fault)
    })
}

/// What is wrong in the layer at `place`: its kind decides what its fields are, so that the parser of the whole names none.
fn in_layer(description: &str, place: &str) -> Option<Error> {
    let index: usize = place.strip_prefix("layers.")?.parse().ok()?;
    let description: Value = serde_json::from_str(description).ok()?;
    let mut layer = description.get("layers")?.get(index)?.clone();
    let kind = layer.as_object_mut()?.remove("kind")?;
    let fault = match kind.as_str()? {
        "lstm" => read_value::<Lstm>(&layer).err(),
        "gru" => read_value::<Gru>(&layer).err(),
        _ => read_value::<Linear>(&layer).err(),
    }?;
    Some(told(dotted(&fault.path(place)), fault))
}

/// A path of the parser with a full stop before each part: `layers.0` in place of `layers[0]`.
fn dotted(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| match part.split_once(']') {
        Some((index, rest)) if index.parse::<usize>().is_ok() => format!("{path}.{index}{rest}"),
        _ => format!("{path}[{part}"),
    })
}

fn told(place: String, fault: Fault) -> Error {
    Error::new(place, fault.problem).because(ErrorKind::Format, fault.source)
}
