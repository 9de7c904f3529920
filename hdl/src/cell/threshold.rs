//! The ternary threshold of the hidden state.

use crate::kit::prelude::*;
use tern_compile::bits::index_bits;

/// `trit = +1 if value >= θ, -1 if value <= -θ, else 0`, θ being the value's layer's.
///
/// Timing: combinational.
///
/// Contract: 1. equal to the number semantics for every value.
///
/// Not here: the value, which is `o·t` in an LSTM and the state in a GRU.
#[derive(Clone, Debug, LogicBlock)]
pub struct Threshold {
    /// Value, two's complement.
    pub value: Wire<In>,
    /// The value's layer.
    pub layer: Wire<In>,
    /// Two-rail trit.
    pub trit: Wire<Out>,
    chosen: Wire<Local>,
    theta: Wire<Local>,
    minus_theta: Wire<Local>,
    signed_zero: Wire<Local>,
    plus: Const,
    minus: Const,
    of_layer: Vec<Const>,
    number: Vec<Const>,
}

impl Threshold {
    /// The threshold of a value of `value_bits` bits, with θ of each layer.
    pub fn new(value_bits: usize, thetas: &[usize]) -> Self {
        let widest = thetas.iter().max().map_or(1, |theta| index_bits(theta + 1));
        let (bits, layer_bits) = (value_bits.max(widest + 1), index_bits(thetas.len()));
        Threshold {
            value: Wire::signed(value_bits),
            layer: Wire::new(layer_bits),
            trit: Wire::new(2),
            chosen: Wire::new(bits),
            theta: Wire::signed(bits),
            minus_theta: Wire::signed(bits),
            signed_zero: Wire::signed(bits),
            plus: Const::new(1, 2),
            minus: Const::new(2, 2),
            of_layer: thetas
                .iter()
                .map(|theta| Const::new(*theta, bits))
                .collect(),
            number: (1..thetas.len())
                .map(|k| Const::new(k, layer_bits))
                .collect(),
        }
    }
}

impl Logic for Threshold {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@inline");
        self.chosen.next = self.of_layer[0].val();
        for i in 1..self.of_layer.len() {
            if self.layer.val() == self.number[i - 1].val() {
                self.chosen.next = self.of_layer[i].val();
            }
        }
        self.signed_zero.next = false.into();
        self.theta.next = self.chosen.val();
        self.minus_theta.next = self.signed_zero.val() - self.theta.val();
        self.trit.next = false.into();
        if self.value.val() >= self.theta.val() {
            self.trit.next = self.plus.val();
        } else if self.value.val() <= self.minus_theta.val() {
            self.trit.next = self.minus.val();
        }
    }
}
