//! Input elements as trit planes.

use crate::kit::prelude::*;

/// Turns signed elements into sign and magnitude: `|x| <= 2^(b-1) - 1`, the one code below read as that.
///
/// Timing: combinational.
///
/// Contract: 1. bit b-1 of a lane is the sign, the bits below are the magnitude, for all 2^b codes.
///
/// Not here: two-rail trits, which need no conversion.
#[derive(Clone, Debug, LogicBlock)]
pub struct SignMagnitude {
    /// Two's complement elements, lane 0 lowest.
    pub elements: Wire<In>,
    /// Sign and magnitude of each.
    pub out: Wire<Out>,
    _lanes: usize,
    _bits: usize,
}

/// Reads `bits` bits of lane `lane` of a packed vector.
fn lane_of(words: &[u64; 4], lane: usize, bits: usize) -> u64 {
    (0..bits)
        .map(|k| lane * bits + k)
        .enumerate()
        .map(|(k, at)| (words[at / 64] >> (at % 64) & 1) << k)
        .sum()
}

/// Writes `bits` bits of lane `lane` of a packed vector that is zero there.
fn put_lane(words: &mut [u64; 4], lane: usize, bits: usize, value: u64) {
    for k in 0..bits {
        let at = lane * bits + k;
        words[at / 64] |= (value >> k & 1) << (at % 64);
    }
}

impl SignMagnitude {
    /// The conversion of `lanes` elements of `bits` bits.
    pub fn new(lanes: usize, bits: usize) -> Self {
        SignMagnitude {
            elements: Wire::new(lanes * bits),
            out: Wire::new(lanes * bits),
            _lanes: lanes,
            _bits: bits,
        }
    }
}

impl Logic for SignMagnitude {
    fn update(&mut self) {
        let (elements, bits, mut out) = (self.elements.val().words(), self._bits, [0; 4]);
        let largest = (1u64 << (bits - 1)) - 1;
        for lane in 0..self._lanes {
            let code = lane_of(&elements, lane, bits);
            let negative = code >> (bits - 1) == 1;
            let magnitude = if negative {
                ((1u64 << bits) - code).min(largest)
            } else {
                code
            };
            put_lane(
                &mut out,
                lane,
                bits,
                magnitude | u64::from(negative) << (bits - 1),
            );
        }
        self.out.next = Vector::from_words(&out, self.out.bits() as u32);
    }

    fn connect(&mut self) {
        self.out.connect();
    }

    fn hdl(&self) -> Verilog {
        let (lanes, bits) = (self._lanes, self._bits);
        let top = bits - 1;
        Verilog::Custom(format!(
            "// @name tern_sign_magnitude\n\
             integer lane;\n\
             reg [{top}:0] element;\n\
             reg [{top}:0] negated;\n\
             always @(*) begin\n    for (lane = 0; lane < {lanes}; lane = lane + 1) begin\n        \
             element = elements[lane*{bits} +: {bits}];\n        \
             negated = ~element + {bits}'d1;\n        \
             out[lane*{bits} + {top}] = element[{top}];\n        \
             out[lane*{bits} +: {top}] = !element[{top}] ? element[{low}:0] : negated[{top}] ? {{{top}{{1'b1}}}} : negated[{low}:0];\n    end\nend\n",
            low = bits - 2
        ))
    }
}

/// The lowest plane of a chunk, and the chunk with its planes rotated by one.
///
/// Timing: combinational.
///
/// Contract:
/// 1. Lane k of `trits` is `sign · (magnitude mod 2)`.
/// 2. After as many rotations as planes a chunk is as it was.
#[derive(Clone, Debug, LogicBlock)]
pub struct Plane {
    /// Sign and magnitude elements.
    pub chunk: Wire<In>,
    /// Their lowest plane as two-rail trits.
    pub trits: Wire<Out>,
    /// The next plane down, this one on top.
    pub rotated: Wire<Out>,
    _lanes: usize,
    _bits: usize,
}

impl Plane {
    /// The plane of `lanes` elements of `bits` bits, sign included.
    pub fn new(lanes: usize, bits: usize) -> Self {
        Plane {
            chunk: Wire::new(lanes * bits),
            trits: Wire::new(2 * lanes),
            rotated: Wire::new(lanes * bits),
            _lanes: lanes,
            _bits: bits,
        }
    }
}

impl Logic for Plane {
    fn update(&mut self) {
        let (chunk, bits) = (self.chunk.val().words(), self._bits);
        let (mut trits, mut rotated) = ([0; 4], [0; 4]);
        for lane in 0..self._lanes {
            let element = lane_of(&chunk, lane, bits);
            let (sign, magnitude) = (element >> (bits - 1), element & ((1 << (bits - 1)) - 1));
            let lowest = magnitude & 1;
            put_lane(&mut trits, lane, 2, lowest << sign);
            put_lane(
                &mut rotated,
                lane,
                bits,
                sign << (bits - 1) | lowest << (bits - 2) | magnitude >> 1,
            );
        }
        self.trits.next = Vector::from_words(&trits, self.trits.bits() as u32);
        self.rotated.next = Vector::from_words(&rotated, self.rotated.bits() as u32);
    }

    fn connect(&mut self) {
        self.trits.connect();
        self.rotated.connect();
    }

    fn hdl(&self) -> Verilog {
        let (lanes, bits) = (self._lanes, self._bits);
        let (sign, top) = (bits - 1, bits - 2);
        Verilog::Custom(format!(
            "// @name tern_plane\n\
             integer lane;\n\
             always @(*) begin\n    for (lane = 0; lane < {lanes}; lane = lane + 1) begin\n        \
             trits[2*lane]   = chunk[lane*{bits}] & ~chunk[lane*{bits} + {sign}];\n        \
             trits[2*lane+1] = chunk[lane*{bits}] & chunk[lane*{bits} + {sign}];\n        \
             rotated[lane*{bits} + {sign}] = chunk[lane*{bits} + {sign}];\n        \
             rotated[lane*{bits} + {top}] = chunk[lane*{bits}];\n        \
             rotated[lane*{bits} +: {top}] = chunk[lane*{bits} + 1 +: {top}];\n    end\nend\n"
        ))
    }
}
