//! Place and route, and timing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tern_compile::device::DeviceFamily;

use super::board::{Board, pin_file};
use super::hierarchy::Hierarchy;
use super::report::{CriticalPath, Report};
use super::shortage::shortage;
use super::synthesis::Synthesis;
use crate::eda::error::ToolError;
use crate::eda::locate::locate;
use crate::eda::process::run;
use crate::eda::tool::Tool;

/// The clock frequency that place and route strives for, in MHz: beyond reach, so that it does not stop early.
const TARGET_MHZ: u32 = 250;

/// A placed and routed design.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// The architecture of the device.
    pub family: DeviceFamily,
    /// The seed of the placer.
    pub seed: u32,
    /// The highest clock frequency of the paths from register to register, in MHz.
    pub fmax_mhz: f64,
    /// What limits that frequency.
    pub critical_path: CriticalPath,
    /// Logic cells in use: LUT4s, on an iCE40 each with a carry and a flip-flop.
    pub logic_cells: usize,
    /// Block RAMs in use.
    pub rams: usize,
    /// Single-port RAMs of 256 kbit in use.
    pub single_port_rams: usize,
    /// Pins in use.
    pub pins: usize,
    /// The routed design as text, the input of icepack or ecppack.
    pub routed: PathBuf,
}

impl Placement {
    /// The placed netlist, JSON: where each cell is.
    pub fn cells(&self) -> PathBuf {
        self.routed.with_extension("cells.json")
    }
}

/// Places and routes `synthesis` on `board` with the given seed; files go to the folder of the netlist.
///
/// Ports that the board's pins do not name go to any free pin, and paths from and to pins do not count for the frequency:
/// what is measured is the core. Errors: the design is for another device, does not fit the device or its package, or has no
/// clocked path.
pub fn place(synthesis: &Synthesis, board: &Board, seed: u32) -> Result<Placement, ToolError> {
    if board.device != synthesis.device.name {
        return Err(ToolError::new(format!(
            "field `device` of the design is \"{}\", and {} has \"{}\"",
            synthesis.device.name, board.name, board.device
        )));
    }
    let family = synthesis.family;
    let folder = synthesis.json.parent().unwrap_or(Path::new("."));
    let pins = folder.join(pin_file(family));
    fs::write(&pins, &board.pins).map_err(|e| ToolError::file("write", &pins, e))?;
    let files = Files::of(family, seed);
    let tool = match family {
        DeviceFamily::Ice40 => Tool::NextpnrIce40,
        DeviceFamily::Ecp5 => Tool::NextpnrEcp5,
    };
    let mut command = locate(tool)?.command();
    arguments(&mut command, family, board, seed, &files);
    let log = folder.join(&files.log);
    let doing = format!("place and route seed {seed}");
    if let Err(error) = run(command.current_dir(folder), tool.name(), &doing, &log) {
        let log = fs::read_to_string(&log).unwrap_or_default();
        return Err(shortage(&log, board).map_or(error, ToolError::new));
    }
    let path = folder.join(&files.report);
    let report = Report::read(&path)?;
    let untimed = || ToolError::new(format!("{} has no clocked path to time", path.display()));
    let (cells, rams, pins) = match family {
        DeviceFamily::Ice40 => ("ICESTORM_LC", "ICESTORM_RAM", "SB_IO"),
        DeviceFamily::Ecp5 => ("TRELLIS_COMB", "DP16KD", "TRELLIS_IO"),
    };
    Ok(Placement {
        family,
        seed,
        fmax_mhz: report.fmax_mhz().ok_or_else(untimed)?,
        critical_path: report
            .critical_path(&Hierarchy::of(synthesis)?)
            .ok_or_else(untimed)?,
        logic_cells: report.used(cells),
        rams: report.used(rams),
        single_port_rams: report.used("ICESTORM_SPRAM"),
        pins: report.used(pins),
        routed: folder.join(&files.routed),
    })
}

/// The names of what a seed leaves behind.
struct Files {
    routed: String,
    report: String,
    log: String,
}

impl Files {
    fn of(family: DeviceFamily, seed: u32) -> Files {
        let routed = match family {
            DeviceFamily::Ice40 => format!("seed_{seed}.asc"),
            DeviceFamily::Ecp5 => format!("seed_{seed}.config"),
        };
        Files {
            routed,
            report: format!("seed_{seed}.json"),
            log: format!("seed_{seed}.log"),
        }
    }
}

fn arguments(command: &mut Command, family: DeviceFamily, board: &Board, seed: u32, files: &Files) {
    let part = match (&board.part, board.device.split_once('-')) {
        (Some(part), _) => part.as_str(),
        (None, Some((_, part))) => part,
        (None, None) => board.device.as_str(),
    };
    command
        .arg(format!("--{part}"))
        .args(["--package", &board.package]);
    command.args([
        "--seed",
        &seed.to_string(),
        "--freq",
        &TARGET_MHZ.to_string(),
    ]);
    command.args([
        "--json",
        "netlist.json",
        "--report",
        &files.report,
        "--timing-allow-fail",
    ]);
    match family {
        DeviceFamily::Ice40 => {
            command.args(["--pcf", pin_file(family), "--pcf-allow-unconstrained"]);
            // A clock enable on a global network goes by the edge of the device and back, and is the slowest path then.
            command.arg("--no-promote-ce");
            command.args(["--asc", &files.routed]);
        }
        DeviceFamily::Ecp5 => {
            command.args(["--lpf", pin_file(family), "--lpf-allow-unconstrained"]);
            command.args(["--textcfg", &files.routed]);
        }
    }
    command.args(["--write", &format!("seed_{seed}.cells.json")]);
    if let Some(speed) = board.speed {
        command.args(["--speed", &speed.to_string()]);
    }
}
