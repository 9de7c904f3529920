//! `tern eval --run`: perplexity of a language model, in training and in integers.

use std::path::Path;

use serde_json::{Value, json};
use tern_gen_verilog::Failure;
use tern_train::language::{Precision, Trained, export, integer_perplexity, perplexity, read};

use crate::recordings::Split;
use crate::train::checkpoint;

/// A row of the result.
struct Figure {
    what: &'static str,
    recipe: String,
    perplexity: f64,
}

/// Measures the perplexity of a run's network and, of a ternary one, of the integers that it
/// exports; `full` is the run of the full-precision network to compare with.
pub fn execute(
    run: &Path,
    full: Option<&Path>,
    data: &Path,
    split: Split,
    as_json: bool,
) -> Result<(), Failure> {
    let trained = read(&checkpoint(run)).map_err(Failure::input)?;
    let corpus = trained.recipe.corpus.read(data).map_err(Failure::input)?;
    let text = match split {
        Split::Train => &corpus.train,
        Split::Validation => &corpus.validation,
        Split::Test => &corpus.test,
        Split::All => {
            return Err(Failure::input(
                "--split is all, expected train, validation or test of a language model",
            ));
        }
    };
    let figure = |what, trained: &Trained| -> Result<Figure, Failure> {
        if trained.vocabulary != corpus.vocabulary {
            return Err(Failure::input(format!(
                "{}: the vocabulary is not that of the corpus {}, expected the text that the run was trained on",
                trained.path.display(),
                trained.recipe.corpus.name()
            )));
        }
        Ok(Figure {
            what,
            recipe: trained.recipe.name(),
            perplexity: perplexity(&trained.model, text).map_err(Failure::input)?,
        })
    };
    let mut figures = Vec::new();
    if let Some(full) = full {
        let full = read(&checkpoint(full)).map_err(Failure::input)?;
        figures.push(figure("full precision", &full)?);
    }
    match trained.recipe.precision {
        Precision::Full => figures.push(figure("full precision", &trained)?),
        Precision::Study(_) => figures.push(figure("quantized simulation", &trained)?),
        Precision::Hitnet(_) => {
            figures.push(figure("quantized simulation", &trained)?);
            let (model, words) = export(&trained).map_err(Failure::input)?;
            figures.push(Figure {
                what: "integers",
                recipe: model.name.clone(),
                perplexity: integer_perplexity(&model, &words, text).map_err(Failure::input)?,
            });
        }
    }
    let tokens = text.len() - 1;
    Failure::print(&match as_json {
        true => format!("{}\n", as_value(&trained, &figures, tokens)),
        false => as_text(&figures, tokens),
    })
}

/// The result for people.
fn as_text(figures: &[Figure], tokens: usize) -> String {
    let mut text = format!("tokens                 {tokens}\n");
    for figure in figures {
        let Figure {
            what,
            recipe,
            perplexity,
        } = figure;
        text += &format!("{what:<21}  {perplexity:.3}  {recipe}\n");
    }
    text + "embedding quantized where the network is; softmax over all words, in 32-bit floats\n"
}

/// The result for programs.
fn as_value(trained: &Trained, figures: &[Figure], tokens: usize) -> Value {
    let figures = figures.iter().map(|figure| {
        json!({
            "what": figure.what,
            "recipe": figure.recipe,
            "perplexity": figure.perplexity,
        })
    });
    json!({
        "tokens": tokens,
        "embedding": match &trained.recipe.precision {
            Precision::Full => "32-bit floats",
            Precision::Hitnet(_) => "ternary",
            Precision::Study(study) => study.activations.name(),
        },
        "softmax": "32-bit floats",
        "figures": figures.collect::<Vec<Value>>(),
    })
}
