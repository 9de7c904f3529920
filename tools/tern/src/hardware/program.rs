//! `tern program`: a bitstream into a board.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use clap::Args;
use serde_json::json;
use tern_gen_verilog::bundled;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::default_folder;

use super::synth::find_board;

/// Writes the bitstream that tern synth made to a board, by iceprog or openFPGALoader.
#[derive(Args)]
pub struct Program {
    /// Board of constraints/, or a folder with board.toml
    #[arg(long, value_name = "NAME")]
    board: PathBuf,
    /// Folder that tern synth wrote the bitstream to [default: that of the bundled model]
    #[arg(long, value_name = "DIR")]
    synth: Option<PathBuf>,
}

/// Runs the command.
pub fn execute(program: &Program) -> Result<(), Failure> {
    let board = find_board(&program.board)?;
    let Some(serial) = &board.serial else {
        return Err(Failure::input(format!(
            "field `serial` of {} is missing, expected a board with a serial line and a command that programs it",
            board.name
        )));
    };
    let folder = match &program.synth {
        Some(folder) => folder.clone(),
        None => default_folder(&bundled::model()?.name).join("synth"),
    };
    let name = match board.device.starts_with("ecp5") {
        true => "core.bit",
        false => "core.bin",
    };
    let bitstream = folder.join(name);
    if !bitstream.is_file() {
        return Err(Failure::input(format!(
            "{}: there is no such file, expected the bitstream of tern synth --board {}",
            bitstream.display(),
            program.board.display()
        )));
    }
    let [tool, arguments @ ..] = serial.program.as_slice() else {
        return Err(Failure::input(format!(
            "field `program` of {} is empty",
            board.name
        )));
    };
    let status = Command::new(tool).args(arguments).arg(&bitstream).status();
    let status = status.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::input(format!(
            "{tool} is not installed, expected it on PATH to program the {}",
            board.name
        )),
        _ => Failure::input(format!("{tool}: cannot be run: {error}")),
    })?;
    if !status.success() {
        return Err(Failure::input(format!(
            "{tool} did not program the {}: {status}",
            board.name
        )));
    }
    let shown = bitstream.display().to_string();
    console::summary(
        || format!("{shown} is in the {}\n", board.name),
        || json!({"board": board.name, "bitstream": shown}),
    )
}
