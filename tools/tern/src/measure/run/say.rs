//! `tern run --say`: a language model speaks, token by token, from its integer outputs.

use clap::Args;
use serde_json::json;
use tern_features::tokens::{Sampler, Tokens};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_model::golden::Golden;
use tern_model::network::Model;
use tern_sim::compare::mismatch::{Context, compare};
use tern_sim::executor::Executor;
use tern_sim::executor::name::ExecutorName;

use crate::executors::Prepared;

/// How a language model speaks.
#[derive(Args)]
pub struct Say {
    /// Print a prompt and N tokens that a language model goes on with
    #[arg(long, value_name = "N", conflicts_with_all = ["input", "port"], value_parser = clap::value_parser!(u32).range(1..))]
    say: Option<u32>,
    /// What the language model goes on from
    #[arg(
        long,
        value_name = "TEXT",
        requires = "say",
        conflicts_with = "input",
        default_value = "\n",
        hide_default_value = true
    )]
    prompt: String,
    /// Seed of the tokens drawn
    #[arg(
        long,
        value_name = "N",
        requires = "say",
        conflicts_with = "input",
        default_value = "1"
    )]
    seed: u64,
    /// How far the tokens stray from the most probable, which 0 always takes; at most 100
    #[arg(
        long,
        value_name = "T",
        requires = "say",
        conflicts_with = "input",
        default_value = "0.8",
        allow_negative_numbers = true
    )]
    temperature: f64,
}

impl Say {
    /// Whether a language model is to speak.
    pub fn is_wanted(&self) -> bool {
        self.say.is_some()
    }
}

/// Tokens after which an executor has caught up.
const STRIDE: usize = 32;

/// An executor that gets the golden model's inputs, and what it has not got yet.
struct Follower<'e> {
    executor: Box<dyn Executor + 'e>,
    inputs: Vec<Vec<i32>>,
    outputs: Vec<Vec<i32>>,
    /// Tokens that were compared.
    compared: usize,
}

impl<'e> Follower<'e> {
    fn new(executor: Box<dyn Executor + 'e>) -> Follower<'e> {
        Follower {
            executor,
            inputs: Vec::new(),
            outputs: Vec::new(),
            compared: 0,
        }
    }

    /// Takes note of a step of the golden model.
    fn step(&mut self, input: &[i32], output: &[i32]) -> Result<(), Failure> {
        self.inputs.push(input.to_vec());
        self.outputs.push(output.to_vec());
        match self.inputs.len() < STRIDE {
            true => Ok(()),
            false => self.catch_up(),
        }
    }

    /// Compares every output since it last did; a difference is exit code 1.
    fn catch_up(&mut self) -> Result<(), Failure> {
        let inputs = [std::mem::take(&mut self.inputs)];
        let expected = [std::mem::take(&mut self.outputs)];
        if inputs[0].is_empty() {
            return Ok(());
        }
        let got = [self.executor.go_on(&inputs[0]).map_err(Failure::input)?];
        let names = ["golden", self.executor.name()];
        compare(names, &inputs, &expected, &got, &Context::default()).map_err(|found| {
            Failure::difference(format!(
                "{} differs from golden at token {}, output {}: {}",
                found.executor,
                self.compared + found.step + 1,
                found.unit,
                found.values()
            ))
        })?;
        self.compared += inputs[0].len();
        Ok(())
    }
}

/// Speaks on standard output, token by token; nothing is kept but what an executor is still to follow.
///
/// An executor other than golden gets the same inputs; a difference in any output is exit code 1.
pub fn execute(prepared: &Prepared, name: ExecutorName, say: &Say) -> Result<(), Failure> {
    let count = say.say.unwrap_or(0);
    let model = prepared.model();
    let tokens = Tokens::of_model(model).map_err(Failure::input)?;
    let named = |error| Failure::input(format!("--prompt {error}"));
    let prompt = tokens.encode(&say.prompt).map_err(named)?;
    let named = |error| Failure::input(format!("--{error}"));
    let mut sampler = Sampler::new(say.temperature, say.seed).map_err(named)?;
    let mut follower = match name {
        ExecutorName::Golden => None,
        name => Some(Follower::new(prepared.executor(name)?)),
    };
    let mut print = |token: &str| {
        let text = || token.to_owned();
        console::answer(text, || json!({ "token": token }))
    };
    let spoken = Speech {
        model,
        tokens: &tokens,
        prompt: &prompt,
        count,
    };
    spoken.speak(&mut sampler, &mut print, follower.as_mut())?;
    match console::is_json() {
        true => Ok(()),
        false => Failure::print("\n"),
    }
}

/// What is to be said: the prompt, and `count` tokens of the golden model.
struct Speech<'s> {
    model: &'s Model,
    tokens: &'s Tokens<'s>,
    prompt: &'s [u32],
    count: u32,
}

impl Speech<'_> {
    /// Gives the prompt and then the tokens to `print`, and every step to `follower`.
    fn speak(
        &self,
        sampler: &mut Sampler,
        print: &mut dyn FnMut(&str) -> Result<(), Failure>,
        mut follower: Option<&mut Follower>,
    ) -> Result<(), Failure> {
        let tokens = self.tokens;
        let mut golden = Golden::new(self.model);
        let mut step = |token: u32| -> Result<Vec<i32>, Failure> {
            print(&tokens.text(token))?;
            let input = tokens.input(token);
            let output = golden.step(&input);
            if let Some(follower) = &mut follower {
                follower.step(&input, &output)?;
            }
            Ok(output)
        };
        let mut output = Vec::new();
        for &token in self.prompt {
            output = step(token)?;
        }
        for _ in 0..self.count {
            output = step(sampler.draw(tokens.logits(&output)))?;
        }
        follower.map_or(Ok(()), Follower::catch_up)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;
    use crate::executors::golden;
    use serde_json::json;
    use tern_model::network::{CellKind, Embedding, Output};
    use tern_model::random::{RandomSpec, random_model};
    use tern_sim::error::SimError;

    /// A network of random weights that tells three characters apart.
    fn model() -> Model {
        let spec = RandomSpec {
            head: Some(3),
            output: Output::Every,
            ..RandomSpec::fixed_point(CellKind::Lstm, 5, 6)
        };
        let mut model = random_model(&spec, 1);
        model.labels = Some(["a", "b", "\n"].map(str::to_owned).to_vec());
        model.preprocessing =
            Some(json!({"tokens": "characters", "corpus": "shakespeare", "logit_scale": 0.1}));
        model.embedding = Some(Embedding {
            vocabulary_size: 3,
            weight: vec![1, 0, -1, 0, 1, -1, 1, 0, 0, 1, 0, -1, 1, 1, 0],
        });
        model
    }

    /// The golden model with one wrong output at a step.
    struct Wrong<'m> {
        golden: Box<dyn Executor + 'm>,
        step: Option<usize>,
        inputs: Rc<RefCell<Vec<Vec<i32>>>>,
    }

    impl Executor for Wrong<'_> {
        fn name(&self) -> &str {
            "wrong"
        }

        fn run(&mut self, sequence: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
            self.golden.run(sequence)
        }

        fn go_on(&mut self, steps: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
            let mut outputs = self.golden.go_on(steps)?;
            let mut inputs = self.inputs.borrow_mut();
            let at = self.step.and_then(|step| step.checked_sub(inputs.len()));
            if let Some(output) = at.and_then(|at| outputs.get_mut(at)) {
                output[2] += 1;
            }
            inputs.extend_from_slice(steps);
            Ok(outputs)
        }
    }

    #[test]
    fn what_is_said_is_what_another_executor_is_compared_with() {
        let model = model();
        let tokens = Tokens::of_model(&model).expect("a language model");
        let prompt = tokens.encode("ab\n").expect("known characters");
        let speech = Speech {
            model: &model,
            tokens: &tokens,
            prompt: &prompt,
            count: 80,
        };
        let speak = |step: Option<usize>| {
            let inputs = Rc::new(RefCell::new(Vec::new()));
            let mut follower = Follower::new(Box::new(Wrong {
                golden: golden(&model).expect("a valid model"),
                step,
                inputs: inputs.clone(),
            }));
            let mut text = String::new();
            let mut sampler = Sampler::new(1.0, 1).expect("a temperature");
            let mut print = |piece: &str| {
                text += piece;
                Ok(())
            };
            let spoken = speech.speak(&mut sampler, &mut print, Some(&mut follower));
            assert!(follower.inputs.len() < STRIDE, "no more is kept");
            (spoken, text, inputs.take())
        };
        let (spoken, text, inputs) = speak(None);
        assert_eq!(spoken, Ok(()));
        assert!(text.starts_with("ab\n"), "{text}");
        let said = tokens.encode(&text).expect("known characters");
        assert_eq!(said.len(), 83);
        let said: Vec<Vec<i32>> = said.iter().map(|&token| tokens.input(token)).collect();
        assert_eq!(inputs, said);

        for step in [0, 3, 31, 32, 82] {
            let (spoken, ..) = speak(Some(step));
            let sentence = spoken.expect_err("a difference").to_string();
            let place = format!("at token {}, output 2: expected", step + 1);
            assert!(sentence.contains(&place), "{sentence}");
        }
    }
}
