//! The D flip-flop.

use rust_hdl::core::prelude::*;

use super::wire::Wire;

/// A register of run-time width: `q` is `d` of the cycle before, zero at power-up.
///
/// Timing: one cycle. It has no reset and no enable; a module that needs one writes it on `d`.
#[derive(Clone, Debug, LogicBlock)]
pub struct Reg {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Next value.
    pub d: Wire<In>,
    /// Present value.
    pub q: Wire<Out>,
}

impl Reg {
    /// An unsigned register of `width` bits.
    pub fn new(width: usize) -> Self {
        Reg {
            clock: Signal::default(),
            d: Wire::new(width),
            q: Wire::new(width),
        }
    }

    /// A two's complement register of `width` bits.
    pub fn signed(width: usize) -> Self {
        Reg {
            clock: Signal::default(),
            d: Wire::signed(width),
            q: Wire::signed(width),
        }
    }
}

impl Logic for Reg {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.q.next = self.d.val();
        }
    }

    fn connect(&mut self) {
        self.q.connect();
    }

    fn hdl(&self) -> Verilog {
        let sign = if self.q.val().is_signed() {
            "signed_"
        } else {
            ""
        };
        let width = self.q.bits();
        Verilog::Custom(format!(
            "// @name tern_register_{sign}{width}\ninitial q = {width}'d0;\nalways @(posedge clock) q <= d;\n"
        ))
    }
}
