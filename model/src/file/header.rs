//! The JSON description in the file's metadata: everything of a model but its tensors.

use serde::{Deserialize, Serialize};

use super::json::read_json;
use crate::error::{Error, ErrorKind};
use crate::network::{Layer, Model, Output};

/// Version of the format that this library reads and writes.
const VERSION: u64 = 1;

/// The field that decides how the others are read.
#[derive(Deserialize)]
struct Version {
    version: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "version")]
    _version: serde_json::Value,
    name: String,
    input_size: usize,
    input_bits: u32,
    layers: Vec<Layer>,
    output: Output,
    labels: Option<Vec<String>>,
    preprocessing: Option<serde_json::Value>,
    training: Option<serde_json::Value>,
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
    let header: Header = from_json(description)?;
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
        let place = match fault.field {
            Some(field) => field.replace('[', ".").replace(']', ""),
            None => "the description in the file's `tern` metadata".to_owned(),
        };
        Error::new(place, fault.problem).because(ErrorKind::Format, fault.source)
    })
}
