//! `tern patch`: another network into a routed core.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::outputs::keep_apart;
use tern_model::file::write_atomic;
use tern_model::network::Model;
use tern_sim::patch::routed_core::{RoutedCore, pack};

use super::synth::{FLOOR_PLAN, REPORT};

/// Exchanges the network in a routed iCE40 core, without synthesis and routing.
///
/// The network must fit the same core: no size larger, the same shifts and thresholds, and biases that the core's memories hold.
#[derive(Args)]
pub struct Patch {
    /// Folder of the core, which tern synth wrote
    #[arg(long, value_name = "DIR")]
    synth: PathBuf,
    /// Model file (.safetensors) of the network that takes the place of the core's own
    #[arg(long, value_name = "FILE")]
    network: PathBuf,
    /// Bitstream to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the command.
pub fn execute(patch: &Patch) -> Result<(), Failure> {
    let files = RoutedCore::files(&patch.synth);
    let inputs: Vec<&Path> = files
        .iter()
        .chain([&patch.network])
        .map(PathBuf::as_path)
        .collect();
    let of_synth = [REPORT, FLOOR_PLAN].map(|name| ("tern synth", patch.synth.join(name)));
    let outputs = [&of_synth[..], &[("--out", patch.out.clone())]].concat();
    keep_apart(&outputs, &inputs)?;
    let core = RoutedCore::read(&patch.synth).map_err(Failure::input)?;
    let model = Model::read(&patch.network)?;
    let routed = core
        .patched(&model)
        .map_err(|error| Failure::input(format!("{}: {error}", patch.network.display())))?;
    let bitstream = pack(&routed).map_err(Failure::input)?;
    write_atomic(&patch.out, &bitstream)
        .map_err(|error| Failure::input(format!("{}: {error}", patch.out.display())))?;
    let memories = &core.memories().memories;
    let rams: usize = memories.iter().map(|memory| memory.rams.len()).sum();
    let (name, own) = (&model.name, &core.model().name);
    console::summary(
        || {
            let out = patch.out.display();
            format!("wrote {out}: {name} in place of {own}, in {rams} block RAMs\n")
        },
        || json!({"wrote": [patch.out], "model": name, "in_place_of": own, "block_rams": rams}),
    )
}
