//! What every layer goes through in every time step.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use tern_model::golden::{Golden, LayerState};
use tern_model::network::{Gate, GruGate, Model};

use crate::arrays::array;

/// Names and values of one layer, each a row `[H]` per time step.
type Values = Vec<(&'static str, Vec<i32>)>;

/// A dictionary per layer, from the input up: an array `[time, H]` for each gate, the state and the hidden state.
pub(crate) fn trace<'py>(
    py: Python<'py>,
    model: &Model,
    sequence: &[Vec<i32>],
) -> PyResult<Bound<'py, PyList>> {
    let mut golden = Golden::new(model);
    let mut all: Vec<Values> = Vec::new();
    for x in sequence {
        golden.step(x);
        let step = golden.layers().iter().map(values);
        match all.is_empty() {
            true => all = step.collect(),
            false => {
                let rows = all.iter_mut().zip(step);
                rows.for_each(|(all, step)| {
                    let pairs = all.iter_mut().zip(step);
                    pairs.for_each(|((_, all), (_, step))| all.extend(step));
                });
            }
        }
    }
    let layers = PyList::empty(py);
    for (layer, values) in model.layers.iter().zip(all) {
        let dict = PyDict::new(py);
        for (name, values) in values {
            dict.set_item(
                name,
                array(py, values, &[sequence.len(), layer.output_size()])?,
            )?;
        }
        layers.append(dict)?;
    }
    Ok(layers)
}

fn values(state: &LayerState) -> Values {
    let row = |values: &[i64]| values.iter().map(|v| *v as i32).collect();
    match state {
        LayerState::Lstm(state) => {
            let gate = |gate: Gate| (gate.symbol(), row(state.gate(gate)));
            let mut all: Values = Gate::ORDER.map(gate).into();
            all.push(("c", row(&state.cell_state)));
            all.push(("h", row(&state.hidden_state)));
            all
        }
        LayerState::Gru(state) => {
            let gate = |gate: GruGate| (gate.symbol(), row(state.gate(gate)));
            let mut all: Values = GruGate::ORDER.map(gate).into();
            all.push(("q", row(&state.cell_state)));
            all.push(("h", row(&state.hidden_state)));
            all
        }
        LayerState::Linear(outputs) => vec![("y", row(outputs))],
    }
}
