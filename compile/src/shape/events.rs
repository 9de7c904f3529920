//! The event array: what it sums, in which order, and how wide its values are.

use super::{PassSource, Shape};
use crate::bits::{index_bits, signed_bits};
use crate::design::{Dataflow, Skip};

/// One list of events that a block of an event array is summed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventPass {
    /// Whose elements the events are.
    pub source: PassSource,
    /// Weight words of the pass in a block.
    pub words: usize,
    /// Left shift of an event's value.
    pub shift: usize,
}

impl Shape {
    /// Whether the array sums events, not chunks.
    pub fn events(&self) -> bool {
        self.design.dataflow == Dataflow::Events
    }

    /// Whether an event is a changed element and sums are kept from step to step; otherwise it is an element that is not zero.
    pub fn sums_changes(&self) -> bool {
        self.events() && self.design.skip == Skip::Delta
    }

    /// Whether the sums of the head are kept from step to step, too: where it has an output every step.
    pub fn head_sums_changes(&self) -> bool {
        self.sums_changes() && self.every
    }

    /// Whether the top layer's state after a sequence's last step is listed against zero: where a head needs it then alone.
    pub fn lists_the_last_state_whole(&self) -> bool {
        self.events() && self.outputs.is_some() && !self.every
    }

    /// Results of a block: hidden units, or head rows.
    pub fn block_results(&self, section: usize) -> usize {
        match (self.events(), self.is_head(section)) {
            (false, _) => self.design.rows,
            (true, false) => self.design.rows * self.design.lanes,
            (true, true) => self.design.lanes,
        }
    }

    /// Inputs of the linear head that a row of the event array sums; the rows share them out.
    pub fn head_share(&self) -> usize {
        let inputs = self.head_inputs();
        inputs.div_ceil(self.design.rows).next_power_of_two()
    }

    /// Elements that a source gives a section.
    pub fn source_elements(&self, section: usize, source: PassSource) -> usize {
        match source {
            PassSource::Input => self.input_size,
            PassSource::Own => self.layers[section].hidden_size,
            PassSource::Below => self.layers[section - 1].hidden_size,
        }
    }

    /// The lists of a section's blocks in order: what is complete first comes first.
    pub fn event_passes(&self, section: usize) -> Vec<EventPass> {
        let pass = |source, shift| EventPass {
            source,
            words: self.source_elements(section, source),
            shift,
        };
        let Some(layer) = self.layers.get(section) else {
            return vec![EventPass {
                words: self.head_share(),
                ..pass(PassSource::Below, 0)
            }];
        };
        let base = layer.input_shift.min(layer.hidden_shift);
        let (input, own) = (layer.input_shift - base, layer.hidden_shift - base);
        match section {
            0 => vec![pass(PassSource::Input, input), pass(PassSource::Own, own)],
            _ => vec![pass(PassSource::Own, own), pass(PassSource::Below, input)],
        }
    }

    /// Doublings that a section's sums of events lack.
    pub(super) fn event_base(&self, section: usize) -> usize {
        let layer = self.layers.get(section);
        layer.map_or(0, |layer| layer.input_shift.min(layer.hidden_shift))
    }

    /// Largest magnitude of an element of a section's source.
    fn largest_element(&self, section: usize, source: PassSource) -> usize {
        let bits = match source {
            PassSource::Input => self.input_bits,
            PassSource::Own => self.layers[section].element_bits(),
            PassSource::Below => self.layers[section - 1].element_bits(),
        };
        (1 << (bits - 1)) - 1
    }

    /// Largest magnitude of an event's difference or value.
    fn largest_event(&self, section: usize, source: PassSource) -> usize {
        self.largest_element(section, source) << usize::from(self.sums_changes())
    }

    fn all_event_passes(&self) -> impl Iterator<Item = (usize, EventPass)> {
        let passes = |section| self.event_passes(section).into_iter();
        (0..self.sections())
            .flat_map(move |section| passes(section).map(move |pass| (section, pass)))
    }

    /// Bits of an element of any source, two's complement.
    pub fn element_bits(&self) -> usize {
        self.input_bits.max(self.hidden_bits())
    }

    /// Bits of an event's difference or value in the list, two's complement.
    pub fn event_bits(&self) -> usize {
        let largest = self
            .all_event_passes()
            .map(|(section, pass)| self.largest_event(section, pass.source));
        signed_bits(largest.max().unwrap_or(1))
    }

    /// Bits of an event's index in the list.
    pub fn event_index_bits(&self) -> usize {
        let sizes = self.layers.iter().map(|layer| layer.hidden_size);
        index_bits(sizes.chain([self.input_size]).max().unwrap_or(1))
    }

    /// Bits of a word of the list memory.
    pub fn list_word_bits(&self) -> usize {
        self.event_index_bits() + self.event_bits()
    }

    /// Bits of an event's shifted value, two's complement.
    pub fn event_value_bits(&self) -> usize {
        let largest = self
            .all_event_passes()
            .map(|(section, pass)| self.largest_event(section, pass.source) << pass.shift);
        signed_bits(largest.max().unwrap_or(1))
    }

    /// Elements whose events the lists of one step hold: inputs, then the layers' hidden units.
    pub fn listed_elements(&self) -> usize {
        self.input_size + self.units()
    }

    /// Words of the list memory that belong to one of two steps.
    pub fn list_words(&self) -> usize {
        self.listed_elements().next_power_of_two()
    }

    /// Where the list of the inputs (0) or of a layer (1 + its number) begins in a step's words.
    pub fn list_base(&self, list: usize) -> usize {
        let below = self.layers.iter().take(list.saturating_sub(1));
        let units: usize = below.map(|layer| layer.hidden_size).sum();
        if list == 0 {
            0
        } else {
            self.input_size + units
        }
    }

    /// Largest magnitude of a section's weighted sum, less its base, when each element is at most `largest`.
    fn event_bound(&self, section: usize, largest: impl Fn(PassSource) -> usize) -> usize {
        let passes = self.event_passes(section).into_iter();
        let bound = |pass: EventPass| {
            (self.source_elements(section, pass.source) * largest(pass.source)) << pass.shift
        };
        passes.map(bound).sum()
    }

    /// Bits of a unit's sum without its bias, as [`Shape::preactivation_bits`] scales it.
    pub(crate) fn event_total_bits(&self) -> usize {
        let bound = |section| {
            let bound = self.event_bound(section, |source| self.largest_element(section, source));
            bound << (self.event_base(section) + self.section_shift(section))
        };
        signed_bits((0..self.sections()).map(bound).max().unwrap_or(1))
    }

    /// Bits of the array's sums: of changes, which may be twice as large as what they change, but no more than the total needs,
    /// since what wraps in one step wraps back.
    pub(super) fn event_sum_bits(&self) -> usize {
        let bound =
            |section| self.event_bound(section, |source| self.largest_event(section, source));
        let bits = signed_bits((0..self.sections()).map(bound).max().unwrap_or(1));
        bits.min(self.preactivation_bits() - self.result_shift())
    }

    /// Weight words of each PE's memory: section by section, block by block, list by list.
    pub(super) fn event_weight_words(&self) -> usize {
        let words = |section: usize| {
            let passes = self.event_passes(section).into_iter();
            self.blocks(section) * passes.map(|pass| pass.words).sum::<usize>()
        };
        (0..self.sections()).map(words).sum()
    }

    /// Cycles from the end of a block in which its results leave the array one after the other.
    pub fn event_drain_cycles(&self) -> usize {
        self.design.rows * (self.design.lanes + 1) - 1
    }

    /// Cycle in which the last hidden unit of a layer leaves the array, counted from its block's first.
    pub fn last_unit_place(&self, layer: usize) -> usize {
        let last = (self.layers[layer].hidden_size - 1) % self.block_results(layer);
        let lanes = self.design.lanes;
        last / lanes * (lanes + 1) + last % lanes
    }
}
