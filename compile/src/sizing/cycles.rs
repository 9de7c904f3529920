//! Cycles of a time step, estimated without running the schedule.

use crate::cycles::events::Activity;
use crate::shape::{PassSource, Shape};

/// From a hidden state in memory to the end of the block that awaits it: it is listed, and the list read.
const LISTED: usize = 2;

impl Shape {
    /// Cycles of a step by estimate; of an event array on average, or, where nothing is known of the network's activity, the most.
    pub(super) fn step_estimate(&self, activity: Option<&Activity>) -> usize {
        match self.events() {
            true => self.mean_over(activity, |counts| self.cycles_of_events(counts)),
            false => self.dense_step_estimate(),
        }
    }

    fn dense_step_estimate(&self) -> usize {
        let rows = self.design.rows;
        let beats = (0..self.sections()).map(|s| self.blocks(s) * self.block_beats(s).max(rows));
        let idle = (0..self.layers.len()).map(|layer| {
            let passes = self.passes(self.reader(layer));
            let before = passes
                .iter()
                .take_while(|pass| !self.waits(self.reader(layer), pass.source));
            let hidden: usize = before.map(|pass| self.pass_beats(pass)).sum();
            self.settle_cycles(layer).saturating_sub(hidden)
        });
        beats.sum::<usize>() + idle.sum::<usize>()
    }

    /// The section that waits for a layer's hidden states.
    fn reader(&self, layer: usize) -> usize {
        if layer + 1 < self.sections() {
            layer + 1
        } else {
            0
        }
    }

    /// The mean over the recorded steps of what their counts of events make; without an activity every element is an event.
    fn mean_over(&self, activity: Option<&Activity>, of: impl Fn(&[usize]) -> f64) -> usize {
        let recorded = activity.map(|activity| activity.steps(self.design.skip));
        let steps = recorded.filter(|steps| !steps.is_empty());
        let steps = steps.unwrap_or_else(|| {
            let layers = self.layers.iter().map(|layer| layer.hidden_size);
            vec![[self.input_size].into_iter().chain(layers).collect()]
        });
        let sum: f64 = steps.iter().map(|counts| of(counts)).sum();
        (sum / steps.len() as f64).round() as usize
    }

    /// Cycles of a step in which an event array has events to sum.
    pub(super) fn event_busy_estimate(&self, activity: Option<&Activity>) -> usize {
        self.mean_over(activity, |counts| {
            let sections = 0..self.sections_of_a_step();
            let events = sections.map(|s| self.blocks(s) as f64 * self.block_events(counts, s));
            events.sum()
        })
    }

    /// Cycles of a step with so many events of the inputs and of each layer.
    ///
    /// A block takes a cycle per event and one more, but at least as long as the block before it takes to drain. A section's first
    /// block begins a cycle later, and ends when the states that it waits for have settled.
    fn cycles_of_events(&self, counts: &[usize]) -> f64 {
        let (layers, sections) = (self.layers.len(), self.sections_of_a_step());
        let drain = self.event_drain_cycles() as f64;
        let cycles = (0..sections).map(|section| {
            let awaited = match section.checked_sub(1) {
                None if sections > layers => None,
                None => layers.checked_sub(1),
                below => below,
            };
            let settled = awaited.map_or(0, |layer| self.settle_cycles(layer) + LISTED) as f64;
            let events = self.block_events(counts, section);
            let first = (events + 2.0).max(drain).max(settled);
            first + (self.blocks(section) - 1) as f64 * (events + 1.0).max(drain)
        });
        cycles.sum()
    }

    /// Recurrent layers, and the head where it has an output every step.
    fn sections_of_a_step(&self) -> usize {
        self.layers.len() + usize::from(self.outputs.is_some() && self.every)
    }

    /// Events of a section's block.
    fn block_events(&self, counts: &[usize], section: usize) -> f64 {
        let events = |source| match source {
            PassSource::Input => counts[0],
            PassSource::Own => counts[1 + section],
            PassSource::Below => counts[section],
        };
        let passes = self.event_passes(section).into_iter();
        let events: usize = passes.map(|pass| events(pass.source)).sum();
        match self.is_head(section) {
            true => events as f64 / self.design.rows as f64,
            false => events as f64,
        }
    }
}
