//! How much happens in a network: counts of events, which a model file carries.

use serde::{Deserialize, Serialize};
use tern_model::file::read_value;
use tern_model::golden::Golden;
use tern_model::network::{Layer, Model};

use super::{EventModel, StepEvents};
use crate::cycles::Timeline;
use crate::design::Skip;
use crate::error::{Error, ErrorKind};
use crate::shape::Shape;

/// Where a model file has it, inside of `training`.
const FIELD: &str = "activity";
/// Counts of one time step: elements of the input, then units of each recurrent layer.
type Counts = Vec<usize>;

/// How many elements are events in the steps of some sequences.
///
/// ```
/// use tern_compile::cycles::events::Activity;
/// use tern_compile::design::Skip;
/// use tern_model::network::CellKind;
/// use tern_model::random::{RandomSpec, random_model, random_sequence};
///
/// let mut model = random_model(&RandomSpec::hitnet(CellKind::Lstm, 8, 16), 1);
/// let activity = Activity::of(&model, &[random_sequence(&model, 20, 1)]);
/// activity.record(&mut model);
/// assert_eq!(Activity::recorded(&model)?, Some(activity.clone()));
/// let [inputs, units] = activity.mean(Skip::Delta)[..] else { unreachable!() };
/// assert!(inputs <= 8.0 && units <= 16.0);
/// # Ok::<(), tern_compile::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// For each sequence and step how many elements changed, inputs first, then the layers from the input up.
    pub changed: Vec<Vec<Counts>>,
    /// The same of those that are not zero.
    pub nonzero: Vec<Vec<Counts>>,
}

impl Activity {
    /// Steps that are kept at most.
    pub const STEPS: usize = 1000;

    /// The counts of sequences, or of at most [`Activity::STEPS`] steps of them: of every k-th sequence from its first step.
    ///
    /// # Panics
    /// When an input does not pass [`Model::validate_input`].
    pub fn of(model: &Model, sequences: &[Vec<Vec<i32>>]) -> Activity {
        let steps: usize = sequences.iter().map(Vec::len).sum();
        let every = steps.div_ceil(Self::STEPS).clamp(1, sequences.len().max(1));
        let mut left = Self::STEPS;
        let mut activity = Activity {
            changed: vec![],
            nonzero: vec![],
        };
        for sequence in sequences.iter().step_by(every) {
            let part = &sequence[..sequence.len().min(left)];
            left -= part.len();
            if !part.is_empty() {
                activity.add(model, part);
            }
        }
        activity
    }

    /// Counts the events of one sequence.
    fn add(&mut self, model: &Model, sequence: &[Vec<i32>]) {
        let mut golden = Golden::new(model);
        let mut before: Vec<Vec<i64>> = sizes(model).map(|size| vec![0; size]).collect();
        let (mut changed, mut nonzero) = (vec![], vec![]);
        for x in sequence {
            golden.step(x);
            let layers = golden.layers()[..before.len() - 1].iter();
            let states = layers.map(|layer| layer.output().to_vec());
            let now: Vec<Vec<i64>> = [model.input_values(x)].into_iter().chain(states).collect();
            let differ = |(now, before): (&Vec<i64>, &Vec<i64>)| {
                now.iter().zip(before).filter(|(a, b)| a != b).count()
            };
            changed.push(now.iter().zip(&before).map(differ).collect());
            let alive = |now: &Vec<i64>| now.iter().filter(|value| **value != 0).count();
            nonzero.push(now.iter().map(alive).collect());
            before = now;
        }
        self.changed.push(changed);
        self.nonzero.push(nonzero);
    }

    /// What the model's file carries, if it does.
    ///
    /// # Errors
    /// When field `training.activity` has another form, or counts more elements than the model has.
    pub fn recorded(model: &Model) -> Result<Option<Activity>, Error> {
        let Some(value) = model.training.as_ref().and_then(|value| value.get(FIELD)) else {
            return Ok(None);
        };
        let activity: Activity = read_value(value).map_err(|fault| {
            let path = fault.path("training.activity");
            Error::new(
                ErrorKind::Network,
                format!("field `{path}` {}", fault.problem),
            )
        })?;
        match activity.flaw(model) {
            None => Ok(Some(activity)),
            Some(flaw) => Err(Error::new(
                ErrorKind::Network,
                format!("field `training.activity` {flaw}"),
            )),
        }
    }

    /// What contradicts the model.
    fn flaw(&self, model: &Model) -> Option<String> {
        let lengths = |all: &[Vec<Counts>]| all.iter().map(Vec::len).collect::<Vec<_>>();
        if lengths(&self.changed) != lengths(&self.nonzero) {
            return Some(
                "has `changed` and `nonzero` of different steps, expected the same".to_owned(),
            );
        }
        let sizes: Vec<usize> = sizes(model).collect();
        let fits = |counts: &&Counts| {
            let pairs = counts.iter().zip(&sizes);
            counts.len() == sizes.len() && pairs.into_iter().all(|(count, size)| count <= size)
        };
        let mut all = self.changed.iter().chain(&self.nonzero).flatten();
        let wrong = all.find(|counts| !fits(counts))?;
        Some(format!("has {wrong:?}, expected at most {sizes:?}"))
    }

    /// Writes it into the model's `training`.
    pub fn record(&self, model: &mut Model) {
        let value = serde_json::json!(self);
        match model.training.as_mut().and_then(|t| t.as_object_mut()) {
            Some(training) => {
                training.insert(FIELD.to_owned(), value);
            }
            None => model.training = Some(serde_json::json!({ FIELD: value })),
        }
    }

    /// Mean events of a step: of the inputs, then of each recurrent layer.
    pub fn mean(&self, skip: Skip) -> Vec<f64> {
        let steps = self.steps(skip);
        let lists = steps.first().map_or(0, |counts| counts.len());
        let mean = |list: usize| {
            let sum: usize = steps.iter().map(|counts| counts[list]).sum();
            sum as f64 / steps.len() as f64
        };
        (0..lists).map(mean).collect()
    }

    /// The counts of all steps.
    pub fn steps(&self, skip: Skip) -> Vec<Vec<usize>> {
        self.counts(skip).concat()
    }

    fn counts(&self, skip: Skip) -> &[Vec<Counts>] {
        match skip {
            Skip::Delta => &self.changed,
            Skip::Zero => &self.nonzero,
        }
    }

    /// The cycles of the sequences on a core that sums events, if the events of a step are spread evenly over the elements.
    pub fn timeline(&self, shape: &Shape) -> Timeline {
        let sequences = self.counts(shape.design.skip).iter().zip(&self.nonzero);
        let steps = sequences.map(|(steps, nonzero)| {
            let mut steps = steps.clone();
            if shape.lists_the_last_state_whole()
                && let Some((last, alive)) = steps.last_mut().zip(nonzero.last())
            {
                let top = alive.len() - 1;
                last[top] = alive[top];
            }
            let events = steps.iter().map(|counts| StepEvents::spread(shape, counts));
            events.collect()
        });
        EventModel::new(shape).run(&steps.collect::<Vec<_>>())
    }
}

/// Elements of the input, then of each recurrent layer.
fn sizes(model: &Model) -> impl Iterator<Item = usize> {
    let recurrent = |layer: &&Layer| !matches!(layer, Layer::Linear(_));
    let layers = model.layers.iter().filter(recurrent);
    [model.input_size]
        .into_iter()
        .chain(layers.map(Layer::output_size))
}
