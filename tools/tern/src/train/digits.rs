//! `tern train digits`: from recordings to a model file.

use std::path::PathBuf;

use clap::Args;
use indicatif::ProgressBar;
use tern_gen_verilog::Failure;
use tern_model::Model;
use tern_train::digits::{DigitsConfig, Event, train_digits};

use super::writable;
use crate::progress;

/// Trains the spoken-digit network. The same options give the same model file on the same machine.
#[derive(Args)]
pub struct Digits {
    /// Fraction bits of gates and state: 7, or 0 for pure HitNet
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=8))]
    gate_frac: u32,
    /// Seed of weights, order and augmentation [default: the shipped model's]
    #[arg(long)]
    seed: Option<u64>,
    /// Passes over the training recordings [default: the shipped model's]
    #[arg(long)]
    epochs: Option<usize>,
    /// Folder that holds fsdd/recordings [default: TERN_DATA, otherwise shared/data here or above]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Model file to write [default: the model's name in this folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Go on from the checkpoint of an interrupted run
    #[arg(long)]
    resume: bool,
}

/// Runs the command.
pub fn execute(digits: &Digits) -> Result<(), Failure> {
    let mut config = DigitsConfig::new(digits.gate_frac);
    config.resume = digits.resume;
    config.recipe.seed = digits.seed.unwrap_or(config.recipe.seed);
    config.recipe.epochs = digits.epochs.unwrap_or(config.recipe.epochs);
    if let Some(data) = &digits.data {
        config.data_dir.clone_from(data);
    }
    if let Some(out) = &digits.out {
        config.out.clone_from(out);
    }
    writable(&config.out)?;
    let bar = progress::bar("epoch", 0);
    let model = train_digits(&config, |event| show(&bar, &event)).map_err(Failure::input)?;
    bar.finish_and_clear();
    Failure::print(&format!(
        "wrote {}: {}\n",
        config.out.display(),
        figures(&model)
    ))
}

fn show(bar: &ProgressBar, event: &Event) {
    match *event {
        Event::Update {
            epoch,
            update,
            updates,
            loss,
        } => {
            bar.set_length(updates as u64);
            bar.set_position(update as u64);
            bar.set_prefix(format!("epoch {epoch}"));
            bar.set_message(format!("loss {loss:.3}"));
        }
        Event::Epoch {
            epoch,
            epochs,
            loss,
            correct,
            of,
            best,
        } => bar.suspend(|| {
            eprintln!("epoch {epoch} of {epochs}: loss {loss:.4}, validation {correct} of {of}, best {best}");
        }),
    }
}

/// Name and accuracy of a trained model, as its file tells them.
fn figures(model: &Model) -> String {
    let figure = |split: &str| {
        let figure = model.training.as_ref()?.get("accuracy")?.get(split)?;
        let (correct, of) = (figure.get("correct")?, figure.get("of")?);
        Some(format!(", {split} {correct} of {of}"))
    };
    let figures: String = ["train", "validation", "test"]
        .iter()
        .filter_map(|split| figure(split))
        .collect();
    format!("{}{figures}", model.name)
}
