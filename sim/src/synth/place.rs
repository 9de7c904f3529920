//! Place and route, timing and the bitstream.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::board::Board;
use super::synthesis::Synthesis;
use crate::eda::{Tool, ToolError, locate, run};

/// The clock frequency that place and route strives for, in MHz: beyond reach, so that it does not stop early.
const TARGET_MHZ: u32 = 250;

/// A placed and routed design.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// The seed of the placer.
    pub seed: u32,
    /// The highest clock frequency of the paths from register to register, in MHz.
    pub fmax_mhz: f64,
    /// Logic cells in use: a cell is a LUT4 with a carry and a flip-flop.
    pub logic_cells: usize,
    /// Block RAMs in use.
    pub rams: usize,
    /// Pins in use.
    pub pins: usize,
    /// The routed design as text, the input of icepack.
    pub asc: PathBuf,
}

#[derive(Deserialize)]
struct Report {
    fmax: BTreeMap<String, Fmax>,
    utilization: BTreeMap<String, Utilization>,
}

#[derive(Deserialize)]
struct Fmax {
    achieved: f64,
}

#[derive(Deserialize)]
struct Utilization {
    used: usize,
}

/// Places and routes `synthesis` on `board` with the given seed; files go to the folder of the netlist.
///
/// Ports that `pins.pcf` does not name go to any free pin, and paths from and to pins do not count for the frequency: what
/// is measured is the core. Errors: the design does not fit the device, or has no clocked path.
pub fn place(synthesis: &Synthesis, board: &Board, seed: u32) -> Result<Placement, ToolError> {
    let folder = synthesis.json.parent().unwrap_or(Path::new("."));
    let pins = folder.join("pins.pcf");
    fs::write(&pins, &board.pins).map_err(|e| ToolError::file("write", &pins, e))?;
    let (asc, report) = (format!("seed_{seed}.asc"), format!("seed_{seed}.json"));
    let mut command = locate(Tool::Nextpnr)?.command();
    command.arg(format!("--{}", board.device)).args([
        "--package",
        &board.package,
        "--seed",
        &seed.to_string(),
    ]);
    command.args([
        "--pcf",
        "pins.pcf",
        "--pcf-allow-unconstrained",
        "--timing-allow-fail",
    ]);
    command.args([
        "--freq",
        &TARGET_MHZ.to_string(),
        "--json",
        "netlist.json",
        "--asc",
        &asc,
        "--report",
        &report,
    ]);
    let log = folder.join(format!("seed_{seed}.log"));
    run(
        command.current_dir(folder),
        "nextpnr-ice40",
        &format!("place and route seed {seed}"),
        &log,
    )?;
    let path = folder.join(&report);
    let text = fs::read(&path).map_err(|e| ToolError::file("read", &path, e))?;
    let report: Report =
        serde_json::from_slice(&text).map_err(|e| ToolError::file("read", &path, e))?;
    let slowest = report
        .fmax
        .values()
        .map(|clock| clock.achieved)
        .min_by(f64::total_cmp);
    let used = |kind: &str| report.utilization.get(kind).map_or(0, |kind| kind.used);
    Ok(Placement {
        seed,
        fmax_mhz: slowest.ok_or_else(|| {
            ToolError::new(format!("{} has no clocked path to time", path.display()))
        })?,
        logic_cells: used("ICESTORM_LC"),
        rams: used("ICESTORM_RAM"),
        pins: used("SB_IO"),
        asc: folder.join(asc),
    })
}

/// Packs `placement` into the bitstream `core.bin` beside its files and returns that path.
pub fn bitstream(placement: &Placement) -> Result<PathBuf, ToolError> {
    let folder = placement.asc.parent().unwrap_or(Path::new("."));
    let mut command = locate(Tool::Icepack)?.command();
    command
        .arg(placement.asc.file_name().unwrap_or_default())
        .arg("core.bin");
    run(
        command.current_dir(folder),
        "icepack",
        "pack the bitstream",
        &folder.join("icepack.log"),
    )?;
    Ok(folder.join("core.bin"))
}
