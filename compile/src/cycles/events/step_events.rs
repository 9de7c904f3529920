//! Which elements are events, from a run of the golden model.

use crate::shape::Shape;
use tern_model::golden::Golden;
use tern_model::network::Model;

/// The elements of a time step that are events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepEvents {
    /// For each input whether it is one.
    pub input: Vec<bool>,
    /// For each layer and unit whether its new hidden state is one, in the list that the step makes.
    pub hidden: Vec<Vec<bool>>,
}

impl StepEvents {
    /// A step in which every element is one.
    pub fn all(shape: &Shape) -> StepEvents {
        let hidden = shape
            .layers
            .iter()
            .map(|layer| vec![true; layer.hidden_size]);
        StepEvents {
            input: vec![true; shape.input_size],
            hidden: hidden.collect(),
        }
    }

    /// A step with as many events of the inputs and of each layer as `counts` says, spread evenly over the elements.
    pub(super) fn spread(shape: &Shape, counts: &[usize]) -> StepEvents {
        let spread = |size: usize, count: usize| {
            let before = |element: usize| element * count / size;
            let is_event = |element: usize| before(element + 1) > before(element);
            (0..size).map(is_event).collect()
        };
        let layers = shape.layers.iter().zip(&counts[1..]);
        StepEvents {
            input: spread(shape.input_size, counts[0]),
            hidden: layers
                .map(|(layer, count)| spread(layer.hidden_size, *count))
                .collect(),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        let lists = self.hidden.iter().chain([&self.input]);
        lists.flatten().filter(|event| **event).count()
    }

    /// The events of the steps of sequences.
    ///
    /// # Panics
    /// When an input does not pass [`Model::validate_input`].
    pub fn all_of(
        model: &Model,
        shape: &Shape,
        sequences: &[Vec<Vec<i32>>],
    ) -> Vec<Vec<StepEvents>> {
        let events = |sequence: &Vec<Vec<i32>>| StepEvents::of(model, shape, sequence);
        sequences.iter().map(events).collect()
    }

    /// The events of a sequence's steps.
    ///
    /// # Panics
    /// When an input does not pass [`Model::validate_input`].
    pub fn of(model: &Model, shape: &Shape, sequence: &[Vec<i32>]) -> Vec<StepEvents> {
        let mut golden = Golden::new(model);
        let layers = shape.layers.len();
        let mut before = vec![0; model.input_size];
        let mut states: Vec<Vec<i64>> = shape
            .layers
            .iter()
            .map(|layer| vec![0; layer.hidden_size])
            .collect();
        let last = sequence.len().saturating_sub(1);
        let steps = sequence.iter().enumerate();
        let steps = steps.map(|(t, x)| {
            golden.step(x);
            let x = model.input_values(x);
            let input = changed(&x, &before, !shape.sums_changes());
            let hidden = (0..layers).map(|layer| {
                let new = golden.layers()[layer].output().to_vec();
                let whole = shape.lists_the_last_state_whole() && t == last && layer + 1 == layers;
                let events = changed(&new, &states[layer], !shape.sums_changes() || whole);
                states[layer] = new;
                events
            });
            let hidden = hidden.collect();
            before = x;
            StepEvents { input, hidden }
        });
        steps.collect()
    }
}

/// The elements that differ from those before, or from zero.
fn changed(new: &[i64], before: &[i64], from_zero: bool) -> Vec<bool> {
    let pairs = new.iter().zip(before);
    pairs
        .map(|(new, before)| *new != if from_zero { 0 } else { *before })
        .collect()
}
