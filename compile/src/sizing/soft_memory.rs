//! Memories of states that Yosys makes of flip-flops or LUT RAM, because they are small.

use crate::device::DeviceFamily;
use crate::shape::Shape;

/// Costs that Yosys 0.70 compares (`ice40/brams.txt`, `ecp5/brams.txt`, `ecp5/lutrams.txt`): a block RAM counts as
/// this many flip-flops on an iCE40,
const ICE40_RAM_COST: usize = 64;
/// this many on an ECP5,
const ECP5_RAM_COST: usize = 128;
/// and a LUT RAM of 16 words of 4 bits as this many.
const LUT_RAM_COST: usize = 4;
/// Words of a LUT RAM.
const LUT_RAM_WORDS: usize = 16;
/// Bits of its word.
const LUT_RAM_BITS: usize = 4;
/// LUT4s it is made of.
const LUTS_OF_LUT_RAM: usize = 6;

/// What takes the place of block RAMs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftMemory {
    /// Block RAMs less.
    pub block_rams: usize,
    /// Flip-flops more.
    pub flip_flops: usize,
    /// LUT4s more.
    pub luts: usize,
}

impl SoftMemory {
    /// Of the memories that no attribute puts into block RAM: hidden and cell states, lists of events and what is kept for them.
    pub fn of(shape: &Shape) -> SoftMemory {
        let family = shape.design.device.family;
        let mut soft = SoftMemory::default();
        for memory in shape.memories() {
            if !["hidden", "state", "list", "kept"].contains(&memory.name) {
                continue;
            }
            let (words, rams) = (memory.words.next_power_of_two().max(2), memory.rams(shape));
            if family == Some(DeviceFamily::Ice40) {
                let bits = memory.count * words * memory.bits;
                if bits <= ICE40_RAM_COST * rams {
                    soft.block_rams += rams;
                    soft.flip_flops += bits;
                    soft.luts += bits / 2;
                }
            } else if family == Some(DeviceFamily::Ecp5) {
                let depth = words.div_ceil(LUT_RAM_WORDS);
                let cells = memory.count * depth * memory.bits.div_ceil(LUT_RAM_BITS);
                let selected = memory.count * memory.bits * (depth - 1);
                if LUT_RAM_COST * cells + selected < ECP5_RAM_COST * rams {
                    soft.block_rams += rams;
                    soft.luts += LUTS_OF_LUT_RAM * cells + selected / 3;
                }
            }
        }
        soft
    }
}
