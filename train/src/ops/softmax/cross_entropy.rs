//! Mean cross entropy over sampled words as one operation, with its gradient.

use std::sync::{Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp3, Device, Layout, Result, Shape, Tensor, bail};

use rayon::prelude::*;

use super::candidates::Candidates;
use super::reduce::{add_scaled, dot};
use super::scores::Distribution;
use super::scores::{Positions, check};
use crate::ops::floats::floats;
use crate::ops::matmul::matrix::{Accumulate, Matrix};
use crate::ops::matmul::panels::multiply;
use crate::ops::parallel::add_rows;

/// Mean cross entropy in nats of `targets` `[N]` under `softmax(hidden weight^T + bias)`, with the
/// normalising sum over `candidates`; `hidden` is `[N, H]`, `weight` `[V, H]`, `bias` `[V]`.
///
/// `teacher` is a share and another network's distribution: that share of each target is spread over
/// the words as the other network would (knowledge distillation, Hinton et al., 2015).
///
/// # Errors
/// When a shape is wrong or a target outside the vocabulary.
pub fn cross_entropy(
    hidden: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    targets: &[u32],
    candidates: Candidates,
    teacher: Option<(f64, Distribution)>,
) -> Result<Tensor> {
    let operation = CrossEntropy {
        targets: targets.to_vec(),
        candidates,
        teacher,
        gradients: Mutex::new(None),
    };
    hidden.contiguous()?.apply_op3(weight, bias, operation)
}

struct CrossEntropy {
    targets: Vec<u32>,
    candidates: Candidates,
    teacher: Option<(f64, Distribution)>,
    gradients: Mutex<Option<Gradients>>,
}

/// Gradients of the mean cross entropy, made along with it.
struct Gradients {
    hidden: Vec<f32>,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl CrossEntropy {
    fn run(&self, positions: Positions) -> (f32, Gradients) {
        let words = &self.candidates.words;
        let rows = positions.rows();
        let mut parts = positions.logits(&rows);
        let count = self.targets.len();
        let each = 1.0 / count as f32;
        let losses = parts.par_chunks_mut(words.len()).enumerate();
        let losses = losses.map(|(n, parts)| {
            let own = positions.own(n, parts);
            let taught = self.teacher.as_ref().map(|(share, teacher)| {
                let of_words = &teacher.words[n * words.len()..][..words.len()];
                (*share as f32, of_words, teacher.outside[n])
            });
            let expected = match taught {
                Some((share, of_words, of_own)) => {
                    let spread = dot(of_words, parts) + of_own * own;
                    (1.0 - share) * own + share * spread
                }
                None => own,
            };
            let normalised = positions.normalise(n, parts, own);

            let kept = 1.0 - taught.map_or(0.0, |(share, ..)| share);
            // Gradient of the target's own logit, where the target is no candidate.
            let mut outside = 0.0;
            match positions.place(n) {
                Some(place) => parts[place] -= kept,
                None => outside = normalised.outside - kept,
            }
            if let Some((share, of_words, of_own)) = taught {
                add_scaled(parts, -share, of_words);
                outside -= share * of_own;
            }
            parts.iter_mut().for_each(|part| *part *= each);
            (normalised.log_sum - expected, outside * each)
        });
        let (losses, outside): (Vec<f32>, Vec<f32>) = losses.unzip();
        let total: f64 = losses.into_iter().map(f64::from).sum();
        let gradients = self.gradients(positions, &rows, &parts, &outside);
        ((total / count as f64) as f32, gradients)
    }

    /// Gradients of the operation's arguments from those of the candidates' logits, `parts`
    /// `[N, K]`, and of the targets' that are no candidates, `outside` `[N]`.
    fn gradients(
        &self,
        positions: Positions,
        rows: &[f32],
        parts: &[f32],
        outside: &[f32],
    ) -> Gradients {
        let Positions { hidden, size, .. } = positions;
        let words = &self.candidates.words;
        let mut by_words = vec![0f32; words.len()];
        add_rows(&mut by_words, parts);
        let rows = Matrix::new(rows, words.len(), size);
        let parts = Matrix::new(parts, self.targets.len(), words.len());
        let mut by_hidden = vec![0f32; hidden.len()];
        multiply(&mut by_hidden, parts, rows, Accumulate::Replace);
        let mut by_rows = vec![0f32; words.len() * size];
        let all = positions.matrix();
        multiply(&mut by_rows, parts.transposed(), all, Accumulate::Replace);
        let mut gradients = Gradients {
            hidden: by_hidden,
            weight: positions.of_all_words(by_rows, size),
            bias: positions.of_all_words(by_words, 1),
        };
        for (n, &by_own) in outside.iter().enumerate().filter(|(_, by)| **by != 0.0) {
            let target = self.targets[n];
            let at = n * size;
            let row = positions.row(target);
            add_scaled(&mut gradients.hidden[at..at + size], by_own, row);
            let by_row = &mut gradients.weight[target as usize * size..][..size];
            add_scaled(by_row, by_own, &hidden[at..at + size]);
            gradients.bias[target as usize] += by_own;
        }
        gradients
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
        let rows = weight_layout.shape().dims2()?;
        let bias = floats(bias, bias_layout)?;
        check(shape, rows, bias.len(), &self.targets)?;
        let (loss, gradients) = self.run(Positions {
            hidden: floats(hidden, hidden_layout)?,
            weight: floats(weight, weight_layout)?,
            bias,
            size: shape.1,
            targets: &self.targets,
            candidates: &self.candidates,
        });
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
        let upstream = gradient.to_scalar::<f32>()?;
        let taken = self
            .gradients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(gradients) = taken else {
            bail!("the gradient of a cross entropy can be taken once");
        };
        let tensor = |mut values: Vec<f32>, like: &Tensor| {
            if upstream != 1.0 {
                values.iter_mut().for_each(|v| *v *= upstream);
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
