//! The model file of a trained classifier.

use std::path::Path;

use serde_json::json;
use tern_model::network::{CellKind, Model, Output};

use crate::classify::checkpoint::Trained;
use crate::classify::recipe::Task;
use crate::error::TrainError;

/// The model that computes what the trained ternary network computes.
///
/// # Errors
/// When the network is a full-precision one.
pub fn export(trained: &Trained) -> Result<Model, TrainError> {
    let Trained {
        recipe, meaning, ..
    } = trained;
    let layers = trained.network.layers()?.ok_or_else(|| {
        TrainError::new(format!(
            "{}: precision is full, expected hitnet: only a ternary network has a model file; train one with --warm-start and this run",
            trained.path.display()
        ))
    })?;
    let model = Model {
        name: name(trained),
        input_size: meaning.input_size,
        input_bits: recipe.input_bits,
        layers,
        output: Output::Last,
        labels: Some(meaning.labels.clone()),
        preprocessing: Some(meaning.preprocessing.clone()),
        training: Some(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "data": recipe.task.data(),
            "best_epoch": trained.best_epoch,
            "accuracy": trained.figures,
            "recipe": recipe,
        })),
        embedding: None,
    };
    model.validate()?;
    Ok(model)
}

/// Name of the model: that of the task, and what tells models of the digits apart; of own data that of the run, which comes from the
/// data where nobody named another.
fn name(trained: &Trained) -> String {
    let Trained { recipe, path, .. } = trained;
    let task = match (recipe.task, recipe.cell) {
        (Task::Digits, CellKind::Lstm) => "spoken-digits",
        (Task::Digits, CellKind::Gru) => "spoken-digits-gru",
        (Task::Vowels, _) => "japanese-vowels",
        (Task::Folder, _) => {
            let run = path.parent().and_then(Path::file_name);
            let name = run.map(|name| name.to_string_lossy().into_owned());
            return name.unwrap_or_else(|| "folder".to_owned());
        }
    };
    let pure = recipe.hitnet().is_some_and(|hitnet| hitnet.gate_frac == 0);
    format!("{task}{}", if pure { "-hitnet" } else { "" })
}
