//! The words that a training step normalises over.

/// The words that the normalising sum of a batch runs over.
///
/// A word drawn with probability p counts `1/p` times in the sum, which makes the estimate of the
/// sum unbiased (Horvitz and Thompson, 1952). The target of a position always counts, once.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidates {
    pub(super) words: Vec<u32>,
    /// Of each word, `-ln p`.
    pub(super) surplus: Vec<f32>,
    /// Of each word of the vocabulary, its place in `words`, or `u32::MAX`.
    pub(super) places: Vec<u32>,
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
/// `count^0.75`, and 1 for the most frequent; at least one word's is 1, so that always one is drawn.
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
    let drawn = weights.iter().map(|w| (w * high).min(1.0) as f32);
    let mut probabilities: Vec<f32> = drawn.collect();
    let most = (0..counts.len()).max_by_key(|&word| counts[word]);
    if let Some(most) = most {
        probabilities[most] = 1.0;
    }
    probabilities
}
