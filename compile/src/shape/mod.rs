//! What the structure of a core depends on: sizes, shifts and where its memories live.
//!
//! Two networks of the same shape differ only in memory contents, so one build of the hardware serves both.

mod events;
mod hidden;
mod layer;
pub(crate) mod load;
mod memories;
mod passes;
mod widths;

pub use events::EventPass;
pub use load::LoadGroup;
pub use memories::{Home, MemoryShape, Placement};
pub use passes::{Part, Pass, PassSource};

use serde::Serialize;

use crate::design::Design;
use tern_model::network::CellKind;

/// Lanes whose products are counted in one cycle; more are counted in groups, with a register behind each.
pub const COUNT_LANES: usize = 20;

/// Sizes and constants of one recurrent layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LayerShape {
    /// LSTM or GRU.
    pub cell: CellKind,
    /// Elements of the layer's input.
    pub input_size: usize,
    /// Hidden units.
    pub hidden_size: usize,
    /// F: fraction bits of gates and state.
    pub gate_frac: usize,
    /// C: bits of the state.
    pub state_bits: usize,
    /// ex: the input part is scaled by 2^ex.
    pub input_shift: usize,
    /// eh: the hidden part is scaled by 2^eh.
    pub hidden_shift: usize,
    /// Right shift of each gate's sum before its LUT; a GRU has three.
    pub lut_shift: Vec<usize>,
    /// Right shift of an LSTM's cell state before its LUT.
    pub state_lut_shift: usize,
    /// Threshold of a ternary hidden state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<usize>,
    /// Bits of an integer hidden state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden_bits: Option<usize>,
    /// Right shift that makes an integer hidden state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden_round: Option<usize>,
}

/// Sizes and widths of a core.
///
/// The array works through *sections*: each recurrent layer from the input up, then the linear head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// Array and device.
    pub design: Design,
    /// Elements of an input vector.
    pub input_size: usize,
    /// Bits of an input element; 2 is a two-rail trit.
    pub input_bits: usize,
    /// Recurrent layers from the input up; none when the network is a linear layer alone.
    pub layers: Vec<LayerShape>,
    /// Outputs of the linear head, if there is one.
    pub outputs: Option<usize>,
    /// An output every time step, not only at the end of a sequence.
    pub every: bool,
    /// A: address bits of an activation LUT, the most of any layer.
    pub lut_bits: usize,
    /// Bits of a stored bias.
    pub bias_bits: usize,
    /// A stored bias is scaled by 2^this.
    pub bias_shift: usize,
    /// Words of the gate LUTs that differ from the word before, in all of them: what they take where they are in logic.
    #[serde(skip)]
    pub gate_lut_steps: usize,
    /// Where the memories live.
    pub placement: Placement,
}

impl Shape {
    /// Sections of a time step: recurrent layers, then the head.
    pub fn sections(&self) -> usize {
        self.layers.len() + usize::from(self.outputs.is_some())
    }

    /// Whether a section is the linear head.
    pub fn is_head(&self, section: usize) -> bool {
        section >= self.layers.len()
    }

    /// Whether any layer is of the kind.
    pub fn has(&self, cell: CellKind) -> bool {
        self.layers.iter().any(|layer| layer.cell == cell)
    }

    /// F: fraction bits of gates, the most of any layer; the others' tables are scaled up to it.
    pub fn gate_frac(&self) -> usize {
        let fractions = self.layers.iter().map(|layer| layer.gate_frac);
        fractions.max().unwrap_or(0)
    }

    /// C: bits of a stored state, the most of any layer.
    pub fn state_bits(&self) -> usize {
        let bits = self.layers.iter().map(|layer| layer.state_bits);
        bits.max().unwrap_or(1)
    }

    /// Trit planes of an input element: its magnitude bits.
    pub fn planes(&self) -> usize {
        self.input_bits - 1
    }

    /// Chunks of an input vector; also its beats on the stream.
    pub fn input_chunks(&self) -> usize {
        self.input_size.div_ceil(self.design.lanes)
    }

    /// Chunks of a layer's hidden state.
    pub fn hidden_chunks(&self, layer: usize) -> usize {
        let size = self.layers.get(layer).map_or(0, |layer| layer.hidden_size);
        size.div_ceil(self.design.lanes)
    }

    /// Chunk of the hidden memory at which a layer's hidden state begins.
    pub fn first_chunk(&self, layer: usize) -> usize {
        (0..layer).map(|below| self.hidden_chunks(below)).sum()
    }

    /// Words of the hidden memory that belong to one bank.
    pub fn bank_words(&self) -> usize {
        self.first_chunk(self.layers.len()).next_power_of_two()
    }

    /// Hidden units of all layers.
    pub fn units(&self) -> usize {
        self.layers.iter().map(|layer| layer.hidden_size).sum()
    }

    /// Rows of results that the head drains: one output per column.
    pub fn head_rows(&self) -> usize {
        self.outputs.unwrap_or(0).div_ceil(self.design.columns)
    }

    /// Rows of results that leave the array in a section: hidden units, or head rows.
    pub fn result_rows(&self, section: usize) -> usize {
        match self.layers.get(section) {
            Some(layer) => layer.hidden_size,
            None => self.head_rows(),
        }
    }

    /// Blocks of a section, of [`Shape::block_results`] results each.
    pub fn blocks(&self, section: usize) -> usize {
        self.result_rows(section)
            .div_ceil(self.block_results(section))
    }

    /// Results in the last block of a section.
    pub fn tail_rows(&self, section: usize) -> usize {
        (self.result_rows(section) - 1) % self.block_results(section) + 1
    }

    /// Chunks of the last recurrent layer's hidden state: the beats of an output without a head.
    pub fn output_chunks(&self) -> usize {
        self.hidden_chunks(self.layers.len().saturating_sub(1))
    }

    /// Words of each bias memory: one per hidden unit, then one per head row.
    pub fn bias_words(&self) -> usize {
        self.units() + self.head_rows()
    }

    /// Cycles in which the products of a chunk are counted.
    pub fn count_cycles(&self) -> usize {
        if self.design.lanes > COUNT_LANES {
            2
        } else {
            1
        }
    }

    /// Cycles of a product: two bits of the gate each.
    pub fn product_cycles(&self) -> usize {
        (self.gate_frac() + 1).div_ceil(2)
    }

    /// Ternary multiply-accumulates of a time step: a b-bit element counts b - 1 per weight, and a linear
    /// head counts where it gives an output every step.
    pub fn macs_per_step(&self) -> usize {
        let inputs = |section: usize, size: usize| self.input_planes(section) * size;
        let recurrent = self.layers.iter().enumerate().map(|(section, layer)| {
            let gates = layer.lut_shift.len();
            let hidden = layer.planes() * layer.hidden_size;
            gates * layer.hidden_size * (inputs(section, layer.input_size) + hidden)
        });
        let below = self
            .layers
            .last()
            .map_or(self.input_size, |layer| layer.hidden_size);
        let head = match self.outputs {
            Some(outputs) if self.every => outputs * inputs(self.layers.len(), below),
            _ => 0,
        };
        recurrent.sum::<usize>() + head
    }
}
