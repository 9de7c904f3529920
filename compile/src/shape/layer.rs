//! A recurrent layer's sizes and constants, from the model.

use super::LayerShape;
use tern_model::network::{CellKind, Layer};

impl LayerShape {
    /// The shape of a recurrent layer; none of a linear one.
    pub fn of(layer: &Layer) -> Option<LayerShape> {
        let sizes = |shifts: &[u32]| shifts.iter().map(|shift| *shift as usize).collect();
        match layer {
            Layer::Lstm(lstm) => Some(LayerShape {
                cell: CellKind::Lstm,
                input_size: lstm.input_size,
                hidden_size: lstm.hidden_size,
                gate_frac: lstm.gate_frac as usize,
                state_bits: lstm.state_bits as usize,
                input_shift: lstm.input_shift as usize,
                hidden_shift: lstm.hidden_shift as usize,
                lut_shift: sizes(&lstm.lut_shift),
                state_lut_shift: lstm.state_lut_shift as usize,
                threshold: lstm.threshold.map(|theta| theta as usize),
                hidden_bits: lstm.hidden_bits.map(|bits| bits as usize),
                hidden_round: lstm.hidden_round.map(|shift| shift as usize),
            }),
            Layer::Gru(gru) => Some(LayerShape {
                cell: CellKind::Gru,
                input_size: gru.input_size,
                hidden_size: gru.hidden_size,
                gate_frac: gru.gate_frac as usize,
                state_bits: gru.state_bits as usize,
                input_shift: gru.input_shift as usize,
                hidden_shift: gru.hidden_shift as usize,
                lut_shift: sizes(&gru.lut_shift),
                state_lut_shift: 0,
                threshold: gru.threshold.map(|theta| theta as usize),
                hidden_bits: gru.hidden_bits.map(|bits| bits as usize),
                hidden_round: gru.hidden_round.map(|shift| shift as usize),
            }),
            Layer::Linear(_) => None,
        }
    }
}
