//! What a page can ask.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::array;
use crate::boards;
use crate::network::Network;
use crate::run;

/// A question; what it says about bytes is in the payload.
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "lowercase", deny_unknown_fields)]
pub enum Request {
    /// Takes the bytes of a model file.
    Open,
    /// Runs the bytes of a WAV file.
    Recording,
    /// Runs samples, 8 bytes each, at the rate of the front end.
    Samples,
    /// Runs the bytes of a CSV file.
    Table,
    /// Begins a text of a language model.
    Prompt {
        /// What it goes on from.
        text: String,
        /// Of the tokens that are drawn.
        seed: u64,
        /// 0 to 100.
        temperature: f64,
    },
    /// Goes on by some tokens.
    Speak {
        /// How many.
        tokens: usize,
    },
    /// The cycles that the last run takes on the largest array of a device.
    Board {
        /// Name of the device, as a design file has it.
        device: String,
    },
    /// What an array does, cycle by cycle, in one step of the last run.
    Array {
        /// The design file.
        design: Value,
        /// Time step, counted from 0.
        step: usize,
    },
    /// Repeats the last run's inputs for some steps, to be timed.
    Steps {
        /// How many.
        steps: usize,
        /// By the golden model, or else by the engine.
        golden: bool,
    },
}

/// The answer as JSON: what was asked for, or `error`, one sentence.
pub fn answer(network: &mut Option<Network>, request: &[u8], payload: &[u8]) -> String {
    let answer = respond(network, request, payload);
    answer.unwrap_or_else(|error| json!({ "error": error }).to_string())
}

fn respond(slot: &mut Option<Network>, request: &[u8], payload: &[u8]) -> Result<String, String> {
    let request: Request = serde_json::from_slice(request).map_err(|error| error.to_string())?;
    if let Request::Open = request {
        let network = Network::open(payload)?;
        return Ok(slot.insert(network).describe().to_string());
    }
    let network = slot.as_mut().ok_or("no model file is open")?;
    let answer = match request {
        Request::Open => unreachable!("answered above"),
        Request::Recording => network.run(run::recording(network.model, payload)?)?,
        Request::Samples => network.run(run::samples(network.model, payload)?)?,
        Request::Table => network.run(run::table(network.model, payload)?)?,
        Request::Prompt {
            text,
            seed,
            temperature,
        } => network.prompt(&text, seed, temperature)?,
        Request::Speak { tokens } => network.speak(tokens)?,
        Request::Board { device } => boards::cycles(network, &device)?,
        Request::Array { design, step } => array::step(network, &design.to_string(), step)?,
        Request::Steps { steps, golden } => network.repeat(steps, golden)?,
    };
    Ok(answer.to_string())
}
