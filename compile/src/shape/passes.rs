//! The order in which a block is summed.

use super::Shape;

/// Where the activations of a pass come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassSource {
    /// A trit plane of the network's input.
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

/// One pass of a block over its inputs: a trit plane of x, or a hidden state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// What it sums.
    pub source: PassSource,
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

    /// Trit planes that come before the hidden pass of a layer: those that weigh no more than it. A layer
    /// above another takes its own state first where it may, since that is there already.
    pub(crate) fn planes_before_hidden(&self, layer: usize) -> usize {
        let (planes, ex, eh) = self.scales(layer);
        let own_first = eh < ex || (eh == ex && (layer > 0 || (self.split() && planes > 1)));
        match own_first {
            true => 0,
            false => (eh + 1 - ex).min(planes),
        }
    }

    /// Whether all planes of a layer come before its hidden pass or all after it.
    pub(crate) fn keeps_parts_together(&self, layer: usize) -> bool {
        let (planes, ..) = self.scales(layer);
        [0, planes].contains(&self.planes_before_hidden(layer))
    }

    /// Planes of the input, ex and eh of a layer.
    fn scales(&self, layer: usize) -> (usize, usize, usize) {
        let planes = if layer == 0 { self.planes() } else { 1 };
        let of = &self.layers[layer];
        (planes, of.input_shift, of.hidden_shift)
    }

    /// The passes of a section's blocks in order of rising weight, so that the partial sum only ever shifts
    /// right.
    pub fn passes(&self, section: usize) -> Vec<Pass> {
        let input = |plane: usize, ex: usize| match section {
            0 => (PassSource::Input, ex + plane),
            _ => (PassSource::Below, ex),
        };
        let order: Vec<(PassSource, usize)> = match self.layers.get(section) {
            Some(layer) => {
                let before = self.planes_before_hidden(section);
                let (planes, ex, _) = self.scales(section);
                let plane = |p| input(p, ex);
                (0..before)
                    .map(plane)
                    .chain([(PassSource::Own, layer.hidden_shift)])
                    .chain((before..planes).map(plane))
                    .collect()
            }
            None if section == 0 => (0..self.planes()).map(|p| input(p, 0)).collect(),
            None => vec![(PassSource::Below, 0)],
        };
        let after = |k: usize| order.get(k + 1).map_or(order[k].1, |next| next.1);
        let passes = order.iter().enumerate();
        passes
            .map(|(k, &(source, weight))| Pass {
                source,
                weight,
                chunks: self.chunks(section, source),
                shift_after: after(k) - weight,
            })
            .collect()
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
    /// chunks of hidden states in the order they are summed.
    pub fn weight_words(&self) -> usize {
        let hidden = |section: usize| -> usize {
            let passes = self.passes(section).into_iter();
            let hidden = passes.filter(|pass| pass.source != PassSource::Input);
            self.blocks(section) * hidden.map(|pass| pass.chunks).sum::<usize>()
        };
        self.input_words() + (0..self.sections()).map(hidden).sum::<usize>()
    }
}
