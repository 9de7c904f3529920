//! Cross entropy of a large vocabulary, over all words or over a sample of them.

use std::sync::{Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp3, Device, Layout, Result, Shape, Tensor, bail};

use crate::exponential::exp;
use crate::matmul::{Into, Matrix, multiply};
use crate::quantize::floats;

/// The words that the normalising sum of a batch runs over.
///
/// A word drawn with probability p counts `1/p` times in the sum, which makes the estimate of the
/// sum unbiased (Horvitz and Thompson, 1952). The target of a position always counts, once.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidates {
    words: Vec<u32>,
    /// Of each word, `-ln p`.
    surplus: Vec<f32>,
    /// Of each word of the vocabulary, its place in `words`, or `u32::MAX`.
    places: Vec<u32>,
}

impl Candidates {
    /// All words: the exact cross entropy.
    pub fn all(vocabulary: usize) -> Candidates {
        Candidates::draw(&vec![1.0; vocabulary], &mut fastrand::Rng::with_seed(0))
    }

    /// Each word with its own probability, independently.
    pub fn draw(probabilities: &[f32], rng: &mut fastrand::Rng) -> Candidates {
        let mut places = vec![u32::MAX; probabilities.len()];
        let (mut words, mut surplus) = (Vec::new(), Vec::new());
        for (word, &probability) in probabilities.iter().enumerate() {
            if probability >= 1.0 || rng.f32() < probability {
                places[word] = words.len() as u32;
                words.push(word as u32);
                surplus.push(-probability.min(1.0).ln());
            }
        }
        Candidates {
            words,
            surplus,
            places,
        }
    }
}

/// Probabilities with which words are drawn so that about `sample` of them are: proportional to
/// `count^0.75`, and 1 for the most frequent.
pub fn inclusion(counts: &[usize], sample: usize) -> Vec<f32> {
    let weights: Vec<f64> = counts
        .iter()
        .map(|&c| (c.max(1) as f64).powf(0.75))
        .collect();
    let drawn = |scale: f64| weights.iter().map(|w| (w * scale).min(1.0)).sum::<f64>();
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        match drawn(middle) < sample as f64 {
            true => low = middle,
            false => high = middle,
        }
    }
    weights.iter().map(|w| (w * high).min(1.0) as f32).collect()
}

/// Mean cross entropy in nats of `targets` `[N]` under `softmax(hidden weight^T + bias)`, with the
/// normalising sum over `candidates`; `hidden` is `[N, H]`, `weight` `[V, H]`, `bias` `[V]`.
///
/// # Errors
/// When a shape is wrong or a target outside the vocabulary.
pub fn cross_entropy(
    hidden: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    targets: &[u32],
    candidates: Candidates,
) -> Result<Tensor> {
    let operation = CrossEntropy {
        targets: targets.to_vec(),
        candidates,
        gradients: Mutex::new(None),
    };
    hidden.contiguous()?.apply_op3(weight, bias, operation)
}

/// Sum of the exact cross entropies of `targets` `[N]` in nats, without gradient; shapes as in
/// [`cross_entropy`].
///
/// # Errors
/// When a shape is wrong.
pub fn total_cross_entropy(
    hidden: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    targets: &[u32],
) -> Result<f64> {
    let logits = hidden.matmul(&weight.t()?)?.broadcast_add(bias)?;
    let mut logits = logits.flatten_all()?.to_vec1::<f32>()?;
    let mut total = 0.0;
    for (logits, &target) in logits.chunks_mut(bias.elem_count()).zip(targets) {
        let own = logits[target as usize];
        let highest = highest(logits);
        logits.iter_mut().for_each(|l| *l = exp(*l - highest));
        total += f64::from(sum(logits).ln() + highest - own);
    }
    Ok(total)
}

struct CrossEntropy {
    targets: Vec<u32>,
    candidates: Candidates,
    gradients: Mutex<Option<Gradients>>,
}

/// Gradients of the mean cross entropy, made along with it.
struct Gradients {
    hidden: Vec<f32>,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

/// `sum_k a[k] * b[k]`.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Independent parts of a reduction, so that it becomes vector instructions.
const LANES: usize = 16;

/// Sum of the values.
fn sum(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0f32; LANES];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(l, v)| *l += v);
    }
    lanes.iter().chain(rest).sum()
}

/// Largest of the values, or negative infinity.
fn highest(values: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        lanes
            .iter_mut()
            .zip(chunk)
            .for_each(|(l, v)| *l = larger(*l, *v));
    }
    lanes
        .iter()
        .chain(rest)
        .copied()
        .fold(f32::NEG_INFINITY, larger)
}

/// Adds `scale * from` to `to`.
fn add_scaled(to: &mut [f32], scale: f32, from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(t, f)| *t += scale * f);
}

impl CrossEntropy {
    fn run(
        &self,
        hidden: &[f32],
        weight: &[f32],
        bias: &[f32],
        (count, size): (usize, usize),
    ) -> (f32, Gradients) {
        let Candidates {
            words,
            surplus,
            places,
        } = &self.candidates;
        let row = |word: u32| &weight[word as usize * size..][..size];
        let rows: Vec<f32> = words.iter().flat_map(|&word| row(word)).copied().collect();
        let offsets = words.iter().zip(surplus);
        let offsets: Vec<f32> = offsets.map(|(&w, s)| bias[w as usize] + s).collect();
        let rows = Matrix::new(&rows, words.len(), size);
        let mut parts = vec![0f32; count * words.len()];
        let all = Matrix::new(hidden, count, size);
        multiply(&mut parts, all, rows.transposed(), Into::Replace);

        let mut gradients = Gradients {
            hidden: vec![0.0; hidden.len()],
            weight: vec![0.0; weight.len()],
            bias: vec![0.0; bias.len()],
        };
        let mut total = 0f64;
        let share = 1.0 / count as f32;
        // Gradient of the target's own logit, where the target is no candidate.
        let mut outside = vec![0f32; count];
        for (n, parts) in parts.chunks_mut(words.len()).enumerate() {
            let target = self.targets[n];
            let place = places[target as usize] as usize;
            for (part, offset) in parts.iter_mut().zip(&offsets) {
                *part += offset;
            }
            let own = match parts.get_mut(place) {
                Some(part) => {
                    *part -= surplus[place];
                    *part
                }
                None => dot(&hidden[n * size..][..size], row(target)) + bias[target as usize],
            };
            let highest = own.max(highest(parts));
            parts
                .iter_mut()
                .for_each(|part| *part = exp(*part - highest));
            let mut sum = sum(parts);
            if place >= parts.len() {
                sum += exp(own - highest);
            }
            total += f64::from(sum.ln() + highest - own);
            let scale = share / sum;
            parts.iter_mut().for_each(|part| *part *= scale);
            match parts.get_mut(place) {
                Some(part) => *part -= share,
                None => outside[n] = scale * exp(own - highest) - share,
            }
        }

        let mut by_words = vec![0f32; words.len()];
        for parts in parts.chunks(words.len()) {
            add_scaled(&mut by_words, 1.0, parts);
        }
        for (&word, by_word) in words.iter().zip(by_words) {
            gradients.bias[word as usize] = by_word;
        }
        let parts = Matrix::new(&parts, count, words.len());
        multiply(&mut gradients.hidden, parts, rows, Into::Replace);
        let mut by_rows = vec![0f32; words.len() * size];
        multiply(&mut by_rows, parts.transposed(), all, Into::Replace);
        for (&word, from) in words.iter().zip(by_rows.chunks(size)) {
            gradients.weight[word as usize * size..][..size].copy_from_slice(from);
        }
        for (n, &by_own) in outside.iter().enumerate().filter(|(_, by)| **by != 0.0) {
            let target = self.targets[n];
            let at = n * size;
            add_scaled(&mut gradients.hidden[at..at + size], by_own, row(target));
            let by_row = &mut gradients.weight[target as usize * size..][..size];
            add_scaled(by_row, by_own, &hidden[at..at + size]);
            gradients.bias[target as usize] += by_own;
        }
        ((total / count as f64) as f32, gradients)
    }
}

impl CustomOp3 for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn cpu_fwd(
        &self,
        hidden: &CpuStorage,
        hidden_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let shape = hidden_layout.shape().dims2()?;
        let (vocabulary, size) = weight_layout.shape().dims2()?;
        let bias = floats(bias, bias_layout)?;
        if shape != (self.targets.len(), size) || bias.len() != vocabulary {
            bail!("{shape:?} hidden states for a weight of [{vocabulary}, {size}]");
        }
        let outside = self.targets.iter().find(|&&t| t as usize >= vocabulary);
        if let Some(word) = outside {
            bail!("target {word} is outside the vocabulary of {vocabulary} words");
        }
        let (hidden, weight) = (
            floats(hidden, hidden_layout)?,
            floats(weight, weight_layout)?,
        );
        let (loss, gradients) = self.run(hidden, weight, bias, shape);
        *self
            .gradients
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(gradients);
        Ok((CpuStorage::F32(vec![loss]), Shape::from(())))
    }

    fn bwd(
        &self,
        hidden: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let upper = gradient.to_scalar::<f32>()?;
        let taken = self
            .gradients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(gradients) = taken else {
            bail!("the gradient of a cross entropy can be taken once");
        };
        let tensor = |mut values: Vec<f32>, like: &Tensor| {
            if upper != 1.0 {
                values.iter_mut().for_each(|v| *v *= upper);
            }
            Tensor::from_vec(values, like.dims(), &Device::Cpu).map(Some)
        };
        Ok((
            tensor(gradients.hidden, hidden)?,
            tensor(gradients.weight, weight)?,
            tensor(gradients.bias, bias)?,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draw, close, gradients, values};

    const WORDS: usize = 40;

    #[test]
    fn over_all_words_it_is_the_exact_cross_entropy() {
        let mut draw = Draw::new(1);
        let hidden = draw.values(&[6, 5], 2.0, 1e-6);
        let weight = draw.values(&[WORDS, 5], 1.0, 1e-6);
        let bias = draw.values(&[WORDS], 1.0, 1e-6);
        let targets = [3, 0, 39, 7, 7, 20];
        let all = Candidates::all(WORDS);
        let loss = cross_entropy(&hidden, &weight, &bias, &targets, all).unwrap();

        let logits = hidden.matmul(&weight.t().unwrap()).unwrap();
        let logits = logits.broadcast_add(&bias).unwrap();
        let columns = Tensor::new(&targets, &Device::Cpu)
            .unwrap()
            .unsqueeze(1)
            .unwrap();
        let own = logits.gather(&columns, 1).unwrap().squeeze(1).unwrap();
        let exact = (logits.log_sum_exp(1).unwrap() - own)
            .unwrap()
            .mean_all()
            .unwrap();
        close(&values(&loss), &values(&exact), 1e-5);
        let total = total_cross_entropy(&hidden, &weight, &bias, &targets).unwrap();
        close(&[total as f32 / 6.0], &values(&exact), 1e-5);

        let variables = [&hidden, &weight, &bias];
        // An upstream gradient other than 1 has to reach all three.
        let expected = gradients(&(exact * 3.0).unwrap(), &variables);
        let own = gradients(&(loss * 3.0).unwrap(), &variables);
        for (own, expected) in own.iter().zip(&expected) {
            close(own, expected, 1e-4);
        }
    }

    #[test]
    fn samples_estimate_the_sum_without_bias() {
        let mut draw = Draw::new(2);
        let hidden = draw.values(&[1, 5], 1.0, 1e-6);
        let weight = draw.values(&[WORDS, 5], 1.0, 1e-6);
        let bias = Tensor::zeros(WORDS, candle_core::DType::F32, &Device::Cpu).unwrap();
        let counts: Vec<usize> = (0..WORDS).map(|word| 200 / (word + 1)).collect();
        let probabilities = inclusion(&counts, 12);
        let expected: f32 = probabilities.iter().sum();
        assert!((expected - 12.0).abs() < 0.01, "{expected} words expected");
        assert!(probabilities[0] == 1.0 && probabilities[WORDS - 1] < 0.2);

        let own = values(&hidden.matmul(&weight.t().unwrap()).unwrap());
        let mut rng = fastrand::Rng::with_seed(3);
        for target in [0, WORDS as u32 - 1] {
            let sum = |loss: f32| f64::from((loss + own[target as usize]).exp());
            let exact =
                sum(total_cross_entropy(&hidden, &weight, &bias, &[target]).unwrap() as f32);
            let mut total = 0.0;
            for _ in 0..4_000 {
                let sample = Candidates::draw(&probabilities, &mut rng);
                let loss = cross_entropy(&hidden, &weight, &bias, &[target], sample).unwrap();
                total += sum(loss.to_scalar().unwrap());
            }
            let mean = total / 4_000.0;
            assert!((mean / exact - 1.0).abs() < 0.02, "{mean} for {exact}");
        }
    }

    #[test]
    fn the_gradient_of_a_sample_is_that_of_its_loss() {
        let mut draw = Draw::new(4);
        let variables =
            [[3, 5].as_slice(), &[WORDS, 5], &[WORDS]].map(|s| draw.values(s, 1.0, 1e-6));
        let [hidden, weight, bias] = &variables;
        let mut rng = fastrand::Rng::with_seed(5);
        let sample = Candidates::draw(&[0.3; WORDS], &mut rng);
        let inside = sample.words[0];
        let outside = (0..).find(|w| !sample.words.contains(w)).unwrap();
        let targets = [inside, outside, outside];
        let loss = |h: &Tensor, w: &Tensor, b: &Tensor| {
            cross_entropy(h, w, b, &targets, sample.clone()).unwrap()
        };
        let gradients = gradients(&loss(hidden, weight, bias), &[hidden, weight, bias]);
        for (index, gradient) in gradients.iter().enumerate() {
            let direction = draw.values(variables[index].dims(), 1.0, 1e-6);
            let slope: f32 = gradient
                .iter()
                .zip(values(&direction))
                .map(|(g, d)| g * d)
                .sum();
            let moved = |by: f64| {
                let mut at: [Tensor; 3] = variables.each_ref().map(|v| v.as_tensor().clone());
                at[index] = (&at[index] + (direction.as_tensor() * by).unwrap()).unwrap();
                loss(&at[0], &at[1], &at[2]).to_scalar::<f32>().unwrap()
            };
            let measured = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            assert!(
                (measured - slope).abs() < 2e-3 * slope.abs().max(0.1),
                "{measured} {slope}"
            );
        }
    }
}
