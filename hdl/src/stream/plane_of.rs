//! One trit plane of hidden states that are more than trits.

use super::plane::{lane_of, put_lane};
use crate::kit::prelude::*;

/// One trit plane of a chunk of hidden states: lane k of `trits` is `sign · bit p of the magnitude`.
///
/// Timing: combinational.
///
/// Contract:
/// 1. `trits` is plane `plane` of every lane; zero for a plane that is not there.
///
/// Not here: inputs, whose planes follow each other in the ring (`Plane`).
#[derive(Clone, Debug, LogicBlock)]
pub struct PlaneOf {
    /// Sign and magnitude elements, the sign highest.
    pub chunk: Wire<In>,
    /// Number of the plane.
    pub plane: Wire<In>,
    /// The plane as two-rail trits.
    pub trits: Wire<Out>,
    _lanes: usize,
    _bits: usize,
}

impl PlaneOf {
    /// The planes of `lanes` elements of `bits` bits, sign included, numbered in `plane_bits` bits.
    pub fn new(lanes: usize, bits: usize, plane_bits: usize) -> Self {
        PlaneOf {
            chunk: Wire::new(lanes * bits),
            plane: Wire::new(plane_bits),
            trits: Wire::new(2 * lanes),
            _lanes: lanes,
            _bits: bits,
        }
    }
}

impl Logic for PlaneOf {
    fn update(&mut self) {
        let (chunk, bits, mut trits) = (self.chunk.val().words(), self._bits, [0; 4]);
        let plane = self.plane.val().integer() as u32;
        for lane in 0..self._lanes {
            let element = lane_of(&chunk, lane, bits);
            let (sign, magnitude) = (element >> (bits - 1), element & ((1 << (bits - 1)) - 1));
            put_lane(&mut trits, lane, 2, (magnitude >> plane & 1) << sign);
        }
        self.trits.next = Vector::from_words(&trits, self.trits.bits() as u32);
    }

    fn connect(&mut self) {
        self.trits.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "// @name tern_plane_of: One plane of a chunk of sign and magnitude elements as trits.\n\
             // @width chunk LANES*BITS\n// @width plane PLANE_BITS\n// @width trits 2*LANES\n\
             localparam LANES = {};\nlocalparam BITS = {};\nlocalparam PLANE_BITS = {};\n{PLANE_OF}",
            self._lanes,
            self._bits,
            self.plane.bits()
        ))
    }
}

const PLANE_OF: &str = "\
integer lane;
integer number;
reg digit;
always @(*) begin
    for (lane = 0; lane < LANES; lane = lane + 1) begin
        digit = 1'b0;
        for (number = 0; number < BITS - 1; number = number + 1)
            digit = digit | (chunk[lane*BITS + number] & (plane == number[PLANE_BITS-1:0]));
        trits[2*lane]   = digit & ~chunk[lane*BITS + BITS - 1];
        trits[2*lane+1] = digit & chunk[lane*BITS + BITS - 1];
    end
end
";
