//! `tern synth`: from a network to a bitstream.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use tern_gen_verilog::{Choice, Core, Failure, default_folder, verilog};
use tern_model::write_atomic;
use tern_sim::synth::{Board, Implementation, implement};

use crate::area::{self, Area};
use crate::progress;

/// The only device whose place and route is installed.
const DEVICE: &str = "ice40-hx8k";

/// Synthesizes a core with Yosys, places and routes it with nextpnr and packs its bitstream.
#[derive(Args)]
pub struct Synth {
    #[command(flatten)]
    choice: Choice,
    /// Seeds of the placer; the fastest result becomes the bitstream
    #[arg(
        long = "seed",
        value_name = "N",
        value_delimiter = ',',
        default_value = "1"
    )]
    seeds: Vec<u32>,
    /// Folder with board.toml and pins.pcf [default: the iCE40HX-8K Breakout Board]
    #[arg(long, value_name = "DIR")]
    board: Option<PathBuf>,
    /// Folder for core.bin and synth.json; what the tools write goes to work/ in it [default: build/<name of the model>/synth]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn execute(synth: &Synth) -> Result<(), Failure> {
    let core = synth.choice.core()?;
    if core.design.device != DEVICE {
        return Err(Failure::input(format!(
            "field `device` is \"{}\", expected \"{DEVICE}\" for place and route",
            core.design.device
        )));
    }
    let board = match &synth.board {
        Some(folder) => Board::read(folder),
        None => Board::ice40_hx8k(),
    };
    let board = board.map_err(Failure::input)?;
    let folder = match &synth.out {
        Some(folder) => folder.clone(),
        None => default_folder(&core.model.name).join("synth"),
    };
    let (stages, text, work) = (progress::stages(), verilog(&core)?, folder.join("work"));
    let mut tell = |stage: &str| stages.set_message(stage.to_owned());
    let done = implement(&text, &board, &synth.seeds, &work, &mut tell).map_err(Failure::input)?;
    let areas = area::by_module(&text, &done.synthesis, &work, &mut tell)?;
    stages.finish_and_clear();
    let bitstream = folder.join("core.bin");
    let bytes = std::fs::read(&done.bitstream);
    keep(
        &bitstream,
        &bytes.map_err(|error| failed(&done.bitstream, &error))?,
    )?;
    let json = format!("{:#}\n", json(&core, &board, &done, &areas));
    keep(&folder.join("synth.json"), json.as_bytes())?;
    Failure::print(&report(&core, &board, &done, &areas, &bitstream))
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
        .map(|placement| json!({"seed": placement.seed, "fmax_mhz": placement.fmax_mhz}))
        .collect();
    json!({
        "model": core.model.name,
        "design": core.design,
        "board": board.name,
        "modules": areas,
        "seeds": seeds,
        "median_fmax_mhz": done.median_fmax_mhz(),
        "cycles_per_step": core.program.shape.cycles_per_step(),
        "logic_cells": done.fastest().logic_cells,
        "block_rams": done.fastest().rams,
        "bitstream_seed": done.fastest().seed,
    })
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
    let cycles = core.program.shape.cycles_per_step();
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
        ("median", format!("{:>7.2} MHz", done.median_fmax_mhz())),
        (
            "time step",
            format!(
                "{cycles} cycles, {:.2} µs at the median",
                cycles as f64 / done.median_fmax_mhz()
            ),
        ),
        ("logic cells", fastest.logic_cells.to_string()),
        ("block RAMs", fastest.rams.to_string()),
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
