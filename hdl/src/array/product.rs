//! Ternary products of one chunk.

use crate::kit::prelude::*;

/// Multiplies each activation by its weight: `product = weight · act` in {-1, 0, +1}, lane by lane.
///
/// ```text
/// act    ─▶┐  plus  = (weight+ & act+) | (weight- & act-)  ─▶ plus
/// weight ─▶┘  minus = (weight+ & act-) | (weight- & act+)  ─▶ minus
/// ```
///
/// Timing: combinational.
///
/// Contract: 1. `plus - minus` is the product of the two trits, for all 16 pairs of codes.
///
/// Not here: the sum, which is `Count`'s.
///
/// Rust-HDL cannot loop over the lanes of a packed vector, so the text is written here; the test
/// `product_and_count_text` compares it with the behaviour.
#[derive(Clone, Debug, LogicBlock)]
pub struct Product {
    /// Activations, one two-rail trit per lane.
    pub act: Wire<In>,
    /// Weights, one two-rail trit per lane.
    pub weight: Wire<In>,
    /// Lanes whose product is +1 (or both rails of a zero).
    pub plus: Wire<Out>,
    /// Lanes whose product is -1 (or both rails of a zero).
    pub minus: Wire<Out>,
    _lanes: usize,
}

impl Product {
    /// The products of `lanes` lanes.
    pub fn new(lanes: usize) -> Self {
        Product {
            act: Wire::new(2 * lanes),
            weight: Wire::new(2 * lanes),
            plus: Wire::new(lanes),
            minus: Wire::new(lanes),
            _lanes: lanes,
        }
    }
}

impl Logic for Product {
    fn update(&mut self) {
        let (act, weight) = (self.act.val().words(), self.weight.val().words());
        let bit = |words: &[u64; 4], k: usize| words[k / 64] >> (k % 64) & 1;
        let (mut plus, mut minus) = (0u128, 0u128);
        for lane in 0..self._lanes {
            let (ap, am) = (bit(&act, 2 * lane), bit(&act, 2 * lane + 1));
            let (wp, wm) = (bit(&weight, 2 * lane), bit(&weight, 2 * lane + 1));
            plus |= u128::from((wp & ap) | (wm & am)) << lane;
            minus |= u128::from((wp & am) | (wm & ap)) << lane;
        }
        self.plus.next = Vector::unsigned(plus, self._lanes as u32);
        self.minus.next = Vector::unsigned(minus, self._lanes as u32);
    }

    fn connect(&mut self) {
        self.plus.connect();
        self.minus.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "// @name tern_product: Multiplies each activation by its weight: -1, 0 or +1 per lane.\n\
             // @width act 2*LANES\n// @width weight 2*LANES\n// @width plus LANES\n// @width minus LANES\n\
             localparam LANES = {};\n{TEXT}",
            self._lanes
        ))
    }
}

const TEXT: &str = "\
integer lane;
always @(*) begin
    for (lane = 0; lane < LANES; lane = lane + 1) begin
        plus[lane]  = (weight[2*lane] & act[2*lane]) | (weight[2*lane+1] & act[2*lane+1]);
        minus[lane] = (weight[2*lane] & act[2*lane+1]) | (weight[2*lane+1] & act[2*lane]);
    end
end
";
