//! The options that every training run takes.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::outputs::keep_apart;
use tern_train::TrainError;
use tern_train::run::{MOST, RunConfig};

use super::log::checkpoint;
use super::session::{self, Existing, RunFolder};

/// Recipes that are part of the program, with their names: data set, then cell and numbers.
macro_rules! recipes {
    ($($data: literal: [$($name: literal),*],)*) => {
        [$($((
            concat!($data, "-", $name),
            include_str!(concat!("../../../recipes/", $data, "/", $data, "-", $name, ".toml")),
        ),)*)*]
    };
}

const RECIPES: [(&str, &str); 23] = recipes![
    "digits": ["lstm-f7", "lstm-f0", "lstm-full", "gru-f7", "gru-full"],
    "vowels": ["lstm-f7", "lstm-full", "gru-f7"],
    "folder": ["lstm-f7", "lstm-f0", "lstm-full", "gru-f7", "gru-f0", "gru-full"],
    "ptb": ["lstm-full", "lstm-f7", "lstm-f0", "gru-full", "gru-f7"],
    "wikitext2": ["lstm-full", "lstm-f7"],
    "shakespeare": ["lstm-full", "lstm-f7"],
];

/// Options of a run.
#[derive(Args)]
pub struct Options {
    /// Recurrent cell
    #[arg(long, value_name = "KIND", value_enum, default_value = "lstm")]
    cell: Cell,
    /// Numbers of the recurrent part
    #[arg(long, value_name = "KIND", value_enum, default_value = "f7")]
    numbers: Numbers,
    /// Recipe to follow [default: the one of this data set, cell and numbers in recipes/]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cell", "numbers"])]
    recipe: Option<PathBuf>,
    /// Seed of all that is random [default: the recipe's]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Passes over the training part [default: the recipe's]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = RangedU64ValueParser::<usize>::new().range(1..=MOST as u64))]
    pub epochs: Option<usize>,
    /// Folder of a finished run whose network this one starts from
    #[arg(long, value_name = "RUN")]
    warm_start: Option<PathBuf>,
    /// Folder of a finished run whose network this one learns from besides the data, by the recipe's distillation
    #[arg(long, value_name = "RUN")]
    teacher: Option<PathBuf>,
    /// Folder of the run [default: runs/ and the names of data, cell and numbers]
    #[arg(long, value_name = "RUN")]
    out: Option<PathBuf>,
    /// Go on from the checkpoint of an interrupted run
    #[arg(long)]
    resume: bool,
    /// Replace a run that is in the folder already
    #[arg(long, conflicts_with = "resume")]
    force: bool,
}

/// Kind of the recurrent cell.
#[derive(Clone, Copy, ValueEnum)]
enum Cell {
    /// Long short-term memory
    Lstm,
    /// Gated recurrent unit
    Gru,
}

#[derive(Clone, Copy, ValueEnum)]
enum Numbers {
    /// 32-bit floats: the baseline, and the network to start the others from
    Full,
    /// Ternary, with gates in fixed point
    F7,
    /// Ternary throughout: pure HitNet
    F0,
}

impl Options {
    /// The recipe of the file, or the program's for data set, cell and numbers.
    pub fn recipe<R>(
        &self,
        data: &str,
        read: impl FnOnce(&Path) -> Result<R, TrainError>,
        parse: impl FnOnce(&str, &Path) -> Result<R, TrainError>,
    ) -> Result<R, Failure> {
        if let Some(file) = &self.recipe {
            return read(file).map_err(Failure::input);
        }
        let name = self.place(data);
        let text = own_recipe(&name.to_string_lossy())?;
        parse(text, &name).map_err(Failure::input)
    }

    /// The recipe's file, or the name of the program's for a data set; what is wrong with a recipe is told of it.
    pub fn place(&self, data: &str) -> PathBuf {
        let cell = match self.cell {
            Cell::Lstm => "lstm",
            Cell::Gru => "gru",
        };
        let numbers = match self.numbers {
            Numbers::Full => "full",
            Numbers::F7 => "f7",
            Numbers::F0 => "f0",
        };
        let own = || format!("{data}-{cell}-{numbers}").into();
        self.recipe.clone().unwrap_or_else(own)
    }

    /// What is wrong with the recipe for a data set.
    pub fn wrong(&self, data: &str, problem: impl Display) -> Failure {
        Failure::input(format!("{}: {problem}", self.place(data).display()))
    }

    /// Puts seed and epochs in place of the recipe's.
    pub fn replace(&self, seed: &mut u64, epochs: &mut usize) {
        *seed = self.seed.unwrap_or(*seed);
        *epochs = self.epochs.unwrap_or(*epochs);
    }

    /// The folder of a run of that name on that data, made and locked.
    pub fn folder(&self, name: &str, data: &Path) -> Result<RunFolder, Failure> {
        let existing = match (self.resume, self.force) {
            (true, _) => Existing::GoesOn,
            (_, true) => Existing::IsReplaced,
            _ => Existing::Stays,
        };
        let folder = self.out.clone();
        let folder = folder.unwrap_or_else(|| Path::new("runs").join(name));
        session::beside(&folder, data)?;
        let recipe: Vec<&Path> = self.recipe.iter().map(PathBuf::as_path).collect();
        keep_apart(&session::written(&folder), &recipe)?;
        if existing == Existing::IsReplaced {
            let written = [checkpoint(&folder), checkpoint(&session::teacher(&folder))];
            let read = [&self.warm_start, &self.teacher].map(|run| run.as_deref().map(checkpoint));
            let read: Vec<&Path> = read.iter().flatten().map(PathBuf::as_path).collect();
            keep_apart(&written.map(|file| ("--force", file)), &read)?;
        }
        session::folder(&folder, existing)
    }

    /// Where a run in that folder begins and what it writes.
    pub fn config(&self, folder: &Path) -> RunConfig {
        RunConfig {
            checkpoint: checkpoint(folder),
            resume: self.resume,
            warm_start: self.warm_start.as_deref().map(checkpoint),
            teacher: self.teacher.as_deref().map(checkpoint),
        }
    }
}

/// The text of a recipe that is part of the program.
pub fn own_recipe(name: &str) -> Result<&'static str, Failure> {
    let found = RECIPES.iter().find(|(own, _)| *own == name);
    found.map(|(_, text)| *text).ok_or_else(|| {
        let data = name.split('-').next();
        let names = RECIPES.iter().map(|(name, _)| *name);
        let names: Vec<&str> = names.filter(|own| own.split('-').next() == data).collect();
        Failure::input(format!(
            "there is no recipe {name}, expected one of {}; --recipe names a file of your own",
            names.join(", ")
        ))
    })
}
