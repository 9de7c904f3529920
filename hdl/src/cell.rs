//! The cell unit: cell state and ternary hidden state of one unit a cycle.

use crate::clamp::Clamp;
use crate::delay::Delay;
use crate::kit::prelude::*;
use crate::multiplier::Multiplier;
use tern_model::{Shape, index_bits};

/// `c' = clamp_C(round(f·c + i·g))`, `h' = sign of o·tanh(c')` where it reaches the threshold.
///
/// ```text
/// unit ─▶ state memory ─▶[c]─▶ × f ─┐
///                         i ─▶ × g ─+─▶[ ]─▶ >> F, clamp ─▶[c']─▶ state memory
///                                                            └─▶ clamp ─▶[ ]─▶ LUT ─▶[ ]─▶ × o ─▶ ≥ θ ─▶[trit]
/// ```
///
/// Timing: gates come 5 cycles after their `unit`, `valid` and `warm`; `trit` comes 6 + 2·M cycles after
/// the gates, M = `Shape::product_cycles`. One unit a cycle.
///
/// Contract:
/// 1. `c'` and `trit` are those of the number semantics, bit for bit.
/// 2. Without `warm` the old state counts as zero, whatever the memory holds.
/// 3. The state of a unit changes only with `valid`.
///
/// Not here: the gates' activation (`Gate`) and the order of units (`Drain`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Cell {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drops what is in flight.
    pub clear: Wire<In>,
    /// Hidden unit.
    pub unit: Wire<In>,
    /// A unit is there.
    pub valid: Wire<In>,
    /// The unit has a state from the step before.
    pub warm: Wire<In>,
    /// Gates i, f, g, o, two's complement.
    pub gate: Vec<Wire<In>>,
    /// New hidden state of the unit, a two-rail trit.
    pub trit: Wire<Out>,
    /// It is valid.
    pub trit_valid: Wire<Out>,
    state: Ram,
    read_unit: Delay,
    write_unit: Delay,
    warm_delay: Delay,
    write_valid: Delay,
    trit_valid_delay: Delay,
    old_state: Reg,
    forget_product: Multiplier,
    input_product: Multiplier,
    total: Reg,
    saturate: Clamp,
    new_state: Reg,
    index_clamp: Clamp,
    index: Reg,
    lut: Rom,
    squashed: Reg,
    output_delay: Delay,
    output_product: Multiplier,
    trit_q: Reg,
    gate_value: Wire<Local>,
    forget_gate: Wire<Local>,
    input_gate: Wire<Local>,
    candidate: Wire<Local>,
    output_gate: Wire<Local>,
    kept_state: Wire<Local>,
    state_bits: Wire<Local>,
    threshold: Wire<Local>,
    minus_threshold: Wire<Local>,
    signed_nought: Wire<Local>,
    squashed_value: Wire<Local>,
    nought: Const,
    theta: Const,
    plus: Const,
    minus: Const,
    _gate: Slice,
}

/// Cycles from a unit's number to its gates.
const GATE_LATENCY: usize = 5;

impl Cell {
    /// The cell unit of the shape with the contents of its state LUT.
    pub fn new(shape: &Shape, state_lut: &[i128]) -> Self {
        let (fraction, state, cycles) = (shape.gate_frac, shape.state_bits, shape.product_cycles());
        let (gate, table, unit) = (fraction + 1, fraction + 2, index_bits(shape.hidden_size));
        let rounding = if fraction == 0 {
            0
        } else {
            1 << (fraction - 1)
        };
        let total = Multiplier::bits(gate, state.max(table)) + 1;
        let product = Multiplier::bits(gate, table);
        let threshold = product.max((usize::BITS - shape.threshold.leading_zeros()) as usize + 1);
        Cell {
            clock: Signal::default(),
            clear: Wire::new(1),
            unit: Wire::new(unit),
            valid: Wire::new(1),
            warm: Wire::new(1),
            gate: (0..4).map(|_| Wire::signed(table)).collect(),
            trit: Wire::new(2),
            trit_valid: Wire::new(1),
            state: Ram::new("state", state, unit),
            read_unit: Delay::new(unit, GATE_LATENCY - 2),
            write_unit: Delay::new(unit, cycles + 4),
            warm_delay: Delay::new(1, GATE_LATENCY - 1),
            write_valid: Delay::new(1, GATE_LATENCY + 2 + cycles),
            trit_valid_delay: Delay::new(1, 4 + cycles),
            old_state: Reg::signed(state),
            forget_product: Multiplier::new(gate, state, cycles, rounding),
            input_product: Multiplier::new(gate, table, cycles, 0),
            total: Reg::signed(total),
            saturate: Clamp::new(total, fraction, state),
            new_state: Reg::signed(state),
            index_clamp: Clamp::new(state, shape.state_lut_shift, shape.lut_bits),
            index: Reg::new(shape.lut_bits),
            lut: Rom::new(
                "state_lut",
                table,
                shape.lut_bits,
                state_lut,
                shape.placement.state_lut,
            ),
            squashed: Reg::new(table),
            output_delay: Delay::new(gate, cycles + 5),
            output_product: Multiplier::new(gate, table, cycles, 0),
            trit_q: Reg::new(2),
            gate_value: Wire::signed(table),
            forget_gate: Wire::new(gate),
            input_gate: Wire::new(gate),
            candidate: Wire::signed(table),
            output_gate: Wire::new(gate),
            kept_state: Wire::signed(state),
            state_bits: Wire::new(state),
            threshold: Wire::signed(threshold),
            minus_threshold: Wire::signed(threshold),
            signed_nought: Wire::signed(threshold),
            squashed_value: Wire::signed(table),
            nought: Const::new(0, 1),
            theta: Const::new(shape.threshold, threshold),
            plus: Const::new(1, 2),
            minus: Const::new(2, 2),
            _gate: Slice {
                offset: 0,
                width: gate,
            },
        }
    }
}

impl Logic for Cell {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_cell");
        dff_setup!(
            self, clock, old_state, total, new_state, index, squashed, trit_q
        );
        self.state.clock.next = self.clock.val();
        self.read_unit.clock.next = self.clock.val();
        self.write_unit.clock.next = self.clock.val();
        self.warm_delay.clock.next = self.clock.val();
        self.write_valid.clock.next = self.clock.val();
        self.trit_valid_delay.clock.next = self.clock.val();
        self.forget_product.clock.next = self.clock.val();
        self.input_product.clock.next = self.clock.val();
        self.lut.clock.next = self.clock.val();
        self.output_delay.clock.next = self.clock.val();
        self.output_product.clock.next = self.clock.val();
        self.read_unit.clear.next = self.nought.val();
        self.write_unit.clear.next = self.nought.val();
        self.warm_delay.clear.next = self.nought.val();
        self.output_delay.clear.next = self.nought.val();
        self.write_valid.clear.next = self.clear.val();
        self.trit_valid_delay.clear.next = self.clear.val();

        self.read_unit.d.next = self.unit.val();
        self.write_unit.d.next = self.read_unit.q.val();
        self.warm_delay.d.next = self.warm.val();
        self.write_valid.d.next = self.valid.val();
        self.trit_valid_delay.d.next = self.write_valid.q.val();

        self.state.read_address.next = self.read_unit.q.val();
        self.kept_state.next = self.nought.val();
        if self.warm_delay.q.val().any() {
            self.kept_state.next = self.state.read_data.val();
        }
        self.old_state.d.next = self.kept_state.val();

        for i in 0..1 {
            self.gate_value.next = self.gate[i].val();
            self.input_gate.next = self.gate_value.val().index(self._gate).get_value_bits();
        }
        for i in 1..2 {
            self.gate_value.next = self.gate[i].val();
            self.forget_gate.next = self.gate_value.val().index(self._gate).get_value_bits();
        }
        for i in 2..3 {
            self.candidate.next = self.gate[i].val();
        }
        for i in 3..4 {
            self.gate_value.next = self.gate[i].val();
            self.output_gate.next = self.gate_value.val().index(self._gate).get_value_bits();
        }
        self.forget_product.a.next = self.forget_gate.val();
        self.forget_product.b.next = self.old_state.q.val();
        self.input_product.a.next = self.input_gate.val();
        self.input_product.b.next = self.candidate.val();
        self.total.d.next = self.forget_product.product.val() + self.input_product.product.val();
        self.saturate.value.next = self.total.q.val();
        self.new_state.d.next = self.saturate.out.val();

        self.state_bits.next = self.new_state.q.val();
        self.state.write.next = self.write_valid.q.val();
        self.state.write_address.next = self.write_unit.q.val();
        self.state.write_data.next = self.state_bits.val();

        self.index_clamp.value.next = self.new_state.q.val();
        self.index.d.next = self.index_clamp.out.val();
        self.lut.address.next = self.index.q.val();
        self.squashed.d.next = self.lut.data.val();
        self.squashed_value.next = self.squashed.q.val();
        self.output_delay.d.next = self.output_gate.val();
        self.output_product.a.next = self.output_delay.q.val();
        self.output_product.b.next = self.squashed_value.val();

        self.signed_nought.next = self.nought.val();
        self.threshold.next = self.theta.val();
        self.minus_threshold.next = self.signed_nought.val() - self.threshold.val();
        self.trit_q.d.next = self.nought.val();
        if self.output_product.product.val() >= self.threshold.val() {
            self.trit_q.d.next = self.plus.val();
        } else if self.output_product.product.val() <= self.minus_threshold.val() {
            self.trit_q.d.next = self.minus.val();
        }
        self.trit.next = self.trit_q.q.val();
        self.trit_valid.next = self.trit_valid_delay.q.val();
    }
}
