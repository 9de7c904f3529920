//! The real cell is that of the equations, the integer cell has its gradient.

use candle_core::{Device, Result, Tensor, Var};

use super::*;
use crate::layer::cell::LayerState;
use crate::layer::rounding::{Drawn, Exact};
use crate::layer::sequence;
use crate::quantize::draws::Draws;
use crate::quantize::hitnet::Hitnet;
use crate::quantize::quantizer::Quantizer;
use crate::testing::{Draw, close, gradients, rounded, values};

/// The finest tables, in which roundings hardly show.
const FINE: Hitnet = Hitnet {
    gate_frac: 8,
    lut_bits: 10,
    state_bits: 13,
    lut_shift: 2,
    state_lut_shift: 1,
    threshold: 0.5,
    hidden_scale: 1.0,
    state_slope: 1.0,
};

/// Pre-activation per integer, so that the tables end at 6 and 4; then that of the cell state.
const SLOPES: [f32; 5] = [3e-3, 3e-3, 2e-3, 3e-3, 1.0];

fn integer(hitnet: &Hitnet) -> IntegerLstm {
    let tables = hitnet.lstm_tables(&SLOPES.map(f64::from));
    IntegerLstm::new(tables, SLOPES)
}

/// The equations in the tensor library's own operations, without quantization: `[T, B, H]`
/// outputs, and the last cell state behind them.
fn equations(
    slopes: &Var,
    x: &Tensor,
    weight: &Tensor,
    start: &[Tensor; 2],
    state_output: bool,
    quantizer: Quantizer,
) -> Result<Tensor> {
    let units = weight.dim(1)?;
    let [mut h, mut c] = start.clone();
    let mut out = Vec::new();
    for t in 0..x.dim(0)? {
        let z = (x.get(t)? + h.matmul(&weight.t()?)?)?;
        let argument = |gate: usize| {
            let slope = slopes.narrow(0, gate, 1)?;
            z.narrow(1, gate * units, units)?.broadcast_mul(&slope)
        };
        let sigmoid = |gate| {
            let value = (((argument(gate)? * 0.5)?.tanh()? * 0.5)? + 0.5)?;
            rounded(&value, quantizer, Range::Unsigned)
        };
        let signed = |value: Tensor| rounded(&value, quantizer, Range::Signed);
        let g = signed(argument(G)?.tanh()?)?;
        c = ((sigmoid(F)? * &c)? + (sigmoid(I)? * g)?)?;
        let t = signed(c.broadcast_mul(&slopes.narrow(0, STATE, 1)?)?.tanh()?)?;
        h = signed((sigmoid(O)? * t)?)?;
        out.push(h.clone());
    }
    if state_output {
        out = vec![c];
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
fn compare<R: Rounding + 'static>(rounding: R, quantizer: Quantizer) {
    let (steps, batch, units) = (4, 3, 5);
    let mut draw = Draw::new(1);
    let x = draw.values(&[steps, batch, 4 * units], 2.0, 1e-6);
    let weight = draw.values(&[4 * units, units], 1.0, 1e-6);
    let start = [0, 1].map(|_| draw.values(&[batch, units], 1.0, 1e-6));
    let loss_weight = draw.values(&[steps, batch, units], 1.0, 1e-6);
    let real = [0.7, 1.3, 0.9, 1.1, 1.6];
    let slopes = Var::new(&real, &Device::Cpu).unwrap();

    let mut state = LayerState {
        hidden: values(&start[0]),
        cell: values(&start[1]),
    };
    let cell = RealLstm::new(real, rounding);
    let states = sequence::run(cell, &x, &weight, &slopes, &mut state, None).unwrap();
    let start = start.map(|v| v.as_detached_tensor());
    let expected = equations(&slopes, &x, &weight, &start, false, quantizer).unwrap();
    close(&values(&states), &values(&expected), 1e-5);
    close(
        &state.hidden,
        &values(&expected.get(steps - 1).unwrap()),
        1e-5,
    );
    let last = equations(&slopes, &x, &weight, &start, true, quantizer).unwrap();
    close(&state.cell, &values(&last), 1e-5);

    let loss = |states: Tensor| {
        (states * loss_weight.as_tensor())
            .unwrap()
            .sum_all()
            .unwrap()
    };
    let variables = [&x, &weight, &slopes];
    let expected = gradients(&loss(expected), &variables);
    for (own, expected) in gradients(&loss(states), &variables).iter().zip(&expected) {
        close(own, expected, 1e-4);
    }
}

#[test]
fn the_integer_gradient_is_that_of_the_real_cell() {
    let (batch, units) = (5, 8);
    let mut draw = Draw::new(1);
    let x = draw.values(&[1, batch, 4 * units], 900.0, 1.0);
    let c = draw.values(&[batch * units], 2.0, 1.0 / 256.0);
    let state = LayerState {
        hidden: vec![0.0; batch * units],
        cell: values(&c),
    };
    let weight = draw.values(&[4 * units, units], 1.0, 1.0);
    let loss_weight = draw.values(&[1, batch, units], 1.0, 1e-3);
    let slopes = Var::new(&SLOPES, &Device::Cpu).unwrap();
    let loss = |states: Tensor| {
        (states * loss_weight.as_tensor())
            .unwrap()
            .sum_all()
            .unwrap()
    };
    let variables = [&x, &slopes];
    let mut start = state.clone();
    let real = RealLstm::new(SLOPES, Exact);
    let real = sequence::run(real, &x, &weight, &slopes, &mut start, None).unwrap();
    let real = gradients(&loss(real), &variables);
    let mut start = state.clone();
    let own = sequence::run(integer(&FINE), &x, &weight, &slopes, &mut start, None).unwrap();
    for (own, real) in gradients(&loss(own), &variables).iter().zip(&real) {
        close(own, real, 0.02);
    }
}

#[test]
fn slopes_that_are_not_learned_change_no_other_gradient() {
    let (steps, batch, units) = (4, 3, 5);
    let mut draw = Draw::new(3);
    let x = draw.values(&[steps, batch, 4 * units], 2.0, 1e-6);
    let weight = draw.values(&[4 * units, units], 1.0, 1e-6);
    let slopes = Var::new(&[0.7f32, 1.3, 0.9, 1.1, 1.6], &Device::Cpu).unwrap();
    let loss = |slopes: &Tensor| {
        let mut state = LayerState::zero(batch, units);
        let cell = RealLstm::new([0.7, 1.3, 0.9, 1.1, 1.6], Exact);
        let states = sequence::run(cell, &x, &weight, slopes, &mut state, None).unwrap();
        states.sqr().unwrap().sum_all().unwrap()
    };
    let fixed = loss(&slopes.as_detached_tensor());
    let variables = [&x, &weight];
    assert_eq!(
        gradients(&fixed, &variables),
        gradients(&loss(&slopes), &variables)
    );
    let again = fixed.backward().unwrap_err().to_string();
    assert!(again.contains("once"), "{again}");
}

#[test]
fn a_saturated_cell_state_passes_no_gradient() {
    let cell = integer(&Hitnet {
        gate_frac: 7,
        lut_bits: 6,
        state_bits: 8,
        lut_shift: 6,
        state_lut_shift: 4,
        ..FINE
    });
    // All gates open, the candidate at 1: the next state would be near 2 and saturates at 1.
    let (x, h) = ([2000.0; 4], [0.0; 4]);
    assert_eq!(cell.step(&x, &h, 0.9), (127.0 / 128.0, 1.0));
    let upstream = Upstream {
        state: 1.0,
        hidden: 1.0,
    };
    let downstream = cell.gradient(&x, &h, 0.9, upstream);
    assert_eq!(downstream.state, 0.0);
    assert_eq!(downstream.x[..3], [0.0; 3]);
    assert!(downstream.x[3] > 0.0);
}
