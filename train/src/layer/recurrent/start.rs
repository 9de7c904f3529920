//! Where the training of a layer begins: slopes, thresholds, and the weights of a trained one.

use candle_core::{Device, Result, Tensor, Var};
use tern_model::network::{CellKind, Gate, GruGate};

use super::{PRODUCT_SLOPE, Recurrent, gates};
use crate::quantize::hitnet::Hitnet;
use crate::quantize::ternary::kept_magnitude;

impl Recurrent {
    /// The layer with a threshold of its own, which begins as the [`Hitnet::threshold`], in a HitNet
    /// layer.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub(crate) fn with_own_threshold(self) -> Result<Recurrent> {
        let own = |hitnet: &Hitnet| Var::new(&[hitnet.threshold as f32], &Device::Cpu);
        let threshold = self.precision.hitnet().map(own).transpose()?;
        Ok(Recurrent { threshold, ..self })
    }

    /// Sets the slopes of the gates at the start, in pre-activation per ternary product, and how
    /// many bits further left than the input's product the hidden state's stands.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn begin_at(&self, gate_slope: f64, hidden_gain: u32) -> Result<()> {
        let mut slopes = self.slopes.to_vec1::<f32>()?;
        slopes[..gates(self.cell)].fill((gate_slope / PRODUCT_SLOPE) as f32);
        let shifts = [0.0, hidden_gain as f32];
        self.slopes.set(&Tensor::new(slopes, &Device::Cpu)?)?;
        self.shifts.set(&Tensor::new(&shifts, &Device::Cpu)?)
    }

    /// Sets a threshold of the layer's own; a layer without one keeps that of its formats.
    pub(crate) fn set_threshold(&self, value: f64) -> Result<()> {
        match &self.threshold {
            Some(threshold) => threshold.set(&Tensor::new(&[value as f32], &Device::Cpu)?),
            None => Ok(()),
        }
    }

    /// Multiplies the slopes of the gates.
    pub(crate) fn steepen(&self, factor: f64) -> Result<()> {
        let mut slopes = self.slopes.to_vec1::<f32>()?;
        let gates = &mut slopes[..gates(self.cell)];
        gates.iter_mut().for_each(|slope| *slope *= factor as f32);
        self.slopes.set(&Tensor::new(slopes, &Device::Cpu)?)
    }

    /// Adds `amount` to the pre-activations of the gates that let a new value become the hidden state: input and
    /// output of an LSTM; it is taken from a GRU's update gate, which keeps the old one.
    pub(crate) fn open(&self, amount: f64) -> Result<()> {
        let mut bias = self.bias.to_vec1::<f32>()?;
        let opened = match self.cell {
            CellKind::Lstm => &[(Gate::Input.index(), 1.0), (Gate::Output.index(), 1.0)][..],
            CellKind::Gru => &[(GruGate::Update.index(), -1.0)],
        };
        for (gate, sign) in opened {
            let of_gate = &mut bias[gate * self.units..][..self.units];
            of_gate
                .iter_mut()
                .for_each(|bias| *bias += (sign * amount) as f32);
        }
        self.bias.set(&Tensor::new(bias, &Device::Cpu)?)
    }

    /// Begins a HitNet layer where a trained full-precision one ends, whose inputs are replaced by
    /// trits that stand for `input_scale` and whose hidden states by trits that stand for
    /// `hidden_scale`.
    ///
    /// A ternary product stands for the mean product of the weights and inputs that it keeps; the
    /// ratio of the input's to the hidden state's is rounded to a power of two.
    ///
    /// # Errors
    /// When the layers differ in size or the tensor library fails.
    pub(crate) fn warm_start(
        &self,
        trained: &Recurrent,
        input_scale: f64,
        hidden_scale: f64,
    ) -> Result<()> {
        let own = self.parameters().into_iter();
        for ((_, to, _), (_, from, _)) in own.zip(trained.parameters()) {
            to.set(&from.as_detached_tensor())?;
        }
        let (Some(hitnet), None) = (self.precision.hitnet(), trained.precision.hitnet()) else {
            return Ok(());
        };
        let gates = gates(self.cell);
        let products = |weights: &Var, scale: f64| -> Result<Vec<f64>> {
            let values = weights.flatten_all()?.to_vec1::<f32>()?;
            let blocks = values.chunks(values.len() / gates);
            Ok(blocks.map(|b| scale * kept_magnitude(b)).collect())
        };
        let input = products(&trained.weight_ih, input_scale)?;
        let hidden = products(&trained.weight_hh, hidden_scale)?;
        let ratios = input.iter().zip(&hidden).map(|(i, h)| (i / h).log2());
        let ratio = (ratios.sum::<f64>() / gates as f64).round();
        let shifts = [ratio.max(0.0), (-ratio).max(0.0)];
        let slope = |(input, hidden): (&f64, &f64)| {
            let unit = (input / shifts[0].exp2() * hidden / shifts[1].exp2()).sqrt();
            (unit / PRODUCT_SLOPE) as f32
        };
        let mut slopes: Vec<f32> = input.iter().zip(&hidden).map(slope).collect();
        if self.cell == CellKind::Lstm {
            slopes.push(hitnet.state_slope as f32);
        }
        let shifts = shifts.map(|shift| shift as f32);
        self.shifts.set(&Tensor::new(&shifts, &Device::Cpu)?)?;
        self.slopes.set(&Tensor::new(slopes, &Device::Cpu)?)
    }

    /// What a trit of this layer's hidden state stands for, where `trained` is a full-precision
    /// layer that it replaces.
    pub(crate) fn scale_of_trit_for(&self, trained: &Recurrent) -> Option<f64> {
        match (self.precision.hitnet(), trained.precision.hitnet()) {
            (Some(hitnet), None) => Some(hitnet.hidden_scale),
            _ => None,
        }
    }
}
