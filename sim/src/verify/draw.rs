//! Random values that a seed determines.

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A source of random values that a seed determines.
pub fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(Config::default(), random)
}
