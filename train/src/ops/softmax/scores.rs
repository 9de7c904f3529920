//! Logits and probabilities of many positions over the candidates and each position's own target.

use std::borrow::Cow;

use candle_core::{Result, Tensor, bail};

use super::candidates::Candidates;
use super::reduce::{dot, highest, sum};
use crate::ops::exponential::exp;
use crate::ops::matmul::matrix::{Accumulate, Matrix};
use crate::ops::matmul::panels::multiply;
use crate::ops::parallel::for_each_row;

/// The probabilities that a network gives to the candidates, and to targets that are none.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// Of each position and candidate `[N, K]`.
    pub(super) words: Vec<f32>,
    /// Of each position's target where it is no candidate, otherwise 0 `[N]`.
    pub(super) outside: Vec<f32>,
}

/// Probabilities of `candidates` and `targets` `[N]` under `softmax(hidden weight^T + bias)`, without
/// gradient; `hidden` is `[N, H]`, `weight` `[V, H]`, `bias` `[V]`.
///
/// # Errors
/// When a shape is wrong or a target outside the vocabulary.
pub fn distribution(
    hidden: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    targets: &[u32],
    candidates: &Candidates,
) -> Result<Distribution> {
    let values = |tensor: &Tensor| tensor.flatten_all()?.to_vec1::<f32>();
    let (count, size) = hidden.dims2()?;
    check((count, size), weight.dims2()?, bias.elem_count(), targets)?;
    let (hidden, weight, bias) = (values(hidden)?, values(weight)?, values(bias)?);
    let positions = Positions {
        hidden: &hidden,
        weight: &weight,
        bias: &bias,
        size,
        targets,
        candidates,
    };
    let mut words = positions.logits(&positions.rows());
    let rows = words.chunks_mut(candidates.words.len()).enumerate();
    let outside = rows.map(|(n, logits)| {
        let own = positions.own(n, logits);
        positions.normalise(n, logits, own).outside
    });
    let outside = outside.collect();
    Ok(Distribution { words, outside })
}

/// Checks the shapes of hidden states, weight and bias, and that all targets are words.
pub(super) fn check(
    (count, size): (usize, usize),
    (vocabulary, columns): (usize, usize),
    biases: usize,
    targets: &[u32],
) -> Result<()> {
    if size != columns || count != targets.len() || biases != vocabulary {
        bail!("hidden states [{count}, {size}] for a weight of [{vocabulary}, {columns}]");
    }
    match targets.iter().find(|&&t| t as usize >= vocabulary) {
        Some(word) => bail!("target {word} is outside the vocabulary of {vocabulary} words"),
        None => Ok(()),
    }
}

/// N positions, the softmax above them and what it runs over.
#[derive(Clone, Copy)]
pub(super) struct Positions<'a> {
    /// `[N, H]`.
    pub(super) hidden: &'a [f32],
    /// `[V, H]`.
    pub(super) weight: &'a [f32],
    /// `[V]`.
    pub(super) bias: &'a [f32],
    /// H.
    pub(super) size: usize,
    /// `[N]`.
    pub(super) targets: &'a [u32],
    pub(super) candidates: &'a Candidates,
}

/// What the probabilities of a position were normalised by.
pub(super) struct Normalised {
    /// Logarithm of the normalising sum.
    pub(super) log_sum: f32,
    /// Probability of the target where it is no candidate, otherwise 0.
    pub(super) outside: f32,
}

impl<'a> Positions<'a> {
    /// A word's row of the weight.
    pub(super) fn row(&self, word: u32) -> &'a [f32] {
        &self.weight[word as usize * self.size..][..self.size]
    }

    /// Whether all words are candidates, which are in order.
    fn is_over_all(&self) -> bool {
        self.candidates.words.len() == self.bias.len()
    }

    /// The candidates' rows of the weight `[K, H]`.
    pub(super) fn rows(&self) -> Cow<'a, [f32]> {
        if self.is_over_all() {
            return Cow::Borrowed(self.weight);
        }
        let words = &self.candidates.words;
        let mut rows = vec![0f32; words.len() * self.size];
        for_each_row(&mut rows, self.size, |index, row| {
            row.copy_from_slice(self.row(words[index]));
        });
        Cow::Owned(rows)
    }

    /// Rows of all words `[V, W]`, from `values` `[K, W]` of the candidates; those of others are 0.
    pub(super) fn of_all_words(&self, values: Vec<f32>, width: usize) -> Vec<f32> {
        if self.is_over_all() {
            return values;
        }
        let mut all = vec![0f32; self.bias.len() * width];
        for (&word, row) in self.candidates.words.iter().zip(values.chunks(width)) {
            all[word as usize * width..][..width].copy_from_slice(row);
        }
        all
    }

    /// The hidden states as a matrix.
    pub(super) fn matrix(&self) -> Matrix<'a> {
        Matrix::new(self.hidden, self.targets.len(), self.size)
    }

    /// Logits of the candidates `[N, K]`, whose rows are `rows`.
    pub(super) fn logits(&self, rows: &[f32]) -> Vec<f32> {
        let words = &self.candidates.words;
        let biases = words.iter().map(|&word| self.bias[word as usize]);
        let biases: Vec<f32> = biases.collect();
        let rows = Matrix::new(rows, words.len(), self.size).transposed();
        let mut logits = vec![0f32; self.targets.len() * biases.len()];
        for_each_row(&mut logits, biases.len(), |_, row| {
            row.copy_from_slice(&biases)
        });
        multiply(&mut logits, self.matrix(), rows, Accumulate::Add);
        logits
    }

    /// Place of position n's target among the candidates.
    pub(super) fn place(&self, n: usize) -> Option<usize> {
        match self.candidates.places[self.targets[n] as usize] {
            u32::MAX => None,
            place => Some(place as usize),
        }
    }

    /// Logit of position n's target; `logits` are its candidates'.
    pub(super) fn own(&self, n: usize, logits: &[f32]) -> f32 {
        let target = self.targets[n];
        let hidden = &self.hidden[n * self.size..][..self.size];
        match self.place(n) {
            Some(place) => logits[place],
            None => dot(hidden, self.row(target)) + self.bias[target as usize],
        }
    }

    /// Makes probabilities of position n's logits: a candidate counts `1/p` times, the target, whose
    /// logit is `own`, once.
    pub(super) fn normalise(&self, n: usize, logits: &mut [f32], own: f32) -> Normalised {
        let place = self.place(n);
        for (logit, surplus) in logits.iter_mut().zip(&self.candidates.surplus) {
            *logit += surplus;
        }
        if let Some(place) = place {
            logits[place] = own;
        }
        let highest = own.max(highest(logits));
        logits
            .iter_mut()
            .for_each(|logit| *logit = exp(*logit - highest));
        let mut outside = match place {
            Some(_) => 0.0,
            None => exp(own - highest),
        };
        let sum = sum(logits) + outside;
        logits.iter_mut().for_each(|part| *part /= sum);
        outside /= sum;
        Normalised {
            log_sum: sum.ln() + highest,
            outside,
        }
    }
}
