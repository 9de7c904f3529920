//! A recurrent layer in training: an LSTM or a GRU of real numbers or of the integers of HitNet.

mod export;
mod start;

use candle_core::{DType, Device, Result, Tensor, Var};
use tern_model::network::{CellKind, Gate, GruGate};

use crate::layer::cell::LayerState;
use crate::layer::gru::{IntegerGru, RealGru};
use crate::layer::lstm::{IntegerLstm, RealLstm};
use crate::layer::observe::{Activity, WeightPair};
use crate::layer::rounding::{Drawn, Exact};
use crate::layer::sequence;
use crate::ops::linear::linear;
use crate::ops::within::within;
use crate::quantize::blocks::quantize_straight_through;
use crate::quantize::draws::Draws;
use crate::quantize::hitnet::Hitnet;
use crate::quantize::precision::Precision;
use crate::quantize::round::round_straight_through;
use crate::quantize::ternary::ternary_straight_through;

/// Pre-activation that a ternary product counts where a gate's relative slope is 1.
const PRODUCT_SLOPE: f64 = 0.1;
/// Range of a relative slope.
const SLOPES: (f32, f32) = (0.05, 50.0);
/// Largest magnitude of a weight.
const WEIGHT_BOUND: f64 = 1.0;
/// Bits of an input that is a trit.
const TRIT_BITS: u32 = 2;
/// Biases are multiples of a ternary product over 2 to the power of this.
const BIAS_BITS: u32 = 2;

/// A layer of X inputs and H units, as real-valued shadow parameters.
///
/// In [`Precision::Hitnet`] the forward pass computes with the integers that [`Recurrent::layer`] exports,
/// held in floats that represent them exactly.
#[derive(Clone, Debug)]
pub struct Recurrent {
    cell: CellKind,
    precision: Precision,
    inputs: usize,
    input_bits: u32,
    units: usize,
    /// Shadow weights of the input `[G*H, X]`.
    weight_ih: Var,
    /// Shadow weights of the hidden state `[G*H, H]`.
    weight_hh: Var,
    /// Biases `[4H]`.
    bias: Var,
    /// Relative slopes of the activations.
    slopes: Var,
    /// Shifts of the input's and of the hidden state's product beyond the tables'.
    shifts: Var,
    /// Magnitude from which the hidden state is not 0, where it is not the [`Hitnet::threshold`].
    threshold: Option<Var>,
}

impl Recurrent {
    /// A layer with random weights, uniform in `[-1, 1] / sqrt(H)`; biases are zero but the forget
    /// gate's, which are 1.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn random(
        cell: CellKind,
        precision: impl Into<Precision>,
        [inputs, units]: [usize; 2],
        rng: &mut fastrand::Rng,
    ) -> Result<Recurrent> {
        let precision = precision.into();
        let gates = gates(cell);
        let range = 1.0 / (units as f32).sqrt();
        let mut uniform = |columns: usize| {
            let mut value = |_| range * (2.0 * rng.f32() - 1.0);
            let values: Vec<f32> = (0..gates * units * columns).map(&mut value).collect();
            Var::from_vec(values, (gates * units, columns), &Device::Cpu)
        };
        let mut bias = vec![0f32; 4 * units];
        let mut slopes = vec![1f32; gates];
        if cell == CellKind::Lstm {
            bias[Gate::Forget.index() * units..][..units].fill(1.0);
            slopes.push(precision.hitnet().map_or(1.0, |h| h.state_slope as f32));
        }
        let count = slopes.len();
        Ok(Recurrent {
            cell,
            precision,
            inputs,
            input_bits: TRIT_BITS,
            units,
            weight_ih: uniform(inputs)?,
            weight_hh: uniform(units)?,
            bias: Var::from_vec(bias, 4 * units, &Device::Cpu)?,
            slopes: Var::from_vec(slopes, count, &Device::Cpu)?,
            shifts: Var::zeros(2, DType::F32, &Device::Cpu)?,
            threshold: None,
        })
    }

    /// The layer with inputs of `input_bits` bits instead of trits: integers of which
    /// `2^(input_bits - 2)`, half of the range, counts as a trit does, or as 1 in full precision.
    pub fn with_input_bits(self, input_bits: u32) -> Recurrent {
        Recurrent { input_bits, ..self }
    }

    /// Parameters with their names and the magnitudes that they are kept within.
    pub fn parameters(&self) -> Vec<(&'static str, &Var, f64)> {
        let unbounded = f64::from(f32::MAX);
        let mut all = vec![
            ("weight_ih", &self.weight_ih, WEIGHT_BOUND),
            ("weight_hh", &self.weight_hh, WEIGHT_BOUND),
            ("bias", &self.bias, unbounded),
            ("slopes", &self.slopes, unbounded),
            ("shifts", &self.shifts, unbounded),
        ];
        let threshold = self.threshold.as_ref();
        all.extend(threshold.map(|threshold| ("threshold", threshold, 1.0)));
        all
    }

    /// Formats with the layer's own threshold, where it has one.
    fn formats(&self, hitnet: &Hitnet) -> Result<Hitnet> {
        let threshold = match &self.threshold {
            Some(threshold) => f64::from(threshold.to_vec1::<f32>()?[0]),
            None => hitnet.threshold,
        };
        Ok(Hitnet {
            threshold,
            ..hitnet.clone()
        })
    }

    /// Hidden states `[T, B, H]` of inputs `[T * B, X]`, time step after time step, from `state`
    /// on, which becomes that after the last step.
    ///
    /// # Errors
    /// When a shape is wrong.
    pub fn hidden_states(&self, rows: &Tensor, state: &mut LayerState) -> Result<Tensor> {
        self.observed_states(rows, state, Draws::CERTAIN, None)
    }

    /// [`Recurrent::hidden_states`] with the draws of stochastic quantizers; what the layer goes
    /// through is added to `activity`, where there is one.
    pub(crate) fn observed_states(
        &self,
        rows: &Tensor,
        state: &mut LayerState,
        draws: Draws,
        activity: Option<&mut Activity>,
    ) -> Result<Tensor> {
        let batch = state.cell.len() / self.units;
        let width = gates(self.cell) * self.units;
        let Weights {
            input,
            hidden,
            bias,
            slopes,
        } = self.weights(draws)?;
        let x = linear(rows, &input, &bias.narrow(0, 0, width)?, batch)?;
        let values: Vec<f32> = slopes.to_vec1()?;
        let real = values.iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
        match self.cell {
            CellKind::Lstm => {
                let slopes_of = std::array::from_fn(|i| values[i]);
                match &self.precision {
                    Precision::Full => {
                        let cell = RealLstm::new(slopes_of, Exact);
                        sequence::run(cell, &x, &hidden, &slopes, state, activity)
                    }
                    Precision::Study(study) => {
                        let cell = RealLstm::new(slopes_of, Drawn::new(study.activations, draws));
                        sequence::run(cell, &x, &hidden, &slopes, state, activity)
                    }
                    Precision::Hitnet(hitnet) => {
                        let hitnet = self.formats(hitnet)?;
                        let tables = hitnet.lstm_tables(&std::array::from_fn(|i| real[i]));
                        let cell = IntegerLstm::new(tables, slopes_of);
                        sequence::run(cell, &x, &hidden, &slopes, state, activity)
                    }
                }
            }
            CellKind::Gru => {
                let slopes_of = std::array::from_fn(|i| values[i]);
                let hidden_bias = bias.narrow(0, width, self.units)?;
                let constants = Tensor::cat(&[&slopes, &hidden_bias], 0)?;
                match &self.precision {
                    Precision::Full => {
                        let cell = RealGru::new(slopes_of, Exact);
                        sequence::run(cell, &x, &hidden, &constants, state, activity)
                    }
                    Precision::Study(study) => {
                        let cell = RealGru::new(slopes_of, Drawn::new(study.activations, draws));
                        sequence::run(cell, &x, &hidden, &constants, state, activity)
                    }
                    Precision::Hitnet(hitnet) => {
                        let hitnet = self.formats(hitnet)?;
                        let tables = hitnet.gru_tables(&std::array::from_fn(|i| real[i]));
                        let cell = IntegerGru::new(tables, slopes_of);
                        sequence::run(cell, &x, &hidden, &constants, state, activity)
                    }
                }
            }
        }
    }

    /// Sets the sloping factor of a [`Precision::Study`]: that of a share of the run.
    pub(crate) fn set_slope(&self, share: f64) -> Result<()> {
        let Some(study) = self.precision.study() else {
            return Ok(());
        };
        let slopes = &self.slopes;
        let values = vec![study.slope_at(share) as f32; slopes.elem_count()];
        slopes.set(&Tensor::new(values, &Device::Cpu)?)
    }

    /// What the forward pass computes with.
    fn weights(&self, draws: Draws) -> Result<Weights> {
        let hitnet = match &self.precision {
            Precision::Full => {
                return Ok(Weights {
                    input: self.full_precision_input()?,
                    hidden: self.weight_hh.as_tensor().clone(),
                    bias: self.bias.as_tensor().clone(),
                    slopes: self.slopes.ones_like()?,
                });
            }
            Precision::Study(study) => {
                let quantized = |values: &Var, part| {
                    let (quantizer, draws) = (study.weights, draws.part(part));
                    quantize_straight_through(values, quantizer, gates(self.cell), draws)
                };
                return Ok(Weights {
                    input: quantized(&self.weight_ih, 0)?,
                    hidden: quantized(&self.weight_hh, 1)?,
                    bias: self.bias.as_tensor().clone(),
                    slopes: self.slopes.detach(),
                });
            }
            Precision::Hitnet(hitnet) => hitnet,
        };
        let [input_shift, hidden_shift] = self.shifts(hitnet)?;
        let trits = |shadow: &Var, shift: u32| {
            let trits = ternary_straight_through(shadow, gates(self.cell))?;
            trits * f64::from(1u32 << shift)
        };
        let slopes = self.slopes(hitnet)?;
        Ok(Weights {
            input: trits(&self.weight_ih, input_shift)?,
            hidden: trits(&self.weight_hh, hidden_shift)?,
            bias: self.integer_bias(hitnet, &slopes)?,
            slopes,
        })
    }

    /// Weights of the input in full precision: an integer input counts as half of its range.
    fn full_precision_input(&self) -> Result<Tensor> {
        let weights = self.weight_ih.as_tensor().clone();
        match self.input_bits {
            TRIT_BITS => Ok(weights),
            bits => weights / f64::from(1u32 << (bits - TRIT_BITS)),
        }
    }

    /// Both weight matrices, as trained and as used at inference.
    pub(crate) fn weight_pairs(&self) -> Result<[WeightPair; 2]> {
        let Weights { input, hidden, .. } = self.weights(Draws::CERTAIN)?;
        Ok([
            WeightPair::new("weight_ih", &self.weight_ih, &input)?,
            WeightPair::new("weight_hh", &self.weight_hh, &hidden)?,
        ])
    }

    /// Shifts of the input and of the hidden product.
    fn shifts(&self, hitnet: &Hitnet) -> Result<[u32; 2]> {
        let shifts = self.shifts.to_vec1::<f32>()?;
        let [input, hidden] = [0, 1].map(|which| hitnet.lut_shift + shifts[which] as u32);
        Ok([input - (self.input_bits - TRIT_BITS), hidden])
    }

    /// Pre-activation that a unit of the integer sums counts, of each gate, and of an LSTM the
    /// slope of the cell state.
    fn slopes(&self, hitnet: &Hitnet) -> Result<Tensor> {
        let gate = (PRODUCT_SLOPE / f64::from(1u32 << hitnet.lut_shift)) as f32;
        let mut units = vec![gate; gates(self.cell)];
        units.resize(self.slopes.elem_count(), 1.0);
        let units = Tensor::new(units, &Device::Cpu)?;
        within(&self.slopes, SLOPES)? * units
    }

    /// Integer biases `[4H]`, multiples of a quarter of an address of the tables or of 1.
    fn integer_bias(&self, hitnet: &Hitnet, slopes: &Tensor) -> Result<Tensor> {
        let bias = self.bias.reshape((4, self.units))?;
        let slopes = match self.cell {
            CellKind::Lstm => slopes.narrow(0, 0, 4)?,
            CellKind::Gru => Tensor::cat(&[slopes, &slopes.narrow(0, 2, 1)?], 0)?,
        };
        let integers = bias.broadcast_div(&slopes.unsqueeze(1)?)?.flatten_all()?;
        let limit = f32::from(i16::MAX);
        match hitnet.lut_shift.saturating_sub(BIAS_BITS) {
            0 => round_straight_through(&integers, limit),
            bits => {
                let step = f64::from(1u32 << bits);
                let steps = (integers / step)?;
                round_straight_through(&steps, (limit / step as f32).floor())? * step
            }
        }
    }
}

/// What the forward pass computes with: weights `[G*H, X]` and `[G*H, H]`, bias `[4H]`, slopes.
struct Weights {
    input: Tensor,
    hidden: Tensor,
    bias: Tensor,
    slopes: Tensor,
}

/// Gates of a cell.
fn gates(cell: CellKind) -> usize {
    match cell {
        CellKind::Lstm => Gate::ORDER.len(),
        CellKind::Gru => GruGate::ORDER.len(),
    }
}
