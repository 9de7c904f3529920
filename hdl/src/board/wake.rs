//! The reset after configuration.

use crate::kit::prelude::*;

/// Holds the reset until the clock is stable and the block RAMs answer, then gives a slow pulse.
///
/// ```text
/// locked ─▶[ ]─▶[ ]──▶[ count ]─┬─ bit HOLD ─▶[ awake ]──▶ reset
///                               └─ highest bit ──────────▶ blink ─▶[ ]─▶ tick
/// ```
///
/// An iCE40 reads zero from its block RAMs for some microseconds after it is configured, whatever they hold.
///
/// Timing: `reset` falls 2^`hold` + 3 cycles after `locked` rises.
///
/// Contract:
/// 1. `reset` is high from power-up, and from two cycles after `locked` falls, until `locked` has been high for at least
///    2^`hold` cycles.
/// 2. `blink` changes every 2^(`bits` - 1) cycles, and `tick` is high in the cycle after each change.
///
/// Not here: the PLL itself, which is outside the link.
#[derive(Clone, Debug, LogicBlock)]
pub struct Wake {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// The clock is stable; asynchronous.
    pub locked: Wire<In>,
    /// Everything else must wait.
    pub reset: Wire<Out>,
    /// A slow square wave.
    pub blink: Wire<Out>,
    /// High for one cycle after each edge of `blink`.
    pub tick: Wire<Out>,
    locked_0: Reg,
    locked_1: Reg,
    count: Reg,
    awake: Reg,
    blink_before: Reg,
    _hold: Slice,
    _top: Slice,
}

impl Wake {
    /// A reset of 2^`hold` cycles and a square wave of 2^`bits`, which are more.
    pub fn new(hold: usize, bits: usize) -> Self {
        let bit = |offset| Slice { offset, width: 1 };
        Wake {
            clock: Signal::default(),
            locked: Wire::new(1),
            reset: Wire::new(1),
            blink: Wire::new(1),
            tick: Wire::new(1),
            locked_0: Reg::zero_at_power_up(1),
            locked_1: Reg::zero_at_power_up(1),
            count: Reg::zero_at_power_up(bits),
            awake: Reg::zero_at_power_up(1),
            blink_before: Reg::zero_at_power_up(1),
            _hold: bit(hold),
            _top: bit(bits - 1),
        }
    }
}

impl Logic for Wake {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_wake");
        comment!("@about Holds the reset after configuration.");
        dff_setup!(self, clock, awake);
        clock!(self, clock, locked_0, locked_1, count, blink_before);
        self.locked_0.d.next = self.locked.val();
        self.locked_1.d.next = self.locked_0.q.val();
        self.count.d.next = self.count.q.val() + true.into();
        if self.count.q.val().index(self._hold).get_value_bits().any() {
            self.awake.d.next = true.into();
        }
        if !self.locked_1.q.val().any() {
            self.count.d.next = false.into();
            self.awake.d.next = false.into();
        }
        self.reset.next = !self.awake.q.val();
        self.blink.next = self.count.q.val().index(self._top).get_value_bits();
        self.blink_before.d.next = self.blink.val();
        self.tick.next = self.blink.val() ^ self.blink_before.q.val();
    }
}
