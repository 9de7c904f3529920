//! The contents of an iCE40 block RAM.

/// Bits of a block RAM.
const BITS: usize = 4096;
/// Lines that a routed design and a netlist (`INIT_0` to `INIT_F`) divide them into.
pub(super) const LINES: usize = 16;
/// Hexadecimal digits of a line.
pub(super) const DIGITS: usize = BITS / LINES / 4;

/// How a block RAM is read: `16 >> mode` bits a word, mode 0 to 3 (`READ_MODE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RamShape {
    mode: usize,
}

impl RamShape {
    /// The shape of a read mode; `None` for a number that is none.
    pub(super) fn of_mode(mode: usize) -> Option<RamShape> {
        (mode < 4).then_some(RamShape { mode })
    }

    /// Bits of a word: 16, 8, 4 or 2.
    pub(super) fn width(self) -> usize {
        16 >> self.mode
    }

    /// Words: 256, 512, 1024 or 2048.
    pub(super) fn depth(self) -> usize {
        256 << self.mode
    }

    /// Which of the RAM's bits is bit `bit` of word `word`.
    ///
    /// The RAM has 256 rows of 16 bits. The upper address bits choose a row; the lower ones choose one of the words in it,
    /// whose bits lie `2^mode` apart. The order in a row is that of Yosys' `ice40/brams_map.v`: the four bits of the position
    /// are those of (lower address bits, bit) in reverse.
    fn position(self, word: usize, bit: usize) -> usize {
        let lower = word & ((1 << self.mode) - 1);
        let position = lower << (4 - self.mode) | bit;
        let reversed = (0..4).fold(0, |sum, k| sum | (position >> k & 1) << (3 - k));
        (word >> self.mode) * 16 + reversed
    }
}

/// The 4096 bits of a block RAM.
#[derive(Clone, PartialEq, Eq)]
pub struct RamContents {
    bits: Vec<bool>,
}

impl RamContents {
    /// All zeros.
    pub(super) fn zero() -> RamContents {
        RamContents {
            bits: vec![false; BITS],
        }
    }

    /// Reads 16 lines of 64 hexadecimal digits, the last digit of a line its lowest bits; `None` if they are not that.
    pub(super) fn from_lines<'t>(lines: impl Iterator<Item = &'t str>) -> Option<RamContents> {
        let mut bits = Vec::with_capacity(BITS);
        for line in lines {
            if line.len() != DIGITS {
                return None;
            }
            for digit in line.chars().rev() {
                let digit = digit.to_digit(16)?;
                bits.extend((0..4).map(|k| digit >> k & 1 == 1));
            }
        }
        (bits.len() == BITS).then_some(RamContents { bits })
    }

    /// Reads 16 binary numbers of 256 digits; undefined digits (`x`) are 0, as in the bitstream. `None` if they are not that.
    pub(super) fn from_binary<'t>(lines: impl Iterator<Item = &'t str>) -> Option<RamContents> {
        let mut bits = Vec::with_capacity(BITS);
        for line in lines {
            if line.len() != 4 * DIGITS {
                return None;
            }
            bits.extend(line.bytes().rev().map(|digit| digit == b'1'));
        }
        (bits.len() == BITS).then_some(RamContents { bits })
    }

    /// The 16 lines of 64 hexadecimal digits.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let digit = |bits: &[bool]| {
            let value = (0..4).fold(0, |sum, k| sum | u32::from(bits[k]) << k);
            char::from_digit(value, 16).unwrap_or('0')
        };
        let line = move |bits: &[bool]| bits.chunks(4).rev().map(digit).collect();
        self.bits.chunks(BITS / LINES).map(line)
    }

    pub(super) fn bit(&self, shape: RamShape, word: usize, bit: usize) -> bool {
        self.bits[shape.position(word, bit)]
    }

    pub(super) fn set(&mut self, shape: RamShape, word: usize, bit: usize, value: bool) {
        self.bits[shape.position(word, bit)] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::{BITS, RamContents, RamShape};

    #[test]
    fn every_mode_reaches_every_bit_once() {
        for shape in (0..4).filter_map(RamShape::of_mode) {
            let words = 0..shape.depth();
            let mut positions: Vec<usize> = words
                .flat_map(|word| (0..shape.width()).map(move |bit| shape.position(word, bit)))
                .collect();
            positions.sort();
            assert_eq!(positions, (0..BITS).collect::<Vec<_>>(), "{shape:?}");
        }
        assert_eq!(RamShape::of_mode(4), None);
    }

    #[test]
    fn lines_are_read_and_written() {
        let lines: Vec<String> = (0..16)
            .map(|k| format!("{k:x}").repeat(60) + "1230")
            .collect();
        let contents = RamContents::from_lines(lines.iter().map(String::as_str)).expect("contents");
        assert_eq!(contents.lines().collect::<Vec<_>>(), lines);
        // Bits 0 to 15 of the first line are 0x1230: row 0.
        let row: Vec<bool> = (0..16).map(|k| contents.bits[k]).collect();
        assert_eq!((row[4], row[5], row[9], row[12]), (true, true, true, true));
        for wrong in [&lines[..15], &[lines.clone(), lines.clone()].concat()] {
            assert!(RamContents::from_lines(wrong.iter().map(String::as_str)).is_none());
        }
        let mut wrong = lines.clone();
        wrong[3].replace_range(5..6, "g");
        assert!(RamContents::from_lines(wrong.iter().map(String::as_str)).is_none());
        wrong[3].replace_range(5..6, "");
        assert!(RamContents::from_lines(wrong.iter().map(String::as_str)).is_none());
    }
}
