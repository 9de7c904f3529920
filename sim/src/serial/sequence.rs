//! Sequences as the bytes of a board's streams.

use tern_compile::link::Identity;

use crate::dut::Beat;
use crate::stream::format::StreamFormat;

fn format(identity: &Identity) -> StreamFormat {
    StreamFormat {
        input: identity.input,
        output: identity.output,
        every: identity.every,
    }
}

/// The bytes of the inputs `[time][input_size]`, whose values are within range.
pub fn input_bytes(identity: &Identity, sequence: &[Vec<i32>]) -> Vec<u8> {
    let (format, mut noise) = (format(identity), fastrand::Rng::with_seed(0));
    let beats = sequence.iter().flat_map(|x| format.pack(x, &mut noise));
    beats.map(|beat| beat[0] as u8).collect()
}

/// Bytes of the outputs of a sequence of so many time steps.
pub fn output_length(identity: &Identity, steps: usize) -> usize {
    let outputs = if identity.every { steps } else { 1 };
    outputs * identity.output.beats()
}

/// The outputs `[output][N]` in the bytes that a board sent.
pub fn outputs(identity: &Identity, bytes: &[u8]) -> Vec<Vec<i32>> {
    let format = format(identity);
    let output = |bytes: &[u8]| {
        let beats: Vec<Beat> = bytes.iter().map(|byte| [(*byte).into(), 0, 0, 0]).collect();
        format.unpack(&beats)
    };
    let whole = bytes.chunks_exact(identity.output.beats());
    whole.map(output).collect()
}
