//! What keeps an array from being faster.

use super::budget::Shortage;
use super::{AS_FAST, every_size};
use crate::cycles::events::Activity;
use crate::design::Design;
use crate::program::resized;
use crate::shape::Shape;

/// Why a network's time step does not take fewer cycles on its device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// No array of as many columns is faster by more than 1 %.
    Network {
        /// Cycles of a step in which the array waits for the last units of the step before.
        waiting: u64,
    },
    /// Each faster array needs more of something than there is; the one that needs the least too much of it.
    Short {
        /// That array.
        design: Box<Design>,
        /// What it lacks.
        shortage: Shortage,
    },
    /// A faster array fits: the one of the fewest cycles.
    Choice {
        /// That array.
        design: Box<Design>,
        /// Its cycles per time step.
        cycles: u64,
    },
}

impl Shape {
    /// What keeps a step from taking fewer cycles by more than 1 %, on another array of as many columns; an event array on average,
    /// by the model's activity where it is known.
    pub fn bound(&self, activity: Option<&Activity>) -> Bound {
        let estimate = |shape: &Shape| shape.step_estimate(activity);
        let limit = (1.0 - AS_FAST) * estimate(self) as f64;
        let faster = every_size(self)
            .filter_map(|design| resized(self, design).ok())
            .filter(|shape| (estimate(shape) as f64) < limit);
        // Fewer cycles by estimate, or as many with fewer logic cells.
        let rank = |shape: &Shape| (estimate(shape), shape.cell_estimate());
        let mut fitting: Option<Shape> = None;
        let mut short: Option<(Shape, Shortage)> = None;
        for shape in faster {
            match shape.shortage() {
                None if fitting
                    .as_ref()
                    .is_none_or(|best| rank(&shape) < rank(best)) =>
                {
                    fitting = Some(shape);
                }
                None => {}
                Some(lack) => {
                    let less = |(_, least): &(Shape, Shortage)| lack.excess() < least.excess();
                    if short.as_ref().is_none_or(less) {
                        short = Some((shape, lack));
                    }
                }
            }
        }
        // What is faster by estimate need not be.
        let cycles = |shape: &Shape| shape.mean_cycles(activity);
        let faster = |shape: &Shape| cycles(shape) < (1.0 - AS_FAST) * cycles(self);
        match (fitting.filter(faster), short) {
            (Some(shape), _) => Bound::Choice {
                cycles: cycles(&shape).round() as u64,
                design: Box::new(shape.design),
            },
            (None, Some((shape, shortage))) => Bound::Short {
                design: Box::new(shape.design),
                shortage,
            },
            (None, None) => Bound::Network {
                waiting: self.waiting_cycles(activity),
            },
        }
    }

    /// Cycles of a time step in which the array has no beat, or no event, to work on, because the hidden state is not settled.
    fn waiting_cycles(&self, activity: Option<&Activity>) -> u64 {
        if self.events() {
            let cycles = self.mean_cycles(activity).round() as u64;
            return cycles.saturating_sub(self.event_busy_estimate(activity) as u64);
        }
        let sections = match self.every {
            true => self.sections(),
            false => self.layers.len().max(1),
        };
        let beats = (0..sections).map(|section| self.blocks(section) * self.block_beats(section));
        let beats: usize = beats.sum();
        self.cycles_per_step().saturating_sub(beats as u64)
    }
}
