//! The processing element of the event array.

use crate::kit::prelude::*;
use tern_compile::shape::Shape;

/// Sums of `lanes` results, to each of which an event's value is added, from which it is taken, or neither.
///
/// ```text
/// weight lane k ─▶ + value, - value or 0 ─▶[addend]─▶ + ─▶[sum k]─▶[held k]─▶ held k-1 … held 0 ─▶ result
///                                                     ▲──────┘  last ──┘ ▲
///                                          held k+1, of the highest lane `above`
/// ```
///
/// Timing: `weight`, `value` and `negative` of an event come together; `last` comes one cycle after those of the beat that ends the
/// block, which is no event. `result` is lane 0's sum the cycle after `last`, lane k's k cycles later. One event per cycle.
///
/// Contract:
/// 1. After `last`, lane k's result is the exact sum of `weight k · value` of all events since the `last` before, modulo 2^bits.
/// 2. The next sums begin at zero without a cycle lost.
/// 3. After `lanes` results come those that `above` gives, a cycle later each.
///
/// Not here: the weight memory (the column's), and when held sums may be replaced (`EventSchedule`).
#[derive(Clone, Debug, LogicBlock)]
pub struct EventPe {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// A trit of two rails per lane.
    pub weight: Wire<In>,
    /// The event's value, two's complement.
    pub value: Wire<In>,
    /// The same, negated.
    pub negative: Wire<In>,
    /// The block ends.
    pub last: Wire<In>,
    /// Result of the row above.
    pub above: Wire<In>,
    /// The results one after the other, two's complement.
    pub result: Wire<Out>,
    _lanes: Vec<Lane>,
}

/// The registers of a lane.
#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    addend: i128,
    sum: i128,
    held: i128,
}

impl EventPe {
    /// A PE of the shape.
    pub fn new(shape: &Shape) -> Self {
        let (value, sum) = (shape.event_value_bits(), shape.sum_bits());
        EventPe {
            clock: Signal::default(),
            weight: Wire::new(2 * shape.design.lanes),
            value: Wire::signed(value),
            negative: Wire::signed(value),
            last: Wire::new(1),
            above: Wire::new(sum),
            result: Wire::new(sum),
            _lanes: vec![Lane::default(); shape.design.lanes],
        }
    }
}

inputs!(EventPe: weight, value, negative, last, above);

impl Logic for EventPe {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let bits = self.result.bits() as u32;
            let weight = self.weight.val();
            let (value, negative) = (self.value.val().integer(), self.negative.val().integer());
            let last = self.last.val().any();
            let mut above = self.above.val().integer();
            for (k, lane) in self._lanes.iter_mut().enumerate().rev() {
                let held = if last { lane.sum } else { above };
                above = lane.held;
                let sum = if last { 0 } else { lane.sum + lane.addend };
                let rail = |rail: usize| weight.get_bit(2 * k + rail).any();
                let addend = match (rail(0), rail(1)) {
                    (true, false) => value,
                    (false, true) => negative,
                    _ => 0,
                };
                *lane = Lane {
                    addend,
                    sum: Vector::signed(sum, bits).fit(bits, true).integer(),
                    held,
                };
            }
            self.result.next = Vector::signed(self._lanes[0].held, bits);
        }
    }

    fn connect(&mut self) {
        self.result.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Wrapper(Wrapper {
            code: format!(
                "// @name tern_event_pe: Sums of LANES results, to each of which an event's value is added, from which it is taken, or neither.\n\
                 // @width weight 2*LANES\n// @width value VALUE_BITS\n// @width negative VALUE_BITS\n// @width above SUM_BITS\n// @width result SUM_BITS\n\
                 localparam LANES = {};\nlocalparam VALUE_BITS = {};\nlocalparam SUM_BITS = {};\n{TEXT}",
                self._lanes.len(),
                self.value.bits(),
                self.result.bits()
            ),
            cores: String::new(),
        })
    }
}

const TEXT: &str = "\
reg [LANES*VALUE_BITS-1:0] addend_q;
reg [LANES*SUM_BITS-1:0] sum_q;
reg [LANES*SUM_BITS-1:0] held_q;
// An addend with its sign in all bits of a sum and beyond.
wire [LANES*(SUM_BITS+VALUE_BITS)-1:0] extended;
genvar k;
generate
    for (k = 0; k < LANES; k = k + 1) begin : sign
        assign extended[k*(SUM_BITS+VALUE_BITS) +: SUM_BITS+VALUE_BITS] =
            {{SUM_BITS{addend_q[k*VALUE_BITS + VALUE_BITS - 1]}}, addend_q[k*VALUE_BITS +: VALUE_BITS]};
    end
endgenerate
integer lane;
always @(posedge clock) begin
    for (lane = 0; lane < LANES; lane = lane + 1) begin
        addend_q[lane*VALUE_BITS +: VALUE_BITS] <=
            ({VALUE_BITS{weight[2*lane] & ~weight[2*lane+1]}} & value)
            | ({VALUE_BITS{weight[2*lane+1] & ~weight[2*lane]}} & negative);
        sum_q[lane*SUM_BITS +: SUM_BITS] <=
            last ? {SUM_BITS{1'b0}}
                 : sum_q[lane*SUM_BITS +: SUM_BITS] + extended[lane*(SUM_BITS+VALUE_BITS) +: SUM_BITS];
    end
    held_q <= last ? sum_q : {above, held_q[LANES*SUM_BITS-1:SUM_BITS]};
end
assign result = held_q[SUM_BITS-1:0];
// Bits of an addend beyond a sum's.
wire unused = &{1'b0, extended};
";
