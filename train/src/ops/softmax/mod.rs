//! Cross entropy of a large vocabulary, over all words or over a sample of them.

pub(crate) mod candidates;
pub(crate) mod cross_entropy;
mod reduce;
pub(crate) mod scores;
#[cfg(test)]
mod tests;

use crate::ops::exponential::exp;

pub use candidates::{Candidates, inclusion};
pub use cross_entropy::cross_entropy;
pub use scores::{Distribution, distribution};

/// Sum of the exact cross entropies of `targets` `[N]` in nats, without gradient; `logits` are
/// `[N, V]`, of V words each.
pub fn total_cross_entropy(mut logits: Vec<f32>, targets: &[u32]) -> f64 {
    let words = logits.len() / targets.len().max(1);
    let mut total = 0.0;
    for (logits, &target) in logits.chunks_mut(words).zip(targets) {
        let own = logits[target as usize];
        let highest = reduce::highest(logits);
        logits.iter_mut().for_each(|l| *l = exp(*l - highest));
        total += f64::from(reduce::sum(logits).ln() + highest - own);
    }
    total
}
