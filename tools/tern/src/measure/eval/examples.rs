//! The sequences that a classifier is measured on.

use std::path::Path;

use tern_features::{FrontEnd, Scaling};
use tern_gen_verilog::failure::Failure;
use tern_model::file::read_value;
use tern_model::network::{Model, Sequence};
use tern_train::classify::evaluate::{Example, converted};
use tern_train::classify::{Known, Recipe, Sequences, Task, folder, scaled, vowels};
use tern_train::data::fsdd::{LABELS, default_data_dir};

use super::recordings::{Split, recordings};
use crate::progress;
use tern_features::input::is_scaled;

/// A part of a data set as a model sees it.
pub struct Examples {
    /// What the sequences are.
    pub what: &'static str,
    /// Class names.
    pub labels: Vec<String>,
    /// The sequences.
    pub examples: Vec<Example>,
}

impl Examples {
    /// What a network is given.
    pub fn sequences(&self) -> Vec<Sequence> {
        let examples = self.examples.iter();
        examples.map(|example| example.features.clone()).collect()
    }
}

/// The first `limit` sequences of a part of the data that the model was made for: spoken digits, Japanese Vowels, or the
/// folder `data` of a user's own. Without `data`, the data sets are where they usually are.
pub fn read(
    model: &Model,
    data: Option<&Path>,
    split: Split,
    limit: usize,
) -> Result<Examples, Failure> {
    match is_scaled(model) {
        true => of_features(model, data, split, limit),
        false => {
            let data = data.map_or_else(default_data_dir, Path::to_owned);
            of_digits(model, &data, split, limit)
        }
    }
}

fn of_digits(model: &Model, data: &Path, split: Split, limit: usize) -> Result<Examples, Failure> {
    if model.output_size() != LABELS.len() {
        return Err(Failure::input(format!(
            "the model {} has {} outputs, expected {}, one a digit",
            model.name,
            model.output_size(),
            LABELS.len()
        )));
    }
    let named = |error| Failure::input(format!("the model {}: {error}", model.name));
    let front_end = FrontEnd::of_model(model).map_err(named)?;
    let mut recordings = recordings(data, split)?;
    recordings.truncate(limit);
    let (examples, note) = converted(&front_end, &recordings).map_err(Failure::input)?;
    progress::note(note.as_deref());
    Ok(Examples {
        what: "recordings",
        labels: LABELS.map(str::to_owned).to_vec(),
        examples,
    })
}

fn of_features(
    model: &Model,
    data: Option<&Path>,
    split: Split,
    limit: usize,
) -> Result<Examples, Failure> {
    let named = |problem: String| Failure::input(format!("the model {}: {problem}", model.name));
    let scaling = Scaling::of_model(model).map_err(|error| named(error.to_string()))?;
    let recipe = model.training.as_ref().and_then(|t| t.get("recipe"));
    let recipe = recipe.ok_or_else(|| {
        named("training.recipe is missing, expected the recipe, which names the data".to_owned())
    })?;
    let recipe: Recipe = read_value(recipe).map_err(|fault| {
        named(format!(
            "{} {}",
            fault.path("training.recipe"),
            fault.problem
        ))
    })?;
    let labels = model
        .labels
        .as_ref()
        .ok_or_else(|| named("labels are missing, expected the names of the classes".to_owned()))?;
    let known = Known {
        labels,
        input_size: model.input_size,
    };
    let data = match (recipe.task, data) {
        (_, Some(data)) => data.to_owned(),
        (Task::Folder, None) => {
            return Err(named(
                "was trained on a folder of your own, expected --data and that folder".to_owned(),
            ));
        }
        (_, None) => default_data_dir(),
    };
    let sequences = match recipe.task {
        Task::Folder => folder::read_known(&data, recipe.seed, &known),
        _ => vowels::read_known(&data, &known),
    };
    let part = part(sequences.map_err(Failure::input)?, split);
    if part.is_empty() {
        return Err(split.is_empty(&data));
    }
    let example = |sequence| scaled(&scaling, model.input_bits, sequence);
    Ok(Examples {
        what: "sequences",
        labels: labels.clone(),
        examples: part.iter().take(limit).map(example).collect(),
    })
}

fn part(sequences: Sequences, split: Split) -> Vec<tern_train::classify::Sequence> {
    let Sequences {
        train,
        validation,
        test,
        ..
    } = sequences;
    match split {
        Split::Train => train,
        Split::Validation => validation,
        Split::Test => test,
        Split::All => [train, validation, test].concat(),
    }
}
