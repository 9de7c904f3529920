//! The words of the activation LUTs.

use crate::shape::LayerShape;
use crate::shape::Shape;
use tern_model::network::{Gate, GruGate, Layer, Model};

/// A layer's part of a LUT memory: its table, and how far its values are scaled up.
type Table<'m> = Option<(&'m [i16], usize)>;

/// The gate LUTs, one per column that has one.
pub fn gates(shape: &Shape, model: &Model) -> Vec<Vec<i128>> {
    let lut = |column: usize| {
        image(shape, model, &|layer, spare| match layer {
            Layer::Lstm(lstm) => {
                let gate = Gate::ORDER[column];
                let spare = if gate.is_signed() { 0 } else { spare };
                Some((lstm.gate_lut(gate), spare))
            }
            Layer::Gru(gru) => {
                let gate = GruGate::ORDER.get(column).filter(|gate| !gate.is_signed());
                gate.map(|gate| (gru.gate_lut(*gate), spare))
            }
            Layer::Linear(_) => None,
        })
    };
    (0..shape.gate_luts()).map(lut).collect()
}

/// The LUT of a GRU's candidate.
pub fn candidate(shape: &Shape, model: &Model) -> Vec<i128> {
    image_if_any(shape, model, &|layer, _| match layer {
        Layer::Gru(gru) => Some((gru.gate_lut(GruGate::New), 0)),
        _ => None,
    })
}

/// The LUT of an LSTM's cell state.
pub fn state(shape: &Shape, model: &Model) -> Vec<i128> {
    image_if_any(shape, model, &|layer, _| match layer {
        Layer::Lstm(lstm) => Some((&lstm.state_lut, 0)),
        _ => None,
    })
}

fn image_if_any<'m>(
    shape: &Shape,
    model: &'m Model,
    table: &dyn Fn(&'m Layer, usize) -> Table<'m>,
) -> Vec<i128> {
    let any = model.layers.iter().any(|layer| table(layer, 0).is_some());
    if any {
        image(shape, model, table)
    } else {
        vec![]
    }
}

/// The layers' tables one after the other; `table` gets a layer and the fraction bits that it lacks.
fn image<'m>(
    shape: &Shape,
    model: &'m Model,
    table: &dyn Fn(&'m Layer, usize) -> Table<'m>,
) -> Vec<i128> {
    let layers = model
        .layers
        .iter()
        .filter(|layer| LayerShape::of(layer).is_some());
    let mut words: Vec<i128> = layers
        .zip(&shape.layers)
        .flat_map(
            |(layer, of)| match table(layer, shape.gate_frac() - of.gate_frac) {
                Some((table, spare)) => by_code(table, shape.lut_bits, spare),
                None => vec![0; 1 << shape.lut_bits],
            },
        )
        .collect();
    words.resize(1 << shape.table_address_bits(), 0);
    words
}

/// A table by two's complement code of an index of `bits` bits, which saturates at the table's ends.
fn by_code(table: &[i16], bits: usize, spare: usize) -> Vec<i128> {
    let half = table.len() as i64 / 2;
    let codes = 1i64 << bits;
    let index = |code: i64| if code < codes / 2 { code } else { code - codes };
    let entry = |code: i64| table[(index(code).clamp(-half, half - 1) + half) as usize];
    (0..codes)
        .map(|code| i128::from(entry(code)) << spare)
        .collect()
}
