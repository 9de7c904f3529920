//! The next token, drawn from the logits of a language model.

use crate::error::FeatureError;
use crate::exponential::exp;

/// Highest temperature, at which all tokens are about as probable.
const HOTTEST: f64 = 100.0;

/// Draws tokens with the probabilities `softmax(logits / temperature)`.
///
/// The arithmetic is that of IEEE floats alone, so that a seed gives the same tokens everywhere.
#[derive(Clone, Debug)]
pub struct Sampler {
    temperature: f32,
    rng: fastrand::Rng,
}

impl Sampler {
    /// A sampler; at temperature 0 it takes the most probable token, the first among equals.
    ///
    /// # Errors
    /// When the temperature is below 0, above 100 or no number.
    pub fn new(temperature: f64, seed: u64) -> Result<Sampler, FeatureError> {
        if !(0.0..=HOTTEST).contains(&temperature) {
            return Err(FeatureError::new(format!(
                "temperature is {temperature}, expected 0 to {HOTTEST}"
            )));
        }
        Ok(Sampler {
            temperature: temperature as f32,
            rng: fastrand::Rng::with_seed(seed),
        })
    }

    /// The token that comes next by these logits, of which there is at least one.
    pub fn draw(&mut self, logits: impl Iterator<Item = f32>) -> u32 {
        let mut parts: Vec<f32> = logits.collect();
        let first_largest = |best: usize, at: usize| match parts[at] > parts[best] {
            true => at,
            false => best,
        };
        let best = (0..parts.len()).fold(0, first_largest);
        if self.temperature == 0.0 {
            return best as u32;
        }
        let highest = parts[best];
        let part = |logit: &mut f32| *logit = exp((*logit - highest) / self.temperature);
        parts.iter_mut().for_each(part);
        let mut left = self.rng.f32() * parts.iter().sum::<f32>();
        for (token, part) in parts.iter().enumerate() {
            left -= part;
            if left < 0.0 {
                return token as u32;
            }
        }
        best as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares of 0, 1 and 2 among 40,000 draws of logits 0, ln 2 and ln 5.
    fn shares(temperature: f64) -> [f64; 3] {
        let mut sampler = Sampler::new(temperature, 1).unwrap();
        let mut counts = [0u32; 3];
        let logits = [0.0, 2f32.ln(), 5f32.ln()];
        for _ in 0..40_000 {
            counts[sampler.draw(logits.into_iter()) as usize] += 1;
        }
        counts.map(|count| f64::from(count) / 40_000.0)
    }

    #[test]
    fn tokens_are_as_frequent_as_the_softmax_says() {
        for (temperature, weights) in [
            (1.0, [1.0, 2.0, 5.0]),
            (0.5, [1.0, 4.0, 25.0]),
            (100.0, [1.0, 1.007, 1.016]),
            (0.0, [0.0, 0.0, 1.0]),
        ] {
            let sum: f64 = weights.iter().sum();
            for (share, weight) in shares(temperature).iter().zip(weights) {
                assert!((share - weight / sum).abs() < 0.01, "{temperature}");
            }
        }
    }

    #[test]
    fn a_seed_gives_the_same_tokens_and_another_seed_others() {
        let draw = |temperature, seed| -> Vec<u32> {
            let mut sampler = Sampler::new(temperature, seed).unwrap();
            (0..50)
                .map(|_| sampler.draw([0.3; 9].into_iter()))
                .collect()
        };
        assert_eq!(draw(1.0, 1), draw(1.0, 1));
        assert_ne!(draw(1.0, 1), draw(1.0, 2));
        assert_eq!(draw(0.0, 1), vec![0; 50]);
    }

    #[test]
    fn a_temperature_out_of_range_is_named() {
        for temperature in [-0.1, 100.1, f64::NAN, f64::INFINITY] {
            let error = Sampler::new(temperature, 1).unwrap_err().to_string();
            assert!(error.ends_with("expected 0 to 100"), "{error}");
        }
        for temperature in [0.0, 100.0] {
            assert!(Sampler::new(temperature, 1).is_ok());
        }
    }
}
