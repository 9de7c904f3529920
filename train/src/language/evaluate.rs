//! Perplexity of a language model: of its training network and of the integers it exports.

use candle_core::{Device, Tensor};
use tern_model::engine::Engine;
use tern_model::network::Model;

use crate::error::TrainError;
use crate::language::head::Softmax;
use crate::language::network::{LanguageModel, Masks};
use crate::language::words::Words;
use crate::ops::softmax::total_cross_entropy;
use tern_features::tokens::Tokens;

/// Tokens whose softmax is computed at once.
const CHUNK: usize = 512;

/// Perplexity of `text`, read as one stream from zero state: the exponential of the mean cross
/// entropy of each token but the first, over the whole vocabulary.
///
/// # Errors
/// When the tensor library fails.
pub fn perplexity(model: &LanguageModel, text: &[u32]) -> Result<f64, TrainError> {
    let mut state = model.start(1);
    let softmax = model.softmax()?;
    of_chunks(text, |tokens| {
        let hidden = model.hidden_states(tokens, &mut state, &Masks::new())?;
        Ok(softmax.logits(&hidden.detach())?)
    })
}

/// [`perplexity`] of an exported model: its outputs are those of the golden model, bit for bit, from
/// the engine. The softmax is that of `words`, in 32-bit floats, or the model's own head.
///
/// # Errors
/// When the tensor library fails, or the model and the words do not fit together.
pub fn integer_perplexity(model: &Model, words: &Words, text: &[u32]) -> Result<f64, TrainError> {
    match &words.softmax {
        Some(softmax) => with_softmax(model, words, softmax, text),
        None => token_perplexity(model, text),
    }
}

/// [`integer_perplexity`] of a model file alone, whose head is the softmax.
///
/// # Errors
/// When the model is none with all that the host needs in its file.
pub fn token_perplexity(model: &Model, text: &[u32]) -> Result<f64, TrainError> {
    let tokens = Tokens::of_model(model)?;
    let mut network = Engine::new(model)?.state(1);
    of_chunks(text, |chunk| {
        let mut logits = Vec::new();
        for &token in chunk {
            logits.extend(tokens.logits(network.step(&tokens.input(token))?));
        }
        Ok(logits)
    })
}

fn with_softmax(
    model: &Model,
    words: &Words,
    softmax: &Softmax,
    text: &[u32],
) -> Result<f64, TrainError> {
    let mut network = Engine::new(model)?.state(1);
    let size = model.input_size;
    of_chunks(text, |tokens| {
        let mut states = Vec::new();
        for &token in tokens {
            states.extend(
                network
                    .step(&words.input(token, size))?
                    .iter()
                    .map(|&h| h as f32),
            );
        }
        let shape = (tokens.len(), states.len() / tokens.len());
        let hidden = Tensor::from_vec(states, shape, &Device::Cpu)?;
        Ok(softmax.logits(&hidden)?)
    })
}

/// Perplexity by the logits `[N * V]` that `logits` gives for N tokens, chunk after chunk.
fn of_chunks(
    text: &[u32],
    mut logits: impl FnMut(&[u32]) -> Result<Vec<f32>, TrainError>,
) -> Result<f64, TrainError> {
    let mut total = 0.0;
    let inputs = text[..text.len() - 1].chunks(CHUNK);
    for (inputs, targets) in inputs.zip(text[1..].chunks(CHUNK)) {
        total += total_cross_entropy(logits(inputs)?, targets);
    }
    Ok((total / (text.len() - 1) as f64).exp())
}
