//! Widths of the data path: wide enough for every network of the shape, never guessed.

use super::{Part, Shape};
use crate::bits::signed_bits;
use crate::stream_layout::StreamLayout;
use tern_model::network::CellKind;

impl Shape {
    /// Bits that shift out of the partial sum below it: a result is this many bits wider than the sum.
    pub fn low_bits(&self) -> usize {
        if self.events() {
            return 0;
        }
        let shifts = (0..self.sections()).map(|section| self.shifted_bits(section));
        shifts.max().unwrap_or(0)
    }

    /// Bits that shift out in a section.
    fn shifted_bits(&self, section: usize) -> usize {
        let passes = self.passes(section);
        passes.iter().map(|pass| pass.shift_after).sum()
    }

    /// Whether a sum may find bits below it that the sum before has shifted out, because not every one shifts
    /// them all away. The head drops them with all bits below one.
    pub fn clears_low_bits(&self) -> bool {
        let mut layers = 0..self.layers.len();
        self.split() || layers.any(|layer| self.shifted_bits(layer) < self.low_bits())
    }

    /// Bits of the partial sum: no order of any weights and activations overflows it, nor a chunk's count.
    pub fn sum_bits(&self) -> usize {
        if self.events() {
            return self.event_sum_bits();
        }
        let peak = |section: usize| {
            let (mut bound, mut peak) = (0usize, 0);
            for pass in self.passes(section) {
                bound += match (pass.source.part(), self.layers.get(section)) {
                    (Part::Hidden, Some(layer)) => layer.hidden_size,
                    (_, Some(layer)) => layer.input_size,
                    (_, None) => self.head_inputs(),
                };
                peak = peak.max(bound);
                bound = bound.div_ceil(1 << pass.shift_after);
            }
            peak
        };
        let peak = (0..self.sections()).map(peak).max().unwrap_or(1);
        signed_bits(peak.max(self.design.lanes))
    }

    /// Elements that the linear head takes.
    pub fn head_inputs(&self) -> usize {
        let below = self.layers.last().map(|layer| layer.hidden_size);
        below.unwrap_or(self.input_size)
    }

    /// Bits of a result as it leaves the array.
    pub fn result_bits(&self) -> usize {
        self.sum_bits() + self.low_bits()
    }

    /// Left shift of a result before the bias is added.
    pub fn result_shift(&self) -> usize {
        if self.events() {
            let bases = (0..self.sections()).map(|section| self.event_base(section));
            return bases.max().unwrap_or(0);
        }
        let heaviest = self.all_passes().map(|pass| pass.weight).max();
        heaviest.unwrap_or(0).saturating_sub(self.low_bits())
    }

    /// A section's sums of result and bias are scaled by 2^this.
    pub fn section_shift(&self, section: usize) -> usize {
        if self.events() {
            return self.result_shift() - self.event_base(section);
        }
        let last = self.passes(section).last().map_or(0, |pass| pass.weight);
        self.result_shift() + self.low_bits() - last
    }

    /// The scale of one part of a candidate's sum: on three columns each part is held when its last pass ends.
    pub fn part_shift(&self, section: usize, part: Part) -> usize {
        let passes = self.passes(section);
        let last = passes.iter().rfind(|pass| pass.source.part() == part);
        match last {
            Some(pass) if self.split() => self.result_shift() + self.low_bits() - pass.weight,
            _ => self.section_shift(section),
        }
    }

    /// The least scale of any sum of result and bias: every bias is stored as a multiple of 2^this.
    pub fn least_scale(&self) -> usize {
        let parts = (0..self.layers.len())
            .flat_map(|layer| [Part::Input, Part::Hidden].map(|part| self.part_shift(layer, part)));
        let sections = (0..self.sections()).map(|section| self.section_shift(section));
        sections.chain(parts).min().unwrap_or(0)
    }

    /// Left shift of a head output inside the sum of result and bias.
    pub fn head_shift(&self) -> usize {
        self.section_shift(self.layers.len())
    }

    /// Bits of a sum before its bias is added, scaled as the bias is.
    pub(crate) fn total_bits(&self) -> usize {
        match self.events() {
            true => self.event_total_bits(),
            false => self.result_bits() + self.result_shift(),
        }
    }

    /// Bits of the sum of result and bias.
    pub fn preactivation_bits(&self) -> usize {
        let bias = self.bias_bits + self.bias_shift;
        self.total_bits().max(bias) + 1
    }

    /// Bits of a candidate's sum in a GRU, unscaled.
    pub fn candidate_bits(&self) -> usize {
        let layers = (0..self.layers.len()).filter(|l| self.layers[*l].cell == CellKind::Gru);
        let parts =
            layers.flat_map(|l| [Part::Input, Part::Hidden].map(|part| self.part_shift(l, part)));
        self.preactivation_bits() - parts.min().unwrap_or(0)
    }

    /// Bits of a head output, at most 32.
    pub fn output_bits(&self) -> usize {
        (self.preactivation_bits() - self.head_shift().min(self.preactivation_bits() - 1)).min(32)
    }

    /// The input stream.
    pub fn input_stream(&self) -> StreamLayout {
        StreamLayout {
            elements: self.input_size,
            element_bits: self.input_bits,
            lanes: self.design.lanes,
            streams: self.design.streams,
        }
    }

    /// The output stream.
    pub fn output_stream(&self) -> StreamLayout {
        let (lanes, streams) = (self.design.lanes, self.design.streams);
        match (self.outputs, self.layers.last()) {
            (None, Some(top)) => {
                StreamLayout::hidden(top.hidden_size, top.element_bits(), lanes, streams)
            }
            (outputs, _) => StreamLayout::head(outputs.unwrap_or(0), streams),
        }
    }

    /// Bits of a beat on the core's input stream, a whole number of bytes.
    pub fn input_stream_bits(&self) -> usize {
        self.input_stream().wide_bits()
    }

    /// Bits of a beat on the core's output stream.
    pub fn output_stream_bits(&self) -> usize {
        self.output_stream().wide_bits()
    }
}
