//! Synthesis of Verilog to the cells of a device.

use std::fs;
use std::path::{Path, PathBuf};

use tern_compile::device::{Device, DeviceFamily};

use super::cells::{Cells, count};
use crate::eda::error::ToolError;
use crate::eda::yosys::yosys;

/// LUT4s in a CCU2C, the ECP5's carry cell of two bits.
const LUTS_OF_CARRY: usize = 2;
/// LUT4s in a TRELLIS_DPR16X4, the ECP5's LUT RAM of 16 words of 4 bits: four for the bits and two that
/// its write port takes, as nextpnr-ecp5 counts them ("RAM LUTs" and "RAMW LUTs").
const LUTS_OF_LUT_RAM: usize = 6;

/// A synthesized module and its files, all in one folder.
#[derive(Clone, Debug)]
pub struct Synthesis {
    /// The module.
    pub top: String,
    /// The device that it was synthesized for.
    pub device: &'static Device,
    /// The architecture of the device.
    pub family: DeviceFamily,
    /// The cells by type: `SB_LUT4`, `SB_CARRY`, `SB_DFF`..., `SB_RAM40_4K` or `LUT4`, `CCU2C`, `TRELLIS_FF`, `DP16KD`...
    pub cells: Cells,
    /// The cells of the description before mapping, by Yosys' type: `$add`, `$mux`, `$mul`...
    pub rtl_cells: Cells,
    /// The description before mapping and flattening, JSON.
    pub rtl: PathBuf,
    /// The netlist for place and route, JSON.
    pub json: PathBuf,
    /// The netlist for simulation, Verilog.
    pub netlist: PathBuf,
}

/// Synthesizes module `top` of the Verilog text `verilog`, flattened, with its files going to `folder`.
///
/// `top` may be any module of the text: the area of the array alone is that of its module as top. Warnings of Yosys are
/// errors, and so is a device that is no FPGA.
pub fn synthesize(
    verilog: &str,
    top: &str,
    device: &'static Device,
    folder: impl AsRef<Path>,
) -> Result<Synthesis, ToolError> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).map_err(|e| ToolError::file("create", folder, e))?;
    let source = folder.join("source.v");
    fs::write(&source, verilog).map_err(|e| ToolError::file("write", &source, e))?;
    map("read_verilog source.v", top, device, folder)
}

/// Synthesizes the module that `core` calls `module` on its own, with the parameters that the core gives it; files go to `folder`.
///
/// # Errors
/// As [`synthesize`]; when the files of `core` are gone.
pub fn synthesize_part(
    core: &Synthesis,
    module: &str,
    folder: impl AsRef<Path>,
) -> Result<Synthesis, ToolError> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).map_err(|e| ToolError::file("create", folder, e))?;
    let source = folder.join("core.json");
    fs::copy(&core.rtl, &source).map_err(|e| ToolError::file("copy", &core.rtl, e))?;
    map("read_json core.json", module, core.device, folder)
}

/// Maps module `top` of what the Yosys command `read` reads.
fn map(
    read: &str,
    top: &str,
    device: &'static Device,
    folder: &Path,
) -> Result<Synthesis, ToolError> {
    let family = device.family.ok_or_else(|| {
        ToolError::new(format!(
            "field `device` is \"{}\", expected an FPGA to synthesize for",
            device.name
        ))
    })?;
    // splitnets only renames: it keeps the simulation from seeing combinational loops between different bits of one vector.
    // The description is counted of a second reading: opt_expr before the mapping costs the spoken-digit core 45 LUT4s.
    let described = described(top);
    let script = format!(
        "{read}\n{} -top {top} -json netlist.json\nsplitnets\nwrite_verilog -noattr netlist.v\n\
         design -reset\n{read}\nhierarchy -check -top {described}\nproc\nopt_expr\nopt_clean\nwrite_json rtl.json\n",
        command(device, family)
    );
    yosys(&script, folder)?;
    Ok(Synthesis {
        top: top.to_owned(),
        device,
        family,
        cells: count(&folder.join("netlist.json"), top)?,
        rtl_cells: count(&folder.join("rtl.json"), &described)?,
        rtl: folder.join("rtl.json"),
        json: folder.join("netlist.json"),
        netlist: folder.join("netlist.v"),
    })
}

/// The module whose description is counted: below the top module of a board, which has a PLL that only a device has.
pub(super) fn described(top: &str) -> String {
    match top.strip_suffix("tern_board") {
        Some(prefix) => format!("{prefix}tern_link"),
        None => top.to_owned(),
    }
}

/// Yosys' command for a device.
///
/// On an iCE40 `-abc9` maps with timing: fewer cells and a higher clock than without; on an ECP5 Yosys 0.70 does so anyway.
/// `-nowidelut` keeps the ECP5 from making tables of five inputs and more out of LUT4s and multiplexers: 7412 logic cells at
/// 107.6 MHz against 10558 at 113.2 MHz for a GRU on 3 x 16 PEs of 16 lanes (medians of 3 seeds). It is no gain everywhere:
/// 4 x 10 PEs of 60 lanes were routed (66 MHz) with the multiplexers, and without them not in 45 minutes, with one seed each.
fn command(device: &Device, family: DeviceFamily) -> &'static str {
    match family {
        DeviceFamily::Ice40 if device.single_port_rams > 0 => "synth_ice40 -abc9 -device u -spram",
        DeviceFamily::Ice40 => "synth_ice40 -abc9",
        DeviceFamily::Ecp5 => "synth_ecp5 -abc9 -nowidelut",
    }
}

impl Synthesis {
    /// Four-input look-up tables, those inside ECP5 carry cells and LUT RAMs included.
    pub fn luts(&self) -> usize {
        match self.family {
            DeviceFamily::Ice40 => self.sum(|kind| kind == "SB_LUT4"),
            DeviceFamily::Ecp5 => {
                let lut_rams = self.sum(|kind| kind == "TRELLIS_DPR16X4");
                self.sum(|kind| kind == "LUT4")
                    + LUTS_OF_CARRY * self.carries()
                    + LUTS_OF_LUT_RAM * lut_rams
            }
        }
    }

    /// Flip-flops of every kind.
    pub fn flip_flops(&self) -> usize {
        self.sum(|kind| kind.starts_with("SB_DFF") || kind == "TRELLIS_FF")
    }

    /// Carry cells: of one bit on an iCE40, of two bits on an ECP5.
    pub fn carries(&self) -> usize {
        self.sum(|kind| kind == "SB_CARRY" || kind == "CCU2C")
    }

    /// Block RAMs: of 4 kbit on an iCE40, of 18 kbit on an ECP5.
    pub fn rams(&self) -> usize {
        self.sum(|kind| kind.starts_with("SB_RAM40_4K") || kind == "DP16KD" || kind == "PDPW16KD")
    }

    /// Single-port RAMs of 256 kbit.
    pub fn single_port_rams(&self) -> usize {
        self.sum(|kind| kind == "SB_SPRAM256KA")
    }

    /// Multipliers: `*` operators in the description and DSP blocks in the netlist.
    pub fn multipliers(&self) -> usize {
        let operators = self.rtl_cells.get("$mul").copied().unwrap_or(0);
        operators + self.sum(|kind| kind == "SB_MAC16" || kind == "MULT18X18D")
    }

    fn sum(&self, is_kind: impl Fn(&str) -> bool) -> usize {
        self.cells
            .iter()
            .filter(|(kind, _)| is_kind(kind))
            .map(|(_, count)| count)
            .sum()
    }
}
