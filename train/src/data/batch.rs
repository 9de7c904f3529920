//! Batches: sequences of different lengths, padded to a common one.

use candle_core::{Device, Result, Tensor};

/// Sequences padded with zeros at the end.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Inputs `[T, B, X]` of the T time steps of the longest sequence.
    pub inputs: Tensor,
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
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let mut values = Vec::with_capacity(longest * sequences.len() * features);
        for t in 0..longest {
            for sequence in sequences {
                match sequence.get(t) {
                    Some(x) => values.extend(x.iter().map(|&x| x as f32)),
                    None => values.resize(values.len() + features, 0.0),
                }
            }
        }
        let shape = (longest, sequences.len(), features);
        Ok(Batch {
            inputs: Tensor::from_vec(values, shape, &Device::Cpu)?,
            lengths,
        })
    }

    /// Of `states` `[T, B, H]` after each time step, that after each sequence's last: `[B, H]`.
    ///
    /// # Errors
    /// When the states are not those of this batch, or a sequence is empty.
    pub fn last(&self, states: &Tensor) -> Result<Tensor> {
        let batch = self.lengths.len();
        let rows = self.lengths.iter().enumerate();
        let rows: Vec<u32> = rows
            .map(|(b, &length)| (length.saturating_sub(1) * batch + b) as u32)
            .collect();
        let rows = Tensor::from_vec(rows, batch, &Device::Cpu)?;
        states.flatten_to(1)?.index_select(&rows, 0)
    }
}
