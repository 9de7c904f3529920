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
pub(super) fn lane_of(words: &[u64; 4], lane: usize, bits: usize) -> u64 {
    (0..bits)
        .map(|k| lane * bits + k)
        .enumerate()
        .map(|(k, at)| (words[at / 64] >> (at % 64) & 1) << k)
        .sum()
}

/// Writes `bits` bits of lane `lane` of a packed vector that is zero there.
pub(super) fn put_lane(words: &mut [u64; 4], lane: usize, bits: usize, value: u64) {
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
        Verilog::Custom(format!(
            "// @name tern_sign_magnitude: Signed elements as sign and magnitude; -2^(BITS-1) is read as -(2^(BITS-1) - 1).\n\
             // @width elements LANES*BITS\n// @width out LANES*BITS\n\
             localparam LANES = {};\nlocalparam BITS = {};\n{SIGN_MAGNITUDE}",
            self._lanes, self._bits
        ))
    }
}

const SIGN_MAGNITUDE: &str = "\
integer lane;
reg [BITS-1:0] element;
reg [BITS-1:0] negated;
always @(*) begin
    for (lane = 0; lane < LANES; lane = lane + 1) begin
        element = elements[lane*BITS +: BITS];
        negated = -element;
        out[lane*BITS + BITS - 1] = element[BITS-1];
        out[lane*BITS +: BITS-1] =
            !element[BITS-1] ? element[BITS-2:0] : negated[BITS-1] ? {BITS-1{1'b1}} : negated[BITS-2:0];
    end
end
";

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
        Verilog::Custom(format!(
            "// @name tern_plane: The lowest plane of a chunk as trits, and the chunk with its planes rotated by one.\n\
             // @width chunk LANES*BITS\n// @width trits 2*LANES\n// @width rotated LANES*BITS\n\
             localparam LANES = {};\nlocalparam BITS = {};\n{PLANE}",
            self._lanes, self._bits
        ))
    }
}

const PLANE: &str = "\
integer lane;
always @(*) begin
    for (lane = 0; lane < LANES; lane = lane + 1) begin
        trits[2*lane]   = chunk[lane*BITS] & ~chunk[lane*BITS + BITS - 1];
        trits[2*lane+1] = chunk[lane*BITS] & chunk[lane*BITS + BITS - 1];
        rotated[lane*BITS + BITS - 1] = chunk[lane*BITS + BITS - 1];
        rotated[lane*BITS + BITS - 2] = chunk[lane*BITS];
        rotated[lane*BITS +: BITS-2] = chunk[lane*BITS + 1 +: BITS-2];
    end
end
";
