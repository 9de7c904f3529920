//! Drives a core in Rust-HDL's own simulation.

use rust_hdl::core::prelude::*;
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_hdl::core::TernCore;
use tern_hdl::kit::Vector;

/// A beat of the input stream and whether it ends a sequence.
pub type InputBeat = ([u64; 4], bool);

/// A transfer on the output stream: cycle, data, last.
pub type OutputBeat = (u64, u64, bool);

/// Runs a core without stalls until it has sent `expected` beats, for at most `limit` cycles.
pub fn run(program: &Program, beats: &[InputBeat], expected: usize, limit: u64) -> Vec<OutputBeat> {
    let mut core = TernCore::new(program);
    check_all(&core).expect("every signal is driven");
    let bits = program.shape.input_stream_bits() as u32;
    let mut sent = 0;
    let mut received = vec![];
    for cycle in 0..limit {
        let reset = cycle == 0;
        core.clock.next = Clock { clk: false };
        core.reset.next = Vector::from(reset);
        core.s_axis_tvalid.next = Vector::from(!reset && sent < beats.len());
        let (data, last) = beats.get(sent).copied().unwrap_or_default();
        core.s_axis_tdata.next = Vector::from_words(&data, bits);
        core.s_axis_tlast.next = Vector::from(last);
        core.m_axis_tready.next = Vector::from(true);
        assert!(simulate(&mut core, 1000), "the core settles");
        if core.m_axis_tvalid.val().any() && !reset {
            received.push((
                cycle - 1,
                core.m_axis_tdata.val().words()[0],
                core.m_axis_tlast.val().any(),
            ));
        }
        if core.s_axis_tready.val().any() && !reset && sent < beats.len() {
            sent += 1;
        }
        if received.len() == expected {
            return received;
        }
        core.clock.next = Clock { clk: true };
        assert!(simulate(&mut core, 1000), "the core settles");
    }
    panic!(
        "{} of {expected} output beats, {sent} of {} input beats",
        received.len(),
        beats.len()
    );
}

/// Packs sequences of steps into input beats.
pub fn pack(shape: &Shape, sequences: &[Vec<Vec<i32>>]) -> Vec<InputBeat> {
    let (lanes, bits) = (shape.design.lanes, shape.input_bits);
    let mut beats = vec![];
    for sequence in sequences {
        for (t, step) in sequence.iter().enumerate() {
            let chunks: Vec<&[i32]> = step.chunks(lanes).collect();
            for (k, chunk) in chunks.iter().enumerate() {
                let mut words = [0u64; 4];
                for (lane, value) in chunk.iter().enumerate() {
                    let code = if bits == 2 {
                        u64::from(*value > 0) | u64::from(*value < 0) << 1
                    } else {
                        *value as u64 & ((1 << bits) - 1)
                    };
                    for b in 0..bits {
                        let at = lane * bits + b;
                        words[at / 64] |= (code >> b & 1) << (at % 64);
                    }
                }
                beats.push((words, t + 1 == sequence.len() && k + 1 == chunks.len()));
            }
        }
    }
    beats
}
