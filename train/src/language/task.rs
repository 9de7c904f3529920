//! The training of a language model: truncated backpropagation through time with carried state.

use candle_core::Tensor;
use serde::{Deserialize, Serialize};

use crate::error::TrainError;
use crate::language::corpus::Corpus;
use crate::language::evaluate::perplexity;
use crate::language::network::{LanguageModel, Masks};
use crate::language::recipe::{Recipe, SoftmaxKind};
use crate::layer::cell::LayerState;
use crate::ops::dropout::mask;
use crate::ops::softmax::candidates::{Candidates, inclusion};
use crate::ops::softmax::cross_entropy::cross_entropy;
use crate::ops::softmax::scores::distribution;
use crate::quantize::draws::Draws;
use crate::run::checkpoint::RunKind;
use crate::run::digest::digest;
use crate::run::task::{Begun, Record, Step, Task};

/// A text to train on, and the network that a recipe with distillation learns from.
pub(crate) struct Text<'a> {
    corpus: &'a Corpus,
    vocabulary: Vocabulary,
    inclusion: Vec<f32>,
    teacher: Option<LanguageModel>,
}

/// What a checkpoint says about the text: the words by their number.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vocabulary {
    pub(crate) vocabulary: Vec<String>,
    /// SHA-256 of the texts' tokens, by part.
    #[serde(default)]
    pub(crate) sha256: String,
}

/// What a run has measured: the best perplexity of the validation text.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) best_perplexity: f64,
}

impl Record for Measured {
    type Score = f64;

    fn new() -> Measured {
        Measured {
            best_perplexity: f64::MAX,
        }
    }

    fn best(&self) -> f64 {
        self.best_perplexity
    }

    fn improve(&mut self, perplexity: f64, _averaged: bool) -> bool {
        let best = perplexity <= self.best_perplexity;
        if best {
            self.best_perplexity = perplexity;
        }
        best
    }
}

impl<'a> Text<'a> {
    /// The text of a run.
    ///
    /// # Errors
    /// When it is too short for the recipe's batch and unroll.
    pub(crate) fn new(
        recipe: &Recipe,
        corpus: &'a Corpus,
        teacher: Option<LanguageModel>,
    ) -> Result<Text<'a>, TrainError> {
        let least = 2 * recipe.batch * recipe.unroll + 1;
        if corpus.train.len() < least {
            return Err(TrainError::new(format!(
                "the training text has {} tokens, expected at least {least} for batch {} and unroll {}",
                corpus.train.len(),
                recipe.batch,
                recipe.unroll
            )));
        }
        Ok(Text {
            corpus,
            vocabulary: Vocabulary {
                vocabulary: corpus.vocabulary.clone(),
                sha256: sha256(corpus),
            },
            inclusion: inclusion(&corpus.counts, recipe.sample),
            teacher,
        })
    }
}

/// SHA-256 of the tokens of all parts.
fn sha256(corpus: &Corpus) -> String {
    let part = |text: &Vec<u32>| -> Vec<i32> { text.iter().map(|token| *token as i32).collect() };
    let parts = [&corpus.train, &corpus.validation, &corpus.test].map(part);
    digest(parts.iter().map(Vec::as_slice))
}

/// The training text as an epoch sees it: streams that are read side by side.
pub(crate) struct Streams<'a> {
    text: &'a [u32],
    batch: usize,
    unroll: usize,
}

impl Streams<'_> {
    /// Tokens of a stream.
    fn length(&self) -> usize {
        (self.text.len() - 1) / self.batch
    }

    /// The tokens `[T * B]` of an update, or those that come `shift` later.
    fn tokens(&self, update: usize, shift: usize) -> Vec<u32> {
        let start = update * self.unroll + shift;
        let step = |t: usize| (0..self.batch).map(move |b| self.text[b * self.length() + t]);
        (start..start + self.unroll).flat_map(step).collect()
    }
}

impl<'a> Task for Text<'a> {
    type Recipe = Recipe;
    type Network = LanguageModel;
    type Record = Measured;
    type Data = Vocabulary;
    type Epoch = Streams<'a>;

    const KIND: RunKind = RunKind::Language;

    fn data(&self) -> &Vocabulary {
        &self.vocabulary
    }

    fn shaped(recipe: &Recipe, data: &Vocabulary) -> candle_core::Result<LanguageModel> {
        LanguageModel::random(recipe, &vec![0.0; data.vocabulary.len()])
    }

    fn network(&self, recipe: &Recipe) -> candle_core::Result<LanguageModel> {
        LanguageModel::random(recipe, &self.corpus.log_shares())
    }

    fn shapes(
        (own, own_data): Begun<Self>,
        (other, other_data): Begun<Self>,
    ) -> Vec<(&'static str, [String; 2])> {
        let softmax = match own.softmax {
            // A ternary softmax can start from a full-precision one too.
            SoftmaxKind::Full => [String::new(), String::new()],
            SoftmaxKind::Ternary => [own, other].map(|recipe| recipe.softmax.numbers().to_owned()),
        };
        let vocabulary = match own_data == other_data {
            true => [String::new(), String::new()],
            false => {
                let words = |data: &Vocabulary| format!("of {} words", data.vocabulary.len());
                [
                    words(own_data),
                    format!("the corpus's {}", words(other_data)),
                ]
            }
        };
        vec![
            ("cell", [own, other].map(|r| r.cell.name().to_owned())),
            ("layers", [own, other].map(|r| r.layers.to_string())),
            ("softmax", softmax),
            ("units", [own, other].map(|r| r.units.to_string())),
            ("vocabulary", vocabulary),
        ]
    }

    fn epoch(&self, recipe: &Recipe, rng: &mut fastrand::Rng) -> Streams<'a> {
        Streams {
            text: &self.corpus.train[rng.usize(0..recipe.unroll)..],
            batch: recipe.batch,
            unroll: recipe.unroll,
        }
    }

    fn updates(streams: &Streams) -> usize {
        streams.length() / streams.unroll
    }

    fn carried(&self, recipe: &Recipe, network: &LanguageModel) -> [Vec<LayerState>; 2] {
        let teacher = self.teacher.as_ref();
        let of_teacher = teacher.map(|teacher| teacher.start(recipe.batch));
        [network.start(recipe.batch), of_teacher.unwrap_or_default()]
    }

    /// Mean cross entropy over sampled words.
    fn loss(
        &self,
        recipe: &Recipe,
        network: &LanguageModel,
        streams: &Streams,
        step: Step,
    ) -> Result<(Tensor, usize), TrainError> {
        network.set_slope(step.share)?;
        let inputs = &streams.tokens(step.update, 0)[..];
        let targets = &streams.tokens(step.update, 1)[..];
        let [state, teacher_state] = step.carried;
        let mut masks = Masks::new();
        for index in 0..=recipe.layers {
            let share = match index {
                0 => recipe.dropout_input,
                _ => recipe.dropout_output,
            };
            masks.push(mask(share, (inputs.len(), recipe.units), step.rng)?);
        }
        let draws = Draws::of(recipe.seed ^ (u64::from(step.made) << 32));
        let hidden = network.observed_states(inputs, state, &masks, draws, &mut [])?;
        let candidates = Candidates::draw(&self.inclusion, step.rng);
        let taught = match &self.teacher {
            None => None,
            Some(teacher) => {
                let hidden = teacher.hidden_states(inputs, teacher_state, &Masks::new())?;
                let softmax = teacher.softmax()?;
                let (hidden, bias) = softmax.scaled(&hidden)?;
                let taught = distribution(&hidden, &softmax.weight, &bias, targets, &candidates)?;
                Some((recipe.distillation, taught))
            }
        };
        let softmax = network.softmax()?;
        let (hidden, bias) = softmax.scaled(&hidden)?;
        let weight = &softmax.weight;
        let loss = cross_entropy(&hidden, weight, &bias, targets, candidates, taught)?;
        Ok((loss, inputs.len()))
    }

    fn score(&self, network: &LanguageModel) -> Result<f64, TrainError> {
        perplexity(network, &self.corpus.validation)
    }
}
