//! The element-wise part of a time step, as the integers do it, with straight-through gradients.

use std::sync::Arc;

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use tern_model::Gate;

use crate::quantize::floats;
use crate::tables::CellTables;

/// One time step of the cell for a batch of B sequences.
///
/// Takes the integer sums `z` `[B, 4H]` and the cell state `c` `[B, H]` in real units (integer times
/// `2^-F`), and returns `[B, 2H]`: the next cell state in real units, then the ternary hidden
/// state. Forward it computes the integers of the golden model. Backward every rounding and the
/// ternary threshold count as the identity, a table as the activation it was made from, and a
/// saturated cell state passes no gradient.
pub(crate) fn cell_step(z: &Tensor, c: &Tensor, tables: &Arc<CellTables>) -> Result<Tensor> {
    z.apply_op2(c, CellStep(Arc::clone(tables)))
}

struct CellStep(Arc<CellTables>);

/// What one unit goes through in one time step.
struct Unit {
    addresses: [usize; 4],
    gates: [i32; 4],
    next_c: i32,
    saturated: bool,
    state_address: usize,
    t: i32,
    h: i32,
}

const I: usize = Gate::Input.index();
const F: usize = Gate::Forget.index();
const G: usize = Gate::Cell.index();
const O: usize = Gate::Output.index();

impl CellTables {
    fn unit(&self, z: [f32; 4], c: f32) -> Unit {
        let address = |gate: usize| self.gates[gate].address(z[gate] as i32);
        let addresses = [address(I), address(F), address(G), address(O)];
        let value = |gate: usize| i32::from(self.gates[gate].values[addresses[gate]]);
        let gates = [value(I), value(F), value(G), value(O)];

        let sum = gates[F] * self.integer(c) + gates[I] * gates[G];
        let exact = match self.gate_frac {
            0 => sum,
            bits => (sum + (1 << (bits - 1))) >> bits,
        };
        let limit = 1 << (self.state_bits - 1);
        let next_c = exact.clamp(-limit, limit - 1);

        let state_address = self.state.address(next_c);
        let t = i32::from(self.state.values[state_address]);
        let product = gates[O] * t;
        Unit {
            addresses,
            gates,
            next_c,
            saturated: next_c != exact,
            state_address,
            t,
            h: i32::from(product >= self.threshold) - i32::from(product <= -self.threshold),
        }
    }

    fn integer(&self, real: f32) -> i32 {
        (real * self.one()) as i32
    }

    /// The integer that stands for 1.
    fn one(&self) -> f32 {
        (1u32 << self.gate_frac) as f32
    }

    /// Gradients of the sums and of the cell state, from those of the next cell state and of the
    /// hidden state.
    fn unit_gradient(&self, unit: &Unit, c: f32, next_c: f32, h: f32) -> ([f32; 4], f32) {
        let real = |value: i32| value as f32 / self.one();
        let [i, f, g, o] = unit.gates.map(real);
        let t_by_c = self.state.derivative[unit.state_address] * self.one();
        let total = match unit.saturated {
            true => 0.0,
            false => next_c + h * o * t_by_c,
        };
        let by_gate = [total * g, total * c, total * i, h * real(unit.t)];
        let slope = |gate: usize| self.gates[gate].derivative[unit.addresses[gate]];
        let by_sum = [I, F, G, O].map(|gate| by_gate[gate] * slope(gate));
        (by_sum, total * f)
    }
}

impl CustomOp2 for CellStep {
    fn name(&self) -> &'static str {
        "cell-step"
    }

    fn cpu_fwd(
        &self,
        z: &CpuStorage,
        z_layout: &Layout,
        c: &CpuStorage,
        c_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (z, c) = (floats(z, z_layout)?, floats(c, c_layout)?);
        let (batch, hidden) = c_layout.shape().dims2()?;
        let mut out = vec![0f32; batch * 2 * hidden];
        for (b, out) in out.chunks_mut(2 * hidden).enumerate() {
            let (next_c, h) = out.split_at_mut(hidden);
            for j in 0..hidden {
                let unit = self.0.unit(sums(z, b, j, hidden), c[b * hidden + j]);
                next_c[j] = unit.next_c as f32 / self.0.one();
                h[j] = unit.h as f32;
            }
        }
        Ok((CpuStorage::F32(out), Shape::from((batch, 2 * hidden))))
    }

    fn bwd(
        &self,
        z: &Tensor,
        c: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (batch, hidden) = c.dims2()?;
        let values = |tensor: &Tensor| tensor.flatten_all()?.to_vec1::<f32>();
        let (z_values, c_values, gradient) = (values(z)?, values(c)?, values(gradient)?);
        let mut by_z = vec![0f32; batch * 4 * hidden];
        let mut by_c = vec![0f32; batch * hidden];
        for b in 0..batch {
            let (next_c, h) = gradient[b * 2 * hidden..(b + 1) * 2 * hidden].split_at(hidden);
            for j in 0..hidden {
                let c = c_values[b * hidden + j];
                let unit = self.0.unit(sums(&z_values, b, j, hidden), c);
                let (by_sum, by_state) = self.0.unit_gradient(&unit, c, next_c[j], h[j]);
                for (gate, value) in by_sum.into_iter().enumerate() {
                    by_z[(b * 4 + gate) * hidden + j] = value;
                }
                by_c[b * hidden + j] = by_state;
            }
        }
        let device = z.device();
        let by_z = Tensor::from_vec(by_z, (batch, 4 * hidden), device)?;
        let by_c = Tensor::from_vec(by_c, (batch, hidden), device)?;
        Ok((Some(by_z), Some(by_c)))
    }
}

/// Sums of the four gates of unit `j` in sequence `b`.
fn sums(z: &[f32], b: usize, j: usize, hidden: usize) -> [f32; 4] {
    [I, F, G, O].map(|gate| z[(b * 4 + gate) * hidden + j])
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::*;
    use crate::LstmConfig;
    use crate::digits::Recipe;

    /// The finest tables, in which roundings hardly show.
    fn fine() -> LstmConfig {
        LstmConfig {
            gate_frac: 8,
            lut_bits: 10,
            lut_shift: [2; 4],
            state_bits: 13,
            state_lut_shift: 1,
            threshold: 1 << 15,
            ..Recipe::new(7).lstm
        }
    }

    /// Gradients of `w . [c', o * tanh(k * c')]` in the equations without any quantization.
    fn smooth_gradients(config: &LstmConfig, z: &Var, c: &Var, w: &Tensor) -> [Vec<f32>; 2] {
        let h = c.dims()[1];
        let slope = |gate: Gate| config.gate_slope(gate);
        let argument = |gate: Gate| (z.narrow(1, gate.index() * h, h)? * slope(gate))?.contiguous();
        let sigmoid = |gate| ((argument(gate)? * 0.5)?.tanh()? * 0.5)? + 0.5;
        let run = || -> Result<Tensor> {
            let g = argument(Gate::Cell)?.tanh()?;
            let next = ((sigmoid(Gate::Forget)? * c.as_tensor())? + (sigmoid(Gate::Input)? * g)?)?;
            let scaled = (&next * (config.state_slope() * 256.0))?;
            let hidden = (sigmoid(Gate::Output)? * scaled.tanh()?)?;
            (Tensor::cat(&[next, hidden], 1)? * w)?.sum_all()
        };
        gradients(&run().unwrap(), z, c)
    }

    fn gradients(loss: &Tensor, z: &Var, c: &Var) -> [Vec<f32>; 2] {
        let store = loss.backward().unwrap();
        [z, c].map(|v| {
            let gradient = store.get(v).unwrap().flatten_all();
            gradient.unwrap().to_vec1().unwrap()
        })
    }

    #[test]
    fn the_gradient_is_that_of_the_smooth_cell() {
        let (batch, h) = (5, 8);
        let mut rng = fastrand::Rng::with_seed(1);
        let mut draw = |columns: usize, scale: f32, step: f32| {
            let value = |_| (scale * (2.0 * rng.f32() - 1.0) / step).round() * step;
            let values = (0..batch * columns).map(value).collect();
            Var::from_vec(values, (batch, columns), &Device::Cpu).unwrap()
        };
        let (z, c) = (draw(4 * h, 900.0, 1.0), draw(h, 2.0, 1.0 / 256.0));
        let w = draw(2 * h, 1.0, 1e-3);
        let config = fine();
        let step = cell_step(&z, &c, &Arc::new(config.tables())).unwrap();
        let loss = (step * w.as_tensor()).unwrap().sum_all().unwrap();
        let quantized = gradients(&loss, &z, &c);
        let smooth = smooth_gradients(&config, &z, &c, &w);
        for (quantized, smooth) in quantized.iter().zip(&smooth) {
            let largest = smooth.iter().fold(0f32, |m, v| m.max(v.abs()));
            for (q, s) in quantized.iter().zip(smooth) {
                assert!((q - s).abs() < 0.02 * largest, "{q} and {s} of {largest}");
            }
        }
    }

    #[test]
    fn a_saturated_cell_state_passes_no_gradient() {
        let config = LstmConfig {
            state_bits: 8,
            ..Recipe::new(7).lstm
        };
        // All gates open, the candidate at 1: the next state would be near 2 and saturates at 1.
        let z = Var::new(&[[2000f32; 4]], &Device::Cpu).unwrap();
        let c = Var::new(&[[0.9f32]], &Device::Cpu).unwrap();
        let step = cell_step(&z, &c, &Arc::new(config.tables())).unwrap();
        assert_eq!(step.to_vec2::<f32>().unwrap(), [[127.0 / 128.0, 1.0]]);
        let [by_z, by_c] = gradients(&step.sum_all().unwrap(), &z, &c);
        assert_eq!(by_c, [0.0]);
        assert_eq!(by_z[..3], [0.0; 3]);
        assert!(by_z[3] > 0.0);
    }
}
