//! The exact cycle model of a core that sums events.
//!
//! What such a core does in a cycle depends on which elements are events, so the model goes from cycle to cycle: through the registers
//! of the schedule, the lists and the output, without any of their values.

mod activity;
mod lists;
mod output;
mod schedule;
mod step_events;

pub use activity::Activity;
pub use step_events::StepEvents;

use super::Timeline;
use super::record::{Beat, Block, Record};
use crate::shape::Shape;
use lists::Lists;
use output::{NUMBER, Output};
use schedule::{Decision, Schedule};

/// A core that sums events, from the first cycle after reset.
pub struct EventModel<'s> {
    shape: &'s Shape,
    lists: Lists<'s>,
    schedule: Schedule<'s>,
    output: Output<'s>,
    timeline: Timeline,
    record: Option<Record>,
}

/// A unit's hidden state on its way through the cell.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    cycle: u64,
    layer: usize,
    event: bool,
    last: bool,
}

/// From a block's end to the number of its first unit.
const UNIT: u64 = 4;

impl<'s> EventModel<'s> {
    /// A model of the shape, at reset.
    pub fn new(shape: &'s Shape) -> Self {
        EventModel {
            shape,
            lists: Lists::new(shape),
            schedule: Schedule::new(shape),
            output: Output::new(shape),
            timeline: Timeline::default(),
            record: None,
        }
    }

    /// Runs sequences, given as the events of their steps, one after the other.
    pub fn run(mut self, sequences: &[Vec<StepEvents>]) -> Timeline {
        self.run_all(sequences);
        self.timeline
    }

    /// The same, and what the array does in each cycle.
    pub fn record(mut self, sequences: &[Vec<StepEvents>]) -> (Timeline, Record) {
        self.record = Some(Record::default());
        self.run_all(sequences);
        (self.timeline, self.record.unwrap_or_default())
    }

    fn run_all(&mut self, sequences: &[Vec<StepEvents>]) {
        let steps = sequences.iter().map(Vec::len).sum::<usize>();
        self.lists.bring(sequences);
        let mut now = 0;
        while self.schedule.steps < steps || self.output.is_busy() {
            self.cycle(now);
            now += 1;
        }
    }

    /// One clock cycle.
    fn cycle(&mut self, now: u64) {
        let decision = self.schedule.decide(now, &self.lists, &self.output);
        self.output.cycle(now, &mut self.timeline.output_beats);
        self.note(now, &decision);
        if let Some(block) = decision.closed {
            if block.head {
                self.output.head_block(now, block.results, block.closing);
            } else {
                self.unit_block(now, block.layer, block.results, block.closing);
                self.output.unit_block(now, block.results);
                if block.closing && block.top {
                    self.timeline.step_ends.push(now);
                    if block.due && self.shape.outputs.is_none() {
                        self.output.state(now);
                    }
                }
            }
        }
        self.schedule.advance(now, &decision, &self.lists);
        self.lists.cycle(now, &decision);
    }

    /// The units of a block are on their way.
    fn unit_block(&mut self, now: u64, layer: usize, results: usize, closing: bool) {
        let state = self.state_cycles();
        for result in 0..results {
            let last = closing && result + 1 == results;
            let arrival = now + state + self.shape.result_place(result);
            self.lists.send(arrival, layer, last);
        }
    }

    /// From a block's end to the hidden state of its first unit.
    fn state_cycles(&self) -> u64 {
        UNIT + self.shape.cell_cycles() as u64
    }

    /// Records what the schedule decides.
    fn note(&mut self, cycle: u64, decision: &Decision) {
        let state = self.state_cycles();
        let Some(record) = &mut self.record else {
            return;
        };
        let (at, (pass, element)) = (self.schedule.place(), self.schedule.event());
        if decision.event {
            record.beats.push(Beat {
                cycle,
                step: at.step,
                section: at.section,
                block: at.block,
                pass,
                element,
            });
        }
        if decision.closed.is_some() {
            let block = Block::new(self.shape, at, cycle, NUMBER, state);
            record.blocks.push(block);
        }
    }
}
