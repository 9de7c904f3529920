//! The network that a page has opened, and what it has been given.

use serde_json::{Value, json};
use tern_features::input::{is_scaled, takes_recordings};
use tern_features::tokens::Tokens;
use tern_model::engine::Engine;
use tern_model::golden::Golden;
use tern_model::network::{Layer, Model, Sequence};

use crate::run;
use crate::speech::Speech;

/// A network, its last run and its text.
pub struct Network {
    /// The model, which lives as long as the instance.
    pub model: &'static Model,
    /// Inputs `[time][X]` of the last run.
    pub sequence: Sequence,
    speech: Option<Speech>,
}

impl Network {
    /// The network in the bytes of a model file.
    pub fn open(bytes: &[u8]) -> Result<Network, String> {
        let model = Model::from_bytes(bytes).map_err(|error| error.to_string())?;
        Ok(Network {
            model: Box::leak(Box::new(model)),
            sequence: Vec::new(),
            speech: None,
        })
    }

    /// What it is and what it takes.
    pub fn describe(&self) -> Value {
        let model = self.model;
        let takes = if Tokens::of_model(model).is_ok() {
            "text"
        } else if is_scaled(model) {
            "features"
        } else if takes_recordings(model) {
            "recordings"
        } else {
            "integers"
        };
        let layer = |layer: &Layer| {
            let (kind, weights) = match layer {
                Layer::Lstm(of) => ("LSTM", of.weight_ih.len() + of.weight_hh.len()),
                Layer::Gru(of) => ("GRU", of.weight_ih.len() + of.weight_hh.len()),
                Layer::Linear(of) => ("linear", of.weight.len()),
            };
            json!({ "kind": kind, "size": layer.output_size(), "weights": weights })
        };
        json!({
            "name": model.name,
            "takes": takes,
            "input_size": model.input_size,
            "input_bits": model.input_bits,
            "input_max": model.input_max(),
            "layers": model.layers.iter().map(layer).collect::<Vec<_>>(),
            "labels": model.labels,
        })
    }

    /// Runs a sequence on the golden model, and keeps it.
    pub fn run(&mut self, sequence: Sequence) -> Result<Value, String> {
        if sequence.is_empty() {
            return Err("the number of time steps is 0, expected at least 1".to_owned());
        }
        let answer = run::trace(self.model, &sequence);
        self.sequence = sequence;
        Ok(answer)
    }

    /// The sequence of the last run.
    pub fn last(&self) -> Result<&Sequence, String> {
        match self.sequence.is_empty() {
            true => Err("nothing has been run yet".to_owned()),
            false => Ok(&self.sequence),
        }
    }

    /// Begins a text.
    pub fn prompt(&mut self, text: &str, seed: u64, temperature: f64) -> Result<Value, String> {
        self.speech = Some(Speech::begin(self.model, text, seed, temperature)?);
        Ok(json!({}))
    }

    /// Goes on with the text.
    pub fn speak(&mut self, tokens: usize) -> Result<Value, String> {
        let speech = self.speech.as_mut().ok_or("no prompt has been given")?;
        Ok(json!({ "text": speech.go_on(tokens) }))
    }

    /// Runs steps of the last sequence over and over, without an answer to speak of.
    pub fn repeat(&self, steps: usize, golden: bool) -> Result<Value, String> {
        let inputs = self.last()?.iter().cycle().take(steps);
        let last = match golden {
            true => {
                let mut golden = Golden::new(self.model);
                inputs.map(|x| golden.step(x)).last()
            }
            false => {
                let engine = Engine::new(self.model).map_err(|error| error.to_string())?;
                let inputs: Vec<_> = inputs.cloned().collect();
                let outputs = engine.run(&inputs).map_err(|error| error.to_string())?;
                outputs.last().cloned()
            }
        };
        Ok(json!({ "last": last }))
    }
}
