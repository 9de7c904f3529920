//! The models that ship with the project: their shape, that their recipe made them, and their accuracy
//! on the test part of their data.
//!
//! Accuracy needs the data set; where it is missing these tests are listed as ignored.

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use tern_features::{FrontEnd, Scaling};
use tern_model::network::{Layer, Model};
use tern_train::TrainError;
use tern_train::classify::evaluate::correct;
use tern_train::classify::{Data, Recipe, Task};
use tern_train::data::fsdd::{LABELS, default_data_dir};

/// A shipped model: its name, its recipe's, and how many of how many test sequences must be right.
#[derive(Clone, Copy)]
struct Shipped {
    name: &'static str,
    recipe: &'static str,
    least: usize,
    of: usize,
}

const MODELS: [Shipped; 4] = [
    Shipped {
        name: "spoken-digits",
        recipe: "digits-lstm-f7",
        least: 296,
        of: 300,
    },
    Shipped {
        name: "spoken-digits-hitnet",
        recipe: "digits-lstm-f0",
        least: 295,
        of: 300,
    },
    Shipped {
        name: "spoken-digits-gru",
        recipe: "digits-gru-f7",
        least: 299,
        of: 300,
    },
    Shipped {
        name: "japanese-vowels",
        recipe: "vowels-gru-f7",
        least: 364,
        of: 370,
    },
];

fn root(path: String) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn check(holds: bool, rule: &str) -> Result<(), Failed> {
    match holds {
        true => Ok(()),
        false => Err(rule.into()),
    }
}

impl Shipped {
    fn model(self) -> Result<Model, Failed> {
        let path = root(format!("models/{}.safetensors", self.name));
        Ok(Model::read(&path)?)
    }

    fn recipe(self) -> Result<Recipe, Failed> {
        let (data, _) = self.recipe.split_once('-').ok_or("no data set")?;
        let path = root(format!("recipes/{data}/{}.toml", self.recipe));
        Ok(Recipe::read(&path)?)
    }

    /// The file is what its recipe makes: name, shape, number formats and the recipe itself.
    fn shape(self) -> Result<(), Failed> {
        let (model, recipe) = (self.model()?, self.recipe()?);
        check(model.name == self.name, "name")?;
        check(model.input_bits == recipe.input_bits, "input_bits")?;
        check(model.layers.len() == recipe.layers + 1, "layers")?;
        let (units, biases) = match &model.layers[0] {
            Layer::Lstm(lstm) => (lstm.hidden_size, &lstm.bias),
            Layer::Gru(gru) => (gru.hidden_size, &gru.bias),
            Layer::Linear(_) => return Err("the first layer is recurrent".into()),
        };
        check(units == recipe.units, "units")?;
        let bits = biases.iter().fold(0, |bits, bias| bits | bias);
        let steps = bits.trailing_zeros();
        let fits = |bias: &i32| (-2048..2048).contains(&(bias >> steps));
        check(biases.iter().all(fits), "12 significant bits of bias")?;
        match recipe.task {
            Task::Digits => {
                check(model.input_size == 24, "24 mel bands")?;
                let labels = LABELS.map(String::from).to_vec();
                check(model.labels == Some(labels), "labels")?;
                FrontEnd::of_model(&model)?;
            }
            Task::Vowels | Task::Folder => {
                check(model.input_size == 12, "12 coefficients")?;
                Scaling::of_model(&model)?;
            }
        }
        let training = model.training.as_ref().ok_or("training")?;
        let recipe = serde_json::to_value(recipe)?;
        check(training["recipe"] == recipe, "made by its recipe")
    }

    /// Accuracy is at least the promised one, and exactly the one the file says of itself.
    fn accuracy(self) -> Result<(), Failed> {
        let model = self.model()?;
        let data = Data::read(&self.recipe()?, &default_data_dir())?;
        check(data.test.len() == self.of, "sequences for test")?;
        let right = correct(&model, &data.test).unwrap();
        let Shipped { least, of, .. } = self;
        check(
            right >= least,
            &format!("{right} of {of} right, expected {least}"),
        )?;
        let training = model.training.as_ref().ok_or("training")?;
        let stated = &training["accuracy"]["test"]["correct"];
        check(
            stated == right,
            &format!("{right} right, the file says {stated}"),
        )
    }
}

/// The array of `models/spoken-digits.design.json` and its figures are those of this network.
fn formats_of_the_digits() -> Result<(), Failed> {
    for shipped in &MODELS[..2] {
        let model = shipped.model()?;
        let [Layer::Lstm(lstm), Layer::Linear(head)] = &model.layers[..] else {
            return Err("the layers are an LSTM and a linear head".into());
        };
        let gap = lstm.hidden_shift - lstm.input_shift;
        check(
            lstm.hidden_size == 96 && head.output_size == 10 && model.input_bits == 8,
            "sizes",
        )?;
        check(lstm.lut_bits == 6 && lstm.lut_shift == [6; 4], "tables")?;
        check(lstm.input_shift == 0 && (6..=7).contains(&gap), "shifts")?;
        check(lstm.state_bits <= 12, "bits of the cell state")?;
    }
    Ok(())
}

/// Whether the data of a recipe are on this machine.
fn missing(shipped: Shipped) -> Option<TrainError> {
    let recipe = shipped.recipe().ok()?;
    Data::read(&recipe, &default_data_dir()).err()
}

fn main() {
    let mut trials = vec![Trial::test("formats_of_the_digits", formats_of_the_digits)];
    for shipped in MODELS {
        let name = shipped.name;
        let missing = missing(shipped);
        if let Some(error) = &missing {
            eprintln!("accuracy_of_{name} is ignored: {error}");
        }
        trials.push(Trial::test(format!("shape_of_{name}"), move || {
            shipped.shape()
        }));
        let trial = Trial::test(format!("accuracy_of_{name}"), move || shipped.accuracy());
        trials.push(trial.with_ignored_flag(missing.is_some()));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
