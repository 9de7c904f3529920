//! How right the network is on data, and how much happens in it.

use std::path::Path;

use tern_compile::cycles::Timeline;
use tern_compile::cycles::events::Activity;
use tern_compile::cycles::steps::StepCycles;
use tern_compile::design::Skip;
use tern_gen_verilog::choice::Core;
use tern_gen_verilog::failure::Failure;
use tern_model::network::{Model, Sequence};
use tern_report::facts::{self, Accuracy, Claim, Classes, Elements, Perplexity};

use crate::measure::eval::recordings::Split;
use crate::measure::eval::{classify, examples, language};

/// What data and the model's file say.
pub struct Measured {
    /// How right the network is.
    pub accuracy: Option<Accuracy>,
    /// How much changes from step to step.
    pub activity: Option<facts::Activity>,
    /// What the steps of the data take on the core.
    pub cycles: Option<StepCycles>,
    /// The first sequence of the data, with a name for it.
    pub first: Option<(String, Sequence)>,
}

/// Measures a core's network on the test part of `data`, if there are any.
pub fn of(core: &Core, data: Option<&Path>) -> Result<Measured, Failure> {
    let model = &core.model;
    let mut accuracy = Accuracy {
        claimed: claimed(model),
        ..Accuracy::default()
    };
    let sequences = match data {
        None => vec![],
        Some(data) if model.embedding.is_some() => {
            let measured = language::measure(model, data, Split::Test)?;
            accuracy.perplexity = Some(Perplexity {
                data: data.display().to_string(),
                tokens: measured.tokens,
                perplexity: measured.perplexity,
            });
            vec![measured.sequence]
        }
        Some(data) => {
            let examples = examples::read(model, Some(data), Split::Test, usize::MAX)?;
            accuracy.classes = Some(Classes {
                data: data.display().to_string(),
                what: examples.what.to_owned(),
                confusion: classify(model, &examples)?.counts().to_vec(),
                labels: examples.labels.clone(),
            });
            examples.sequences()
        }
    };
    let source = data.map(|data| format!("the test part of {}", data.display()));
    let activity = match &source {
        Some(source) => Some((source.clone(), Activity::of(model, &sequences))),
        None => core
            .activity
            .clone()
            .map(|activity| ("the model file".to_owned(), activity)),
    };
    let known = accuracy != Accuracy::default();
    let timeline = || Timeline::of(model, &core.program.shape, &sequences).step_cycles();
    Ok(Measured {
        accuracy: known.then_some(accuracy),
        activity: activity.map(|(source, activity)| counted(core, source, &activity)),
        cycles: (!sequences.is_empty()).then(timeline).flatten(),
        first: source.zip(sequences.into_iter().next()),
    })
}

/// What the training wrote into the model's file.
fn claimed(model: &Model) -> Option<Claim> {
    let test = model.training.as_ref()?.get("accuracy")?.get("test")?;
    let number = |name: &str| Some(test.get(name)?.as_u64()? as usize);
    Some(Claim {
        correct: number("correct")?,
        of: number("of")?,
    })
}

/// Counts by list, and of all lists in each step.
fn counted(core: &Core, source: String, activity: &Activity) -> facts::Activity {
    let shape = &core.program.shape;
    let layers = shape.layers.iter().enumerate();
    let layers = layers.map(|(k, layer)| match shape.layers.len() {
        1 => ("units".to_owned(), layer.hidden_size),
        _ => (format!("layer {}", k + 1), layer.hidden_size),
    });
    let lists = [("inputs".to_owned(), shape.input_size)]
        .into_iter()
        .chain(layers);
    let means = activity
        .mean(Skip::Delta)
        .into_iter()
        .zip(activity.mean(Skip::Zero));
    let hundredths = |value: f64| (value * 100.0).round() / 100.0;
    let elements = lists
        .zip(means)
        .map(|((name, count), (changed, nonzero))| Elements {
            name,
            count,
            changed: hundredths(changed),
            nonzero: hundredths(nonzero),
        });
    let steps = activity.steps(Skip::Delta);
    let mut changed: Vec<usize> = steps.iter().map(|counts| counts.iter().sum()).collect();
    changed.sort_unstable();
    facts::Activity {
        source,
        steps: steps.len(),
        elements: elements.collect(),
        changed_per_step: changed,
    }
}
