//! `tern eval` of a language model: perplexity in training and in integers.

use std::path::Path;

use serde_json::{Value, json};
use tern_compile::cycles::steps::StepCycles;
use tern_features::tokens::Tokens;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_model::network::{Model, Sequence};
use tern_train::language::corpus::Corpus;
use tern_train::language::{
    Recipe, SoftmaxKind, Trained, export, integer_perplexity, perplexity, read, token_perplexity,
};
use tern_train::quantize::Precision;

use super::recordings::Split;
use crate::executors::Prepared;
use crate::network::train::log::checkpoint;

/// A row of the result.
struct Figure {
    what: &'static str,
    recipe: String,
    perplexity: f64,
    /// What the embedding is in the network's input.
    embedding: &'static str,
    /// What the softmax computes with.
    softmax: &'static str,
}

impl Figure {
    fn new(what: &'static str, recipe: &Recipe, perplexity: f64) -> Figure {
        Figure {
            what,
            recipe: recipe.name(),
            perplexity,
            embedding: match &recipe.precision {
                Precision::Full => SoftmaxKind::Full.numbers(),
                Precision::Hitnet(_) => SoftmaxKind::Ternary.numbers(),
                Precision::Study(study) => study.activations.name(),
            },
            softmax: recipe.softmax.numbers(),
        }
    }
}

/// How well a model file that is integers throughout predicts a text.
pub struct Measured {
    /// Perplexity per token.
    pub perplexity: f64,
    /// Tokens that were predicted.
    pub tokens: usize,
    /// The inputs that the network got for the text.
    pub sequence: Sequence,
}

/// Measures the perplexity of `model` on a part of the corpus that it was trained on, which is in `data`.
pub fn measure(model: &Model, data: &Path, split: Split) -> Result<Measured, Failure> {
    let tokens = Tokens::of_model(model).map_err(Failure::input)?;
    let corpus = Corpus::read(tokens.corpus(), data).map_err(Failure::input)?;
    if tokens.labels() != corpus.vocabulary {
        return Err(Failure::input(format!(
            "the labels of the model {} are not the tokens of the corpus {}, expected the text that it was trained on",
            model.name,
            tokens.corpus().name()
        )));
    }
    let text = part(&corpus, split)?;
    Ok(Measured {
        perplexity: token_perplexity(model, text).map_err(Failure::input)?,
        tokens: text.len() - 1,
        sequence: text.iter().map(|token| tokens.input(*token)).collect(),
    })
}

/// Measures the perplexity of a model file that is integers throughout, and counts the cycles of its steps where it is on a core;
/// `record` is where the model is to be written with its activity.
pub fn of_model(
    prepared: &Prepared,
    data: &Path,
    split: Split,
    record: Option<&Path>,
) -> Result<(), Failure> {
    let model = prepared.model();
    let measured = measure(model, data, split)?;
    let figure = Figure {
        what: "integers",
        recipe: model.name.clone(),
        perplexity: measured.perplexity,
        embedding: SoftmaxKind::Ternary.numbers(),
        softmax: SoftmaxKind::Ternary.numbers(),
    };
    let sequence = [measured.sequence];
    if let Some(file) = record {
        super::record(model, &sequence, file)?;
    }
    print(
        &[figure],
        measured.tokens,
        super::cycles(prepared, &sequence),
    )
}

/// The text of a split.
fn part(corpus: &Corpus, split: Split) -> Result<&[u32], Failure> {
    match split {
        Split::Train => Ok(&corpus.train),
        Split::Validation => Ok(&corpus.validation),
        Split::Test => Ok(&corpus.test),
        Split::All => Err(Failure::input(
            "--split is all, expected train, validation or test of a language model",
        )),
    }
}

/// Measures the perplexity of a run's network and, of a ternary one, of the integers that it
/// exports; `full` is the run of the full-precision network to compare with.
pub fn execute(run: &Path, full: Option<&Path>, data: &Path, split: Split) -> Result<(), Failure> {
    let trained = read(&checkpoint(run)).map_err(Failure::input)?;
    let corpus = Corpus::read(trained.recipe.corpus, data).map_err(Failure::input)?;
    let text = part(&corpus, split)?;
    let figure = |what, trained: &Trained| -> Result<Figure, Failure> {
        if trained.vocabulary != corpus.vocabulary {
            return Err(Failure::input(format!(
                "{}: the vocabulary is not that of the corpus {}, expected the text that the run was trained on",
                trained.path.display(),
                trained.recipe.corpus.name()
            )));
        }
        let perplexity = perplexity(&trained.model, text).map_err(Failure::input)?;
        Ok(Figure::new(what, &trained.recipe, perplexity))
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
            let perplexity = integer_perplexity(&model, &words, text).map_err(Failure::input)?;
            figures.push(Figure::new("integers", &trained.recipe, perplexity));
        }
    }
    print(&figures, text.len() - 1, None)
}

/// Prints the result.
fn print(figures: &[Figure], tokens: usize, cycles: Option<StepCycles>) -> Result<(), Failure> {
    let text = || as_text(figures, tokens, cycles.as_ref());
    console::answer(text, || as_value(figures, tokens, cycles))
}

/// The result for people.
fn as_text(figures: &[Figure], tokens: usize, cycles: Option<&StepCycles>) -> String {
    let mut text = format!("tokens                 {tokens}\n");
    if let Some(cycles) = cycles {
        text += &format!("cycles                 {}\n", super::cycles_text(cycles));
    }
    for figure in figures {
        let Figure {
            what,
            recipe,
            perplexity,
            embedding,
            softmax,
        } = figure;
        text += &format!(
            "{what:<21}  perplexity {perplexity:.3}, {:.3} bits per token  {recipe}: embedding {embedding}, softmax {softmax}\n",
            perplexity.log2()
        );
    }
    text
}

/// The result for programs.
fn as_value(figures: &[Figure], tokens: usize, cycles: Option<StepCycles>) -> Value {
    let figures = figures.iter().map(|figure| {
        json!({
            "what": figure.what,
            "recipe": figure.recipe,
            "perplexity": figure.perplexity,
            "embedding": figure.embedding,
            "softmax": figure.softmax,
        })
    });
    json!({
        "tokens": tokens,
        "cycles_per_step": cycles,
        "figures": figures.collect::<Vec<Value>>(),
    })
}
