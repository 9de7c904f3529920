//! `tern eval --run`: accuracy of a classifier, in training and in integers.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_train::classify::evaluate::{Example, correct};
use tern_train::classify::{Data, Task, Trained, export, outcome, read};
use tern_train::data::fsdd::default_data_dir;

use super::recordings::Split;
use crate::network::train::log::checkpoint;

/// A row of the result.
struct Figure {
    what: &'static str,
    recipe: String,
    correct: usize,
}

/// Measures the accuracy of a run's network and, of a ternary one, of the integers that it exports; `full` is the run of
/// the full-precision network to compare with.
pub fn execute(
    run: &Path,
    full: Option<&Path>,
    data: Option<&PathBuf>,
    split: Split,
) -> Result<(), Failure> {
    let trained = read(&checkpoint(run)).map_err(Failure::input)?;
    let dir = match data {
        Some(data) => data.clone(),
        None if trained.recipe.task == Task::Folder => {
            return Err(Failure::input(format!(
                "the run {} was trained on a folder of your own, expected --data and that folder",
                run.display()
            )));
        }
        None => default_data_dir(),
    };
    let read_part = |trained: &Trained| -> Result<Vec<Example>, Failure> {
        let examples = part(&trained.data(&dir).map_err(Failure::input)?, split);
        match examples.is_empty() {
            true => Err(split.is_empty(&dir)),
            false => Ok(examples),
        }
    };
    let examples = read_part(&trained)?;
    let figure = |what, trained: &Trained, examples: &[Example]| -> Result<Figure, Failure> {
        let outcome = outcome(&trained.network, examples).map_err(Failure::input)?;
        Ok(Figure {
            what,
            recipe: trained.recipe.name(),
            correct: outcome.correct,
        })
    };
    let mut figures = Vec::new();
    if let Some(full) = full {
        let full = read(&checkpoint(full)).map_err(Failure::input)?;
        figures.push(figure("full precision", &full, &read_part(&full)?)?);
    }
    match trained.recipe.is_full_precision() {
        true => figures.push(figure("full precision", &trained, &examples)?),
        false => {
            figures.push(figure("quantized simulation", &trained, &examples)?);
            let model = export(&trained).map_err(Failure::input)?;
            figures.push(Figure {
                what: "integers",
                correct: correct(&model, &examples).map_err(Failure::input)?,
                recipe: model.name,
            });
        }
    }
    console::answer(
        || as_text(&figures, examples.len()),
        || as_value(&figures, examples.len()),
    )
}

fn part(data: &Data, split: Split) -> Vec<Example> {
    match split {
        Split::Train => data.train.clone(),
        Split::Validation => data.validation.clone(),
        Split::Test => data.test.clone(),
        Split::All => [&data.train[..], &data.validation, &data.test].concat(),
    }
}

/// The result for people.
fn as_text(figures: &[Figure], of: usize) -> String {
    let mut text = format!("sequences              {of}\n");
    for figure in figures {
        let Figure {
            what,
            recipe,
            correct,
        } = figure;
        let accuracy = 100.0 * *correct as f64 / of as f64;
        text += &format!(
            "{what:<21}  accuracy {accuracy:.2} % ({correct} of {of} sequences)  {recipe}\n"
        );
    }
    text
}

/// The result for programs.
fn as_value(figures: &[Figure], of: usize) -> Value {
    let figures = figures.iter().map(|figure| {
        json!({
            "what": figure.what,
            "recipe": figure.recipe,
            "correct": figure.correct,
            "accuracy": figure.correct as f64 / of as f64,
        })
    });
    json!({ "sequences": of, "figures": figures.collect::<Vec<Value>>() })
}
