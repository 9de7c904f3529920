//! A recurrent layer over a whole sequence as one operation, with its gradient through time.
//!
//! The products with the input are made outside, for all time steps at once; here each step adds
//! the product with the hidden state and goes through the cell. Backward the gradient of the hidden
//! weights is one product over all time steps.

mod row;
mod shares;

use std::sync::{Arc, Mutex, PoisonError};

use candle_core::utils::get_num_threads;
use candle_core::{CpuStorage, CustomOp3, Device, Layout, Result, Shape, Tensor, bail};

use rayon::prelude::*;

use self::shares::{before_and_after, shares};
use crate::layer::cell::{Cell, LayerState};
use crate::layer::observe::Activity;
use crate::ops::floats::floats;
use crate::ops::floats::with_floats;
use crate::ops::matmul::matrix::{Accumulate, Matrix};
use crate::ops::matmul::panels::{Panels, multiply};

/// Hidden states `[T, B, H]` of a layer whose products with the input are `x` `[T, B, G*H]`, from
/// `state`, which becomes that after the last step.
///
/// `weight_hh` is `[G*H, H]`; `constants` holds the cell's constants and hidden biases. The gradient
/// reaches these three, once, and stops at the state. What the layer goes through is added to `activity`,
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
        *products = vec![0f32; steps * batch * width];
        let rows = batch.div_ceil(get_num_threads());
        let shares = shares(hidden, batch, units, rows)
            .into_iter()
            .zip(shares(cell, batch, units, rows))
            .zip(shares(products, batch, width, rows))
            .enumerate();
        let shares: Vec<_> = shares.collect();
        shares.into_par_iter().for_each(|(share, states)| {
            let ((mut hidden, mut cell), mut products) = states;
            for (t, products) in products.iter_mut().enumerate() {
                let (h, next_h) = before_and_after(&mut hidden, t);
                let (c, next_c) = before_and_after(&mut cell, t);
                let count = products.len() / width;
                columns.multiply(products, Matrix::new(h, count, units), Accumulate::Replace);
                for b in 0..count {
                    let products = &mut products[b * width..][..width];
                    for (product, bias) in products[width - units..].iter_mut().zip(bias) {
                        *product += bias;
                    }
                    let unit = b * units..(b + 1) * units;
                    row::forward(
                        &self.cell,
                        [
                            &x[(t * batch + share * rows + b) * width..][..width],
                            products,
                        ],
                        &c[unit.clone()],
                        [&mut next_c[unit.clone()], &mut next_h[unit]],
                    );
                }
            }
        });
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
        let mut saved = lock(&self.saved);
        let state = batch * units;
        let mut by_products = std::mem::take(&mut saved.products);
        if by_products.len() != steps * batch * width {
            bail!("the gradient of a sequence can be taken once");
        }

        let mut by_x = vec![0f32; by_products.len()];
        let mut by_hidden = vec![0f32; state];
        let mut by_cell = vec![0f32; state];
        // Constants that are not learned have no gradient.
        let of_row = match constants.track_op() {
            true => C::CONSTANTS * units,
            false => 0,
        };
        let mut of_units = vec![0f32; steps * batch * of_row];
        let share = batch.div_ceil(get_num_threads());
        with_floats([x, weight, gradient], |[x, weight, upstream]| {
            let weight = Panels::new(Matrix::new(weight, rows, units));
            let shares = shares(&mut by_x, batch, width, share)
                .into_iter()
                .zip(shares(&mut by_products, batch, width, share))
                .zip(shares(&mut of_units, batch, of_row, share))
                .zip(by_hidden.chunks_mut(share * units))
                .zip(by_cell.chunks_mut(share * units))
                .enumerate();
            let shares: Vec<_> = shares.collect();
            shares.into_par_iter().for_each(|(index, gradients)| {
                let ((((mut by_x, mut by_products), mut of_units), by_hidden), by_cell) = gradients;
                for t in (0..steps).rev() {
                    let (by_x, by_h) = (&mut *by_x[t], &mut *by_products[t]);
                    let count = by_h.len() / width;
                    for b in 0..count {
                        let place = t * batch + index * share + b;
                        let gates = b * width..(b + 1) * width;
                        let unit = b * units..(b + 1) * units;
                        let at = place * units..(place + 1) * units;
                        row::backward(
                            &self.cell,
                            &x[place * width..(place + 1) * width],
                            &saved.cell[at.clone()],
                            [&upstream[at], &by_hidden[unit.clone()]],
                            row::Gradients {
                                x: &mut by_x[gates.clone()],
                                h: &mut by_h[gates],
                                state: &mut by_cell[unit],
                                constants: match of_units.get_mut(t) {
                                    Some(step) => &mut step[b * of_row..][..of_row],
                                    None => &mut [],
                                },
                            },
                        );
                    }
                    weight.multiply(
                        by_hidden,
                        Matrix::new(by_h, count, width),
                        Accumulate::Replace,
                    );
                }
            });
        })?;
        let mut by_constants = vec![0f32; constants.elem_count()];
        let mut by_weight = vec![0f32; rows * units];
        let (cells, biases) = by_constants.split_at_mut(C::CONSTANTS);
        let add_up = || {
            add_up(cells, &of_units, batch, units);
            add_up_biases(biases, &by_products, batch, width);
        };
        let products = || {
            multiply(
                &mut by_weight,
                Matrix::new(&by_products, steps * batch, width).transposed(),
                Matrix::new(&saved.hidden[..steps * state], steps * batch, units),
                Accumulate::Replace,
            );
        };
        rayon::join(products, add_up);
        let tensor = |values, shape: &[usize]| Tensor::from_vec(values, shape, &Device::Cpu);
        Ok((
            Some(tensor(by_x, &[steps, batch, width])?),
            Some(tensor(by_weight, &[rows, units])?),
            Some(tensor(by_constants, constants.dims())?),
        ))
    }
}

/// Adds up the gradients of the constants `[T, B, CONSTANTS, H]`: step after step, the last one
/// first, in it sequence after sequence and unit after unit.
fn add_up(sums: &mut [f32], of_units: &[f32], batch: usize, units: usize) {
    let row = sums.len() * units;
    for step in of_units.chunks(batch * row).rev() {
        for of_units in step.chunks(row) {
            for unit in 0..units {
                for (sum, of_units) in sums.iter_mut().zip(of_units.chunks_exact(units)) {
                    *sum += of_units[unit];
                }
            }
        }
    }
}

/// Adds up the last gates' gradients of the products with the hidden state `[T, B, W]` in the same
/// order.
fn add_up_biases(sums: &mut [f32], by_products: &[f32], batch: usize, width: usize) {
    let first = width - sums.len();
    for step in by_products.chunks(batch * width).rev() {
        for row in step.chunks(width) {
            let sums = sums.iter_mut().zip(&row[first..]);
            sums.for_each(|(sum, value)| *sum += value);
        }
    }
}
