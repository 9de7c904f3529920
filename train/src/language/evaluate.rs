//! Perplexity of a language model: of its training network and of the integers it exports.

use candle_core::{Device, Tensor};
use tern_model::{Fast, Model};

use crate::TrainError;
use crate::language::{LanguageModel, Masks, Words};
use crate::softmax::total_cross_entropy;

/// Tokens whose softmax is computed at once.
const CHUNK: usize = 512;

/// Perplexity of `text`, read as one stream from zero state: the exponential of the mean cross
/// entropy of each token but the first, over the whole vocabulary.
///
/// # Errors
/// When the tensor library fails.
pub fn perplexity(model: &LanguageModel, text: &[u32]) -> Result<f64, TrainError> {
    let mut state = model.start(1);
    let softmax = (model.softmax_weight(), model.softmax_bias());
    let hidden = |tokens: &[u32]| {
        let hidden = model.hidden_states(tokens, &mut state, &Masks::new())?;
        Ok(hidden.detach())
    };
    of_chunks(text, softmax, hidden)
}

/// [`perplexity`] of an exported model: the hidden states are those of the golden model, bit for
/// bit, from the fast evaluator; the softmax is that of `words`, in 32-bit floats.
///
/// # Errors
/// When the tensor library fails, or the model and the words do not fit together.
pub fn integer_perplexity(model: &Model, words: &Words, text: &[u32]) -> Result<f64, TrainError> {
    let mut network = Fast::new(model);
    let size = model.input_size;
    let hidden = |tokens: &[u32]| {
        let mut states = Vec::new();
        for &token in tokens {
            let x = &words.embedding[token as usize * size..][..size];
            let x: Vec<i32> = x.iter().map(|&x| i32::from(x)).collect();
            states.extend(network.step(&x).into_iter().map(|h| h as f32));
        }
        let shape = (tokens.len(), states.len() / tokens.len());
        Ok(Tensor::from_vec(states, shape, &Device::Cpu)?)
    };
    of_chunks(text, (&words.weight, &words.bias), hidden)
}

/// Perplexity by the hidden states `[N, H]` that `hidden` gives for N tokens, chunk after chunk.
fn of_chunks(
    text: &[u32],
    (weight, bias): (&Tensor, &Tensor),
    mut hidden: impl FnMut(&[u32]) -> Result<Tensor, TrainError>,
) -> Result<f64, TrainError> {
    let mut total = 0.0;
    let inputs = text[..text.len() - 1].chunks(CHUNK);
    for (inputs, targets) in inputs.zip(text[1..].chunks(CHUNK)) {
        total += total_cross_entropy(&hidden(inputs)?, weight, bias, targets)?;
    }
    Ok((total / (text.len() - 1) as f64).exp())
}
