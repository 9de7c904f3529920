//! From Verilog to a bitstream.

use std::path::{Path, PathBuf};

use tern_compile::device::Device;

use super::bitstream::bitstream;
use super::board::Board;
use super::place::{Placement, place};
use super::synthesis::{Synthesis, synthesize};

use crate::eda::error::ToolError;

/// What became of a design on a board.
#[derive(Clone, Debug)]
pub struct Implementation {
    /// The synthesized netlist.
    pub synthesis: Synthesis,
    /// One placement per seed, in the order of the seeds.
    pub placements: Vec<Placement>,
    /// The bitstream of the fastest placement.
    pub bitstream: PathBuf,
}

impl Implementation {
    /// The placement with the highest frequency.
    pub fn fastest(&self) -> &Placement {
        fastest(&self.placements)
    }

    /// The median of the placements' frequencies in MHz, the lower of the two middle ones if their number is even.
    pub fn median_fmax_mhz(&self) -> f64 {
        let mut frequencies: Vec<f64> = self
            .placements
            .iter()
            .map(|placement| placement.fmax_mhz)
            .collect();
        frequencies.sort_by(f64::total_cmp);
        frequencies[(frequencies.len() - 1) / 2]
    }
}

/// Takes the module `top` of the Verilog text `verilog` to a bitstream for `board`, placing it once for each of `seeds`.
///
/// All files go to `folder`; `progress` gets a line for each stage. Errors: no seed, a warning of Yosys, a design that does
/// not fit the device or has more port bits than its package has pins.
pub fn implement(
    verilog: &str,
    top: &str,
    board: &Board,
    seeds: &[u32],
    folder: impl AsRef<Path>,
    progress: &mut dyn FnMut(&str),
) -> Result<Implementation, ToolError> {
    let folder = folder.as_ref();
    if seeds.is_empty() {
        return Err(ToolError::new(
            "place and route got no seed, expected at least one",
        ));
    }
    let device = Device::named(&board.device).ok_or_else(|| {
        ToolError::new(format!("{} has no device \"{}\"", board.name, board.device))
    })?;
    progress("synthesizing");
    let synthesis = synthesize(verilog, top, device, folder)?;
    let mut placements = Vec::new();
    for (number, seed) in seeds.iter().enumerate() {
        progress(&format!(
            "placing and routing, seed {seed} ({} of {})",
            number + 1,
            seeds.len()
        ));
        placements.push(place(&synthesis, board, *seed)?);
    }
    progress("packing the bitstream");
    let bitstream = bitstream(fastest(&placements))?;
    Ok(Implementation {
        synthesis,
        placements,
        bitstream,
    })
}

/// The fastest of at least one placement.
fn fastest(placements: &[Placement]) -> &Placement {
    let faster = |a: usize, b: usize| {
        if placements[b].fmax_mhz > placements[a].fmax_mhz {
            b
        } else {
            a
        }
    };
    &placements[(1..placements.len()).fold(0, faster)]
}
