//! Batches: sequences of different lengths, padded to a common one.

use candle_core::{Device, Result, Tensor};

/// Sequences padded with zeros at the end.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Inputs `[B, X]`, one tensor a time step.
    pub inputs: Vec<Tensor>,
    /// Of each sequence, the number of its time steps.
    pub lengths: Vec<usize>,
}

impl Batch {
    /// A batch of sequences `[time][X]`.
    ///
    /// # Errors
    /// When the sequences differ in X.
    pub fn new(sequences: &[&[Vec<i32>]]) -> Result<Batch> {
        let lengths: Vec<usize> = sequences.iter().map(|s| s.len()).collect();
        let first = sequences.iter().find_map(|s| s.first());
        let features = first.map_or(0, Vec::len);
        let step = |t: usize| {
            let mut values = Vec::with_capacity(sequences.len() * features);
            for sequence in sequences {
                match sequence.get(t) {
                    Some(x) => values.extend(x.iter().map(|&x| x as f32)),
                    None => values.resize(values.len() + features, 0.0),
                }
            }
            Tensor::from_vec(values, (sequences.len(), features), &Device::Cpu)
        };
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let inputs: Result<Vec<Tensor>> = (0..longest).map(step).collect();
        Ok(Batch {
            inputs: inputs?,
            lengths,
        })
    }

    /// Of `states` `[B, H]` after each time step, that after each sequence's last: `[B, H]`.
    ///
    /// # Errors
    /// When the states are not those of this batch, or a sequence is empty.
    pub fn last(&self, states: &[Tensor]) -> Result<Tensor> {
        let batch = self.lengths.len();
        let rows = self.lengths.iter().enumerate();
        let rows: Vec<u32> = rows
            .map(|(b, &length)| (length.saturating_sub(1) * batch + b) as u32)
            .collect();
        let rows = Tensor::from_vec(rows, batch, &Device::Cpu)?;
        Tensor::cat(states, 0)?.index_select(&rows, 0)
    }
}
