//! How long a run takes on a device.

use serde_json::{Value, json};
use tern_compile::cycles::Timeline;
use tern_compile::design::Design;
use tern_compile::program::Program;

use crate::network::Network;

/// The largest array that a device holds, its cycles per step, and of the last run, if there was one, the cycles in which steps end
/// and output beats are sent.
pub fn cycles(network: &Network, device: &str) -> Result<Value, String> {
    let design = Design::largest(network.model, device).map_err(|error| error.to_string())?;
    let program = Program::compile(network.model, &design).map_err(|error| error.to_string())?;
    let sequences: Vec<_> = network.last().into_iter().cloned().collect();
    let timeline = Timeline::of(network.model, &program.shape, &sequences);
    Ok(json!({
        "design": design,
        "cycles_per_step": program.shape.cycles_per_step(),
        "step_ends": timeline.step_ends,
        "output_beats": timeline.output_beats,
    }))
}
