//! A recurrent layer over a whole sequence as one operation, with its gradient through time.
//!
//! The products with the input are made outside, for all time steps at once; here each step adds
//! the product with the hidden state and goes through the cell. Backward the gradient of the hidden
//! weights is one product over all time steps.

mod row;

use std::sync::{Arc, Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp3, Device, Layout, Result, Shape, Tensor, bail};

use serde::{Deserialize, Serialize};

use crate::matmul::{Into, Matrix, Panels, multiply, with_floats};
use crate::observe::Activity;
use crate::quantize::floats;

/// The element-wise part of a time step: G gates of one unit.
pub(crate) trait Cell<const G: usize>: Clone + Send + Sync {
    /// Learned constants that come before the hidden biases in the operation's third argument.
    const CONSTANTS: usize;

    /// Whether each unit has a bias of its own inside the last gate's product with the hidden
    /// state, which follow the constants.
    const HIDDEN_BIAS: bool;

    /// Next state and hidden state of a unit, from its products with the input, those with the
    /// hidden state and its state.
    fn step(&self, x: &[f32; G], h: &[f32; G], state: f32) -> (f32, f32);

    /// Of each gate of a unit, the argument of its activation and the value used.
    fn gates(&self, x: &[f32; G], h: &[f32; G], state: f32) -> [(f32, f32); G];

    /// Gradient of a unit's arguments from those of its next state and of its hidden state.
    fn gradient(&self, x: &[f32; G], h: &[f32; G], state: f32, upper: Upper) -> Lower<G>;
}

/// Gradients that reach a unit from above.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Upper {
    /// Of its next state.
    pub(crate) state: f32,
    /// Of its hidden state.
    pub(crate) hidden: f32,
}

/// Gradients that leave a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lower<const G: usize> {
    /// Of the products with the input.
    pub(crate) x: [f32; G],
    /// Of the products with the hidden state.
    pub(crate) h: [f32; G],
    /// Of its state.
    pub(crate) state: f32,
    /// Of the constants: the first `CONSTANTS` count.
    pub(crate) constants: [f32; 5],
}

/// State of a recurrent layer of H units for B sequences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerState {
    /// Hidden state `[B, H]`.
    pub hidden: Vec<f32>,
    /// Cell state of an LSTM or state q of a GRU `[B, H]`, in real units.
    pub cell: Vec<f32>,
}

impl LayerState {
    /// The state at the start of a sequence.
    pub fn zero(batch: usize, units: usize) -> LayerState {
        LayerState {
            hidden: vec![0.0; batch * units],
            cell: vec![0.0; batch * units],
        }
    }
}

/// Hidden states `[T, B, H]` of a layer whose products with the input are `x` `[T, B, G*H]`, from
/// `state`, which becomes that after the last step.
///
/// `weight_hh` is `[G*H, H]`; `constants` holds the cell's constants and hidden biases. The gradient
/// reaches these three and stops at the state. What the layer goes through is added to `activity`,
/// where there is one.
///
/// # Errors
/// When a shape is wrong.
pub(crate) fn run<const G: usize, C: Cell<G> + 'static>(
    cell: C,
    x: &Tensor,
    weight_hh: &Tensor,
    constants: &Tensor,
    state: &mut LayerState,
    activity: Option<&mut Activity>,
) -> Result<Tensor> {
    let saved = Arc::new(Mutex::new(Saved {
        hidden: std::mem::take(&mut state.hidden),
        cell: std::mem::take(&mut state.cell),
        products: Vec::new(),
    }));
    let operation = Sequence {
        cell: cell.clone(),
        saved: Arc::clone(&saved),
    };
    let states = x.contiguous()?.apply_op3(weight_hh, constants, operation)?;
    let saved = lock(&saved);
    let (_, batch, units) = states.dims3()?;
    let last = saved.hidden.len() - batch * units;
    state.hidden = saved.hidden[last..].to_vec();
    state.cell = saved.cell[last..].to_vec();
    if let Some(activity) = activity {
        let x = x.flatten_all()?.to_vec1()?;
        saved.add_to::<G, C>(activity, &cell, &x, units);
    }
    Ok(states)
}

struct Sequence<const G: usize, C> {
    cell: C,
    saved: Arc<Mutex<Saved>>,
}

/// What the gradient needs: the states before the first step and after each, and the products with
/// the hidden state.
struct Saved {
    /// `[T + 1, B, H]`.
    hidden: Vec<f32>,
    /// `[T + 1, B, H]`.
    cell: Vec<f32>,
    /// `[T, B, G*H]`.
    products: Vec<f32>,
}

impl Saved {
    /// Adds what the units of the layer went through.
    fn add_to<const G: usize, C: Cell<G>>(
        &self,
        activity: &mut Activity,
        cell: &C,
        x: &[f32],
        units: usize,
    ) {
        activity.gates.resize_with(G, Default::default);
        let gates = |row: &[f32], unit: usize| -> [f32; G] {
            std::array::from_fn(|gate| row[gate * units + unit])
        };
        let rows = x.chunks(G * units).zip(self.products.chunks(G * units));
        for ((x, h), states) in rows.zip(self.cell.chunks(units)) {
            for (unit, &state) in states.iter().enumerate() {
                let values = cell.gates(&gates(x, unit), &gates(h, unit), state);
                for (gate, (argument, value)) in activity.gates.iter_mut().zip(values) {
                    gate.arguments.push(argument);
                    gate.values.push(value);
                }
            }
        }
        let first = self.hidden.len() - x.len() / G;
        activity.hidden.extend_from_slice(&self.hidden[first..]);
    }
}

fn lock(saved: &Mutex<Saved>) -> std::sync::MutexGuard<'_, Saved> {
    saved.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<const G: usize, C: Cell<G>> CustomOp3 for Sequence<G, C> {
    fn name(&self) -> &'static str {
        "sequence"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        constants: &CpuStorage,
        constants_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let x = floats(x, x_layout)?;
        let weight = floats(weight, weight_layout)?;
        let constants = floats(constants, constants_layout)?;
        let (steps, batch, width) = x_layout.shape().dims3()?;
        let (rows, units) = weight_layout.shape().dims2()?;
        let biases = if C::HIDDEN_BIAS { units } else { 0 };
        let mut saved = lock(&self.saved);
        if width != G * units || rows != width || constants.len() != C::CONSTANTS + biases {
            bail!("{width} products and {rows} rows for {units} units");
        }
        if saved.hidden.len() != batch * units || saved.cell.len() != batch * units {
            bail!("the state is not that of {batch} sequences of {units} units");
        }
        let bias = &constants[C::CONSTANTS..];
        let columns = Panels::new(Matrix::new(weight, rows, units).transposed());
        let state = batch * units;
        let Saved {
            hidden,
            cell,
            products,
        } = &mut *saved;
        hidden.resize((steps + 1) * state, 0.0);
        cell.resize((steps + 1) * state, 0.0);
        products.resize(steps * batch * width, 0.0);
        for t in 0..steps {
            let products = &mut products[t * batch * width..][..batch * width];
            let (before, after) = hidden.split_at_mut((t + 1) * state);
            let h = Matrix::new(&before[t * state..], batch, units);
            columns.multiply(products, h, Into::Replace);
            let (c, next_c) = cell.split_at_mut((t + 1) * state);
            let c = &c[t * state..];
            for b in 0..batch {
                let products = &mut products[b * width..][..width];
                for (product, bias) in products[width - units..].iter_mut().zip(bias) {
                    *product += bias;
                }
                let unit = b * units..(b + 1) * units;
                row::forward(
                    &self.cell,
                    [&x[(t * batch + b) * width..][..width], products],
                    &c[unit.clone()],
                    [&mut next_c[unit.clone()], &mut after[unit]],
                );
            }
        }
        let out = hidden[state..].to_vec();
        Ok((CpuStorage::F32(out), Shape::from((steps, batch, units))))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        constants: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (steps, batch, width) = x.dims3()?;
        let (rows, units) = weight.dims2()?;
        let saved = lock(&self.saved);
        let state = batch * units;

        let mut by_x = vec![0f32; steps * batch * width];
        let mut by_products = vec![0f32; steps * batch * width];
        let mut by_constants = vec![0f32; constants.elem_count()];
        let mut by_hidden = vec![0f32; state];
        let mut by_cell = vec![0f32; state];
        let mut of_units = vec![0f32; C::CONSTANTS * units];
        with_floats([x, weight, gradient], |[x, weight, upper]| {
            let weight = Panels::new(Matrix::new(weight, rows, units));
            for t in (0..steps).rev() {
                let step = t * batch * width..(t + 1) * batch * width;
                let by_h = &mut by_products[step.clone()];
                for b in 0..batch {
                    let gates = b * width..(b + 1) * width;
                    let products = step.start + gates.start..step.start + gates.end;
                    let unit = b * units..(b + 1) * units;
                    let at = t * state + unit.start..t * state + unit.end;
                    row::backward(
                        &self.cell,
                        [&x[products.clone()], &saved.products[products.clone()]],
                        &saved.cell[at.clone()],
                        [&upper[at], &by_hidden[unit.clone()]],
                        row::Lowers {
                            x: &mut by_x[products],
                            h: &mut by_h[gates],
                            state: &mut by_cell[unit],
                            constants: &mut of_units,
                        },
                    );
                    // Unit after unit, the constants side by side.
                    let mut sums = [0f32; 5];
                    sums[..C::CONSTANTS].copy_from_slice(&by_constants[..C::CONSTANTS]);
                    for j in 0..units {
                        for (sum, of_units) in sums.iter_mut().zip(of_units.chunks_exact(units)) {
                            *sum += of_units[j];
                        }
                    }
                    by_constants[..C::CONSTANTS].copy_from_slice(&sums[..C::CONSTANTS]);
                }
                if C::HIDDEN_BIAS {
                    for row in by_h.chunks(width) {
                        let sums = by_constants[C::CONSTANTS..].iter_mut();
                        sums.zip(&row[width - units..]).for_each(|(s, v)| *s += v);
                    }
                }
                let by_h = Matrix::new(by_h, batch, width);
                weight.multiply(&mut by_hidden, by_h, Into::Replace);
            }
        })?;
        let mut by_weight = vec![0f32; rows * units];
        multiply(
            &mut by_weight,
            Matrix::new(&by_products, steps * batch, width).transposed(),
            Matrix::new(&saved.hidden[..steps * state], steps * batch, units),
            Into::Replace,
        );
        let tensor = |values, shape: &[usize]| Tensor::from_vec(values, shape, &Device::Cpu);
        Ok((
            Some(tensor(by_x, &[steps, batch, width])?),
            Some(tensor(by_weight, &[rows, units])?),
            Some(tensor(by_constants, constants.dims())?),
        ))
    }
}
