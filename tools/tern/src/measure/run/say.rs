//! `tern run --say`: a language model speaks, token by token, from its integer outputs.

use clap::Args;
use tern_gen_verilog::failure::Failure;
use tern_model::golden::Golden;
use tern_model::network::Model;
use tern_sim::compare::mismatch::{Context, compare};
use tern_sim::executor::Executor;
use tern_sim::executor::name::ExecutorName;
use tern_train::language::{Sampler, Tokens};

use crate::executors::Prepared;

/// How a language model speaks.
#[derive(Args)]
pub struct Say {
    /// Print a prompt and N tokens that a language model goes on with
    #[arg(long, value_name = "N", conflicts_with = "input", value_parser = clap::value_parser!(u32).range(1..))]
    say: Option<u32>,
    /// What the language model goes on from
    #[arg(
        long,
        value_name = "TEXT",
        requires = "say",
        default_value = "\n",
        hide_default_value = true
    )]
    prompt: String,
    /// Seed of the tokens drawn
    #[arg(long, value_name = "N", requires = "say", default_value = "1")]
    seed: u64,
    /// How far the tokens stray from the most probable, which 0 always takes; at most 100
    #[arg(
        long,
        value_name = "T",
        requires = "say",
        default_value = "0.8",
        allow_negative_numbers = true
    )]
    temperature: f64,
}

/// What was said: the network's inputs, and its outputs after each.
#[derive(Debug)]
struct Said {
    inputs: Vec<Vec<i32>>,
    outputs: Vec<Vec<i32>>,
}

/// Speaks on standard output.
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
    let mut executor = match name {
        ExecutorName::Golden => None,
        name => Some(prepared.executor(name)?),
    };
    let said = speak(
        model,
        &tokens,
        &prompt,
        &mut sampler,
        count,
        &mut Failure::print,
    )?;
    Failure::print("\n")?;
    match &mut executor {
        Some(executor) => check(&mut **executor, &said),
        None => Ok(()),
    }
}

/// Gives the prompt and then `count` tokens of the golden model to `print`.
fn speak(
    model: &Model,
    tokens: &Tokens,
    prompt: &[u32],
    sampler: &mut Sampler,
    count: u32,
    print: &mut dyn FnMut(&str) -> Result<(), Failure>,
) -> Result<Said, Failure> {
    let mut golden = Golden::new(model);
    let mut said = Said {
        inputs: Vec::new(),
        outputs: Vec::new(),
    };
    let mut step = |token: u32, print: &mut dyn FnMut(&str) -> Result<(), Failure>| {
        print(&tokens.text(token))?;
        let input = tokens.input(token);
        let output = golden.step(&input);
        said.inputs.push(input);
        said.outputs.push(output.clone());
        Ok::<Vec<i32>, Failure>(output)
    };
    let mut output = Vec::new();
    for &token in prompt {
        output = step(token, print)?;
    }
    for _ in 0..count {
        output = step(sampler.draw(tokens.logits(&output)), print)?;
    }
    Ok(said)
}

/// Compares every output of another executor with what was said.
fn check(executor: &mut dyn Executor, said: &Said) -> Result<(), Failure> {
    let (inputs, expected) = ([said.inputs.clone()], [said.outputs.clone()]);
    let got = [executor.run(&said.inputs).map_err(Failure::input)?];
    let names = ["golden", executor.name()];
    compare(names, &inputs, &expected, &got, &Context::default()).map_err(|found| {
        Failure::difference(format!(
            "{} differs from golden at token {}, output {}: {}",
            found.executor,
            found.step + 1,
            found.unit,
            found.values()
        ))
    })
}

#[cfg(test)]
mod tests {
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
    struct Wrong<'m>(Box<dyn Executor + 'm>, usize);

    impl Executor for Wrong<'_> {
        fn name(&self) -> &str {
            "wrong"
        }

        fn run(&mut self, sequence: &[Vec<i32>]) -> Result<Vec<Vec<i32>>, SimError> {
            let mut outputs = self.0.run(sequence)?;
            outputs[self.1][2] += 1;
            Ok(outputs)
        }
    }

    #[test]
    fn what_is_said_is_what_another_executor_is_compared_with() {
        let model = model();
        let tokens = Tokens::of_model(&model).expect("a language model");
        let prompt = tokens.encode("ab\n").expect("known characters");
        let mut text = String::new();
        let mut sampler = Sampler::new(1.0, 1).expect("a temperature");
        let said = speak(&model, &tokens, &prompt, &mut sampler, 20, &mut |piece| {
            text += piece;
            Ok(())
        });
        let said = said.expect("a place for the text");
        assert!(text.starts_with("ab\n"), "{text}");
        let inputs = tokens.encode(&text).expect("known characters");
        let inputs: Vec<Vec<i32>> = inputs.iter().map(|&token| tokens.input(token)).collect();
        assert_eq!(said.inputs, inputs);
        assert_eq!(said.outputs, Golden::new(&model).run(&inputs));

        let mut right = golden(&model).expect("a valid model");
        assert_eq!(check(&mut *right, &said), Ok(()));
        for step in [0, 3, 22] {
            let failure = check(
                &mut Wrong(golden(&model).expect("a valid model"), step),
                &said,
            );
            let sentence = failure.expect_err("a difference").to_string();
            let place = format!("at token {}, output 2: expected", step + 1);
            assert!(sentence.contains(&place), "{sentence}");
        }
    }
}
