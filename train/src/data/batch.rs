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

    /// Mean magnitude of the change of `states` `[T, B, H]` from each time step to the next, over all units and the time steps of
    /// all sequences; the first changes from zero. Of trits it is the share that changes, where none changes its sign.
    ///
    /// # Errors
    /// When the states are not those of this batch.
    pub fn changes(&self, states: &Tensor) -> Result<Tensor> {
        let (steps, sequences, units) = states.dims3()?;
        let before = states.narrow(0, 0, steps - 1)?.pad_with_zeros(0, 1, 0)?;
        let inside = (0..steps).flat_map(|t| self.lengths.iter().map(move |length| t < *length));
        let inside: Vec<f32> = inside.map(|inside| f32::from(u8::from(inside))).collect();
        let counted = inside.iter().sum::<f32>() * units as f32;
        let inside = Tensor::from_vec(inside, (steps, sequences, 1), &Device::Cpu)?;
        let changes = (states - before)?.abs()?.broadcast_mul(&inside)?;
        changes.sum_all()? / f64::from(counted.max(1.0))
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

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor};

    use super::Batch;

    #[test]
    fn changes_are_counted_inside_of_the_sequences() {
        let steps = |length| vec![vec![0]; length];
        let batch = Batch::new(&[&steps(3), &steps(1)]).unwrap();
        // Of the second sequence the first step alone counts.
        let states = [
            [[1f32, 0.0], [0.0, -1.0]],
            [[1.0, 1.0], [1.0, 1.0]],
            [[-1.0, 1.0], [0.0, 0.0]],
        ];
        let states = Tensor::new(&states, &Device::Cpu).unwrap();
        let changes = batch.changes(&states).unwrap().to_scalar::<f32>().unwrap();
        assert_eq!(changes, (1.0 + 1.0 + 2.0 + 1.0) / 8.0);
    }
}
