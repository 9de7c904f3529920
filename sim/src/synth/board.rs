//! Boards: a folder of `constraints/` with `board.toml` and the pins, `pins.pcf` (iCE40) or `pins.lpf` (ECP5).

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tern_compile::device::{Device, DeviceFamily};

use crate::eda::error::ToolError;

/// An FPGA board.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The board's name, for reports.
    pub name: String,
    /// The device as a design file calls it, such as `ice40-hx8k`.
    pub device: String,
    /// The device as nextpnr calls it, such as `um-85k`, where that is not the device's name without its family.
    pub part: Option<String>,
    /// The package as nextpnr calls it, such as `ct256`.
    pub package: String,
    /// The speed grade, 6 (slowest) to 8; ECP5 only.
    pub speed: Option<u8>,
    /// The frequency of the board's clock, in MHz.
    pub clock_mhz: f64,
    /// The text of `pins.pcf` or `pins.lpf`, which names the pins that the board dictates.
    #[serde(skip)]
    pub pins: String,
}

impl Board {
    /// Reads the board of `folder`; errors name the file and the field.
    pub fn read(folder: impl AsRef<Path>) -> Result<Board, ToolError> {
        let folder = folder.as_ref();
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|e| ToolError::file("read", &path, e))
        };
        let refuse = |message: &str| {
            let path = folder.join("board.toml");
            ToolError::new(format!("{}: {message}", path.display()))
        };
        let mut board: Board =
            toml::from_str(&text("board.toml")?).map_err(|e| refuse(e.message()))?;
        let family = match Device::named(&board.device).and_then(|device| device.family) {
            Some(family) => family,
            None => {
                let devices = format!(
                    "field `device` is \"{}\", expected an FPGA of {}",
                    board.device,
                    Device::names()
                );
                return Err(refuse(&devices));
            }
        };
        match (family, board.speed) {
            (DeviceFamily::Ice40, None) | (DeviceFamily::Ecp5, Some(6..=8)) => {}
            (DeviceFamily::Ice40, Some(_)) => {
                return Err(refuse("field `speed` is for ECP5 alone"));
            }
            (DeviceFamily::Ecp5, _) => {
                return Err(refuse("field `speed` of an ECP5 must be 6, 7 or 8"));
            }
        }
        board.pins = text(pin_file(family))?;
        Ok(board)
    }

    /// The board of this workspace's `constraints/NAME`.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn named(name: &str) -> Result<Board, ToolError> {
        let constraints: PathBuf =
            Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("constraints");
        Board::read(constraints.join(name))
    }

    /// The usual board of a device, in the folder of `constraints/` that has the device's name.
    ///
    /// # Errors
    /// When the device is no FPGA.
    pub fn of_device(device: &str) -> Result<Board, ToolError> {
        match Device::named(device).and_then(|device| device.family) {
            Some(_) => Board::named(device),
            None => Err(ToolError::new(format!(
                "field `device` is \"{device}\", expected an FPGA to place and route on"
            ))),
        }
    }
}

/// The name of the file with the pins, which is in nextpnr's format for the family.
pub(super) fn pin_file(family: DeviceFamily) -> &'static str {
    match family {
        DeviceFamily::Ice40 => "pins.pcf",
        DeviceFamily::Ecp5 => "pins.lpf",
    }
}
