//! A language model that goes on with a text.

use tern_features::tokens::{Sampler, Tokens};
use tern_model::golden::Golden;
use tern_model::network::Model;

/// A text so far.
pub struct Speech {
    tokens: Tokens<'static>,
    golden: Golden<'static>,
    sampler: Sampler,
    output: Vec<i32>,
}

impl Speech {
    /// The network after a prompt.
    pub fn begin(
        model: &'static Model,
        prompt: &str,
        seed: u64,
        temperature: f64,
    ) -> Result<Speech, String> {
        let tokens = Tokens::of_model(model).map_err(|error| error.to_string())?;
        let sampler = Sampler::new(temperature, seed).map_err(|error| error.to_string())?;
        let prompt = tokens
            .encode(prompt)
            .map_err(|error| format!("the prompt {error}"))?;
        let mut golden = Golden::new(model);
        let outputs = prompt
            .iter()
            .map(|token| golden.step(&tokens.input(*token)));
        let output = outputs.last().unwrap_or_default();
        Ok(Speech {
            tokens,
            golden,
            sampler,
            output,
        })
    }

    /// Draws tokens and returns their text.
    pub fn go_on(&mut self, tokens: usize) -> String {
        let next = |_| {
            let token = self.sampler.draw(self.tokens.logits(&self.output));
            self.output = self.golden.step(&self.tokens.input(token));
            self.tokens.text(token)
        };
        (0..tokens).map(next).collect()
    }
}
