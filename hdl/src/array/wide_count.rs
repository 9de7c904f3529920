//! The sum of one chunk's products, for many lanes.

use crate::kit::prelude::*;
use tern_compile::bits::signed_bits;
use tern_compile::shape::COUNT_LANES;

/// Counts products as `Count` does, in groups of at most [`COUNT_LANES`] lanes with a register behind each group.
///
/// ```text
/// plus, minus ─┬▶ count of group 0 ─▶[ ]─┐
///              ├▶ count of group 1 ─▶[ ]─+─▶ count
///              └▶ …
/// ```
///
/// Timing: one cycle.
///
/// Contract: 1. `count` is exact for all inputs of the cycle before: its width holds -lanes..=lanes.
///
/// Not here: few lanes, whose count fits a cycle without a register (`Count`).
#[derive(Clone, Debug, LogicBlock)]
pub struct WideCount {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Lanes that add one.
    pub plus: Wire<In>,
    /// Lanes that subtract one.
    pub minus: Wire<In>,
    /// Their difference one cycle later, two's complement.
    pub count: Wire<Out>,
    _lanes: usize,
}

impl WideCount {
    /// The count over `lanes` lanes.
    pub fn new(lanes: usize) -> Self {
        WideCount {
            clock: Signal::default(),
            plus: Wire::new(lanes),
            minus: Wire::new(lanes),
            count: Wire::signed(signed_bits(lanes)),
            _lanes: lanes,
        }
    }
}

impl Logic for WideCount {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let ones = |wire: Vector| {
                wire.words()
                    .iter()
                    .map(|word| i128::from(word.count_ones()))
                    .sum::<i128>()
            };
            let count = ones(self.plus.val()) - ones(self.minus.val());
            self.count.next = Vector::signed(count, self.count.bits() as u32);
        }
    }

    fn connect(&mut self) {
        self.count.connect();
    }

    fn hdl(&self) -> Verilog {
        let (lanes, width) = (self._lanes, self.count.bits());
        let groups = lanes.div_ceil(COUNT_LANES);
        let group = lanes.div_ceil(groups);
        let mut text = format!(
            "// @name tern_wide_count: Lanes that add one, less those that subtract one, a cycle later.\n\
             // @width plus LANES\n// @width minus LANES\n// @width count WIDTH\n\
             localparam LANES = {lanes};\nlocalparam WIDTH = {width};\ninteger lane;\n"
        );
        for k in 0..groups {
            let (first, end) = (k * group, ((k + 1) * group).min(lanes));
            text += &format!(
                "reg signed [WIDTH-1:0] sum_{k};\nreg signed [WIDTH-1:0] part_{k}_q;\n\
                 always @(*) begin\n    sum_{k} = {{WIDTH{{1'b0}}}};\n    \
                 for (lane = {first}; lane < {end}; lane = lane + 1)\n        \
                 sum_{k} = sum_{k} + {{{{WIDTH-1{{1'b0}}}}, plus[lane]}} - {{{{WIDTH-1{{1'b0}}}}, minus[lane]}};\nend\n\
                 always @(posedge clock) part_{k}_q <= sum_{k};\n"
            );
        }
        let parts: Vec<String> = (0..groups).map(|k| format!("part_{k}_q")).collect();
        text += &format!("always @(*) count = {};\n", parts.join(" + "));
        Verilog::Custom(text)
    }
}
