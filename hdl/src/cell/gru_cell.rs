//! The cell unit of GRU layers: state and ternary hidden state of one unit per cycle.

use crate::cell::activation::Activation;
use crate::cell::clamp::LayerClamp;
use crate::cell::multiplier::Multiplier;
use crate::cell::rounding::Rounding;
use crate::cell::threshold::Threshold;
use crate::cell::unit_state::UnitState;
use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;
use tern_compile::shape::{LayerShape, Part};

/// `n = lut[a + round(r·b)]`, `q' = clamp_C(round((2^F - u)·n + u·q))`, `h' = sign of q'` where it reaches the
/// threshold.
///
/// ```text
/// b ─▶ >> k ─▶[ ]─▶ × r ─┐
/// a ─▶ >> k ─▶[ ]────────+─▶ Activation ─[n]─▶ × (2^F - u) ─┐
/// unit ─▶ UnitState ─[q]─▶ × u ─────────────────────────────+─▶[ ]─▶ >> F, clamp ─▶[q']─▶ ≥ θ ─▶[trit]
///                                                                     UnitState ◀─────┘
/// ```
///
/// Timing: the sums a and b come 2 cycles and the gates r and u 5 cycles after their `unit`, `layer`, `valid`
/// and `warm`; `trit` comes 6 + 2·M cycles after the gates, M = `Shape::product_cycles`, as in `LstmCell`. One
/// unit per cycle.
///
/// Contract:
/// 1. `q'` and `trit` are those of the number semantics, bit for bit.
///
/// Not here: the activation of r and u (in `Units`), the memory of states (`UnitState`) and the order of units (`Drain`).
#[derive(Clone, Debug, LogicBlock)]
pub struct GruCell {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drops what is in flight.
    pub clear: Wire<In>,
    /// Hidden unit, numbered through all layers.
    pub unit: Wire<In>,
    /// The unit's layer.
    pub layer: Wire<In>,
    /// Unit valid.
    pub valid: Wire<In>,
    /// The unit has a state from the step before.
    pub warm: Wire<In>,
    /// Reset gate r, two's complement.
    pub reset_gate: Wire<In>,
    /// Update gate, two's complement; `u` of the equations.
    pub update_gate: Wire<In>,
    /// Sum a: the candidate's input part and bias, scaled by 2^`Shape::part_shift`.
    pub input_part: Wire<In>,
    /// Sum b: its hidden part and bias, scaled likewise.
    pub hidden_part: Wire<In>,
    /// New hidden state of the unit: a two-rail trit or, where hidden states are more, sign and magnitude.
    pub trit: Wire<Out>,
    /// New hidden state valid.
    pub trit_valid: Wire<Out>,
    /// Write `load_word` to the LUT; only in a core that loads its network, as the next two.
    pub load: Wire<In>,
    /// Address to write.
    pub load_address: Wire<In>,
    /// Entry to write.
    pub load_word: Wire<In>,
    state: UnitState,
    trit_valid_delay: Delay,
    sum_layer: Delay,
    product_layer: Delay,
    total_layer: Delay,
    state_layer: Reg,
    input_scale: LayerClamp,
    hidden_scale: LayerClamp,
    input_delay: Delay,
    hidden_delay: Delay,
    reset_product: Multiplier,
    activation: Activation,
    kept_delay: Delay,
    new_product: Multiplier,
    old_product: Multiplier,
    total: Reg,
    saturate: LayerClamp,
    new_state: Reg,
    threshold: Threshold,
    rounding_of: Vec<Rounding>,
    trit_q: Reg,
    gate_value: Wire<Local>,
    r_gate: Wire<Local>,
    u_gate: Wire<Local>,
    new_gate: Wire<Local>,
    input_value: Wire<Local>,
    scaled_input: Wire<Local>,
    signed_rounding: Wire<Local>,
    unity: Const,
    rounding: Const,
    fraction: Const,
    _gate: Slice,
}

/// Cycles from a unit's number to its gates.
const GATE_LATENCY: usize = 5;
/// Cycles from a unit's number to the sums of its candidate.
const SUM_LATENCY: usize = 2;

impl GruCell {
    /// The cell unit of a program's GRU layers.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let (fraction, state, cycles) = (
            shape.gate_frac(),
            shape.state_bits(),
            shape.product_cycles(),
        );
        let (gate, table, unit) = (fraction + 1, shape.table_bits(), index_bits(shape.units()));
        let (layer, sum, part) = (
            index_bits(shape.layers.len()),
            shape.preactivation_bits(),
            shape.candidate_bits(),
        );
        let rounding = if fraction == 0 {
            0
        } else {
            1 << (fraction - 1)
        };
        let product = Multiplier::bits(gate, part);
        let total = Multiplier::bits(gate, state.max(table)) + 1;
        let of_layers = |of: &dyn Fn(usize, &LayerShape) -> (usize, usize)| -> Vec<(usize, usize)> {
            let layers = shape.layers.iter().enumerate();
            layers.map(|(k, layer)| of(k, layer)).collect()
        };
        let scale = |kind: Part| of_layers(&|k, _| (shape.part_shift(k, kind), part));
        let candidate = |layer: &LayerShape| layer.lut_shift.get(2).copied().unwrap_or(0);
        let saturated = of_layers(&|_, layer| (fraction, layer.state_bits));
        let planes = shape.has_hidden_planes();
        let layers = shape.layers.iter();
        let thetas: Vec<usize> = layers.map(|layer| layer.threshold.unwrap_or(1)).collect();
        GruCell {
            clock: Signal::default(),
            clear: Wire::new(1),
            unit: Wire::new(unit),
            layer: Wire::new(layer),
            valid: Wire::new(1),
            warm: Wire::new(1),
            reset_gate: Wire::signed(table),
            update_gate: Wire::signed(table),
            input_part: Wire::signed(sum),
            hidden_part: Wire::signed(sum),
            trit: Wire::new(shape.hidden_bits()),
            trit_valid: Wire::new(1),
            state: UnitState::new(shape, GATE_LATENCY + cycles + 1),
            trit_valid_delay: Delay::cleared(1, shape.hidden_cycles()),
            sum_layer: Delay::new(layer, SUM_LATENCY),
            product_layer: Delay::new(layer, GATE_LATENCY - SUM_LATENCY + cycles),
            total_layer: Delay::new(layer, cycles + 4),
            state_layer: Reg::new(layer),
            input_scale: LayerClamp::new(sum, &scale(Part::Input), part),
            hidden_scale: LayerClamp::new(sum, &scale(Part::Hidden), part),
            input_delay: Delay::new(part, GATE_LATENCY - SUM_LATENCY),
            hidden_delay: Delay::new(part, GATE_LATENCY - SUM_LATENCY),
            reset_product: Multiplier::new(gate, part, cycles),
            load: Wire::optional(shape.loads(), 1),
            load_address: Wire::optional(shape.loads(), shape.table_address_bits()),
            load_word: Wire::optional(shape.loads(), shape.table_bits()),
            activation: Activation::new(
                shape,
                shape.layers.iter().map(|layer| fraction + candidate(layer)),
                &program.images.candidate_lut,
                Style::block(shape.placement.candidate_lut),
            ),
            kept_delay: Delay::new(gate, cycles + 3),
            new_product: Multiplier::new(gate, table, cycles),
            old_product: Multiplier::new(gate, state, cycles),
            total: Reg::signed(total),
            saturate: LayerClamp::new(total, &saturated, state),
            new_state: Reg::signed(state),
            threshold: Threshold::new(state, &thetas),
            rounding_of: optional(planes, || {
                Rounding::new(shape, Rounding::value_bits(shape), &|_| 0)
            }),
            trit_q: Reg::new(shape.hidden_bits()),
            gate_value: Wire::signed(table),
            r_gate: Wire::new(gate),
            u_gate: Wire::new(gate),
            new_gate: Wire::new(gate),
            input_value: Wire::signed(part),
            scaled_input: Wire::signed(product),
            signed_rounding: Wire::signed(product),
            unity: Const::new(1 << fraction, gate),
            rounding: Const::new(rounding, gate),
            fraction: Const::new(fraction, 8),
            _gate: Slice {
                offset: 0,
                width: gate,
            },
        }
    }
}

inputs!(GruCell: clear, unit, layer, valid, warm, reset_gate, update_gate, input_part, hidden_part, load, load_address, load_word);

impl Logic for GruCell {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_gru_cell");
        comment!("@about The cell unit of GRU layers: n = tanh(a + r*b), q' =");
        comment!("@about (1 - u)*n + u*q, h' = the trit of q'.");
        dff_setup!(self, clock, state_layer, total, new_state, trit_q);
        clock!(
            self,
            clock,
            state,
            trit_valid_delay,
            sum_layer,
            product_layer,
            total_layer,
            input_delay,
            hidden_delay,
            kept_delay,
            reset_product,
            activation,
            new_product,
            old_product
        );
        self.state.clear.next = self.clear.val();
        self.state.unit.next = self.unit.val();
        self.state.valid.next = self.valid.val();
        self.state.warm.next = self.warm.val();
        self.trit_valid_delay.clear.next = self.clear.val();
        self.trit_valid_delay.d.next = self.state.written.val();
        self.sum_layer.d.next = self.layer.val();
        self.product_layer.d.next = self.sum_layer.q.val();
        self.total_layer.d.next = self.product_layer.q.val();
        self.state_layer.d.next = self.total_layer.q.val();

        // The candidate.
        self.input_scale.layer.next = self.sum_layer.q.val();
        self.input_scale.value.next = self.input_part.val();
        self.input_delay.d.next = self.input_scale.out.val();
        self.hidden_scale.layer.next = self.sum_layer.q.val();
        self.hidden_scale.value.next = self.hidden_part.val();
        self.hidden_delay.d.next = self.hidden_scale.out.val();
        self.gate_value.next = self.reset_gate.val();
        self.r_gate.next = self.gate_value.val().index(self._gate).get_value_bits();
        self.reset_product.a.next = self.r_gate.val();
        self.reset_product.b.next = self.hidden_delay.q.val();
        self.input_value.next = self.input_delay.q.val();
        self.scaled_input.next = self.input_value.val() << self.fraction.val();
        self.signed_rounding.next = self.rounding.val();
        self.reset_product.addend.next = self.scaled_input.val() | self.signed_rounding.val();
        self.activation.layer.next = self.product_layer.q.val();
        self.activation.value.next = self.reset_product.product.val();
        for _i in 0..self.load.count() {
            self.activation.load.next = self.load.val();
            self.activation.load_address.next = self.load_address.val();
            self.activation.load_word.next = self.load_word.val();
        }

        // The state.
        self.gate_value.next = self.update_gate.val();
        self.u_gate.next = self.gate_value.val().index(self._gate).get_value_bits();
        self.kept_delay.d.next = self.u_gate.val();
        self.new_gate.next = self.unity.val() - self.kept_delay.q.val();
        self.new_product.a.next = self.new_gate.val();
        self.new_product.b.next = self.activation.out.val();
        self.new_product.addend.next = false.into();
        self.old_product.a.next = self.kept_delay.q.val();
        self.old_product.b.next = self.state.old_state.val();
        self.old_product.addend.next = self.rounding.val();
        self.total.d.next = self.new_product.product.val() + self.old_product.product.val();
        self.saturate.layer.next = self.total_layer.q.val();
        self.saturate.value.next = self.total.q.val();
        self.new_state.d.next = self.saturate.out.val();
        self.state.new_state.next = self.new_state.q.val();

        self.threshold.layer.next = self.state_layer.q.val();
        self.threshold.value.next = self.new_state.q.val();
        for i in 0..self.rounding_of.len() {
            clock!(self, clock, rounding_of[i]);
            self.rounding_of[i].layer.next = self.state_layer.q.val();
            self.rounding_of[i].value.next = self.new_state.q.val();
        }
        self.trit_q.d.next = self.threshold.trit.val();
        for i in 0..self.rounding_of.len() {
            self.trit_q.d.next = self.rounding_of[i].element.val();
        }
        self.trit.next = self.trit_q.q.val();
        self.trit_valid.next = self.trit_valid_delay.q.val();
    }
}
