//! The sum of one chunk's products.

use crate::kit::prelude::*;
use tern_compile::bits::signed_bits;

/// Counts products: `count = |plus| - |minus|`, where `|·|` is the number of set lanes.
///
/// Timing: combinational. Yosys turns the sum into a compressor tree; no style of writing it is
/// smaller (5.1 to 5.9 LUT4 per lane, products included, whatever the style).
///
/// Contract: 1. `count` is exact for all inputs: its width holds -lanes..=lanes.
///
/// Not here: accumulation over chunks, which is the PE's.
#[derive(Clone, Debug, LogicBlock)]
pub struct Count {
    /// Lanes that add one.
    pub plus: Wire<In>,
    /// Lanes that subtract one.
    pub minus: Wire<In>,
    /// Their difference, two's complement.
    pub count: Wire<Out>,
    _lanes: usize,
}

impl Count {
    /// The count over `lanes` lanes.
    pub fn new(lanes: usize) -> Self {
        Count {
            plus: Wire::new(lanes),
            minus: Wire::new(lanes),
            count: Wire::signed(signed_bits(lanes)),
            _lanes: lanes,
        }
    }
}

impl Logic for Count {
    fn update(&mut self) {
        let ones = |wire: Vector| {
            i128::from(
                wire.words()
                    .iter()
                    .map(|word| word.count_ones())
                    .sum::<u32>(),
            )
        };
        let count = ones(self.plus.val()) - ones(self.minus.val());
        self.count.next = Vector::signed(count, self.count.bits() as u32);
    }

    fn connect(&mut self) {
        self.count.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "// @name tern_count: Lanes that add one, less the lanes that subtract one.\n\
             // @width plus LANES\n// @width minus LANES\n// @width count WIDTH\n\
             localparam LANES = {};\nlocalparam WIDTH = {};\n{TEXT}",
            self._lanes,
            self.count.bits()
        ))
    }
}

const TEXT: &str = "\
integer lane;
always @(*) begin
    count = {WIDTH{1'b0}};
    for (lane = 0; lane < LANES; lane = lane + 1)
        count = count + {{WIDTH-1{1'b0}}, plus[lane]} - {{WIDTH-1{1'b0}}, minus[lane]};
end
";
