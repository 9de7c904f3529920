//! What the array does in each cycle, as the cycle models decide it.

use crate::shape::Shape;

/// What the array does in a run, in the order of cycles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What it takes.
    pub beats: Vec<Beat>,
    /// What it has summed.
    pub blocks: Vec<Block>,
}

/// What the array takes in one cycle: a chunk of activations, or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// The cycle in which the schedule decides so; row r of a dense array has the chunk r cycles later than row 0.
    pub cycle: u64,
    /// Time step of the run, counted from 0.
    pub step: usize,
    /// Recurrent layer from the input up, then the head.
    pub section: usize,
    /// Block of results that are summed together.
    pub block: usize,
    /// Pass of the block, as [`Shape::passes`] or [`Shape::event_passes`] list them.
    pub pass: usize,
    /// Chunk of the pass, from its number of chunks on a beat that only shifts the sums; of an event array the event's place in its list.
    pub element: usize,
}

/// A block whose results leave the array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The cycle in which the schedule decides its end.
    pub end: u64,
    /// Time step of the run, counted from 0.
    pub step: usize,
    /// Recurrent layer from the input up, then the head.
    pub section: usize,
    /// Block of the section.
    pub block: usize,
    /// Of each result, the cycle in which it leaves the array.
    pub leaves: Vec<u64>,
    /// Of each result that is a hidden unit, the cycle from which on its hidden state can be taken; none of the head.
    pub states: Vec<u64>,
}

impl Block {
    /// A block of the shape that ends in a cycle: `leaving` later its first result leaves, `state` later the hidden state can be
    /// taken that it becomes.
    pub(super) fn new(shape: &Shape, at: Place, end: u64, leaving: u64, state: u64) -> Block {
        let results = match at.block + 1 == shape.blocks(at.section) {
            true => shape.tail_rows(at.section),
            false => shape.block_results(at.section),
        };
        let places = || (0..results).map(|result| shape.result_place(result));
        let units = !shape.is_head(at.section);
        let states = places().filter(|_| units).map(|place| end + state + place);
        Block {
            end,
            step: at.step,
            section: at.section,
            block: at.block,
            leaves: places().map(|place| end + leaving + place).collect(),
            states: states.collect(),
        }
    }
}

/// A block of a time step.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub step: usize,
    pub section: usize,
    pub block: usize,
}

impl Shape {
    /// Cycles from a block's first result to another.
    pub(super) fn result_place(&self, result: usize) -> u64 {
        let lanes = self.design.lanes;
        match self.events() {
            true => (result / lanes * (lanes + 1) + result % lanes) as u64,
            false => result as u64,
        }
    }
}
