//! The lists of events as they are made.

use std::collections::VecDeque;

use super::schedule::Decision;
use super::{Arrival, StepEvents};
use crate::shape::Shape;

/// Inputs and hidden states on their way into the lists.
pub struct Lists<'s> {
    shape: &'s Shape,
    steps: VecDeque<Step>,
    scan: Scan,
    arrivals: VecDeque<Arrival>,
    stages: [Option<Element>; 2],
    scanned: Option<(usize, bool)>,
    /// Events of the inputs' list that is offered, and whether its step ends the sequence.
    pub input: Option<(usize, bool)>,
    input_count: usize,
    open: bool,
    /// Events in each layer's list.
    pub layer_counts: Vec<usize>,
    /// Whether each layer's list is complete.
    pub layer_done: Vec<bool>,
    hidden: Vec<VecDeque<bool>>,
}

/// A step's inputs before the core.
struct Step {
    events: Vec<bool>,
    ending: bool,
}

/// The beat that is scanned, element by element.
#[derive(Default)]
struct Scan {
    /// Elements left of the beat; none while there is no beat.
    beat: Option<usize>,
    index: usize,
}

/// An element between the stream or the cell and its list.
#[derive(Clone, Copy)]
struct Element {
    /// The layer; none for an input.
    layer: Option<usize>,
    event: bool,
    last: bool,
}

impl<'s> Lists<'s> {
    pub fn new(shape: &'s Shape) -> Self {
        let layers = shape.layers.len();
        Lists {
            shape,
            steps: VecDeque::new(),
            scan: Scan::default(),
            arrivals: VecDeque::new(),
            stages: [None; 2],
            scanned: None,
            input: None,
            input_count: 0,
            open: true,
            layer_counts: vec![0; layers],
            layer_done: vec![true; layers],
            hidden: vec![VecDeque::new(); layers],
        }
    }

    /// The sequences that the stream brings.
    pub fn bring(&mut self, sequences: &[Vec<StepEvents>]) {
        for sequence in sequences {
            for (t, step) in sequence.iter().enumerate() {
                self.steps.push_back(Step {
                    events: step.input.clone(),
                    ending: t + 1 == sequence.len(),
                });
                for (list, events) in self.hidden.iter_mut().zip(&step.hidden) {
                    list.extend(events);
                }
            }
        }
    }

    /// The next unit of a layer will have its hidden state in a cycle.
    pub fn send(&mut self, cycle: u64, layer: usize, last: bool) {
        let event = self.hidden[layer].pop_front().unwrap_or(false);
        self.arrivals.push_back(Arrival {
            cycle,
            layer,
            event,
            last,
        });
    }

    /// One clock cycle, in which the schedule decides so.
    pub fn cycle(&mut self, now: u64, decision: &Decision) {
        let [first, second] = self.stages;
        let arrival = self.arrivals.pop_front_if(|arrival| arrival.cycle == now);
        let element = match arrival {
            Some(arrival) => Some(Element {
                layer: Some(arrival.layer),
                event: arrival.event,
                last: arrival.last,
            }),
            None => self.scanned_element(),
        };
        if arrival.is_some() || element.is_none() {
            self.take_beat();
        }
        self.hand_over(decision.taken);
        if let Some(element) = second {
            self.list(element);
        }
        if let Some(layer) = decision.begins {
            self.layer_counts[layer] = 0;
        }
        if let Some(layer) = decision.closes {
            self.layer_done[layer] = false;
        }
        self.stages = [element, first];
    }

    /// The element that is scanned in this cycle.
    fn scanned_element(&mut self) -> Option<Element> {
        let left = self.scan.beat.filter(|_| self.open)?;
        let step = self.steps.front()?;
        let (index, size) = (self.scan.index, step.events.len());
        let last = index + 1 == size;
        let element = Element {
            layer: None,
            event: step.events[index],
            last,
        };
        self.scan.index = if last { 0 } else { index + 1 };
        self.scan.beat = (left > 1 && !last).then(|| left - 1);
        self.open = !last;
        Some(element)
    }

    /// A beat of the stream is taken where none is there.
    fn take_beat(&mut self) {
        if self.scan.beat.is_none() && !self.steps.is_empty() {
            self.scan.beat = Some(self.shape.design.lanes);
        }
    }

    /// The list of a step's inputs is offered.
    fn hand_over(&mut self, taken: bool) {
        let free = self.input.is_none();
        if taken {
            self.input = None;
        }
        if free && let Some(scanned) = self.scanned.take() {
            self.input = Some(scanned);
            self.open = true;
        }
    }

    /// An element reaches its list.
    fn list(&mut self, element: Element) {
        let event = usize::from(element.event);
        match element.layer {
            Some(layer) => {
                self.layer_counts[layer] += event;
                self.layer_done[layer] |= element.last;
            }
            None => {
                self.input_count += event;
                if element.last {
                    let ending = self.steps.pop_front().is_some_and(|step| step.ending);
                    self.scanned = Some((self.input_count, ending));
                    self.input_count = 0;
                }
            }
        }
    }
}
