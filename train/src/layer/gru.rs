//! The element-wise part of a GRU: in real numbers, and in the integers of the hardware with
//! straight-through gradients.

use tern_model::network::GruGate;

use crate::layer::cell::{Cell, Downstream, Upstream};
use crate::layer::rounding::Rounding;
use crate::ops::exponential::{sigmoid, tanh};
use crate::quantize::quantizer::Range;
use crate::quantize::tables::GruTables;

const R: usize = GruGate::Reset.index();
const Z: usize = GruGate::Update.index();
const N: usize = GruGate::New.index();

/// The GRU of real numbers, each activation with its slope: `r, u = sigmoid(slope * z)`,
/// `n = tanh(slope * (a + r*b))`, `q' = (1 - u)*n + u*q`, `h' = q'`, where `a` is the candidate's
/// product with the input and `b` that with the hidden state; gates and h' may be rounded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RealGru<R> {
    slopes: [f32; 3],
    rounding: R,
}

/// What a unit's gradient needs.
struct Unit {
    /// Values of the gates.
    gates: [f32; 3],
    /// Derivatives of the gates by their arguments.
    derivatives: [f32; 3],
    /// Arguments of the gates.
    arguments: [f32; 3],
    saturated: bool,
}

impl Unit {
    /// Arguments of the activations, with their slopes, and values of the gates.
    fn gates(&self, slopes: &[f32; 3]) -> [(f32, f32); 3] {
        std::array::from_fn(|gate| (slopes[gate] * self.arguments[gate], self.gates[gate]))
    }

    /// Gradients through the equations; `b` is the candidate's product with the hidden state.
    #[inline(always)]
    fn gradient(&self, b: f32, q: f32, upstream: Upstream, slopes: &[f32; 3]) -> Downstream<3> {
        let [r, u, n] = self.gates;
        let total = match self.saturated {
            true => 0.0,
            false => upstream.state + upstream.hidden,
        };
        let by_n = total * (1.0 - u) * self.derivatives[N];
        let by_z = total * (q - n) * self.derivatives[Z];
        let by_r = by_n * b * self.derivatives[R];
        let by_argument = [by_r, by_z, by_n];
        let mut constants = [0.0; 5];
        for gate in [R, Z, N] {
            constants[gate] = by_argument[gate] * self.arguments[gate] / slopes[gate];
        }
        Downstream {
            x: by_argument,
            h: [by_r, by_z, by_n * r],
            state: total * u,
            constants,
        }
    }
}

impl<Q: Rounding> RealGru<Q> {
    /// The cell with the slopes of the gates by [`GruGate::index`].
    pub(crate) fn new(slopes: [f32; 3], rounding: Q) -> RealGru<Q> {
        RealGru { slopes, rounding }
    }

    /// A unit, its next state and its hidden state.
    #[inline(always)]
    fn unit(&self, x: &[f32; 3], h: &[f32; 3], q: f32) -> (Unit, f32, f32) {
        let slope = &self.slopes;
        let rounding = self.rounding.of(x.iter().chain(h).copied().chain([q]));
        let (z_r, z_z) = (x[R] + h[R], x[Z] + h[Z]);
        let (r, u) = (sigmoid(slope[R] * z_r), sigmoid(slope[Z] * z_z));
        let reset = rounding.value(r, Range::Unsigned, R);
        let update = rounding.value(u, Range::Unsigned, Z);
        let argument = x[N] + reset * h[N];
        let n = tanh(slope[N] * argument);
        let new = rounding.value(n, Range::Signed, N);
        let next = (1.0 - update) * new + update * q;
        let unit = Unit {
            gates: [reset, update, new],
            derivatives: [
                slope[R] * r * (1.0 - r),
                slope[Z] * u * (1.0 - u),
                slope[N] * (1.0 - n * n),
            ],
            arguments: [z_r, z_z, argument],
            saturated: false,
        };
        (unit, next, rounding.value(next, Range::Signed, N + 1))
    }
}

impl<Q: Rounding> Cell<3> for RealGru<Q> {
    const CONSTANTS: usize = 3;
    const HIDDEN_BIAS: bool = true;

    #[inline(always)]
    fn step(&self, x: &[f32; 3], h: &[f32; 3], q: f32) -> (f32, f32) {
        let (_, next, hidden) = self.unit(x, h, q);
        (next, hidden)
    }

    fn gates(&self, x: &[f32; 3], h: &[f32; 3], q: f32) -> [(f32, f32); 3] {
        self.unit(x, h, q).0.gates(&self.slopes)
    }

    #[inline(always)]
    fn gradient(&self, x: &[f32; 3], h: &[f32; 3], q: f32, upstream: Upstream) -> Downstream<3> {
        let (unit, ..) = self.unit(x, h, q);
        unit.gradient(h[N], q, upstream, &self.slopes)
    }
}

/// The GRU of the golden model: the products are its integers, the state q is an integer times
/// `2^-F`, the hidden state is ternary. A product that dropout made fractional counts as its floor.
///
/// Backward every rounding and the ternary threshold count as the identity, a table as the
/// activation it was made from, and a saturated state passes no gradient.
#[derive(Clone, Debug)]
pub(crate) struct IntegerGru {
    tables: GruTables,
    slopes: [f32; 3],
    /// The integer that stands for 1.
    one: f32,
}

impl IntegerGru {
    /// The cell of tables that were made for `slopes`, in pre-activation per integer.
    pub(crate) fn new(tables: GruTables, slopes: [f32; 3]) -> IntegerGru {
        IntegerGru {
            one: (1u32 << tables.gate_frac) as f32,
            tables,
            slopes,
        }
    }

    fn rshift_round(&self, value: i32) -> i32 {
        match self.tables.gate_frac {
            0 => value,
            bits => (value + (1 << (bits - 1))) >> bits,
        }
    }

    /// A unit, and the integer that its next state is.
    #[inline(always)]
    fn unit(&self, x: &[f32; 3], h: &[f32; 3], q: f32) -> (Unit, i32) {
        let tables = &self.tables.gates;
        let arguments = [R, Z].map(|gate| (x[gate] + h[gate]).floor() as i32);
        let [at_r, at_z] = [R, Z].map(|gate| tables[gate].address(arguments[gate]));
        let r = i32::from(tables[R].values[at_r]);
        let u = i32::from(tables[Z].values[at_z]);
        let argument = x[N].floor() as i32 + self.rshift_round(r * h[N] as i32);
        let at_n = tables[N].address(argument);
        let n = i32::from(tables[N].values[at_n]);
        let exact = self.rshift_round((self.one as i32 - u) * n + u * (q * self.one) as i32);
        let limit = 1 << (self.tables.state_bits - 1);
        let next = exact.clamp(-limit, limit - 1);
        let unit = Unit {
            gates: [r, u, n].map(|value| value as f32 / self.one),
            derivatives: [
                tables[R].derivative[at_r],
                tables[Z].derivative[at_z],
                tables[N].derivative[at_n],
            ],
            arguments: [arguments[R] as f32, arguments[Z] as f32, argument as f32],
            saturated: next != exact,
        };
        (unit, next)
    }
}

impl Cell<3> for IntegerGru {
    const CONSTANTS: usize = 3;
    const HIDDEN_BIAS: bool = true;

    #[inline(always)]
    fn step(&self, x: &[f32; 3], h: &[f32; 3], q: f32) -> (f32, f32) {
        let (_, next) = self.unit(x, h, q);
        let threshold = self.tables.threshold;
        let trit = i32::from(next >= threshold) - i32::from(next <= -threshold);
        (next as f32 / self.one, trit as f32)
    }

    fn gates(&self, x: &[f32; 3], h: &[f32; 3], q: f32) -> [(f32, f32); 3] {
        self.unit(x, h, q).0.gates(&self.slopes)
    }

    #[inline(always)]
    fn gradient(&self, x: &[f32; 3], h: &[f32; 3], q: f32, upstream: Upstream) -> Downstream<3> {
        let (unit, _) = self.unit(x, h, q);
        unit.gradient(h[N], q, upstream, &self.slopes)
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Result, Tensor, Var};

    use super::*;
    use crate::layer::cell::LayerState;
    use crate::layer::rounding::{Drawn, Exact};
    use crate::layer::sequence;
    use crate::quantize::draws::Draws;
    use crate::quantize::hitnet::Hitnet;
    use crate::quantize::quantizer::Quantizer;
    use crate::testing::{Draw, close, gradients, rounded, values};

    /// PyTorch's equations in the tensor library's own operations: `[T, B, H]`.
    fn equations(
        slopes: &Tensor,
        bias: &Tensor,
        x: &Tensor,
        weight: &Tensor,
        start: &Tensor,
        quantizer: Quantizer,
    ) -> Result<Tensor> {
        let units = weight.dim(1)?;
        let [mut h, mut q] = [start.clone(), start.clone()];
        let mut out = Vec::new();
        let part = |row: &Tensor, gate: usize| row.narrow(1, gate * units, units);
        let slope = |gate: usize| slopes.narrow(0, gate, 1);
        for t in 0..x.dim(0)? {
            let (x, product) = (x.get(t)?, h.matmul(&weight.t()?)?);
            let sigmoid = |gate| {
                let z = (part(&x, gate)? + part(&product, gate)?)?;
                let value = ((z.broadcast_mul(&slope(gate)?)? * 0.5)?.tanh()? * 0.5)? + 0.5;
                rounded(&value?, quantizer, Range::Unsigned)
            };
            let b = part(&product, N)?.broadcast_add(bias)?;
            let argument = (part(&x, N)? + (sigmoid(R)? * b)?)?;
            let n = argument.broadcast_mul(&slope(N)?)?.tanh()?;
            let n = rounded(&n, quantizer, Range::Signed)?;
            let u = sigmoid(Z)?;
            q = (((1.0 - &u)? * n)? + (u * q)?)?;
            h = rounded(&q, quantizer, Range::Signed)?;
            out.push(h.clone());
        }
        Tensor::stack(&out, 0)
    }

    #[test]
    fn the_real_cell_is_that_of_the_equations() {
        compare(Exact, Quantizer::Full);
    }

    #[test]
    fn the_rounded_cell_is_that_of_the_equations() {
        for quantizer in Quantizer::STUDIED {
            compare(Drawn::new(quantizer, Draws::CERTAIN), quantizer);
        }
    }

    /// Holds a rounded cell against the equations: values, last state and gradients.
    fn compare<Q: Rounding + 'static>(rounding: Q, quantizer: Quantizer) {
        let (steps, batch, units) = (4, 3, 5);
        let mut draw = Draw::new(1);
        let x = draw.values(&[steps, batch, 3 * units], 2.0, 1e-6);
        let weight = draw.values(&[3 * units, units], 1.0, 1e-6);
        let bias = draw.values(&[units], 1.0, 1e-6);
        let start = draw.values(&[batch, units], 1.0, 1e-6);
        let loss_weight = draw.values(&[steps, batch, units], 1.0, 1e-6);
        let slopes = Var::new(&[0.7f32, 1.3, 0.9], &Device::Cpu).unwrap();
        let mut state = LayerState {
            hidden: values(&start),
            cell: values(&start),
        };
        let constants = Tensor::cat(&[slopes.as_tensor(), &bias], 0).unwrap();
        let cell = RealGru::new([0.7, 1.3, 0.9], rounding);
        let states = sequence::run(cell, &x, &weight, &constants, &mut state, None).unwrap();
        let start = start.as_detached_tensor();
        let expected = equations(&slopes, &bias, &x, &weight, &start, quantizer).unwrap();
        close(&values(&states), &values(&expected), 1e-5);
        let last = values(&expected.get(steps - 1).unwrap());
        close(&state.hidden, &last, 1e-5);
        let values_of = |state: &f32| quantizer.value(*state, Range::Signed, 0.5);
        let hidden: Vec<f32> = state.cell.iter().map(values_of).collect();
        assert_eq!(hidden, state.hidden);

        let loss = |states: Tensor| {
            (states * loss_weight.as_tensor())
                .unwrap()
                .sum_all()
                .unwrap()
        };
        let variables = [&x, &weight, &bias, &slopes];
        let expected = gradients(&loss(expected), &variables);
        for (own, expected) in gradients(&loss(states), &variables).iter().zip(&expected) {
            close(own, expected, 1e-4);
        }
    }

    #[test]
    fn the_integer_gradient_is_that_of_the_real_cell() {
        let (batch, units) = (5, 8);
        let hitnet = Hitnet {
            gate_frac: 8,
            lut_bits: 10,
            state_bits: 10,
            lut_shift: 2,
            state_lut_shift: 0,
            threshold: 0.5,
            hidden_scale: 1.0,
            state_slope: 1.0,
        };
        let mut draw = Draw::new(2);
        let x = draw.values(&[1, batch, 3 * units], 900.0, 1.0);
        let weight = draw.values(&[3 * units, units], 1.0, 1.0);
        let state = LayerState {
            hidden: values(&draw.values(&[batch * units], 1.0, 1.0)),
            cell: values(&draw.values(&[batch * units], 0.9, 1.0 / 256.0)),
        };
        let loss_weight = draw.values(&[1, batch, units], 1.0, 1e-3);
        let slopes = [0.002f32, 0.003, 0.0025];
        let variable = Var::new(&slopes, &Device::Cpu).unwrap();
        let bias = draw.values(&[units], 50.0, 1.0);
        let constants = Tensor::cat(&[variable.as_tensor(), &bias], 0).unwrap();
        let loss = |states: Tensor| {
            (states * loss_weight.as_tensor())
                .unwrap()
                .sum_all()
                .unwrap()
        };
        let variables = [&x, &variable, &bias];
        let real = RealGru::new(slopes, Exact);
        let real = sequence::run(real, &x, &weight, &constants, &mut state.clone(), None).unwrap();
        let real = gradients(&loss(real), &variables);
        let own = IntegerGru::new(hitnet.gru_tables(&slopes.map(f64::from)), slopes);
        let own = sequence::run(own, &x, &weight, &constants, &mut state.clone(), None).unwrap();
        for (own, real) in gradients(&loss(own), &variables).iter().zip(&real) {
            close(own, real, 0.03);
        }
    }
}
