//! Synthesis of Verilog to iCE40 cells.

use std::fs;
use std::path::{Path, PathBuf};

use super::cells::{Cells, count};
use crate::eda::{ToolError, yosys};

/// A synthesized module and its files, all in one folder.
#[derive(Clone, Debug)]
pub struct Synthesis {
    /// The module.
    pub top: String,
    /// The iCE40 cells by type: `SB_LUT4`, `SB_CARRY`, `SB_DFF`..., `SB_RAM40_4K`.
    pub cells: Cells,
    /// The cells of the description before mapping, by Yosys' type: `$add`, `$mux`, `$mul`...
    pub rtl_cells: Cells,
    /// The netlist for place and route, JSON.
    pub json: PathBuf,
    /// The netlist for simulation, Verilog.
    pub netlist: PathBuf,
}

/// Synthesizes module `top` of the Verilog text `verilog`, flattened, with its files going to `folder`.
///
/// `top` may be any module of the text: the area of the array alone is that of its module as top. Warnings of Yosys are
/// errors.
pub fn synthesize(verilog: &str, top: &str, folder: &Path) -> Result<Synthesis, ToolError> {
    fs::create_dir_all(folder).map_err(|e| ToolError::file("create", folder, e))?;
    let source = folder.join("source.v");
    fs::write(&source, verilog).map_err(|e| ToolError::file("write", &source, e))?;
    // -abc9 maps with timing: fewer cells and a higher clock than without. splitnets only renames: it keeps the simulation
    // from seeing combinational loops between different bits of one vector.
    let script = format!(
        "read_verilog source.v\nhierarchy -check -top {top}\nproc\nopt_expr\nopt_clean\nwrite_json rtl.json\n\
         synth_ice40 -abc9 -top {top} -json netlist.json\nsplitnets\nwrite_verilog -noattr netlist.v\n"
    );
    yosys(&script, folder)?;
    Ok(Synthesis {
        top: top.to_owned(),
        cells: count(&folder.join("netlist.json"), top)?,
        rtl_cells: count(&folder.join("rtl.json"), top)?,
        json: folder.join("netlist.json"),
        netlist: folder.join("netlist.v"),
    })
}

impl Synthesis {
    /// Look-up tables.
    pub fn luts(&self) -> usize {
        self.sum(|kind| kind == "SB_LUT4")
    }

    /// Flip-flops of every kind.
    pub fn flip_flops(&self) -> usize {
        self.sum(|kind| kind.starts_with("SB_DFF"))
    }

    /// Carry cells.
    pub fn carries(&self) -> usize {
        self.sum(|kind| kind == "SB_CARRY")
    }

    /// Block RAMs of 4 kbit.
    pub fn rams(&self) -> usize {
        self.sum(|kind| kind.starts_with("SB_RAM40_4K"))
    }

    /// Multipliers: `*` operators in the description and DSP blocks in the netlist.
    pub fn multipliers(&self) -> usize {
        self.rtl_cells.get("$mul").copied().unwrap_or(0) + self.sum(|kind| kind == "SB_MAC16")
    }

    fn sum(&self, is_kind: impl Fn(&str) -> bool) -> usize {
        self.cells
            .iter()
            .filter(|(kind, _)| is_kind(kind))
            .map(|(_, count)| count)
            .sum()
    }
}
