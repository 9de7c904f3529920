//! `tern study`: which quantizer suits weights, and which activations, with and without slope.

mod cell;
mod picture;
mod table;

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::MultiProgress;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::lock;
use tern_gen_verilog::outputs::keep_apart;
use tern_model::file::{difference, plain_types};
use tern_train::data::fsdd::default_data_dir;
use tern_train::language::corpus::Corpus;
use tern_train::language::{Recipe, perplexity, read};
use tern_train::quantize::Quantizer;
use tern_train::quantize::{Precision, Study as Simulation};
use tern_train::run::RunConfig;

use crate::progress;
use cell::{Cell, Figures};

use crate::network::train::language::run as run_language;
use crate::network::train::log::checkpoint;
use crate::network::train::session::{catch_interrupts, interrupted, make};

/// The recipe that is part of the program.
const RECIPE: &str = include_str!("../../../recipes/study.toml");
/// Name of a finished cell's figures in its folder.
const RESULT: &str = "result.json";

/// Compares quantizers of weights and of activations on one network.
///
/// Trains the recipe's network with each of full precision, 2-bit uniform, threshold and Bernoulli
/// ternary on the weights, combined with each of them on the activations, and, where activations are
/// quantized, without and with the recipe's sloping factor. Each is a run in a folder of its own: the
/// same command goes on where it was interrupted. Writes the table as study.md and study.json and a
/// picture of it, study.svg.
#[derive(Args)]
pub struct Study {
    /// Recipe to follow, of precision "study" [default: recipes/study.toml, as it was built in]
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Folder of the data sets [default: TERN_DATA, otherwise shared/data here or above]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder of the runs
    #[arg(long, value_name = "DIR", default_value = "runs/study")]
    out: PathBuf,
}

/// A finished run, in its folder.
#[derive(Serialize, Deserialize)]
struct Finished {
    recipe: Recipe,
    #[serde(flatten)]
    figures: Figures,
}

/// Runs the command.
pub fn execute(study: &Study) -> Result<(), Failure> {
    let recipe = match &study.recipe {
        Some(file) => Recipe::read(file),
        None => Recipe::parse(RECIPE, Path::new("study.toml")),
    };
    let recipe = recipe.map_err(Failure::input)?;
    let Precision::Study(simulation) = &recipe.precision else {
        let place = study.recipe.as_deref().unwrap_or(Path::new("study.toml"));
        return Err(Failure::input(format!(
            "{}: precision is \"{}\", expected \"study\"",
            place.display(),
            recipe.precision.name()
        )));
    };
    let data = study.data.clone().unwrap_or_else(default_data_dir);
    let text = Corpus::read(recipe.corpus, &data).map_err(Failure::input)?;
    let outputs =
        ["study.json", "study.md", "study.svg"].map(|name| ("--out", study.out.join(name)));
    let read: Vec<&Path> = study.recipe.iter().map(PathBuf::as_path).collect();
    keep_apart(&outputs, &read)?;
    make(&study.out)?;
    let _lock = lock(&study.out)?;
    catch_interrupts()?;

    let combinations = combinations(simulation);
    let bars = MultiProgress::with_draw_target(progress::target());
    let bar = bars.add(progress::bar("study", combinations.len()));
    let mut cells = Vec::new();
    for simulation in combinations {
        let name = simulation.name();
        bar.set_message(name.clone());
        let cell = Cell {
            weights: simulation.weights.name(),
            activations: simulation.activations.name(),
            sloped: name.ends_with("sloped"),
            figures: {
                let recipe = Recipe {
                    precision: Precision::Study(simulation),
                    ..recipe.clone()
                };
                match finish(&recipe, &text, &study.out.join(&name), &bars)? {
                    Some(figures) => figures,
                    None => {
                        bar.finish_and_clear();
                        return interrupted(&study.out.join(&name), "the same command");
                    }
                }
            },
        };
        cells.push(cell);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let title = table::title(&recipe);
    let table = table::markdown(&cells);
    let all = json!({ "recipe": recipe, "cells": cells });
    write(&study.out.join("study.json"), &format!("{all:#}\n"))?;
    write(&study.out.join("study.md"), &format!("{title}\n\n{table}"))?;
    write(&study.out.join("study.svg"), &picture::draw(&title, &cells))?;
    console::answer(|| format!("{title}\n\n{table}"), || all)
}

/// All combinations of quantizers, those with quantized activations without and with the slope.
fn combinations(recipe: &Simulation) -> Vec<Simulation> {
    let mut all = Vec::new();
    for slopes in [(1.0, None), (recipe.slope, recipe.slope_end)] {
        for weights in Quantizer::STUDIED {
            for activations in Quantizer::STUDIED {
                if activations != Quantizer::Full || slopes == (1.0, None) {
                    all.push(Simulation {
                        weights,
                        activations,
                        slope: slopes.0,
                        slope_end: slopes.1,
                    });
                }
            }
        }
    }
    all
}

/// Trains what is left of a cell and returns its figures; `None` after Ctrl-C.
fn finish(
    recipe: &Recipe,
    text: &Corpus,
    folder: &Path,
    bars: &MultiProgress,
) -> Result<Option<Figures>, Failure> {
    let result = folder.join(RESULT);
    if let Ok(bytes) = std::fs::read(&result) {
        let unusable = |what: String| {
            let place = result.display();
            Failure::input(format!(
                "{place}: {what}, expected the result of this study's recipe; --out names another folder"
            ))
        };
        let finished: Finished = serde_json::from_slice(&bytes)
            .map_err(|error| unusable(plain_types(&error.to_string())))?;
        return match difference(recipe, &finished.recipe) {
            None => Ok(Some(finished.figures)),
            Some(first) => Err(unusable(format!(
                "the recipe differs from the one given: {first} as there"
            ))),
        };
    }
    make(folder)?;
    let config = RunConfig {
        checkpoint: checkpoint(folder),
        resume: true,
        warm_start: None,
        teacher: None,
    };
    let bar = bars.add(progress::bar("epoch", 0));
    let Some(model) = run_language(recipe, text, &config, &bar)? else {
        return Ok(None);
    };
    let trained = read(&config.checkpoint).map_err(Failure::input)?;
    let figures = Figures {
        validation_perplexity: trained.best_perplexity,
        test_perplexity: perplexity(&model, &text.test).map_err(Failure::input)?,
    };
    let finished = Finished {
        recipe: recipe.clone(),
        figures,
    };
    let finished = serde_json::to_string(&finished).map_err(Failure::input)?;
    write(&result, &format!("{finished}\n"))?;
    Ok(Some(figures))
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    tern_model::file::write_atomic(file, text.as_bytes()).map_err(|error| {
        let file = file.display();
        Failure::input(format!(
            "{file}: cannot be written: {error}, expected a place for the study"
        ))
    })
}
