//! Cross entropy of a large vocabulary, over all words or over a sample of them.

mod candidates;
mod cross_entropy;
mod reduce;
mod scores;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::exponential::exp;

pub use candidates::{Candidates, inclusion};
pub use cross_entropy::cross_entropy;
pub use scores::{Distribution, distribution};

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
        let highest = reduce::highest(logits);
        logits.iter_mut().for_each(|l| *l = exp(*l - highest));
        total += f64::from(reduce::sum(logits).ln() + highest - own);
    }
    Ok(total)
}
