//! The model file: one safetensors file whose metadata entry `tern` describes the network.
//!
//! ```no_run
//! use tern_model::network::Model;
//!
//! let model = Model::read("models/spoken-digits.safetensors")?;
//! println!("{} takes {} inputs of {} bits", model.name, model.input_size, model.input_bits);
//! # Ok::<(), tern_model::error::Error>(())
//! ```

mod atomic;
mod difference;
mod header;
mod json;
mod read;
mod tensors;
mod toml;

pub use atomic::{persist, stage, temporary_beside, write_atomic};
pub use difference::difference;
pub use json::{Fault, plain_number, plain_types, read_json, read_value, without_mark};
pub use read::{read_bytes, read_text, what_is_at};
pub use toml::read_toml;

use std::collections::HashMap;
use std::path::Path;

use safetensors::{SafeTensorError, SafeTensors};

use crate::error::{Error, ErrorKind};
use crate::network::Model;

/// Key of the description in the file's metadata.
const METADATA_KEY: &str = "tern";

impl Model {
    /// Reads and validates the model file at `path`.
    ///
    /// # Errors
    /// When the file cannot be read, or breaks a rule of the format.
    pub fn read(path: impl AsRef<Path>) -> Result<Model, Error> {
        let path = path.as_ref();
        read_bytes(path)
            .map_err(|error| {
                let problem = format!("cannot be read: {error}, expected a model file");
                Error::new("file", problem).because(ErrorKind::Io, error)
            })
            .and_then(|bytes| Model::from_bytes(&bytes))
            .map_err(|error| error.in_file(path))
    }

    /// Reads and validates a model from the bytes of a model file.
    ///
    /// # Errors
    /// When the bytes break a rule of the format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, Error> {
        let broken = |error: SafeTensorError| {
            let problem = format!(
                "is not a whole safetensors file: {}",
                safetensors_problem(&error)
            );
            Error::new("file", problem).because(ErrorKind::Format, error)
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
        let description = metadata
            .metadata()
            .as_ref()
            .and_then(|entries| entries.get(METADATA_KEY))
            .ok_or_else(|| Error::new("file", foreign(metadata.metadata().as_ref())))?;
        let mut model = header::parse(description)?;
        model.validate_fields()?;
        let file = SafeTensors::deserialize(bytes).map_err(broken)?;
        tensors::load(&mut model, &file)?;
        model.validate()?;
        Ok(model)
    }

    /// The bytes of the model's file; equal models give equal bytes.
    ///
    /// # Errors
    /// When the model breaks a rule of the format.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.validate()?;
        let metadata = HashMap::from([(METADATA_KEY.to_owned(), header::format(self)?)]);
        safetensors::serialize(tensors::views(self), Some(metadata))
            .map_err(|error| Error::caused(ErrorKind::Format, "file", "cannot be written", error))
    }

    /// Validates the model and writes it to `path`, through a temporary file beside it, so that
    /// `path` holds the old file or the whole new one.
    ///
    /// # Errors
    /// When the model breaks a rule of the format, or the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let write = |bytes: Vec<u8>| {
            write_atomic(path, &bytes)
                .map_err(|error| Error::caused(ErrorKind::Io, "file", "cannot be written", error))
        };
        self.to_bytes()
            .and_then(write)
            .map_err(|error| error.in_file(path))
    }
}

/// What is wrong with a file of another kind, and what to do about it.
fn foreign(metadata: Option<&HashMap<String, String>>) -> &'static str {
    let is_run = |key: &String| key.starts_with("tern-");
    match metadata.is_some_and(|entries| entries.keys().any(is_run)) {
        true => {
            "is the checkpoint of a training run, expected a model file, which tern export writes from the run"
        }
        false => {
            "has no `tern` entry in its `__metadata__`, expected a model file as tern export writes it; tern import takes networks of PyTorch, ONNX and Keras"
        }
    }
}

/// Why a file is no safetensors file, in words that need no knowledge of the library.
pub fn safetensors_problem(error: &SafeTensorError) -> String {
    match error {
        SafeTensorError::HeaderTooSmall => {
            "it ends within the 8 bytes that give the length of its header".to_owned()
        }
        SafeTensorError::HeaderTooLarge => {
            "its header would take more than 100 MB by its first 8 bytes".to_owned()
        }
        SafeTensorError::InvalidHeaderLength => {
            "its header is longer than the file by its first 8 bytes".to_owned()
        }
        SafeTensorError::InvalidHeader(error) => {
            format!("byte {} of its header is not UTF-8", error.valid_up_to())
        }
        SafeTensorError::InvalidHeaderDeserialization(error) => {
            format!(
                "its header cannot be read: {}",
                plain_types(&error.to_string())
            )
        }
        SafeTensorError::TensorInvalidInfo | SafeTensorError::ValidationOverflow => {
            "a tensor in its header has another number of bytes than its shape and type need"
                .to_owned()
        }
        SafeTensorError::InvalidOffset(name) => {
            format!("the bytes of {name} in its header do not follow those of the tensor before")
        }
        SafeTensorError::MetadataIncompleteBuffer => {
            "as many bytes do not follow its header as its tensors take".to_owned()
        }
        other => other.to_string(),
    }
}
