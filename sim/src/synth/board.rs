//! Boards: a folder of `constraints/` with `board.toml` and `pins.pcf`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::eda::ToolError;

/// An iCE40 board.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The board's name, for reports.
    pub name: String,
    /// The device as nextpnr-ice40 calls it, such as `hx8k`.
    pub device: String,
    /// The package as nextpnr-ice40 calls it, such as `ct256`.
    pub package: String,
    /// The frequency of the board's clock, in MHz.
    pub clock_mhz: f64,
    /// The text of `pins.pcf`, which names the pins that the board dictates.
    #[serde(skip)]
    pub pins: String,
}

impl Board {
    /// Reads the board of `folder`; errors name the file and the field.
    pub fn read(folder: &Path) -> Result<Board, ToolError> {
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|e| ToolError::file("read", &path, e))
        };
        let mut board: Board = toml::from_str(&text("board.toml")?).map_err(|e| {
            let path = folder.join("board.toml");
            ToolError::new(format!("{}: {}", path.display(), e.message()))
        })?;
        board.pins = text("pins.pcf")?;
        Ok(board)
    }

    /// The iCE40HX-8K Breakout Board of this workspace's `constraints/ice40-hx8k`.
    pub fn ice40_hx8k() -> Result<Board, ToolError> {
        let workspace: PathBuf =
            Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("constraints");
        Board::read(&workspace.join("ice40-hx8k"))
    }
}
