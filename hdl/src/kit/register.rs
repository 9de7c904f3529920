//! The D flip-flop.

use rust_hdl::core::prelude::*;

use super::wire::Wire;

/// A register of run-time width: `q` is `d` of the cycle before.
///
/// Timing: one cycle. It has no reset and no enable; a module that needs one writes it on `d`. What it holds at power-up is not
/// known, unless it is one that [begins as zero](Reg::zero_at_power_up); in Rust-HDL's simulation every register begins as zero.
#[derive(Clone, Debug, LogicBlock)]
pub struct Reg {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Next value.
    pub d: Wire<In>,
    /// Present value.
    pub q: Wire<Out>,
    _zero_at_power_up: bool,
}

impl Reg {
    /// An unsigned register of `width` bits.
    pub fn new(width: usize) -> Self {
        Reg {
            clock: Signal::default(),
            d: Wire::new(width),
            q: Wire::new(width),
            _zero_at_power_up: false,
        }
    }

    /// An unsigned register of `width` bits that the device sets to zero when it is configured.
    ///
    /// Only for what a reset must leave as it is: not every family of FPGAs can set a flip-flop so.
    pub fn zero_at_power_up(width: usize) -> Self {
        Reg {
            _zero_at_power_up: true,
            ..Reg::new(width)
        }
    }

    /// A two's complement register of `width` bits.
    pub fn signed(width: usize) -> Self {
        Reg {
            clock: Signal::default(),
            d: Wire::signed(width),
            q: Wire::signed(width),
            _zero_at_power_up: false,
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
        let (kind, initial) = match self._zero_at_power_up {
            true => ("zeroed_", format!("initial q = {width}'d0;\n")),
            false => ("", String::new()),
        };
        Verilog::Custom(format!(
            "// @name tern_register_{kind}{sign}{width}\n{initial}always @(posedge clock) q <= d;\n"
        ))
    }
}
