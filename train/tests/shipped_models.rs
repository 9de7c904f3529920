//! The models that ship with the project: their shape, that the default recipe made them, and their
//! accuracy on the test recordings.
//!
//! Accuracy needs the data set; where it is missing these tests are listed as ignored.

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use tern_model::{Gate, Layer, Model};
use tern_train::digits::Recipe;
use tern_train::evaluate::{correct, examples};
use tern_train::fsdd::{LABELS, Split, default_data_dir, split};
use tern_train::{FrontEnd, TrainError};

/// File name, fraction bits of the gates and least number of the 300 test recordings.
const MODELS: [(&str, u32, usize); 2] = [
    ("spoken-digits.safetensors", 7, 285),
    ("spoken-digits-hitnet.safetensors", 0, 270),
];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../models")
        .join(name)
}

fn check(holds: bool, rule: &str) -> Result<(), Failed> {
    match holds {
        true => Ok(()),
        false => Err(rule.into()),
    }
}

fn shape(name: &str, gate_frac: u32) -> Result<(), Failed> {
    let model = Model::read(&path(name))?;
    let [Layer::Lstm(lstm), Layer::Linear(head)] = &model.layers[..] else {
        return Err("the layers are an LSTM and a linear head".into());
    };
    check(lstm.gate_frac == gate_frac, "gate_frac")?;
    check(model.input_size == 24 && model.input_bits == 8, "input")?;
    check(lstm.hidden_size == 96 && head.output_size == 10, "sizes")?;
    check(
        lstm.lut_bits <= 7 && lstm.state_bits <= 14,
        "table and state bits",
    )?;
    check(lstm.input_shift == 0 && lstm.hidden_shift >= 6, "shifts")?;
    check(
        model.labels == Some(LABELS.map(String::from).to_vec()),
        "labels",
    )?;
    let odd = lstm.bias.iter().fold(0, |bits, bias| bits | bias);
    let steps = odd.trailing_zeros();
    let widest = Gate::ORDER.len() * lstm.hidden_size;
    check(lstm.bias.len() == widest, "biases")?;
    let fits = |bias: &i32| (-2048..2048).contains(&(bias >> steps));
    check(lstm.bias.iter().all(fits), "12 significant bits of bias")?;
    FrontEnd::of_model(&model)?;
    let training = model.training.as_ref().ok_or("training")?;
    let recipe = serde_json::to_value(Recipe::new(gate_frac))?;
    check(training["recipe"] == recipe, "made by the default recipe")
}

/// Accuracy is at least the promised one, and exactly the one the file says of itself.
fn accuracy(name: &str, least: usize) -> Result<(), Failed> {
    let model = Model::read(&path(name))?;
    let test = split(&default_data_dir(), Split::Test)?;
    let examples = examples(&FrontEnd::of_model(&model)?, &test)?;
    check(examples.len() == 300, "300 test recordings")?;
    let right = correct(&model, &examples);
    check(
        right >= least,
        &format!("{right} of 300 right, expected {least}"),
    )?;
    let training = model.training.as_ref().ok_or("training")?;
    let stated = &training["accuracy"]["test"]["correct"];
    check(
        stated == right,
        &format!("{right} right, the file says {stated}"),
    )
}

fn main() {
    let missing: Option<TrainError> = split(&default_data_dir(), Split::Test).err();
    if let Some(error) = &missing {
        eprintln!("accuracy_of_* are ignored: {error}");
    }
    let mut trials = Vec::new();
    for (name, gate_frac, least) in MODELS {
        let short = name.trim_end_matches(".safetensors");
        let trial = Trial::test(format!("shape_of_{short}"), move || shape(name, gate_frac));
        trials.push(trial);
        let trial = Trial::test(format!("accuracy_of_{short}"), move || {
            accuracy(name, least)
        });
        trials.push(trial.with_ignored_flag(missing.is_some()));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
