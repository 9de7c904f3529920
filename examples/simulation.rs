//! A self-checking simulation: a random network in hardware, every output against the golden model, every cycle against
//! the cycle model.

use std::error::Error;

use tern_compile::cycles::Timeline;
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_model::golden::Golden;
use tern_model::network::CellKind;
use tern_model::random::{RandomSpec, random_model};
use tern_sim::dut::rust_hdl::RustHdl;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;

/// Prints how many outputs and cycles were compared.
pub fn main() -> Result<(), Box<dyn Error>> {
    let spec = RandomSpec {
        head: Some(3),
        ..RandomSpec::fixed_point(CellKind::Gru, 5, 12)
    };
    let model = random_model(&spec, 1);
    let design = Design::new(4, 4, "simulation")?;
    let program = Program::compile(&model, &design)?;
    let sequences: Vec<Vec<Vec<i32>>> = [3, 1, 5]
        .map(|steps| {
            (0..steps)
                .map(|t| (0..5).map(|k| (t * k) % 3 - 1).collect())
                .collect()
        })
        .into();

    let core = RustHdl::new(&program);
    let mut driver = StreamDriver::new(core, StreamFormat::of(&model, design.lanes))?;
    let transcript = driver.run(&sequences, StallPattern::none(0))?;

    let cycles = Timeline::of(&model, &program.shape, &sequences);
    let mut golden = Golden::new(&model);
    let expected: Vec<_> = sequences
        .iter()
        .map(|sequence| golden.run(sequence))
        .collect();
    println!(
        "{} sequences, outputs {:?}, in cycles {:?}",
        sequences.len(),
        transcript.outputs,
        transcript.output_cycles
    );
    match transcript.outputs == expected && transcript.output_cycles == cycles.output_beats {
        true => Ok(()),
        false => Err("the simulation differs from the golden model or the cycle model".into()),
    }
}
