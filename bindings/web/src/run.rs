//! A sequence through the golden model, with everything on the way.

use serde_json::{Value, json};
use tern_features::input::{integers, is_scaled, takes_recordings};
use tern_features::table::{csv, features};
use tern_features::{FrontEnd, Scaling};
use tern_model::golden::{Golden, LayerState};
use tern_model::network::{Gate, GruGate, Model, Sequence};

/// The inputs of a recording, from the bytes of its WAV file.
pub fn recording(model: &Model, bytes: &[u8]) -> Result<Sequence, String> {
    let front_end = front_end(model)?;
    let samples = front_end.samples_in(bytes);
    let samples = samples.map_err(|error| error.to_string())?;
    Ok(front_end.features(&samples.values))
}

/// The inputs of samples in `[-1, 1]`, 8 bytes each, at the rate of the front end.
pub fn samples(model: &Model, bytes: &[u8]) -> Result<Sequence, String> {
    let values = bytes.as_chunks::<8>().0;
    let values: Vec<f64> = values.iter().map(|v| f64::from_le_bytes(*v)).collect();
    heard(&front_end(model)?, &values)
}

fn front_end(model: &Model) -> Result<FrontEnd, String> {
    match takes_recordings(model) {
        true => FrontEnd::of_model(model).map_err(|error| error.to_string()),
        false => Err(format!(
            "the model {} takes no recordings, expected a .csv file of {} columns",
            model.name, model.input_size
        )),
    }
}

fn heard(front_end: &FrontEnd, samples: &[f64]) -> Result<Sequence, String> {
    let window = front_end.constants().window;
    match samples.len() < window {
        true => Err(format!(
            "number of samples is {}, expected at least {window}, one window",
            samples.len()
        )),
        false => Ok(front_end.features(samples)),
    }
}

/// The inputs of a table, from the bytes of its CSV file: real features where the model scales those, else integers.
pub fn table(model: &Model, bytes: &[u8]) -> Result<Sequence, String> {
    match is_scaled(model) {
        true => {
            let scaling = Scaling::of_model(model).map_err(|error| error.to_string())?;
            scaling.inputs(&features(bytes, csv)?, model)
        }
        false => integers(bytes, csv, model),
    }
}

/// Inputs, then of each step gates, state and hidden state of each recurrent layer and the top layer's output, then what a
/// core sends.
pub fn trace(model: &Model, sequence: &Sequence) -> Value {
    let mut golden = Golden::new(model);
    let step = |x: &Vec<i32>| {
        let output = golden.step(x);
        let layers: Vec<Value> = golden.layers().iter().filter_map(layer).collect();
        json!({ "layers": layers, "output": output })
    };
    let steps: Vec<Value> = sequence.iter().map(step).collect();
    json!({
        "inputs": sequence,
        "steps": steps,
        "outputs": Golden::new(model).run(sequence),
    })
}

/// A recurrent layer after a step: gates in their order with their letters.
fn layer(state: &LayerState) -> Option<Value> {
    let (letters, gates, cell, hidden) = match state {
        LayerState::Lstm(state) => {
            let gates = Gate::ORDER.map(|gate| state.gate(gate));
            let letters = &["i", "f", "g", "o"][..];
            (
                letters,
                gates.to_vec(),
                &state.cell_state,
                &state.hidden_state,
            )
        }
        LayerState::Gru(state) => {
            let gates = GruGate::ORDER.map(|gate| state.gate(gate));
            let letters = &["r", "z", "n"][..];
            (
                letters,
                gates.to_vec(),
                &state.cell_state,
                &state.hidden_state,
            )
        }
        LayerState::Linear(_) => return None,
    };
    Some(json!({ "letters": letters, "gates": gates, "cell": cell, "hidden": hidden }))
}
