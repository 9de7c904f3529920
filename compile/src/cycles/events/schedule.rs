//! The schedule of the event array: which list is read, and when a block ends.

use super::lists::Lists;
use super::output::Output;
use crate::cycles::record::Place;
use crate::shape::{EventPass, PassSource, Shape};

/// The registers of the schedule.
pub struct Schedule<'s> {
    shape: &'s Shape,
    passes: Vec<Vec<EventPass>>,
    section: usize,
    block: usize,
    pass: usize,
    at: usize,
    limit: usize,
    complete: bool,
    pause: bool,
    output_waits: bool,
    kept_end: usize,
    warm: bool,
    ending: bool,
    busy_until: u64,
    /// Steps that have ended.
    pub steps: usize,
}

/// What the schedule decides in a cycle.
#[derive(Default)]
pub struct Decision {
    /// An event of the present pass is read.
    pub event: bool,
    next_pass: bool,
    output_waits: bool,
    kept_end: Option<usize>,
    ending: Option<bool>,
    /// The inputs' list has been read for the last time.
    pub taken: bool,
    /// The layer whose first block ends.
    pub begins: Option<usize>,
    /// The layer whose last block ends.
    pub closes: Option<usize>,
    /// The block that ends.
    pub closed: Option<Closed>,
}

/// A block that ends.
#[derive(Clone, Copy)]
pub struct Closed {
    /// It is the head's.
    pub head: bool,
    /// Its layer, if it is not.
    pub layer: usize,
    /// It is the last layer's.
    pub top: bool,
    /// It is the section's last.
    pub closing: bool,
    /// Its results.
    pub results: usize,
    /// Its step has an output.
    pub due: bool,
    cycle: u64,
}

impl<'s> Schedule<'s> {
    pub fn new(shape: &'s Shape) -> Self {
        let passes = (0..shape.sections()).map(|section| shape.event_passes(section));
        Schedule {
            shape,
            passes: passes.collect(),
            section: 0,
            block: 0,
            pass: 0,
            at: 0,
            limit: 0,
            complete: false,
            pause: true,
            output_waits: false,
            kept_end: 0,
            warm: false,
            ending: false,
            // In cycle 0 the array is emptied.
            busy_until: shape.event_drain_cycles() as u64,
            steps: 0,
        }
    }

    /// The block that is summed.
    pub fn place(&self) -> Place {
        Place {
            step: self.steps,
            section: self.section,
            block: self.block,
        }
    }

    /// The pass of the block that is read, and the place of the next event in its list.
    pub fn event(&self) -> (usize, usize) {
        (self.pass, self.at)
    }

    /// What happens in a cycle.
    pub fn decide(&self, now: u64, lists: &Lists, output: &Output) -> Decision {
        let mut decision = Decision::default();
        // In cycle 0 the array is emptied, and in the next the first list is looked at.
        let (section, shape) = (self.section, self.shape);
        let (head, top) = (shape.is_head(section), section + 1 == shape.layers.len());
        let last_block = self.block + 1 == shape.blocks(section);
        decision.output_waits =
            (head && output.head_is_busy(now)) || (top && last_block && output.state_is_read());
        if now == 0 || self.pause {
            return decision;
        }
        let passes = &self.passes[section];
        let source = passes[self.pass].source;
        let own = source == PassSource::Own;
        let (limit, complete) = (self.limit, self.complete);
        let readable = complete || source != PassSource::Input;
        let exhausted = (own && !self.warm) || self.at == limit;
        let closes = self.pass + 1 == passes.len();
        decision.event = readable && !exhausted;
        let finished = complete && exhausted;
        let early = complete && decision.event && !closes && self.at + 1 == limit;
        let held = now < self.busy_until || self.output_waits;
        let closing = closes && finished && !held;
        decision.next_pass = early || (finished && !closes) || closing;
        if decision.next_pass && source == PassSource::Input {
            decision.ending = lists.input.map(|(_, ending)| ending);
            decision.taken = last_block;
        }
        if decision.next_pass && own && self.block == 0 {
            decision.kept_end = Some(limit);
        }
        if closing {
            let tail = shape.tail_rows(section);
            let results = if last_block {
                tail
            } else {
                shape.block_results(section)
            };
            decision.begins = (!head && self.block == 0).then_some(section);
            decision.closes = (!head && last_block).then_some(section);
            decision.closed = Some(Closed {
                head,
                layer: section,
                top,
                closing: last_block,
                results,
                due: shape.every || self.ending,
                cycle: now,
            });
        }
        decision
    }

    /// The registers after the cycle.
    pub fn advance(&mut self, now: u64, decision: &Decision, lists: &Lists) {
        self.follow(decision);
        self.output_waits = decision.output_waits;
        self.pause = now == 0 || decision.closed.is_some_and(|block| block.closing);
        (self.limit, self.complete) = self.list(lists);
    }

    /// Where the list of the present pass ends, and whether it is complete.
    fn list(&self, lists: &Lists) -> (usize, bool) {
        let layer = match self.passes[self.section][self.pass].source {
            PassSource::Input => {
                let input = lists.input.map(|(count, _)| count);
                return (input.unwrap_or(0), input.is_some());
            }
            PassSource::Own => self.section,
            PassSource::Below => self.section - 1,
        };
        let kept = layer == self.section && self.block > 0;
        let end = if kept {
            self.kept_end
        } else {
            lists.layer_counts[layer]
        };
        (end, lists.layer_done[layer])
    }

    fn follow(&mut self, decision: &Decision) {
        self.at += usize::from(decision.event);
        if let Some(end) = decision.kept_end {
            self.kept_end = end;
        }
        if let Some(ending) = decision.ending {
            self.ending = ending;
        }
        if decision.next_pass {
            self.at = 0;
            self.pass += 1;
        }
        let Some(closed) = decision.closed else {
            return;
        };
        self.busy_until = closed.cycle + self.shape.event_drain_cycles() as u64;
        (self.pass, self.block) = (0, self.block + 1);
        if closed.closing {
            (self.section, self.block) = (self.section + 1, 0);
            if self.section == self.shape.sections() || (closed.top && !closed.due) {
                self.section = 0;
                self.steps += 1;
                self.warm = !self.ending;
            }
        }
    }
}
