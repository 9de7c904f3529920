//! The rounding of hidden states that are more than trits.

use crate::cell::clamp::Clamp;
use crate::cell::multiplier::Multiplier;
use crate::cell::threshold::Threshold;
use crate::kit::prelude::*;
use crate::stream::plane::SignMagnitude;
use tern_compile::bits::index_bits;
use tern_compile::shape::{LayerShape, Shape};
use tern_model::network::CellKind;

/// `element = clampsym_b((value + 2^(hr-1)) >> hr)` as sign and magnitude, b and hr being the value's layer's.
///
/// ```text
/// value ─▶ + 2^(hr-1) ─▶[ ]─▶ >> hr, clamp ─▶ sign, magnitude ─┬─▶ of the value's layer ─▶ element
///   └────▶ ≥ θ ────────▶[ ]─────────────────▶ sign, magnitude ─┘
/// layer ───────────────▶[ ]───────────────────────────────────────┘
/// ```
///
/// Timing: `element` follows `value` and `layer` by one cycle. One value per cycle.
///
/// Contract:
/// 1. `element` is the hidden state of the number semantics for every value: the highest bit its sign, the others its magnitude; the
///    trit of a layer that has a threshold, in the same code.
///
/// Not here: the value, which is `o·t` in an LSTM and the state in a GRU, and cores of trits alone (`Threshold`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Rounding {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Value, two's complement.
    pub value: Wire<In>,
    /// The value's layer.
    pub layer: Wire<In>,
    /// Sign and magnitude of the hidden state.
    pub element: Wire<Out>,
    integer: Vec<IntegerState>,
    ternary: Vec<TernaryState>,
    layer_q: Reg,
    integer_layer: Vec<Const>,
    ternary_layer: Vec<Const>,
}

impl Rounding {
    /// Bits of the values in a core of the shape: those of both cells where it has both, so that both are rounded by one module.
    pub fn value_bits(shape: &Shape) -> usize {
        let product = Multiplier::bits(shape.gate_frac() + 1, shape.table_bits());
        match (shape.has(CellKind::Lstm), shape.has(CellKind::Gru)) {
            (true, true) => product.max(shape.state_bits()),
            (true, false) => product,
            (false, _) => shape.state_bits(),
        }
    }

    /// The rounding of values of `value_bits` bits, which have `spare` fraction bits more than a layer's own.
    pub fn new(shape: &Shape, value_bits: usize, spare: &dyn Fn(&LayerShape) -> usize) -> Self {
        let (bits, layer) = (shape.hidden_bits(), index_bits(shape.layers.len()));
        let layers = || shape.layers.iter().enumerate();
        let (integer, ternary): (Vec<_>, Vec<_>) =
            layers().partition(|(_, layer)| layer.hidden_bits.is_some());
        let numbers = |of: &[(usize, &LayerShape)]| {
            let numbers = of.iter().map(|(number, _)| Const::new(*number, layer));
            numbers.collect()
        };
        Rounding {
            clock: Signal::default(),
            value: Wire::signed(value_bits),
            layer: Wire::new(layer),
            element: Wire::new(bits),
            integer: integer
                .iter()
                .map(|(_, layer)| IntegerState::new(layer, value_bits, spare(layer), bits))
                .collect(),
            ternary: ternary
                .iter()
                .map(|(_, layer)| TernaryState::new(layer, value_bits, spare(layer), bits))
                .collect(),
            layer_q: Reg::new(layer),
            integer_layer: numbers(&integer),
            ternary_layer: numbers(&ternary),
        }
    }
}

impl Logic for Rounding {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_rounding");
        comment!("@about Rounds and saturates a value to the hidden state of");
        comment!("@about its layer, as sign and magnitude.");
        dff_setup!(self, clock, layer_q);
        self.layer_q.d.next = self.layer.val();
        for i in 0..self.integer.len() {
            clock!(self, clock, integer[i]);
            self.integer[i].value.next = self.value.val();
        }
        for i in 0..self.ternary.len() {
            clock!(self, clock, ternary[i]);
            self.ternary[i].value.next = self.value.val();
        }
        self.element.next = self.integer[0].element.val();
        for i in 1..self.integer.len() {
            if self.layer_q.q.val() == self.integer_layer[i].val() {
                self.element.next = self.integer[i].element.val();
            }
        }
        for i in 0..self.ternary.len() {
            if self.layer_q.q.val() == self.ternary_layer[i].val() {
                self.element.next = self.ternary[i].element.val();
            }
        }
    }
}

/// The integer hidden states of one layer.
///
/// Timing: `element` follows `value` by one cycle.
///
/// Contract: 1. `element` is `clampsym_b(rshift_round(value, hr))` for every value.
///
/// Not here: layers of trits (`TernaryState`).
#[derive(Clone, Debug, LogicBlock)]
struct IntegerState {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Value, two's complement.
    pub value: Wire<In>,
    /// Sign and magnitude of the hidden state.
    pub element: Wire<Out>,
    rounded: Reg,
    half: Wire<Local>,
    half_bits: Const,
    clamp: Clamp,
    convert: SignMagnitude,
    sign: Wire<Local>,
    magnitude: Wire<Local>,
    sign_place: Const,
    _sign: Slice,
    _magnitude: Slice,
}

impl IntegerState {
    fn new(layer: &LayerShape, value_bits: usize, spare: usize, bits: usize) -> Self {
        let (shift, own) = (
            layer.hidden_round.unwrap_or(0) + spare,
            layer.element_bits(),
        );
        let sum = value_bits.max(shift) + 1;
        let half = if shift == 0 { 0 } else { 1 << (shift - 1) };
        IntegerState {
            clock: Signal::default(),
            value: Wire::signed(value_bits),
            element: Wire::new(bits),
            rounded: Reg::signed(sum),
            half: Wire::signed(sum),
            half_bits: Const::new(half, sum),
            clamp: Clamp::new(sum, shift, own, own),
            convert: SignMagnitude::new(1, own),
            sign: Wire::new(1),
            magnitude: Wire::new(own - 1),
            sign_place: Const::new(bits - 1, 8),
            _sign: Slice {
                offset: own - 1,
                width: 1,
            },
            _magnitude: Slice {
                offset: 0,
                width: own - 1,
            },
        }
    }
}

impl Logic for IntegerState {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@inline");
        dff_setup!(self, clock, rounded);
        self.half.next = self.half_bits.val();
        self.rounded.d.next = self.value.val() + self.half.val();
        self.clamp.value.next = self.rounded.q.val();
        self.convert.elements.next = self.clamp.out.val();
        self.sign.next = self.convert.out.val().index(self._sign).get_value_bits();
        self.magnitude.next = self
            .convert
            .out
            .val()
            .index(self._magnitude)
            .get_value_bits();
        self.element.next = (self.sign.val() << self.sign_place.val()) | self.magnitude.val();
    }
}

/// The trits of one layer, in the code of the other layers' integers.
///
/// Timing: `element` follows `value` by one cycle.
///
/// Contract: 1. `element` is that of `Threshold` for every value, its magnitude 0 or 1.
///
/// Not here: layers of integers (`IntegerState`).
#[derive(Clone, Debug, LogicBlock)]
struct TernaryState {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Value, two's complement.
    pub value: Wire<In>,
    /// Sign and magnitude of the hidden state.
    pub element: Wire<Out>,
    threshold: Threshold,
    trit: Reg,
    plus: Wire<Local>,
    minus: Wire<Local>,
    sign_place: Const,
    _plus: Slice,
    _minus: Slice,
}

impl TernaryState {
    fn new(layer: &LayerShape, value_bits: usize, spare: usize, bits: usize) -> Self {
        let theta = layer.threshold.unwrap_or(1) << spare;
        TernaryState {
            clock: Signal::default(),
            value: Wire::signed(value_bits),
            element: Wire::new(bits),
            threshold: Threshold::new(value_bits, &[theta]),
            trit: Reg::new(2),
            plus: Wire::new(1),
            minus: Wire::new(1),
            sign_place: Const::new(bits - 1, 8),
            _plus: Slice {
                offset: 0,
                width: 1,
            },
            _minus: Slice {
                offset: 1,
                width: 1,
            },
        }
    }
}

impl Logic for TernaryState {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@inline");
        dff_setup!(self, clock, trit);
        self.threshold.layer.next = false.into();
        self.threshold.value.next = self.value.val();
        self.trit.d.next = self.threshold.trit.val();
        self.plus.next = self.trit.q.val().index(self._plus).get_value_bits();
        self.minus.next = self.trit.q.val().index(self._minus).get_value_bits();
        self.element.next =
            (self.minus.val() << self.sign_place.val()) | self.plus.val() | self.minus.val();
    }
}
