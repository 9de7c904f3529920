//! The network in training: shadow parameters and their quantized forward pass.

use candle_core::{DType, Device, Result, Tensor, Var};
use tern_model::{Gate, Layer, Linear, Lstm};

use crate::lstm::IntegerLstm;
use crate::quantize::{round_straight_through, ternary, ternary_straight_through};
use crate::sequence::{self, LayerState};
use crate::tables::{CellTables, LstmConfig};

/// Largest magnitude of an integer bias of the linear head.
const HEAD_BIAS_LIMIT: f32 = 127.0;

/// An LSTM layer under a linear head, as real-valued shadow parameters.
///
/// The forward pass computes with the integers that [`Network::layers`] exports, held in floats
/// that represent them exactly.
#[derive(Clone, Debug)]
pub struct Network {
    config: LstmConfig,
    classes: usize,
    logit_scale: f64,
    tables: CellTables,
    parameters: Vec<(&'static str, Var)>,
}

/// Names of the parameters in the order of [`Network::parameters`].
const NAMES: [&str; 5] = ["weight_ih", "weight_hh", "bias", "head.weight", "head.bias"];

impl Network {
    /// A network with random shadow weights, uniform in `[-0.5, 0.5]`, biases zero and those of the
    /// forget gate 1.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn random(
        config: LstmConfig,
        classes: usize,
        logit_scale: f64,
        rng: &mut fastrand::Rng,
    ) -> Result<Network> {
        let (x, h) = (config.input_size, config.hidden_size);
        let mut uniform = |rows: usize, columns: usize| {
            let values = (0..rows * columns).map(|_| rng.f32() - 0.5).collect();
            Var::from_vec(values, (rows, columns), &Device::Cpu)
        };
        let weights = [uniform(4 * h, x)?, uniform(4 * h, h)?, uniform(classes, h)?];
        let bias = Gate::ORDER.map(|gate| vec![f32::from(gate == Gate::Forget); h]);
        let bias = Var::from_vec(bias.concat(), 4 * h, &Device::Cpu)?;
        let head_bias = Var::zeros(classes, DType::F32, &Device::Cpu)?;
        let [weight_ih, weight_hh, head] = weights;
        let values = [weight_ih, weight_hh, bias, head, head_bias];
        Ok(Network {
            tables: config.tables(&config.slopes()),
            config,
            classes,
            logit_scale,
            parameters: NAMES.into_iter().zip(values).collect(),
        })
    }

    /// Constants of the LSTM layer.
    pub fn config(&self) -> &LstmConfig {
        &self.config
    }

    /// Shadow parameters with their names.
    pub fn parameters(&self) -> &[(&'static str, Var)] {
        &self.parameters
    }

    fn parameter(&self, name: &str) -> &Var {
        let found = self.parameters.iter().find(|(n, _)| *n == name);
        &found.expect("every name asked for is one of NAMES").1
    }

    /// Hidden states `[T, B, H]` after each time step of a batch, from zero state; `inputs`
    /// `[T, B, X]` holds integer features.
    ///
    /// # Errors
    /// When a shape is wrong.
    pub fn hidden_states(&self, inputs: &Tensor) -> Result<Tensor> {
        let config = &self.config;
        let (steps, batch, features) = inputs.dims3()?;
        let scaled = |name, shift: u32| {
            let trits = ternary_straight_through(self.parameter(name), 4)?;
            trits * f64::from(1u32 << shift)
        };
        let weight_ih = scaled("weight_ih", config.input_shift)?;
        let weight_hh = scaled("weight_hh", config.hidden_shift)?;
        let rows = inputs.reshape((steps * batch, features))?;
        let products = rows.matmul(&weight_ih.t()?)?;
        let products = products.broadcast_add(&self.integer_bias()?)?;
        let products = products.reshape((steps, batch, 4 * config.hidden_size))?;

        let slopes = config.slopes().map(|slope| slope as f32);
        let constants = Tensor::new(&slopes, &Device::Cpu)?;
        let cell = IntegerLstm::new(self.tables.clone(), slopes);
        let mut state = LayerState::zero(batch, config.hidden_size);
        sequence::run(cell, &products, &weight_hh, &constants, &mut state)
    }

    /// Logits of hidden states `[B, H]`: the head's integers times the logit scale.
    ///
    /// # Errors
    /// When a shape is wrong.
    pub fn logits(&self, hidden: &Tensor) -> Result<Tensor> {
        let weight = ternary_straight_through(self.parameter("head.weight"), 1)?;
        let bias = self.integer_head_bias()?;
        let integers = hidden.matmul(&weight.t()?)?.broadcast_add(&bias)?;
        integers * self.logit_scale
    }

    /// Integer biases of the head.
    fn integer_head_bias(&self) -> Result<Tensor> {
        let bias = (self.parameter("head.bias").as_tensor() / self.logit_scale)?;
        round_straight_through(&bias, HEAD_BIAS_LIMIT)
    }

    /// Integer biases of the LSTM `[4H]`.
    fn integer_bias(&self) -> Result<Tensor> {
        let bias = self.parameter("bias");
        let h = self.config.hidden_size;
        let blocks: Result<Vec<Tensor>> = Gate::ORDER
            .iter()
            .map(|&gate| {
                let steps = (bias.narrow(0, gate.index() * h, h)? * self.bias_steps(gate))?;
                let steps = round_straight_through(&steps, self.config.bias_limit(gate))?;
                steps * f64::from(1u32 << self.config.bias_shift)
            })
            .collect();
        Tensor::cat(&blocks?, 0)
    }

    /// Steps of the integer bias in one unit of the pre-activation.
    fn bias_steps(&self, gate: Gate) -> f64 {
        1.0 / (self.config.gate_slope(gate) * f64::from(1u32 << self.config.bias_shift))
    }

    /// The layers that stand for the network: the integers that the forward pass computed with.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn layers(&self) -> Result<Vec<Layer>> {
        let config = self.config.clone();
        let values = |name| self.parameter(name).flatten_all()?.to_vec1::<f32>();
        let tables = &self.tables;
        let concat = |tables: &[_; 4]| -> Vec<i16> {
            let parts = tables
                .iter()
                .map(|table: &crate::tables::Table| &table.values[..]);
            parts.collect::<Vec<_>>().concat()
        };
        let lstm = Lstm {
            input_size: config.input_size,
            hidden_size: config.hidden_size,
            gate_frac: config.gate_frac,
            lut_bits: config.lut_bits,
            state_bits: config.state_bits,
            input_shift: config.input_shift,
            hidden_shift: config.hidden_shift,
            lut_shift: config.lut_shift,
            state_lut_shift: config.state_lut_shift,
            threshold: config.threshold,
            weight_ih: ternary(&values("weight_ih")?, 4),
            weight_hh: ternary(&values("weight_hh")?, 4),
            bias: integers(self.integer_bias()?.to_vec1::<f32>()?),
            lut: concat(&tables.gates),
            state_lut: tables.state.values.clone(),
        };
        let linear = Linear {
            input_size: config.hidden_size,
            output_size: self.classes,
            weight: ternary(&values("head.weight")?, 1),
            bias: integers(self.integer_head_bias()?.to_vec1::<f32>()?),
        };
        Ok(vec![Layer::Lstm(lstm), Layer::Linear(linear)])
    }
}

fn integers(values: Vec<f32>) -> Vec<i32> {
    values.into_iter().map(|v| v as i32).collect()
}
