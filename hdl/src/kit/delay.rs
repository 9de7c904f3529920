//! A chain of registers.

use std::collections::VecDeque;

use crate::kit::prelude::*;

/// Delays a value by a fixed number of cycles.
///
/// ```text
/// d ──▶[ stage 0 ]──▶[ stage 1 ]── … ──▶ q        clear zeroes every stage at once
/// ```
///
/// Timing: `q` is `d` of `cycles` cycles before.
///
/// Contract: 1. without `clear`, nothing is lost or changed; 2. after a cycle of `clear`, `q` is zero
/// for `cycles` cycles or until a later `d` arrives.
///
/// Not here: any handshake; what travels with a delayed value must be delayed alike.
#[derive(Clone, Debug, LogicBlock)]
pub struct Delay {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Zeroes all stages; only in a delay that can be cleared.
    pub clear: Wire<In>,
    /// Value in.
    pub d: Wire<In>,
    /// Value out.
    pub q: Wire<Out>,
    /// What has come in and not gone out, the latest first.
    _stages: VecDeque<Vector>,
}

impl Delay {
    /// A delay of `cycles` (at least 1) of a value of `width` bits.
    pub fn new(width: usize, cycles: usize) -> Self {
        Self::with(width, cycles, false)
    }

    /// A delay that `clear` zeroes.
    pub fn cleared(width: usize, cycles: usize) -> Self {
        Self::with(width, cycles, true)
    }

    fn with(width: usize, cycles: usize, clears: bool) -> Self {
        Delay {
            clock: Signal::default(),
            clear: Wire::optional(clears, 1),
            d: Wire::new(width),
            q: Wire::new(width),
            _stages: vec![Vector::unsigned(0, width as u32); cycles].into(),
        }
    }
}

impl Logic for Delay {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self._stages.push_front(self.d.val());
            self._stages.pop_back();
            if self.clear.count() > 0 && self.clear.val().any() {
                self._stages
                    .iter_mut()
                    .for_each(|stage| *stage = Vector::unsigned(0, stage.width()));
            }
            if let Some(oldest) = self._stages.back() {
                self.q.next = *oldest;
            }
        }
    }

    fn connect(&mut self) {
        self.q.connect();
    }

    fn hdl(&self) -> Verilog {
        let (kind, about, clear) = match self.clear.count() {
            0 => ("delay", "cycles", ""),
            _ => (
                "cleared_delay",
                "cycles; clear zeroes what is on its way",
                CLEAR,
            ),
        };
        Verilog::Wrapper(Wrapper {
            code: format!(
                "// @name tern_{kind}: Delays a value by CYCLES {about}.\n\
                 // @width d WIDTH\n// @width q WIDTH\n\
                 localparam WIDTH = {};\nlocalparam CYCLES = {};\n{STAGES}{clear}{END}",
                self.d.bits(),
                self._stages.len()
            ),
            cores: String::new(),
        })
    }
}

const STAGES: &str = "\
// The value of k + 1 cycles before is at bit k*WIDTH.
reg [CYCLES*WIDTH-1:0] stages_q;
integer k;
always @(posedge clock) begin
    stages_q[0 +: WIDTH] <= d;
    for (k = 1; k < CYCLES; k = k + 1)
        stages_q[k*WIDTH +: WIDTH] <= stages_q[(k-1)*WIDTH +: WIDTH];
";

const CLEAR: &str = "    if (clear) stages_q <= {CYCLES*WIDTH{1'b0}};\n";

const END: &str = "\
end
assign q = stages_q[(CYCLES-1)*WIDTH +: WIDTH];
";
