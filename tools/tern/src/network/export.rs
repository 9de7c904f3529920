//! `tern export`: from a training run to a model file.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tern_compile::cycles::events::Activity;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::file_name;
use tern_gen_verilog::outputs::{keep_apart, keep_out_of};
use tern_model::network::{Model, Sequence};
use tern_train::data::fsdd::default_data_dir;
use tern_train::language::corpus::Corpus;
use tern_train::run::RunKind;
use tern_train::{classify, language};

use crate::measure::eval::examples;
use crate::measure::eval::recordings::Split;
use crate::network::train::session::{self, begun};

/// Writes the model file of a trained network and, of a language model whose softmax is not ternary too, the tables of its
/// words beside it.
#[derive(Args)]
pub struct Export {
    /// Folder of the training run
    #[arg(long, value_name = "RUN")]
    run: PathBuf,
    /// Model file to write; word tables stand beside it, with .words.safetensors at the end
    /// [default: the model's name in this folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Export the best network so far of a run that is not finished
    #[arg(long)]
    unfinished: bool,
    /// Folder of the data, whose validation part tells the activity that the file records [default: TERN_DATA, otherwise shared/data here or above]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Runs the command.
pub fn execute(arguments: &Export) -> Result<(), Failure> {
    let checkpoint = begun(&arguments.run)?;
    if let Some(out) = &arguments.out {
        let run = session::written(&arguments.run);
        let run: Vec<&Path> = run.iter().map(|(_, file)| file.as_path()).collect();
        let outputs = [out.clone(), tables(out)].map(|file| ("--out", file));
        keep_apart(&outputs, &run)?;
        let data = arguments.data.clone().unwrap_or_else(default_data_dir);
        keep_out_of(&outputs, &data)?;
    }
    match RunKind::of(&checkpoint).map_err(Failure::input)? {
        RunKind::Classifier => classifier(arguments, &checkpoint),
        RunKind::Language => language(arguments, &checkpoint),
    }
}

/// Checks that a run is finished, where an unfinished one is not asked for.
fn check(
    arguments: &Export,
    checkpoint: &Path,
    unfinished: Option<&String>,
) -> Result<(), Failure> {
    match unfinished {
        Some(done) if !arguments.unfinished => Err(Failure::input(format!(
            "{}: {done}, expected a finished run: train with --resume goes on with it, --unfinished exports its best network so far",
            checkpoint.display()
        ))),
        _ => Ok(()),
    }
}

/// Writes the model file and returns its path.
fn write(arguments: &Export, model: &Model) -> Result<PathBuf, Failure> {
    let default = || PathBuf::from(format!("{}.safetensors", file_name(&model.name)));
    let file = arguments.out.clone().unwrap_or_else(default);
    model.write(&file).map_err(Failure::input)?;
    Ok(file)
}

/// Records the activity on the validation part of the data; a network is exported without it where nobody said where the data are
/// and they are not in the usual place.
fn record(
    arguments: &Export,
    model: &mut Model,
    sequences: Result<Vec<Sequence>, Failure>,
) -> Result<(), Failure> {
    match sequences {
        Ok(sequences) => Activity::of(model, &sequences).record(model),
        Err(failure) if arguments.data.is_some() => return Err(failure),
        Err(failure) => console::note(&format!(
            "note: the file records no activity, since the data cannot be read ({failure}); --data names their folder"
        )),
    }
    Ok(())
}

/// The word tables of a model file.
fn tables(file: &Path) -> PathBuf {
    file.with_extension("words.safetensors")
}

fn classifier(arguments: &Export, checkpoint: &Path) -> Result<(), Failure> {
    let trained = classify::read(checkpoint).map_err(Failure::input)?;
    check(arguments, checkpoint, trained.unfinished.as_ref())?;
    let mut model = classify::export(&trained).map_err(Failure::input)?;
    let sequences = examples::read(
        &model,
        arguments.data.as_deref(),
        Split::Validation,
        usize::MAX,
    );
    record(
        arguments,
        &mut model,
        sequences.map(|examples| examples.sequences()),
    )?;
    let file = write(arguments, &model)?;
    console::summary(
        || format!("wrote {}: {}\n", file.display(), model.name),
        || json!({"wrote": [file], "model": model.name}),
    )
}

fn language(arguments: &Export, checkpoint: &Path) -> Result<(), Failure> {
    let trained = language::read(checkpoint).map_err(Failure::input)?;
    check(arguments, checkpoint, trained.unfinished.as_ref())?;
    let (mut model, words) = language::export(&trained).map_err(Failure::input)?;
    let data = arguments.data.clone().unwrap_or_else(default_data_dir);
    let corpus = Corpus::read(trained.recipe.corpus, &data).map_err(Failure::input);
    let corpus = corpus.and_then(|corpus| match corpus.vocabulary == trained.vocabulary {
        true => Ok(corpus),
        false => Err(Failure::input(format!(
            "{}: the words are not those of the run, expected the text that it was trained on",
            data.display()
        ))),
    });
    let input = |token: &u32| words.input(*token, model.input_size);
    let sequences = corpus.map(|corpus| {
        let text = corpus.validation.iter().take(Activity::STEPS);
        vec![text.map(input).collect()]
    });
    record(arguments, &mut model, sequences)?;
    let file = write(arguments, &model)?;
    let tables = tables(&file);
    words.write(&tables).map_err(Failure::input)?;
    let (count, written, name) = (words.vocabulary.len(), file.display(), &model.name);
    let text = || match words.softmax {
        None => format!(
            "wrote {written}: {name}, ternary embedding, ternary softmax over {count} tokens\n"
        ),
        Some(_) => format!(
            "wrote {written}: {name}, ternary embedding\nwrote {}: {count} words, softmax in 32-bit floats\n",
            tables.display(),
        ),
    };
    console::summary(text, || json!({"wrote": [file, tables], "model": name}))
}
