//! What the tests of this crate share: the fixture cores, a software model of one of them, and where builds go.
#![allow(dead_code)] // each test file uses its own part

use std::path::{Path, PathBuf};

use tern_compile::design::Streams;
use tern_compile::stream_layout::StreamLayout;
use tern_sim::dut::verilator::Simulator;
use tern_sim::dut::verilator::options::Options;
use tern_sim::stream::format::StreamFormat;

/// `accumulate.v`: ten signed 8-bit elements a step in beats of four, three 32-bit outputs a step.
pub const ACCUMULATE: &str = include_str!("../fixtures/accumulate.v");
const LOOPBACK: &str = include_str!("../fixtures/loopback.v");

/// `loopback.v` with these port and memory widths.
pub fn loopback(input_bits: u32, output_bits: u32, word_bits: u32) -> String {
    format!(
        "`define INPUT_BITS {input_bits}\n`define OUTPUT_BITS {output_bits}\n`define WORD_BITS {word_bits}\n{LOOPBACK}"
    )
}

/// The folder that keeps built simulators between runs of the tests.
pub fn build_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulators")
}

/// A simulator of the Verilog text `source`.
pub fn simulator(source: &str) -> Simulator {
    Simulator::build(&[source], &Options::default(), build_folder()).expect("the fixture builds")
}

/// The streams of `accumulate.v`.
pub const ACCUMULATE_FORMAT: StreamFormat = StreamFormat {
    input: StreamLayout {
        elements: 10,
        element_bits: 8,
        lanes: 4,
        streams: Streams::Wide,
    },
    output: StreamLayout {
        elements: 3,
        element_bits: 32,
        lanes: 1,
        streams: Streams::Wide,
    },
    every: true,
};

/// What `accumulate.v` sends for a sequence `[step][10]`: three values a step.
pub fn accumulate(sequence: &[Vec<i32>]) -> Vec<Vec<i32>> {
    const WEIGHTS: [i32; 10] = [1, -1, 0, 1, -1, 1, 1, -1, 1, 1];
    const TABLES: [(i32, i32); 3] = [(0, 1000), (-100, 7), (50, -90000)];
    let mut state = 0;
    let mut step = |x: &Vec<i32>| {
        state += x
            .iter()
            .zip(WEIGHTS)
            .map(|(x, weight)| x * weight)
            .sum::<i32>();
        let output = |(threshold, bias)| {
            if state < threshold {
                state - bias
            } else {
                state + bias
            }
        };
        TABLES.map(output).to_vec()
    };
    sequence.iter().map(&mut step).collect()
}

/// Seeded sequences of the given numbers of steps, with extreme values among them.
pub fn sequences(steps: &[usize], seed: u64) -> Vec<Vec<Vec<i32>>> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut value = || {
        *[-128, 127, 0, random.i32(-128..128)]
            .get(random.usize(0..8))
            .unwrap_or(&random.i32(-128..128))
    };
    let mut sequence = |steps: &usize| {
        (0..*steps)
            .map(|_| (0..10).map(|_| value()).collect())
            .collect()
    };
    steps.iter().map(&mut sequence).collect()
}
