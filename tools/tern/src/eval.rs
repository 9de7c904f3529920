//! `tern eval`: accuracy on spoken digits, executors against the golden model, and perplexity of
//! language models.

mod language;

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tern_gen_verilog::{Choice, Failure};
use tern_model::Model;
use tern_sim::executor::Executor;
use tern_train::FrontEnd;
use tern_train::evaluate::predict;
use tern_train::fsdd::{self, LABELS, Recording};

use crate::confusion::Confusion;
use crate::executors::{ExecutorName, golden};
use crate::progress;
use crate::recordings::{Split, recordings};

/// Measures a network's accuracy on spoken digits, or the perplexity of a trained language model.
///
/// Executors other than golden are also compared with it, output by output; a difference is exit code 1.
#[derive(Args)]
pub struct Eval {
    #[command(flatten)]
    choice: Choice,
    /// Folder of a training run: measure the perplexity of its language model
    #[arg(long, value_name = "RUN", conflicts_with_all = ["executor", "limit"])]
    run: Option<PathBuf>,
    /// Folder of the run of a full-precision language model to compare with
    #[arg(long, value_name = "RUN", requires = "run")]
    full: Option<PathBuf>,
    /// Folder of the data sets [default: TERN_DATA, otherwise shared/data here or above]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Part of the data set
    #[arg(long, value_enum, default_value = "test")]
    split: Split,
    /// What runs the network
    #[arg(long, value_enum, default_value = "golden")]
    executor: ExecutorName,
    /// Take the first N recordings only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What an evaluation found.
struct Outcome {
    confusion: Confusion,
    /// File names of the recordings on which the executor differs from golden.
    differing: Vec<String>,
}

/// Runs the command.
pub fn execute(eval: &Eval) -> Result<(), Failure> {
    let data = eval.data.clone().unwrap_or_else(fsdd::default_data_dir);
    if let Some(run) = &eval.run {
        return language::execute(run, eval.full.as_deref(), &data, eval.split, eval.json);
    }
    let prepared = eval.executor.prepare(&eval.choice)?;
    let model = prepared.model();
    if model.embedding.is_some() {
        if eval.executor != ExecutorName::Golden || eval.limit.is_some() {
            return Err(Failure::input(format!(
                "--executor and --limit are for recordings, expected neither for the language model {}; tern run --say compares executors",
                model.name
            )));
        }
        return language::of_model(model, &data, eval.split, eval.json);
    }
    let front_end = front_end(model)?;
    let mut recordings = recordings(&data, eval.split)?;
    recordings.truncate(eval.limit.map_or(usize::MAX, |limit| limit as usize));
    let mut executor = match eval.executor {
        ExecutorName::Golden => None,
        name => Some(prepared.executor(name)?),
    };
    let outcome = measure(model, executor.as_deref_mut(), &front_end, &recordings)?;
    Failure::print(&match eval.json {
        true => json(eval, model, &outcome),
        false => text(eval, model, &outcome),
    })?;
    match outcome.differing.first() {
        None => Ok(()),
        Some(first) => Err(Failure::difference(format!(
            "{} differs from golden on {} of {} recordings, first on {first}",
            eval.executor.name(),
            outcome.differing.len(),
            outcome.confusion.total()
        ))),
    }
}

/// The model's front end, if the model tells digits apart.
fn front_end(model: &Model) -> Result<FrontEnd, Failure> {
    if model.output_size() != LABELS.len() {
        return Err(Failure::input(format!(
            "the model {} has {} outputs, expected {}, one a digit",
            model.name,
            model.output_size(),
            LABELS.len()
        )));
    }
    let named = |error| Failure::input(format!("the model {}: {error}", model.name));
    FrontEnd::of_model(model).map_err(named)
}

/// Runs every recording through the executor, or the golden model where there is none.
fn measure(
    model: &Model,
    mut executor: Option<&mut (dyn Executor + '_)>,
    front_end: &FrontEnd,
    recordings: &[Recording],
) -> Result<Outcome, Failure> {
    let mut golden = golden(model)?;
    let bar = progress::bar("recordings", recordings.len());
    let mut outcome = Outcome {
        confusion: Confusion::new(LABELS.len()),
        differing: Vec::new(),
    };
    for recording in recordings {
        let features = front_end.read(&recording.path).map_err(Failure::input)?;
        let expected = golden.run(&features).map_err(Failure::input)?;
        let outputs = match &mut executor {
            Some(executor) => executor.run(&features).map_err(Failure::input)?,
            None => expected.clone(),
        };
        if outputs != expected {
            let name = recording.path.file_name().unwrap_or_default();
            outcome.differing.push(name.to_string_lossy().into_owned());
        }
        let predicted = outputs.last().map_or(0, |output| predict(output));
        outcome
            .confusion
            .count(recording.digit as usize, predicted as usize);
        bar.inc(1);
    }
    Ok(outcome)
}

/// The result for people.
fn text(eval: &Eval, model: &Model, outcome: &Outcome) -> String {
    let Outcome {
        confusion,
        differing,
    } = outcome;
    let (correct, total) = (confusion.correct(), confusion.total());
    let mut text = format!(
        "model     {}\nexecutor  {}\naccuracy  {:.2} % ({correct} of {total} recordings)\n",
        model.name,
        eval.executor.name(),
        100.0 * confusion.accuracy()
    );
    if eval.executor != ExecutorName::Golden {
        let count = differing.len();
        text += &format!("golden    {count} of {total} recordings differ\n");
    }
    text + "\nrows: spoken digit, columns: recognized digit\n"
        + &confusion.table(&LABELS.map(str::to_owned))
}

/// The result for programs.
fn json(eval: &Eval, model: &Model, outcome: &Outcome) -> String {
    let Outcome {
        confusion,
        differing,
    } = outcome;
    let value = json!({
        "model": model.name,
        "executor": eval.executor.name(),
        "recordings": confusion.total(),
        "correct": confusion.correct(),
        "accuracy": confusion.accuracy(),
        "differing": (eval.executor != ExecutorName::Golden).then_some(differing),
        "labels": LABELS,
        "confusion": confusion.counts(),
    });
    format!("{value}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tern_sim::SimError;

    /// The golden model with one wrong output, in the sequences of an even number.
    struct Wrong<'m> {
        golden: Box<dyn Executor + 'm>,
        sequence: usize,
    }

    impl Executor for Wrong<'_> {
        fn name(&self) -> &str {
            "wrong"
        }

        fn run(&mut self, sequence: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
            let mut outputs = self.golden.run(sequence)?;
            outputs[0][9] += i32::from(self.sequence.is_multiple_of(2));
            self.sequence += 1;
            Ok(outputs)
        }
    }

    #[test]
    fn recordings_that_differ_are_named() {
        let choice = Choice::default();
        let model = choice.model().expect("the bundled model");
        let front_end = front_end(&model).expect("the bundled front end");
        let folder = tempfile::tempdir().expect("a folder for the test");
        let recordings: Vec<Recording> = ["0_ann_0.wav", "1_ann_0.wav", "2_ann_0.wav"]
            .iter()
            .map(|name| {
                let path = folder.path().join(name);
                let spec = hound::WavSpec {
                    channels: 1,
                    sample_rate: 8000,
                    bits_per_sample: 16,
                    sample_format: hound::SampleFormat::Int,
                };
                let mut writer = hound::WavWriter::create(&path, spec).expect("a new file");
                (0..600).for_each(|k| writer.write_sample(k as i16).expect("room"));
                writer.finalize().expect("room");
                Recording::from_path(&path).expect("the name of a recording")
            })
            .collect();
        let mut wrong = Wrong {
            golden: golden(&model).expect("a valid model"),
            sequence: 0,
        };
        let outcome = measure(&model, Some(&mut wrong), &front_end, &recordings);
        let outcome = outcome.expect("recordings that can be read");
        assert_eq!(outcome.differing, ["0_ann_0.wav", "2_ann_0.wav"]);
        assert_eq!(outcome.confusion.total(), 3);
    }
}
