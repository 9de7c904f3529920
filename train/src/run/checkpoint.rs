//! Checkpoint files: the parameters of a network, Adam's means and a header, as one safetensors file.

use std::collections::HashMap;
use std::path::Path;

use candle_core::{Device, Tensor, Var};
use safetensors::SafeTensors;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tern_model::file::{read_bytes, read_json, safetensors_problem};

use crate::error::TrainError;
use crate::run::adam::{Adam, Moments};

/// Parameters with their names and the magnitudes that they are kept within.
pub(crate) type Parameters<'a> = Vec<(String, &'a Var, f64)>;

/// What a run trains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    /// A language model.
    Language,
    /// A classifier of sequences.
    Classifier,
}

impl RunKind {
    /// Key of the header in the file's metadata.
    const fn key(self) -> &'static str {
        match self {
            RunKind::Language => "tern-language-model",
            RunKind::Classifier => "tern-classifier",
        }
    }

    /// What such a run trains, in words.
    const fn what(self) -> &'static str {
        match self {
            RunKind::Language => "a language model",
            RunKind::Classifier => "a classifier",
        }
    }

    /// What the checkpoint at `path` is one of.
    ///
    /// # Errors
    /// When the file cannot be read or is no checkpoint.
    pub fn of(path: &Path) -> Result<RunKind, TrainError> {
        RunKind::in_bytes(&bytes(path)?)
            .ok_or_else(|| broken(path, "not a checkpoint of a training run"))
    }

    fn in_bytes(bytes: &[u8]) -> Option<RunKind> {
        let has = |kind: &RunKind| header(bytes, *kind).is_ok_and(|text| text.is_some());
        [RunKind::Language, RunKind::Classifier]
            .into_iter()
            .find(has)
    }
}

fn broken(path: &Path, what: impl std::fmt::Display) -> TrainError {
    TrainError::new(format!("{}: {what}", path.display()))
}

fn bytes(path: &Path) -> Result<Vec<u8>, TrainError> {
    read_bytes(path).map_err(|error| TrainError::unreadable(path, error, "a checkpoint"))
}

/// The header's text, `None` where the metadata lack it.
fn header(bytes: &[u8], kind: RunKind) -> Result<Option<String>, safetensors::SafeTensorError> {
    let (_, metadata) = SafeTensors::read_metadata(bytes)?;
    let entries = metadata.metadata().as_ref();
    Ok(entries.and_then(|entries| entries.get(kind.key())).cloned())
}

/// Parameters of the networks that a run holds, which all have the same names and shapes.
pub(crate) struct Networks<'a> {
    /// The network as it is now.
    pub(crate) now: Parameters<'a>,
    /// The one of the best epoch.
    pub(crate) best: Parameters<'a>,
    /// The average over updates, where a run has one.
    pub(crate) average: Option<Parameters<'a>>,
}

impl Networks<'_> {
    /// Each network with the ending of its parameters' names.
    fn all(&self) -> impl Iterator<Item = (&Parameters<'_>, &'static str)> {
        let average = self.average.as_ref().map(|average| (average, "average"));
        [(&self.now, "now"), (&self.best, "best")]
            .into_iter()
            .chain(average)
    }
}

/// Writes header, the networks' parameters, and Adam's means.
///
/// The header is one entry of the metadata: the order of several is random.
pub(crate) fn write(
    path: &Path,
    kind: RunKind,
    header: &impl Serialize,
    networks: &Networks,
    adam: &Adam,
) -> Result<(), TrainError> {
    let mut tensors: Vec<(String, Tensor)> = Vec::new();
    for (parameters, which) in networks.all() {
        let named = |(name, value, _): &(String, &Var, f64)| {
            (format!("{name}.{which}"), value.as_detached_tensor())
        };
        tensors.extend(parameters.iter().map(named));
    }
    for ((name, value, _), moments) in networks.now.iter().zip(&adam.moments) {
        let like = |values: &[f32]| Tensor::from_slice(values, value.dims(), &Device::Cpu);
        tensors.push((format!("{name}.mean"), like(&moments.mean)?));
        tensors.push((format!("{name}.square"), like(&moments.square)?));
    }
    let header = serde_json::to_string(header).map_err(|error| broken(path, error))?;
    let metadata = HashMap::from([(kind.key().to_owned(), header)]);
    let bytes =
        safetensors::serialize(tensors, Some(metadata)).map_err(|error| broken(path, error))?;
    tern_model::file::write_atomic(path, &bytes)
        .map_err(|error| TrainError::unwritable(path, "the checkpoint", error))
}

/// A checkpoint's file, read.
pub(crate) struct CheckpointFile<'a> {
    path: &'a Path,
    bytes: Vec<u8>,
}

impl<'a> CheckpointFile<'a> {
    /// Reads a checkpoint and its header.
    pub(crate) fn read<H: DeserializeOwned>(
        path: &'a Path,
        kind: RunKind,
    ) -> Result<(CheckpointFile<'a>, H), TrainError> {
        let bytes = bytes(path)?;
        let unusable =
            |what: String| broken(path, format!("not a checkpoint of {}: {what}", kind.what()));
        let text = header(&bytes, kind).map_err(|error| unusable(safetensors_problem(&error)))?;
        let text = text.ok_or_else(|| {
            unusable(match RunKind::in_bytes(&bytes) {
                Some(other) => format!("it is one of {}", other.what()),
                None => format!("{} is missing from its metadata", kind.key()),
            })
        })?;
        let header = read_json(&text).map_err(|fault| unusable(fault.to_string()))?;
        Ok((CheckpointFile { path, bytes }, header))
    }

    fn values(&self, name: &str, like: &Tensor) -> Result<Vec<f32>, TrainError> {
        let wrong = |error| broken(self.path, safetensors_problem(&error));
        let file = SafeTensors::deserialize(&self.bytes).map_err(wrong)?;
        let view = file.tensor(name).map_err(wrong)?;
        if view.shape() != like.dims() || view.dtype() != safetensors::Dtype::F32 {
            return Err(broken(
                self.path,
                format!(
                    "{name} is {:?} of shape {:?}, expected F32 of shape {:?}",
                    view.dtype(),
                    view.shape(),
                    like.dims()
                ),
            ));
        }
        let values = view.data().chunks_exact(4);
        let values = values.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        Ok(values.collect())
    }

    /// Restores the parameters `now`, `best` or `average`.
    pub(crate) fn restore(&self, parameters: &Parameters, which: &str) -> Result<(), TrainError> {
        for (name, value, _) in parameters {
            let values = self.values(&format!("{name}.{which}"), value)?;
            value.set(&Tensor::from_vec(values, value.dims(), &Device::Cpu)?)?;
        }
        Ok(())
    }

    /// Restores the networks of a run; returns its optimizer after `updates` updates.
    pub(crate) fn restore_run(
        &self,
        networks: &Networks,
        updates: u32,
    ) -> Result<Adam, TrainError> {
        for (parameters, which) in networks.all() {
            self.restore(parameters, which)?;
        }
        let moments = |(name, value, _): &(String, &Var, f64)| {
            Ok(Moments {
                mean: self.values(&format!("{name}.mean"), value)?,
                square: self.values(&format!("{name}.square"), value)?,
            })
        };
        let moments = networks.now.iter().map(moments);
        Ok(Adam {
            updates,
            moments: moments.collect::<Result<_, TrainError>>()?,
        })
    }
}
