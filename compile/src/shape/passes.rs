//! The order in which a block is summed.

use super::{LayerShape, Shape};

/// Where the activations of a pass come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassSource {
    /// The network's input.
    Input,
    /// The layer's own hidden state of the step before.
    Own,
    /// The hidden state that the layer below has in this step.
    Below,
}

/// The two sums of a GRU's candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything that enters from below.
    Input,
    /// The layer's own hidden state.
    Hidden,
}

impl PassSource {
    /// The sum of a GRU's candidate that the source belongs to.
    pub fn part(self) -> Part {
        match self {
            PassSource::Own => Part::Hidden,
            PassSource::Input | PassSource::Below => Part::Input,
        }
    }
}

/// One pass of a block over its inputs: a trit plane of x or of a hidden state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// What it sums.
    pub source: PassSource,
    /// Which of the source's trit planes, the lightest first.
    pub plane: usize,
    /// Its products are scaled by 2^this.
    pub weight: usize,
    /// Chunks of `lanes` activations.
    pub chunks: usize,
    /// Doublings of weight between this pass and the next: the partial sum shifts right by as much.
    pub shift_after: usize,
}

impl Shape {
    /// Whether column n of a GRU keeps the two parts of its sum apart, so that three columns do.
    pub fn split(&self) -> bool {
        self.design.columns == 3
    }

    /// Trit planes of what enters a section from below.
    pub fn input_planes(&self, section: usize) -> usize {
        let below = section
            .checked_sub(1)
            .and_then(|below| self.layers.get(below));
        below.map_or(self.planes(), LayerShape::planes)
    }

    /// Whether a layer sums a plane of its own hidden state before a plane of what enters that weighs as much. A layer above
    /// another does, since its own state is there already, and a GRU on three columns where that keeps the parts of its candidate
    /// apart.
    fn own_first(&self, layer: usize) -> bool {
        let (of, planes) = (&self.layers[layer], self.input_planes(layer));
        let last_input = of.input_shift + planes - 1;
        let last_own = of.hidden_shift + of.planes() - 1;
        match last_input == of.hidden_shift && last_own > of.input_shift {
            true => false,
            false => layer > 0 || (self.split() && planes > 1 && last_own == of.input_shift),
        }
    }

    /// Whether all planes of what enters a layer come before those of its hidden state, or all after them.
    pub(crate) fn keeps_parts_together(&self, layer: usize) -> bool {
        let passes = self.passes(layer);
        let changes = passes
            .windows(2)
            .filter(|pair| pair[0].source != pair[1].source);
        changes.count() < 2
    }

    /// The passes of a section's blocks in order of rising weight, so that the partial sum only ever shifts
    /// right.
    pub fn passes(&self, section: usize) -> Vec<Pass> {
        let below = match section {
            0 => PassSource::Input,
            _ => PassSource::Below,
        };
        let planes = |source, count: usize, shift: usize| {
            (0..count).map(move |plane| (source, plane, shift + plane))
        };
        let inputs = self.input_planes(section);
        let order: Vec<(PassSource, usize, usize)> = match self.layers.get(section) {
            Some(layer) => {
                let input = planes(below, inputs, layer.input_shift);
                let own = planes(PassSource::Own, layer.planes(), layer.hidden_shift);
                let mut order: Vec<_> = match self.own_first(section) {
                    true => own.chain(input).collect(),
                    false => input.chain(own).collect(),
                };
                order.sort_by_key(|(.., weight)| *weight);
                order
            }
            None => planes(below, inputs, 0).collect(),
        };
        let after = |k: usize| order.get(k + 1).map_or(order[k].2, |next| next.2);
        let passes = order.iter().enumerate();
        passes
            .map(|(k, &(source, plane, weight))| Pass {
                source,
                plane,
                weight,
                chunks: self.chunks(section, source),
                shift_after: after(k) - weight,
            })
            .collect()
    }

    /// The hidden states that a section sums, in the order in which their first planes come: that of their weight words in a block.
    pub fn hidden_sources(&self, section: usize) -> Vec<PassSource> {
        let first_planes = self
            .passes(section)
            .into_iter()
            .filter(|pass| pass.plane == 0);
        let sources = first_planes.map(|pass| pass.source);
        sources
            .filter(|source| *source != PassSource::Input)
            .collect()
    }

    /// Weight words of a block of a section that belong to hidden states, each once whatever its planes.
    pub fn hidden_words(&self, section: usize) -> usize {
        let sources = self.hidden_sources(section).into_iter();
        sources.map(|source| self.chunks(section, source)).sum()
    }

    /// Chunks that a source gives a section.
    pub fn chunks(&self, section: usize, source: PassSource) -> usize {
        match source {
            PassSource::Input => self.input_chunks(),
            PassSource::Own => self.hidden_chunks(section),
            PassSource::Below => self.hidden_chunks(section - 1),
        }
    }

    /// Doublings of weight that one shift makes: what all shifts of all sections are multiples of.
    pub fn stride(&self) -> usize {
        let gcd = |mut a: usize, mut b: usize| {
            while b > 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        let shifts = self.all_passes().map(|pass| pass.shift_after);
        shifts.fold(0, gcd).max(1)
    }

    /// Beats of a pass: its chunks, and one more for every shift beyond the one its last chunk makes.
    pub fn pass_beats(&self, pass: &Pass) -> usize {
        pass.chunks + self.shift_beats(pass).saturating_sub(1)
    }

    /// Beats of a pass that shift: its last ones.
    pub fn shift_beats(&self, pass: &Pass) -> usize {
        pass.shift_after / self.stride()
    }

    /// Beats of a block of a section.
    pub fn block_beats(&self, section: usize) -> usize {
        let passes = self.passes(section);
        passes.iter().map(|pass| self.pass_beats(pass)).sum()
    }

    /// Every pass of every section.
    pub(crate) fn all_passes(&self) -> impl Iterator<Item = Pass> {
        (0..self.sections()).flat_map(|section| self.passes(section))
    }

    /// Weight words of the input's chunks, at the start of each weight memory.
    pub fn input_words(&self) -> usize {
        self.blocks(0) * self.input_chunks()
    }

    /// Words of each PE's weight memory: the blocks' chunks of x, each once whatever its planes, then the
    /// chunks of hidden states in the order they are summed first. An event array has a word for every element of every block.
    pub fn weight_words(&self) -> usize {
        if self.events() {
            return self.event_weight_words();
        }
        let hidden = |section: usize| self.blocks(section) * self.hidden_words(section);
        self.input_words() + (0..self.sections()).map(hidden).sum::<usize>()
    }
}
