//! `tern synth`: from a network to a bitstream.

mod area;
mod board;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use tern_compile::cycles::steps::StepCycles;
use tern_compile::device::DeviceFamily;
use tern_gen_verilog::arguments::once;
use tern_gen_verilog::artifacts::verilog;
use tern_gen_verilog::choice::{Choice, Core};
use tern_gen_verilog::console;
use tern_gen_verilog::dataflows::recorded_cycles;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::{default_folder, lock};
use tern_gen_verilog::outputs::{Output, keep_apart};
use tern_hdl::verilog::top_of;
use tern_model::file::write_atomic;
use tern_model::network::Layer;
use tern_sim::patch::routed_core::RoutedCore;
use tern_sim::synth::board::Board;
use tern_sim::synth::floor_plan::FloorPlan;
use tern_sim::synth::implement::{Implementation, implement};
use tern_sim::synth::report::CriticalPath;

use self::area::Area;
use self::board::OnBoard;
pub use self::board::find as find_board;
use crate::progress;

/// Synthesizes a core with Yosys, places and routes it with nextpnr and packs its bitstream.
#[derive(Args)]
pub struct Synth {
    #[command(flatten)]
    choice: Choice,
    /// Seeds of the placer; the fastest result becomes the bitstream
    #[arg(
        long = "seed",
        value_name = "N[,N...]",
        value_delimiter = ',',
        default_value = "1"
    )]
    seeds: Vec<u32>,
    /// Board of constraints/, or a folder with board.toml and pins.pcf or pins.lpf; on a board with a serial line the core stands behind it [default: the design's board, otherwise the usual one of its device]
    #[arg(long, value_name = "NAME")]
    board: Option<PathBuf>,
    /// Clock of the core on a board with a serial line, in MHz, in place of the board's
    #[arg(long, value_name = "N", requires = "board")]
    clock: Option<f64>,
    /// Folder for synth.json, floorplan.json and the bitstream, core.bin (iCE40, with the core.* files for tern patch) or core.bit (ECP5); what the tools write goes to work/ in it [default: build/<name of the model>/synth]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Figures of the routed core.
pub const REPORT: &str = "synth.json";
/// Where the cells of the fastest placement are.
pub const FLOOR_PLAN: &str = "floorplan.json";

/// Runs the command.
pub fn execute(synth: &Synth) -> Result<(), Failure> {
    once("--seed", &synth.seeds)?;
    let named = synth.board.as_deref().map(board::find).transpose()?;
    let choice = &board::choice(&synth.choice, named.as_ref());
    let mut core = choice.core()?;
    let board = board(named, &core)?;
    let folder = match &synth.out {
        Some(folder) => folder.clone(),
        None => default_folder(&core.model.name).join("synth"),
    };
    let results = [REPORT, FLOOR_PLAN, "core.bin", "core.bit"].map(|name| folder.join(name));
    let outputs = RoutedCore::files(&folder).into_iter().chain(results);
    let outputs: Vec<Output> = outputs.map(|path| ("--out", path)).collect();
    keep_apart(&outputs, &synth.choice.inputs())?;
    let _lock = lock(&folder)?;
    let program = core.program.clone();
    let serial = OnBoard::new(choice, &core, &board, synth.clock)?;
    // Single-port RAMs have no contents in a bitstream, and a board's core has another place in it.
    let patchable = serial.is_none()
        && core.design.device.family == Some(DeviceFamily::Ice40)
        && !program.shape.weights_in_single_port_rams();
    if patchable {
        core.program = program.with_random_memories();
    }
    let (stages, work) = (progress::stages(), folder.join("work"));
    let (text, top) = match &serial {
        Some(serial) => (serial.verilog().to_owned(), serial.top().to_owned()),
        None => (verilog(&core)?, top_of(&core.design)),
    };
    let mut tell = |stage: &str| stages.set_message(stage.to_owned());
    let done = implement(&text, &top, &board, &synth.seeds, &work, &mut tell);
    let done = done.map_err(Failure::input)?;
    if let Some(serial) = &serial {
        serial.admit(&board, &done)?;
    }
    let areas = area::by_module(&core.design.prefix, &done.synthesis, &work, &mut tell)?;
    if patchable {
        let routed = RoutedCore::fill(&core.model, &program, &done).map_err(Failure::input)?;
        routed.write(&folder).map_err(Failure::input)?;
    }
    let plan = FloorPlan::of(&done).map_err(Failure::input)?;
    stages.finish_and_clear();
    let bitstream = folder.join(done.bitstream.file_name().unwrap_or_default());
    let bytes = std::fs::read(&done.bitstream);
    keep(
        &bitstream,
        &bytes.map_err(|error| failed(&done.bitstream, &error))?,
    )?;
    let mut result = json(&core, &board, &done, &areas);
    if let Some(serial) = &serial {
        result["core_mhz"] = json!(serial.mhz());
    }
    let plan = serde_json::to_vec(&plan).map_err(Failure::input)?;
    keep(&folder.join(FLOOR_PLAN), &plan)?;
    let text = format!("{result:#}\n");
    keep(&folder.join(REPORT), text.as_bytes())?;
    let said = || {
        let report = report(&core, &board, &done, &areas, &bitstream);
        let serial = serial.as_ref();
        report + &serial.map_or(String::new(), |serial| serial.say(&board, &bitstream))
    };
    console::summary(said, || result)
}

/// The board that was asked for, otherwise the design's or the usual one, which must have the design's device and pins for its ports.
fn board(named: Option<Board>, core: &Core) -> Result<Board, Failure> {
    let (device, name) = (core.design.device.name, &core.design.board);
    let board = match (named, name) {
        (Some(board), _) => Ok(board),
        (None, Some(name)) => Board::named(name),
        (None, None) => Board::of_device(device),
    };
    let board = board.map_err(Failure::input)?;
    board.admits(&core.program.shape).map_err(Failure::input)?;
    Ok(board)
}

/// Writes a result whole, once all of them are there.
fn keep(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_atomic(path, bytes).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("{}: {error}", path.display()))
}

/// The result for programs.
fn json(core: &Core, board: &Board, done: &Implementation, areas: &[Area]) -> Value {
    let placements = done.placements.iter();
    let seeds: Vec<Value> = placements
        .map(|placement| {
            json!({
                "seed": placement.seed,
                "fmax_mhz": placement.fmax_mhz,
                "critical_path": placement.critical_path,
            })
        })
        .collect();
    json!({
        "model": core.model.name,
        "layers": layers(core),
        "design": core.design,
        "board": board.name,
        "modules": areas,
        "seeds": seeds,
        "median_fmax_mhz": done.median_fmax_mhz(),
        "cycles_per_step": core.program.shape.cycles_per_step(),
        "recorded_cycles": recorded_cycles(&core.program.shape, core.activity.as_ref()),
        "macs_per_step": core.program.shape.macs_per_step(),
        "logic_cells": done.fastest().logic_cells,
        "block_rams": done.fastest().rams,
        "single_port_rams": done.fastest().single_port_rams,
        "pins": done.fastest().pins,
        "bitstream_seed": done.fastest().seed,
    })
}

/// Kinds and sizes, from the input up.
fn layers(core: &Core) -> String {
    let layers = core.model.layers.iter();
    let kind = |layer: &Layer| match layer {
        Layer::Lstm(_) => "LSTM",
        Layer::Gru(_) => "GRU",
        Layer::Linear(_) => "linear",
    };
    let layers = layers.map(|layer| format!("{} {}", kind(layer), layer.output_size()));
    let layers: Vec<String> = layers.collect();
    format!("{} → {}", core.model.input_size, layers.join(" → "))
}

/// Cycles of a time step and how long they take at the given clock.
fn time_step(core: &Core, median_fmax_mhz: f64) -> String {
    let shape = &core.program.shape;
    let cycles = shape.cycles_per_step();
    let most = format!("{cycles} cycles, {:.2} µs", cycles as f64 / median_fmax_mhz);
    match recorded_cycles(shape, core.activity.as_ref()) {
        Some(StepCycles { mean, .. }) => format!(
            "{mean:.1} cycles on average, {:.2} µs at the median; at most {most}",
            mean / median_fmax_mhz
        ),
        None if shape.events() => format!("at most {most} at the median"),
        None => format!("{most} at the median"),
    }
}

/// The result for people.
fn report(
    core: &Core,
    board: &Board,
    done: &Implementation,
    areas: &[Area],
    bitstream: &Path,
) -> String {
    let fastest = done.fastest();
    let seeds = done.placements.iter();
    let seeds: String = seeds
        .map(|placement| {
            format!(
                "seed {:<6} {:>7.2} MHz\n",
                placement.seed, placement.fmax_mhz
            )
        })
        .collect();
    let rows = [
        (
            "median fmax",
            format!("{:>7.2} MHz", done.median_fmax_mhz()),
        ),
        ("time step", time_step(core, done.median_fmax_mhz())),
        ("slowest", critical_path(&fastest.critical_path)),
        ("logic cells", fastest.logic_cells.to_string()),
        (
            "block RAMs",
            match fastest.single_port_rams {
                0 => fastest.rams.to_string(),
                some => format!("{}, and {some} single-port RAMs", fastest.rams),
            },
        ),
        ("pins", fastest.pins.to_string()),
        (
            "bitstream",
            format!("{} (seed {})", bitstream.display(), fastest.seed),
        ),
    ];
    let rows: String = rows
        .iter()
        .map(|(name, text)| format!("{name:<11} {text}\n"))
        .collect();
    format!(
        "{} on {}\n\n{}\n{seeds}{rows}",
        core.model.name,
        board.name,
        area::table(areas)
    )
}

/// The path that limits the clock, in one line.
fn critical_path(path: &CriticalPath) -> String {
    format!(
        "{:.2} ns (logic {:.2}, routing {:.2}, {} levels) from {} ({}) to {} ({})",
        path.delay_ns(),
        path.logic_ns,
        path.routing_ns,
        path.levels,
        path.from,
        path.from_module,
        path.to,
        path.to_module
    )
}
