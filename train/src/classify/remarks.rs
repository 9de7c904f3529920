//! What a user should know about a trained classifier, in words.

use crate::classify::checkpoint::{Trained, read};
use crate::classify::data::{self, Data};
use crate::classify::evaluate::Example;
use crate::classify::outcome::Outcome;
use crate::classify::task::Figures;
use crate::error::TrainError;
use crate::run::config::RunConfig;

/// Sequences that are run at once.
const CHUNK: usize = 64;
/// Deviations from what guessing gives that chance is taken to explain.
const DEVIATIONS: f64 = 2.0;
/// Share of the sequences by which a network may stay behind its teacher without a remark.
const BEHIND: f64 = 0.02;

/// What a user should know about the network of a finished run, one sentence each: units that do
/// nothing, results that guessing gives too, and what its teacher does better.
///
/// # Errors
/// When a checkpoint cannot be read or the tensor library fails.
pub fn remarks(data: &Data, config: &RunConfig) -> Result<Vec<String>, TrainError> {
    let trained = read(&config.checkpoint)?;
    let mut remarks = Vec::new();
    let Some(figures) = &trained.figures else {
        return Ok(remarks);
    };
    let teacher = config.teacher.as_deref().map(read).transpose()?;
    let teacher = teacher.and_then(|teacher| teacher.figures);
    remarks.extend(at_chance(data, figures, teacher.as_ref()));
    remarks.extend(teacher.and_then(|teacher| behind(figures, &teacher)));
    if trained.recipe.hitnet().is_some() {
        remarks.extend(dead_units(&trained, data)?);
    }
    Ok(remarks)
}

/// Validation and test together.
fn held_out(figures: &Figures) -> Outcome {
    let Figures {
        validation, test, ..
    } = figures;
    Outcome {
        correct: validation.correct + test.correct,
        of: validation.of + test.of,
        loss: 0.0,
    }
}

/// Most sequences of `examples` that are of one class, and its place.
fn most_frequent<'e>(
    examples: impl Iterator<Item = &'e Example>,
    classes: usize,
) -> (usize, usize) {
    let mut counts = vec![0; classes];
    examples.for_each(|example| counts[example.class] += 1);
    let most = (0..classes).max_by_key(|class| (counts[*class], std::cmp::Reverse(*class)));
    most.map_or((0, 0), |class| (counts[class], class))
}

/// Whether a result is one that always saying the most frequent of the classes gives too.
fn is_chance(Outcome { correct, of, .. }: Outcome, most: usize) -> bool {
    let share = most as f64 / of.max(1) as f64;
    let deviation = (of as f64 * share * (1.0 - share)).sqrt();
    correct < of && correct as f64 <= most as f64 + DEVIATIONS * deviation
}

/// A result on validation and test that guessing gives too.
fn at_chance(data: &Data, figures: &Figures, teacher: Option<&Figures>) -> Option<String> {
    let labels = &data.meaning.labels;
    let result = held_out(figures);
    let examples = || data.validation.iter().chain(&data.test);
    let (most, class) = most_frequent(examples(), labels.len());
    if !is_chance(result, most) {
        return None;
    }
    let (of_train, _) = most_frequent(data.train.iter(), labels.len());
    let taught = teacher.is_some_and(|teacher| !is_chance(held_out(teacher), most));
    let next = match (taught, is_chance(figures.train, of_train)) {
        (true, _) => {
            "full precision is better on the same data: try more --epochs, or a recipe with more units"
        }
        (false, true) => {
            "training is at chance too: check that files and labels belong together and that the features tell the classes apart, then try more units or --epochs"
        }
        (false, false) => {
            "the training sequences are known by heart: try more sequences, or fewer units or features"
        }
    };
    let (correct, of, label) = (result.correct, result.of, &labels[class]);
    Some(format!(
        "of validation and test {correct} of {of} are right, which chance explains, as always answering \"{label}\" gives {most}; {next}"
    ))
}

/// What the teacher does better.
fn behind(figures: &Figures, teacher: &Figures) -> Option<String> {
    let (own, full) = (held_out(figures), held_out(teacher));
    let behind = full.correct as f64 - own.correct as f64;
    (behind > BEHIND * own.of as f64).then(|| {
        format!(
            "of validation and test its full-precision teacher has {} of {} right, this network {}: more --epochs, or a recipe with more units, brings them together",
            full.correct, full.of, own.correct
        )
    })
}

/// Units that do nothing.
fn dead_units(trained: &Trained, data: &Data) -> Result<Vec<String>, TrainError> {
    let batches = data.train.chunks(CHUNK).map(data::batch);
    let dead = trained.network.dead_units(batches)?;
    let units = trained.recipe.units;
    let layers = dead.iter().enumerate().filter(|(_, dead)| **dead > 0);
    let remark = |(layer, dead): (usize, &usize)| {
        let next = match *dead == units {
            true => {
                "every output is the same for all sequences: try another --seed, more --epochs or `alive = 0.5` in the recipe"
            }
            false => "they only cost hardware: a recipe with fewer units does the same",
        };
        let layer = layer + 1;
        format!("layer {layer}: {dead} of {units} units stay 0 in all training sequences; {next}")
    };
    Ok(layers.map(remark).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_stays_behind_its_teacher_is_told() {
        let figures = |correct| {
            let outcome = Outcome {
                correct,
                of: 50,
                loss: 0.1,
            };
            Figures {
                train: outcome,
                validation: outcome,
                test: outcome,
            }
        };
        let teacher = figures(48);
        for correct in [50, 48, 47] {
            assert_eq!(behind(&figures(correct), &teacher), None, "{correct}");
        }
        let told = behind(&figures(46), &teacher).expect("it is behind");
        let expected =
            "its full-precision teacher has 96 of 100 right, this network 92: more --epochs";
        assert!(told.contains(expected), "{told}");
    }

    #[test]
    fn chance_is_what_guessing_explains() {
        let outcome = |correct, of| Outcome {
            correct,
            of,
            loss: 0.0,
        };
        for (correct, of, most, chance) in [
            (8, 16, 8, true),
            (12, 16, 8, true),
            (13, 16, 8, false),
            (10, 40, 10, true),
            (15, 40, 10, true),
            (16, 40, 10, false),
            (2, 2, 1, false),
            (1, 2, 1, true),
            (0, 0, 0, false),
        ] {
            assert_eq!(
                is_chance(outcome(correct, of), most),
                chance,
                "{correct} of {of}"
            );
        }
    }
}
