//! `tern patch`: another network into a routed core.

use std::path::PathBuf;

use clap::Args;
use tern_gen_verilog::failure::Failure;
use tern_model::file::write_atomic;
use tern_model::network::Model;
use tern_sim::patch::routed_core::{RoutedCore, pack};

/// Exchanges the network in a routed iCE40 core, without synthesis and routing.
///
/// The network must fit the same core: no size larger, the same shifts and thresholds, and biases that the core's memories hold.
#[derive(Args)]
pub struct Patch {
    /// Folder that tern synth wrote
    #[arg(long, value_name = "DIR")]
    synth: PathBuf,
    /// Model file (.safetensors) of the network
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Bitstream to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the command.
pub fn execute(patch: &Patch) -> Result<(), Failure> {
    let core = RoutedCore::read(&patch.synth).map_err(Failure::input)?;
    let model = Model::read(&patch.model)?;
    let routed = core
        .patched(&model)
        .map_err(|error| Failure::input(format!("{}: {error}", patch.model.display())))?;
    let bitstream = pack(&routed).map_err(Failure::input)?;
    write_atomic(&patch.out, &bitstream)
        .map_err(|error| Failure::input(format!("{}: {error}", patch.out.display())))?;
    let memories = &core.memories().memories;
    let rams: usize = memories.iter().map(|memory| memory.rams.len()).sum();
    Failure::print(&format!(
        "wrote {}: {} in place of {}, in {rams} block RAMs\n",
        patch.out.display(),
        model.name,
        core.model().name
    ))
}
