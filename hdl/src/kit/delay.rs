//! A chain of registers.

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
    /// Zeroes all stages.
    pub clear: Wire<In>,
    /// Value in.
    pub d: Wire<In>,
    /// Value out.
    pub q: Wire<Out>,
    stage: Vec<Reg>,
}

impl Delay {
    /// A delay of `cycles` (at least 1) of a value of `width` bits.
    pub fn new(width: usize, cycles: usize) -> Self {
        Delay {
            clock: Signal::default(),
            clear: Wire::new(1),
            d: Wire::new(width),
            q: Wire::new(width),
            stage: (0..cycles).map(|_| Reg::new(width)).collect(),
        }
    }
}

impl Logic for Delay {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_delay");
        for i in 0..self.stage.len() {
            clock!(self, clock, stage[i]);
        }
        self.stage[0].d.next = self.d.val();
        for i in 1..self.stage.len() {
            self.stage[i].d.next = self.stage[i - 1].q.val();
        }
        for i in 0..self.stage.len() {
            if self.clear.val().any() {
                self.stage[i].d.next = false.into();
            }
        }
        for i in (self.stage.len() - 1)..self.stage.len() {
            self.q.next = self.stage[i].q.val();
        }
    }
}
