//! Hidden states: their bits, their trit planes, and where a core keeps them.

use super::{LayerShape, Shape};

impl LayerShape {
    /// Bits of an element of the hidden state: 2 is a trit, more a signed integer.
    pub fn element_bits(&self) -> usize {
        self.hidden_bits.unwrap_or(2)
    }

    /// Trit planes of the hidden state: its magnitude bits.
    pub fn planes(&self) -> usize {
        self.element_bits() - 1
    }
}

impl Shape {
    /// Bits of an element in the hidden memory, the most of any layer: 2 is a two-rail trit, more are sign and magnitude, also of
    /// the layers whose hidden states are trits.
    pub fn hidden_bits(&self) -> usize {
        let bits = self.layers.iter().map(LayerShape::element_bits);
        bits.max().unwrap_or(2)
    }

    /// Whether any hidden state is more than a trit, so that its planes are summed one after the other.
    pub fn has_hidden_planes(&self) -> bool {
        self.hidden_bits() > 2
    }

    /// Whether there is a hidden memory: a dense array reads its chunks, and an output without a head is made of them.
    pub fn has_hidden_memory(&self) -> bool {
        !self.layers.is_empty() && (!self.events() || self.outputs.is_none())
    }

    /// Bits of a chunk in the hidden memory.
    pub fn hidden_chunk_bits(&self) -> usize {
        self.design.lanes * self.hidden_bits()
    }

    /// Cycles from a unit's number to its hidden state, through sums, gates and cell.
    pub fn cell_cycles(&self) -> usize {
        10 + 2 * self.product_cycles() + self.hidden_cycles()
    }

    /// Cycles from a unit's value to its hidden state: a threshold takes one, rounding and saturation another.
    pub fn hidden_cycles(&self) -> usize {
        1 + usize::from(self.has_hidden_planes())
    }
}
