//! The integers of a trained layer, as a layer of a model file.

use candle_core::{Result, Var};
use tern_model::network::{CellKind, Gru, Layer, Lstm};

use super::{Recurrent, gates};
use crate::quantize::tables::Table;
use crate::quantize::ternary::ternary;

impl Recurrent {
    /// The layer that computes what the forward pass of a HitNet layer computes; `None` of any
    /// other.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn layer(&self) -> Result<Option<Layer>> {
        let Some(hitnet) = self.precision.hitnet() else {
            return Ok(None);
        };
        let hitnet = &self.formats(hitnet)?;
        let trits = |shadow: &Var| -> Result<Vec<i8>> {
            let values = shadow.flatten_all()?.to_vec1::<f32>()?;
            Ok(ternary(&values, gates(self.cell)))
        };
        let (weight_ih, weight_hh) = (trits(&self.weight_ih)?, trits(&self.weight_hh)?);
        let [input_shift, hidden_shift] = self.shifts(hitnet)?;
        let slopes = self.slopes(hitnet)?;
        let bias = self.integer_bias(hitnet, &slopes)?.to_vec1::<f32>()?;
        let bias = bias.into_iter().map(|b| b as i32).collect();
        let slopes: Vec<f64> = slopes
            .to_vec1::<f32>()?
            .into_iter()
            .map(f64::from)
            .collect();
        let concat = |tables: &[Table]| tables.iter().flat_map(|t| t.values.clone()).collect();
        Ok(Some(match self.cell {
            CellKind::Lstm => {
                let tables = hitnet.lstm_tables(&std::array::from_fn(|i| slopes[i]));
                Layer::Lstm(Lstm {
                    input_size: self.inputs,
                    hidden_size: self.units,
                    gate_frac: hitnet.gate_frac,
                    lut_bits: hitnet.lut_bits,
                    state_bits: hitnet.state_bits,
                    input_shift,
                    hidden_shift,
                    lut_shift: [hitnet.lut_shift; 4],
                    state_lut_shift: hitnet.state_lut_shift,
                    threshold: Some(tables.threshold),
                    hidden_bits: None,
                    hidden_round: None,
                    weight_ih,
                    weight_hh,
                    bias,
                    lut: concat(&tables.gates),
                    state_lut: tables.state.values,
                })
            }
            CellKind::Gru => {
                let tables = hitnet.gru_tables(&std::array::from_fn(|i| slopes[i]));
                Layer::Gru(Gru {
                    input_size: self.inputs,
                    hidden_size: self.units,
                    gate_frac: hitnet.gate_frac,
                    lut_bits: hitnet.lut_bits,
                    state_bits: hitnet.state_bits,
                    input_shift,
                    hidden_shift,
                    lut_shift: [hitnet.lut_shift; 3],
                    threshold: Some(tables.threshold),
                    hidden_bits: None,
                    hidden_round: None,
                    weight_ih,
                    weight_hh,
                    bias,
                    lut: concat(&tables.gates),
                })
            }
        }))
    }
}
