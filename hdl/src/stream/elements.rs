//! Hidden states that are more than trits, as the output stream has them.

use super::plane::{lane_of, put_lane};
use crate::kit::prelude::*;

/// Sign and magnitude elements of `bits` bits as an output stream has them: two's complement of `out_bits` bits, or two-rail trits where
/// those are 2.
///
/// Timing: combinational.
///
/// Contract:
/// 1. Every lane of `out` is its element's value, for all values that fit.
///
/// Not here: which lanes a chunk fills (`StateOutput`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Elements {
    /// Sign and magnitude elements, the sign highest.
    pub chunk: Wire<In>,
    /// The elements on the stream.
    pub out: Wire<Out>,
    _lanes: usize,
    _bits: usize,
    _out_bits: usize,
}

impl Elements {
    /// `lanes` elements of `bits` bits as elements of `out_bits` bits, at most as many.
    pub fn new(lanes: usize, bits: usize, out_bits: usize) -> Self {
        Elements {
            chunk: Wire::new(lanes * bits),
            out: Wire::new(lanes * out_bits),
            _lanes: lanes,
            _bits: bits,
            _out_bits: out_bits,
        }
    }
}

impl Logic for Elements {
    fn update(&mut self) {
        let (chunk, bits, mut out) = (self.chunk.val().words(), self._bits, [0; 4]);
        let mask = (1u64 << self._out_bits) - 1;
        for lane in 0..self._lanes {
            let element = lane_of(&chunk, lane, bits);
            let magnitude = element & (mask >> 1);
            let negative = element >> (bits - 1);
            let code = match (self._out_bits, negative) {
                (2, _) => (magnitude & 1) << negative,
                (_, 0) => magnitude,
                _ => magnitude.wrapping_neg(),
            };
            put_lane(&mut out, lane, self._out_bits, code & mask);
        }
        self.out.next = Vector::from_words(&out, self.out.bits() as u32);
    }

    fn connect(&mut self) {
        self.out.connect();
    }

    fn hdl(&self) -> Verilog {
        let text = if self._out_bits == 2 { TRITS } else { INTEGERS };
        Verilog::Custom(format!(
            "// @name tern_elements: Sign and magnitude elements as the output stream has them.\n\
             // @width chunk LANES*BITS\n// @width out LANES*OUT_BITS\n\
             localparam LANES = {};\nlocalparam BITS = {};\nlocalparam OUT_BITS = {};\n{text}",
            self._lanes, self._bits, self._out_bits
        ))
    }
}

const INTEGERS: &str = "\
integer lane;
reg [OUT_BITS-1:0] magnitude;
always @(*) begin
    for (lane = 0; lane < LANES; lane = lane + 1) begin
        magnitude = {1'b0, chunk[lane*BITS +: OUT_BITS-1]};
        out[lane*OUT_BITS +: OUT_BITS] = chunk[lane*BITS + BITS - 1] ? -magnitude : magnitude;
    end
end
// Magnitudes of layers of more bits.
wire unused = &{1'b0, chunk};
";

const TRITS: &str = "\
integer lane;
always @(*) begin
    for (lane = 0; lane < LANES; lane = lane + 1) begin
        out[2*lane]   = chunk[lane*BITS] & ~chunk[lane*BITS + BITS - 1];
        out[2*lane+1] = chunk[lane*BITS] & chunk[lane*BITS + BITS - 1];
    end
end
// Magnitudes of layers of more bits.
wire unused = &{1'b0, chunk};
";
