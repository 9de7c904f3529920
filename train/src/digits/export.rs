//! The model file of a trained network.

use serde_json::json;
use tern_model::{Model, Output};

use crate::digits::checkpoint::Progress;
use crate::digits::data::Data;
use crate::evaluate::{Example, correct};
use crate::fsdd::LABELS;
use crate::{Network, TrainError};

/// The model that computes what `network` computes, without provenance.
pub(crate) fn model(network: &Network, data: &Data) -> Result<Model, TrainError> {
    let gate_frac = network.config().gate_frac;
    let preprocessing = serde_json::to_value(data.front_end.constants());
    let preprocessing = preprocessing
        .map_err(|error| TrainError::new(format!("preprocessing cannot be written: {error}")))?;
    let model = Model {
        name: match gate_frac {
            0 => "spoken-digits-hitnet".to_owned(),
            _ => "spoken-digits".to_owned(),
        },
        input_size: network.config().input_size,
        input_bits: crate::FEATURE_BITS,
        layers: network.layers()?,
        output: Output::Last,
        labels: Some(LABELS.map(str::to_owned).to_vec()),
        preprocessing: Some(preprocessing),
        training: None,
        embedding: None,
    };
    model.validate()?;
    Ok(model)
}

/// Adds where the model comes from and how often it is right: the only time that the test
/// recordings are looked at.
pub(crate) fn add_provenance(model: &mut Model, progress: &Progress, data: &Data) {
    let figure =
        |examples: &[Example]| json!({ "correct": correct(model, examples), "of": examples.len() });
    let recipe = &progress.recipe;
    let training = json!({
        "command": format!(
            "tern train digits --gate-frac {} --seed {} --epochs {}",
            recipe.lstm.gate_frac, recipe.seed, recipe.epochs
        ),
        "version": env!("CARGO_PKG_VERSION"),
        "data": "Free Spoken Digit Dataset: train index 5-39, validation 40-44, test 0-4",
        "seed": recipe.seed,
        "best_epoch": progress.best_epoch,
        "accuracy": {
            "train": figure(&data.train),
            "validation": figure(&data.validation),
            "test": figure(&data.test),
        },
        "recipe": recipe,
    });
    model.training = Some(training);
}
