//! The states of all units, between two time steps.

use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Reads the state that a unit has from the step before, and writes the one that it gets.
///
/// ```text
/// unit ─▶[r]─┬─▶ memory ─▶ zero unless warm ─▶[old_state]─▶ … ─▶ new_state ─▶ memory
///            └─▶[M + 4]─▶ address of new_state
/// ```
///
/// Timing: `old_state` comes r + 2 cycles after `unit`, `valid` and `warm`, `new_state` is taken M + 2 cycles after
/// that, with `written`; M = `Shape::product_cycles`. One unit per cycle.
///
/// Contract:
/// 1. Without `warm` the old state is zero, whatever the memory holds.
/// 2. The state of a unit changes only with `valid`.
///
/// Not here: how the new state comes from the old one (`LstmCell`, `GruCell`).
#[derive(Clone, Debug, LogicBlock)]
pub struct UnitState {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drops what is in flight.
    pub clear: Wire<In>,
    /// Hidden unit, numbered through all layers.
    pub unit: Wire<In>,
    /// Unit valid.
    pub valid: Wire<In>,
    /// The unit has a state from the step before.
    pub warm: Wire<In>,
    /// State from the step before, two's complement.
    pub old_state: Wire<Out>,
    /// New state.
    pub new_state: Wire<In>,
    /// The new state is written.
    pub written: Wire<Out>,
    memory: Memory,
    read_unit: Delay,
    write_unit: Delay,
    warm_delay: Delay,
    write_valid: Delay,
    kept_state: Wire<Local>,
    old_state_q: Reg,
}

impl UnitState {
    /// The states of the shape's units, read `read` cycles, at least 1, after a unit's number.
    pub fn new(shape: &Shape, read: usize) -> Self {
        let (state, unit) = (shape.state_bits(), index_bits(shape.units()));
        let write = shape.product_cycles() + 4;
        UnitState {
            clock: Signal::default(),
            clear: Wire::new(1),
            unit: Wire::new(unit),
            valid: Wire::new(1),
            warm: Wire::new(1),
            old_state: Wire::signed(state),
            new_state: Wire::new(state),
            written: Wire::new(1),
            memory: Memory::blank(state, unit),
            read_unit: Delay::new(unit, read),
            write_unit: Delay::new(unit, write),
            warm_delay: Delay::new(1, read + 1),
            write_valid: Delay::cleared(1, read + write),
            kept_state: Wire::new(state),
            old_state_q: Reg::signed(state),
        }
    }
}

impl Logic for UnitState {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_unit_state");
        comment!("@about The states of all units: read before the gates of a");
        comment!("@about unit come, written when its new state is known.");
        dff_setup!(self, clock, old_state_q);
        clock!(
            self,
            clock,
            memory,
            read_unit,
            write_unit,
            warm_delay,
            write_valid
        );
        self.write_valid.clear.next = self.clear.val();
        self.read_unit.d.next = self.unit.val();
        self.write_unit.d.next = self.read_unit.q.val();
        self.warm_delay.d.next = self.warm.val();
        self.write_valid.d.next = self.valid.val();

        self.memory.address.next = self.read_unit.q.val();
        self.kept_state.next = false.into();
        if self.warm_delay.q.val().any() {
            self.kept_state.next = self.memory.data.val();
        }
        self.old_state_q.d.next = self.kept_state.val();
        self.old_state.next = self.old_state_q.q.val();

        self.memory.write.next = self.write_valid.q.val();
        self.memory.write_address.next = self.write_unit.q.val();
        self.memory.write_data.next = self.new_state.val();
        self.written.next = self.write_valid.q.val();
    }
}
