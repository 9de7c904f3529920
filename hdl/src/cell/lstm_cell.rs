//! The cell unit of LSTM layers: cell state and ternary hidden state of one unit per cycle.

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
use tern_compile::shape::LayerShape;

/// `c' = clamp_C(round(f·c + i·g))`, `h' = sign of o·tanh(c')` where it reaches the threshold.
///
/// ```text
/// unit ─▶ UnitState ─[c]─▶ × f ─┐
///                     i ─▶ × g ─+─▶[ ]─▶ >> F, clamp ─▶[c']─▶ UnitState
///                                                        └─▶ Activation ─▶ × o ─▶ ≥ θ ─▶[trit]
/// ```
///
/// Timing: gates come 5 cycles after their `unit`, `layer`, `valid` and `warm`; `trit` comes 6 + 2·M cycles
/// after the gates, M = `Shape::product_cycles`. One unit per cycle.
///
/// Contract:
/// 1. `c'` and `trit` are those of the number semantics, bit for bit.
///
/// Not here: the gates' activation (in `Units`), the memory of states (`UnitState`) and the order of units (`Drain`).
#[derive(Clone, Debug, LogicBlock)]
pub struct LstmCell {
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
    /// Input gate i, two's complement as all gates.
    pub input_gate: Wire<In>,
    /// Forget gate f.
    pub forget_gate: Wire<In>,
    /// Cell candidate g.
    pub candidate: Wire<In>,
    /// Output gate o.
    pub output_gate: Wire<In>,
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
    forget_product: Multiplier,
    input_product: Multiplier,
    total: Reg,
    saturate: LayerClamp,
    new_state: Reg,
    total_layer: Delay,
    state_layer: Reg,
    product_layer: Delay,
    activation: Activation,
    output_delay: Delay,
    output_product: Multiplier,
    threshold: Threshold,
    rounding_of: Vec<Rounding>,
    trit_q: Reg,
    gate_value: Wire<Local>,
    f_gate: Wire<Local>,
    i_gate: Wire<Local>,
    o_gate: Wire<Local>,
    rounding: Const,
    _gate: Slice,
}

/// Cycles from a unit's number to its gates.
const GATE_LATENCY: usize = 5;

impl LstmCell {
    /// The cell unit of a program's LSTM layers.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let (fraction, state, cycles) = (
            shape.gate_frac(),
            shape.state_bits(),
            shape.product_cycles(),
        );
        let (gate, table, unit) = (fraction + 1, shape.table_bits(), index_bits(shape.units()));
        let layer = index_bits(shape.layers.len());
        let rounding = if fraction == 0 {
            0
        } else {
            1 << (fraction - 1)
        };
        let total = Multiplier::bits(gate, state.max(table)) + 1;
        let product = Multiplier::bits(gate, table);
        let layers = shape.layers.iter();
        let saturated: Vec<(usize, usize)> =
            layers.map(|layer| (fraction, layer.state_bits)).collect();
        let planes = shape.has_hidden_planes();
        let spare = |layer: &LayerShape| fraction - layer.gate_frac;
        let threshold = |layer: &LayerShape| layer.threshold.unwrap_or(1) << spare(layer);
        let thetas: Vec<usize> = shape.layers.iter().map(threshold).collect();
        LstmCell {
            clock: Signal::default(),
            clear: Wire::new(1),
            unit: Wire::new(unit),
            layer: Wire::new(layer),
            valid: Wire::new(1),
            warm: Wire::new(1),
            input_gate: Wire::signed(table),
            forget_gate: Wire::signed(table),
            candidate: Wire::signed(table),
            output_gate: Wire::signed(table),
            trit: Wire::new(shape.hidden_bits()),
            trit_valid: Wire::new(1),
            state: UnitState::new(shape, GATE_LATENCY - 2),
            trit_valid_delay: Delay::cleared(1, 3 + cycles + shape.hidden_cycles()),
            forget_product: Multiplier::new(gate, state, cycles),
            input_product: Multiplier::new(gate, table, cycles),
            total: Reg::signed(total),
            saturate: LayerClamp::new(total, &saturated, state),
            new_state: Reg::signed(state),
            total_layer: Delay::new(layer, GATE_LATENCY + 1 + cycles),
            state_layer: Reg::new(layer),
            product_layer: Delay::new(layer, cycles + 3),
            load: Wire::optional(shape.loads(), 1),
            load_address: Wire::optional(shape.loads(), shape.table_address_bits()),
            load_word: Wire::optional(shape.loads(), shape.table_bits()),
            activation: Activation::new(
                shape,
                shape.layers.iter().map(|layer| layer.state_lut_shift),
                &program.images.state_lut,
                Style::block(shape.placement.state_lut),
            ),
            output_delay: Delay::new(gate, cycles + 5),
            output_product: Multiplier::new(gate, table, cycles),
            threshold: Threshold::new(product, &thetas),
            rounding_of: optional(planes, || {
                Rounding::new(shape, Rounding::value_bits(shape), &spare)
            }),
            trit_q: Reg::new(shape.hidden_bits()),
            gate_value: Wire::signed(table),
            f_gate: Wire::new(gate),
            i_gate: Wire::new(gate),
            o_gate: Wire::new(gate),
            rounding: Const::new(rounding, gate),
            _gate: Slice {
                offset: 0,
                width: gate,
            },
        }
    }
}

inputs!(LstmCell: clear, unit, layer, valid, warm, input_gate, forget_gate, candidate, output_gate, load, load_address, load_word);

impl Logic for LstmCell {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_lstm_cell");
        comment!("@about The cell unit of LSTM layers: c' = f*c + i*g, h' =");
        comment!("@about the trit of o*tanh(c').");
        dff_setup!(self, clock, total, new_state, state_layer, trit_q);
        clock!(
            self,
            clock,
            state,
            trit_valid_delay,
            forget_product,
            input_product,
            total_layer,
            product_layer,
            activation,
            output_delay,
            output_product
        );
        self.state.clear.next = self.clear.val();
        self.state.unit.next = self.unit.val();
        self.state.valid.next = self.valid.val();
        self.state.warm.next = self.warm.val();
        self.trit_valid_delay.clear.next = self.clear.val();
        self.trit_valid_delay.d.next = self.state.written.val();

        self.gate_value.next = self.input_gate.val();
        self.i_gate.next = self.gate_value.val().index(self._gate).get_value_bits();
        self.gate_value.next = self.forget_gate.val();
        self.f_gate.next = self.gate_value.val().index(self._gate).get_value_bits();
        self.gate_value.next = self.output_gate.val();
        self.o_gate.next = self.gate_value.val().index(self._gate).get_value_bits();
        self.forget_product.a.next = self.f_gate.val();
        self.forget_product.b.next = self.state.old_state.val();
        self.forget_product.addend.next = self.rounding.val();
        self.input_product.addend.next = false.into();
        self.output_product.addend.next = false.into();
        self.input_product.a.next = self.i_gate.val();
        self.input_product.b.next = self.candidate.val();
        self.total.d.next = self.forget_product.product.val() + self.input_product.product.val();
        self.total_layer.d.next = self.layer.val();
        self.state_layer.d.next = self.total_layer.q.val();
        self.product_layer.d.next = self.state_layer.q.val();
        self.saturate.layer.next = self.total_layer.q.val();
        self.saturate.value.next = self.total.q.val();
        self.new_state.d.next = self.saturate.out.val();
        self.state.new_state.next = self.new_state.q.val();

        self.activation.layer.next = self.state_layer.q.val();
        self.activation.value.next = self.new_state.q.val();
        for _i in 0..self.load.count() {
            self.activation.load.next = self.load.val();
            self.activation.load_address.next = self.load_address.val();
            self.activation.load_word.next = self.load_word.val();
        }
        self.output_delay.d.next = self.o_gate.val();
        self.output_product.a.next = self.output_delay.q.val();
        self.output_product.b.next = self.activation.out.val();

        self.threshold.layer.next = self.product_layer.q.val();
        self.threshold.value.next = self.output_product.product.val();
        for i in 0..self.rounding_of.len() {
            clock!(self, clock, rounding_of[i]);
            self.rounding_of[i].layer.next = self.product_layer.q.val();
            self.rounding_of[i].value.next = self.output_product.product.val();
        }
        self.trit_q.d.next = self.threshold.trit.val();
        for i in 0..self.rounding_of.len() {
            self.trit_q.d.next = self.rounding_of[i].element.val();
        }
        self.trit.next = self.trit_q.q.val();
        self.trit_valid.next = self.trit_valid_delay.q.val();
    }
}
