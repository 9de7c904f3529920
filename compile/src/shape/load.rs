//! The order in which the load stream fills the memories of a core with `weights` "stream".

use super::Shape;
use crate::design::Weights;

/// Memories of one size that the load stream fills one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadGroup {
    /// How many there are.
    pub memories: usize,
    /// Words of each.
    pub words: usize,
    /// Bits of a word.
    pub bits: usize,
}

impl LoadGroup {
    /// Bytes of a word on the stream.
    pub fn bytes(&self) -> usize {
        self.bits.div_ceil(8)
    }
}

impl Shape {
    /// Whether the core takes its network from a stream.
    pub fn loads(&self) -> bool {
        self.design.weights == Weights::Stream
    }

    /// The weight memories, the bias memories and the LUTs, in the order in which a load fills them.
    pub fn load_groups(&self) -> [LoadGroup; 3] {
        let group = |memories, words, bits| LoadGroup {
            memories,
            words,
            bits,
        };
        let luts = self.memories().into_iter();
        let luts = luts.filter(|memory| memory.name.ends_with("lut"));
        [
            group(
                self.design.pes(),
                self.weight_words(),
                2 * self.design.lanes,
            ),
            group(4, self.bias_words(), self.bias_bits),
            group(
                luts.map(|memory| memory.count).sum(),
                1 << self.table_address_bits(),
                self.table_bits(),
            ),
        ]
    }

    /// Bytes of a load.
    pub fn load_bytes(&self) -> usize {
        let groups = self.load_groups().into_iter();
        groups
            .map(|group| group.memories * group.words * group.bytes())
            .sum()
    }

    /// Whether each weight memory is one of the device's single-port RAMs, which have no initial contents.
    pub fn weights_in_single_port_rams(&self) -> bool {
        self.loads()
            && self.design.pes() <= self.design.device.single_port_rams
            && self.weight_words() <= SINGLE_PORT_WORDS
            && 2 * self.design.lanes <= SINGLE_PORT_BITS
    }
}

/// SB_SPRAM256KA (Lattice FPGA-DS-02008, iCE40 UltraPlus family data sheet).
pub(crate) const SINGLE_PORT_WORDS: usize = 16384;
pub(crate) const SINGLE_PORT_BITS: usize = 16;
