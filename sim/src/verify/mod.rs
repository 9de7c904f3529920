//! Random cases up the ladder: golden model, Rust-HDL, Verilator, Icarus Verilog, netlists.
//!
//! A [`Case`] is sequences under stalls after a reset; a [`Ladder`] runs it on every [`Rung`] and compares values and
//! cycles; [`random`] draws networks and arrays; [`smallest`] finds the smallest case that still differs.

mod campaign;
mod case;
pub mod family;
mod ladder;
mod observe;
pub mod random;
mod rung;
mod shrink;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

pub use campaign::{Bench, Finding, Outcome, RandomFinding, RandomRun, random as random_campaign};
pub use case::{Case, RESET_CYCLES, Stalls};
pub use ladder::{Ladder, Tally, build};
pub use observe::{Observed, observe};
pub use rung::{Build, Rung};
pub use shrink::smallest;

/// A source of random values that a seed determines.
pub fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(Config::default(), random)
}
