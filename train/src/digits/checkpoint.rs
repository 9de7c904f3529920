//! Checkpoints: all that an interrupted training run needs to go on.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};

use crate::TrainError;
use crate::adam::{Adam, Moments};
use crate::digits::Recipe;
use crate::network::Network;

/// Key of the progress in the file's metadata.
const KEY: &str = "tern-train";

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// The recipe that the run follows.
    pub(crate) recipe: Recipe,
    /// Epochs done.
    pub(crate) epochs: usize,
    /// Updates of Adam.
    pub(crate) updates: u32,
    /// Epoch after which the validation was best, counted from 1; 0 before the first.
    pub(crate) best_epoch: usize,
    /// Validation recordings then classified rightly.
    pub(crate) best_correct: usize,
}

/// The checkpoint's path: that of the model file with `.checkpoint` appended.
pub(crate) fn path(out: &Path) -> PathBuf {
    let mut name = OsString::from(out);
    name.push(".checkpoint");
    PathBuf::from(name)
}

/// Writes the state of a run: progress, shadow parameters, Adam's means, and the parameters of the
/// best epoch.
pub(crate) fn write(
    path: &Path,
    progress: &Progress,
    network: &Network,
    adam: &Adam,
    best: &Network,
) -> Result<(), TrainError> {
    let mut tensors: Vec<(String, Tensor)> = Vec::new();
    let parameters = network.parameters().iter().zip(best.parameters());
    for (index, ((name, value), (_, best))) in parameters.enumerate() {
        tensors.push((format!("{name}.now"), value.as_detached_tensor()));
        tensors.push((format!("{name}.best"), best.as_detached_tensor()));
        let Moments { mean, square } = &adam.moments[index];
        let like = |values: &[f32]| Tensor::from_slice(values, value.dims(), &Device::Cpu);
        tensors.push((format!("{name}.mean"), like(mean)?));
        tensors.push((format!("{name}.square"), like(square)?));
    }
    let json = serde_json::to_string(progress)
        .map_err(|error| TrainError::new(format!("the recipe cannot be written: {error}")))?;
    let metadata = HashMap::from([(KEY.to_owned(), json)]);
    let bytes = safetensors::serialize(tensors, Some(metadata))
        .map_err(|error| TrainError::new(format!("{}: {error}", path.display())))?;
    tern_model::write_atomic(path, &bytes).map_err(|error| {
        TrainError::new(format!(
            "{}: the checkpoint cannot be written: {error}",
            path.display()
        ))
    })
}

/// Restores the state of a run from its checkpoint; `None` where there is no file.
pub(crate) fn read(
    path: &Path,
    recipe: &Recipe,
    network: &Network,
    adam: &mut Adam,
    best: &Network,
) -> Result<Option<Progress>, TrainError> {
    let broken = |what: String| TrainError::new(format!("{}: {what}", path.display()));
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(broken(format!("the checkpoint cannot be read: {error}"))),
    };
    let unusable = |error| broken(format!("not a checkpoint of a training run: {error}"));
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| unusable(e.to_string()))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|e| unusable(e.to_string()))?;
    let json = header.metadata().as_ref().and_then(|m| m.get(KEY));
    let json = json.ok_or_else(|| unusable(format!("{KEY} is missing from its metadata")))?;
    let progress: Progress = serde_json::from_str(json).map_err(|e| unusable(e.to_string()))?;
    if progress.recipe != *recipe {
        return Err(broken(
            "the checkpoint's recipe differs from the one given, expected the same options as when the run began"
                .to_owned(),
        ));
    }

    let tensor = |name: String, like: &Tensor| -> Result<Tensor, TrainError> {
        let view = file.tensor(&name).map_err(|e| unusable(e.to_string()))?;
        if view.shape() != like.dims() || view.dtype() != safetensors::Dtype::F32 {
            return Err(unusable(format!("{name} has the wrong shape or type")));
        }
        let values = view.data().chunks_exact(4);
        let values = values.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let values: Vec<f32> = values.collect();
        Ok(Tensor::from_vec(values, view.shape(), &Device::Cpu)?)
    };
    let parameters = network.parameters().iter().zip(best.parameters());
    for (index, ((name, value), (_, best))) in parameters.enumerate() {
        value.set(&tensor(format!("{name}.now"), value)?)?;
        best.set(&tensor(format!("{name}.best"), value)?)?;
        let values = |name: String| -> Result<Vec<f32>, TrainError> {
            Ok(tensor(name, value)?.flatten_all()?.to_vec1()?)
        };
        adam.moments[index] = Moments {
            mean: values(format!("{name}.mean"))?,
            square: values(format!("{name}.square"))?,
        };
    }
    adam.updates = progress.updates;
    Ok(Some(progress))
}
