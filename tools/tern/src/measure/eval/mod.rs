//! `tern eval`: accuracy of classifiers, executors against the golden model, and perplexity of
//! language models.

mod classifier;
pub mod confusion;
pub mod examples;
pub mod language;
pub mod recordings;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use tern_compile::cycles::Timeline;
use tern_compile::cycles::events::Activity;
use tern_compile::cycles::steps::StepCycles;
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::outputs::{keep_apart, keep_out_of};
use tern_model::network::{Model, Sequence};
use tern_sim::executor::Executor;
use tern_sim::executor::name::ExecutorName;
use tern_train::classify::evaluate::{Example, predict};
use tern_train::data::fsdd;
use tern_train::run::RunKind;

use self::confusion::Confusion;
use self::examples::Examples;
use self::recordings::Split;
use crate::executors::{Prepared, golden, parser};
use crate::network::train::session::begun;
use crate::progress;

/// Measures the accuracy of a model file, or what a training run reached: accuracy, or perplexity of a language model.
///
/// A model is measured on the data that it was made for: spoken digits, Japanese Vowels, or a folder that --data names.
///
/// Executors other than golden are also compared with it, output by output; a difference is exit code 1. With --design or --dataflow
/// the cycles that the time steps of the data take on that array are counted.
#[derive(Args)]
pub struct Eval {
    #[command(flatten)]
    choice: Choice,
    /// Folder of a training run: measure its network in training and in integers
    #[arg(long, value_name = "RUN", conflicts_with_all = ["executor", "limit", "model", "design", "device", "reserve", "dataflow", "prefix"])]
    run: Option<PathBuf>,
    /// Folder of the run of a full-precision network to compare with
    #[arg(long, value_name = "RUN", requires = "run")]
    full: Option<PathBuf>,
    /// Folder of the data sets, or of your own [default: TERN_DATA, otherwise shared/data here or above]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Part of the data set
    #[arg(long, value_name = "PART", value_enum, default_value = "test")]
    split: Split,
    /// What runs the network
    #[arg(long, value_name = "NAME", value_parser = parser(), default_value = "golden")]
    executor: ExecutorName,
    /// Take the first N sequences only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Write the model with its activity on these data, how many elements are events in each step, to this file
    #[arg(long, value_name = "FILE", conflicts_with = "run")]
    record: Option<PathBuf>,
}

/// What an evaluation found.
struct Evaluation {
    confusion: Confusion,
    /// Names of the sequences on which the executor differs from golden.
    differing: Vec<String>,
    /// What the time steps of the sequences take on the array that was chosen.
    cycles: Option<StepCycles>,
}

/// Runs the command.
pub fn execute(eval: &Eval) -> Result<(), Failure> {
    let data = eval.data.clone().unwrap_or_else(fsdd::default_data_dir);
    if let Some(run) = &eval.run {
        let full = eval.full.as_deref();
        let kind = RunKind::of(&begun(run)?).map_err(Failure::input)?;
        return match kind {
            RunKind::Classifier => classifier::execute(run, full, eval.data.as_ref(), eval.split),
            RunKind::Language => language::execute(run, full, &data, eval.split),
        };
    }
    if let Some(file) = &eval.record {
        let output = [("--record", file.clone())];
        keep_apart(&output, &eval.choice.inputs())?;
        keep_out_of(&output, &data)?;
    }
    let prepared = Prepared::new(eval.executor, &eval.choice)?;
    let model = prepared.model();
    if model.embedding.is_some() {
        if eval.executor != ExecutorName::Golden || eval.limit.is_some() {
            return Err(Failure::input(format!(
                "--executor and --limit are for recordings, expected neither for the language model {}; tern run --say compares executors",
                model.name
            )));
        }
        return language::of_model(&prepared, &data, eval.split, eval.record.as_deref());
    }
    let limit = eval.limit.map_or(usize::MAX, |limit| limit as usize);
    let examples = examples::read(model, eval.data.as_deref(), eval.split, limit)?;
    let mut executor = match eval.executor {
        ExecutorName::Golden => None,
        name => Some(prepared.executor(name)?),
    };
    let mut evaluation = measure(model, executor.as_deref_mut(), &examples)?;
    let sequences = examples.sequences();
    evaluation.cycles = cycles(&prepared, &sequences);
    if let Some(file) = &eval.record {
        record(model, &sequences, file)?;
    }
    console::answer(
        || text(eval, model, &examples, &evaluation),
        || json(eval, model, &examples, &evaluation),
    )?;
    match evaluation.differing.first() {
        None => Ok(()),
        Some(first) => Err(Failure::difference(format!(
            "{} differs from golden on {} of {} {}, first on {first}",
            eval.executor.name(),
            evaluation.differing.len(),
            evaluation.confusion.total(),
            examples.what
        ))),
    }
}

/// Runs every sequence through the golden model and counts what each is taken for.
pub fn classify(model: &Model, examples: &Examples) -> Result<Confusion, Failure> {
    measure(model, None, examples).map(|evaluation| evaluation.confusion)
}

/// Runs every sequence through the executor, or the golden model where there is none.
fn measure(
    model: &Model,
    mut executor: Option<&mut (dyn Executor + '_)>,
    examples: &Examples,
) -> Result<Evaluation, Failure> {
    let mut golden = golden(model)?;
    let bar = progress::bar(examples.what, examples.examples.len());
    if let Some(executor) = &mut executor {
        let bar = bar.clone();
        executor.watch(Box::new(move |steps| {
            bar.set_message(format!("step {steps}"))
        }));
    }
    let mut evaluation = Evaluation {
        confusion: Confusion::new(examples.labels.len()),
        differing: Vec::new(),
        cycles: None,
    };
    for example in &examples.examples {
        let Example {
            name,
            features,
            class,
        } = example;
        let expected = golden.run(features).map_err(Failure::input)?;
        let outputs = match &mut executor {
            Some(executor) => executor.run(features).map_err(Failure::input)?,
            None => expected.clone(),
        };
        if outputs != expected {
            evaluation.differing.push(name.clone());
        }
        let predicted = outputs.last().map_or(0, |output| predict(output));
        evaluation.confusion.count(*class, predicted);
        bar.inc(1);
    }
    Ok(evaluation)
}

/// What the time steps of sequences take on a core, one after the other.
fn cycles(prepared: &Prepared, sequences: &[Sequence]) -> Option<StepCycles> {
    match prepared {
        Prepared::Model(_) => None,
        Prepared::Core(core) => {
            Timeline::of(&core.model, &core.program.shape, sequences).step_cycles()
        }
    }
}

/// Writes the model with its activity on the sequences.
fn record(model: &Model, sequences: &[Sequence], file: &Path) -> Result<(), Failure> {
    let mut model = model.clone();
    Activity::of(&model, sequences).record(&mut model);
    model.write(file).map_err(Failure::input)?;
    console::note(&format!(
        "wrote {}: {} with its activity",
        file.display(),
        model.name
    ));
    Ok(())
}

/// Mean, 99th percentile and most of a step's cycles, for people.
fn cycles_text(cycles: &StepCycles) -> String {
    let StepCycles {
        mean,
        percentile_99,
        most,
    } = cycles;
    format!(
        "{mean:.1} per time step on average, at most {percentile_99} in 99 of 100 steps, {most} in all"
    )
}

/// The result for people.
fn text(eval: &Eval, model: &Model, examples: &Examples, evaluation: &Evaluation) -> String {
    let Evaluation {
        confusion,
        differing,
        cycles,
    } = evaluation;
    let (correct, total, what) = (confusion.correct(), confusion.total(), examples.what);
    let mut text = format!(
        "model     {}\nexecutor  {}\naccuracy  {:.2} % ({correct} of {total} {what})\n",
        model.name,
        eval.executor.name(),
        100.0 * confusion.accuracy()
    );
    if eval.executor != ExecutorName::Golden {
        let count = differing.len();
        text += &format!("golden    {count} of {total} {what} differ\n");
    }
    if let Some(cycles) = cycles {
        text += &format!("cycles    {}\n", cycles_text(cycles));
    }
    text + "\nrows: true class, columns: recognized class\n" + &confusion.table(&examples.labels)
}

/// The result for programs.
fn json(eval: &Eval, model: &Model, examples: &Examples, evaluation: &Evaluation) -> Value {
    let Evaluation {
        confusion,
        differing,
        cycles,
    } = evaluation;
    json!({
        "model": model.name,
        "executor": eval.executor.name(),
        (examples.what): confusion.total(),
        "correct": confusion.correct(),
        "accuracy": confusion.accuracy(),
        "differing": (eval.executor != ExecutorName::Golden).then_some(differing),
        "cycles_per_step": cycles,
        "labels": examples.labels,
        "confusion": confusion.counts(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tern_sim::error::SimError;

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

        fn go_on(&mut self, steps: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
            self.golden.go_on(steps)
        }
    }

    #[test]
    fn recordings_that_differ_are_named() {
        let choice = Choice::default();
        let model = choice.model().expect("the bundled model");
        let example = |class: usize| Example {
            name: format!("{class}.wav"),
            features: vec![vec![7 * class as i32; model.input_size]; 3],
            class,
        };
        let examples = Examples {
            what: "recordings",
            labels: model.labels.clone().expect("labels"),
            examples: (0..3).map(example).collect(),
        };
        let mut wrong = Wrong {
            golden: golden(&model).expect("a valid model"),
            sequence: 0,
        };
        let evaluation = measure(&model, Some(&mut wrong), &examples).expect("sequences that run");
        assert_eq!(evaluation.differing, ["0.wav", "2.wav"]);
        assert_eq!(evaluation.confusion.total(), 3);
    }
}
