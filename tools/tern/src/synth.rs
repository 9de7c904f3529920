//! `tern synth`: from a network to a bitstream.

use std::path::{Path, PathBuf};

use clap::Args;
use tern_gen_verilog::{Choice, Failure, default_folder, verilog};
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
    /// Folder for the results [default: build/<name of the model>/synth]
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
    let (stages, text) = (progress::stages(), verilog(&core)?);
    let mut tell = |stage: &str| stages.set_message(stage.to_owned());
    let done =
        implement(&text, &board, &synth.seeds, &folder, &mut tell).map_err(Failure::input)?;
    let areas = area::by_module(&text, &done.synthesis, &folder, &mut tell)?;
    stages.finish_and_clear();
    Failure::print(&report(&core.model.name, &board, &done, &areas))
}

/// The result for people.
fn report(name: &str, board: &Board, done: &Implementation, areas: &[Area]) -> String {
    let fastest = done.fastest();
    let seeds: String = done
        .placements
        .iter()
        .map(|p| format!("seed {:<4} {:>7.2} MHz\n", p.seed, p.fmax_mhz))
        .collect();
    format!(
        "{name} on {}\n\n{}\n{seeds}median    {:>7.2} MHz\n\nlogic cells  {}\nblock RAMs   {}\nbitstream    {} (seed {}, {:.2} MHz)\n",
        board.name,
        area::table(areas),
        done.median_fmax_mhz(),
        fastest.logic_cells,
        fastest.rams,
        Path::new(&done.bitstream).display(),
        fastest.seed,
        fastest.fmax_mhz,
    )
}
