//! Units of a classifier that do nothing.

use candle_core::Result;

use crate::classify::network::Classifier;
use crate::data::batch::Batch;
use crate::layer::observe::ever_alive;

impl Classifier {
    /// Of each layer, its units whose hidden state is 0 in every time step of `batches`.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub(crate) fn dead_units(
        &self,
        batches: impl IntoIterator<Item = Result<Batch>>,
    ) -> Result<Vec<usize>> {
        let mut alive = vec![vec![false; self.units]; self.layers.len()];
        for batch in batches {
            let batch = batch?;
            let states = self.hidden_states(&batch, Ok)?;
            for (states, alive) in states.iter().zip(&mut alive) {
                ever_alive(states, &batch.lengths, alive)?;
            }
        }
        let dead = |alive: Vec<bool>| alive.into_iter().filter(|alive| !alive).count();
        Ok(alive.into_iter().map(dead).collect())
    }
}
