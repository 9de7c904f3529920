//! Boards: a folder of `constraints/` with `board.toml` and the pins, `pins.pcf` (iCE40) or `pins.lpf` (ECP5).

use std::path::Path;

use serde::Deserialize;
use tern_compile::design::{Design, Streams};
use tern_compile::device::{Device, DeviceFamily};
use tern_compile::pll::Pll;
use tern_compile::shape::Shape;
use tern_hdl::board::top::Top;
use tern_model::file::{plain_number, read_text, read_toml};

use crate::eda::error::ToolError;

/// A board that is part of the program: its name, `board.toml` and pins.
macro_rules! board {
    ($name: literal, $pins: literal) => {
        (
            $name,
            include_str!(concat!("../../constraints/", $name, "/board.toml")),
            include_str!(concat!("../../constraints/", $name, "/", $pins)),
        )
    };
}

/// The boards of `constraints/`.
const BOARDS: [(&str, &str, &str); 15] = [
    board!("alchitry-cu", "pins.pcf"),
    board!("colorlight-i5", "pins.lpf"),
    board!("colorlight-i9", "pins.lpf"),
    board!("ecp5-25k", "pins.lpf"),
    board!("ecp5-45k", "pins.lpf"),
    board!("ecp5-85k", "pins.lpf"),
    board!("ecp5-vip", "pins.lpf"),
    board!("hx8k-breakout", "pins.pcf"),
    board!("ice40-hx8k", "pins.pcf"),
    board!("ice40-up5k", "pins.pcf"),
    board!("icebreaker", "pins.pcf"),
    board!("orangecrab", "pins.lpf"),
    board!("ulx3s-12f", "pins.lpf"),
    board!("ulx3s-85f", "pins.lpf"),
    board!("upduino3", "pins.pcf"),
];

/// What a board has for a core behind a serial line: its top module is `tern_board` then, not the core.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serial {
    /// The frequency of link and core, in MHz; a PLL makes it where it is not the board's clock.
    pub core_mhz: f64,
    /// The rate of the serial line, in bits per second.
    pub baud: u32,
    /// The LEDs that it has.
    #[serde(default)]
    pub leds: Leds,
    /// Whether the clock's pin is that of the PLL, which stands at the pin then; iCE40 alone.
    #[serde(default)]
    pub pll_at_pin: bool,
    /// The command that writes a bitstream to the board, without the bitstream.
    pub program: Vec<String>,
}

/// The LEDs of the link, of which a board may lack some: when each shines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leds {
    /// Blinks.
    pub alive: Option<Level>,
    /// Shines while requests come.
    pub busy: Option<Level>,
    /// Shines after a frame was dropped.
    pub error: Option<Level>,
}

/// The level of a pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 0 V.
    Low,
    /// The supply.
    High,
}

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
    /// The serial line, where the board has one for the core.
    pub serial: Option<Serial>,
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
            read_text(&path).map_err(|e| ToolError::file("read", &path, e))
        };
        Board::parse(folder, &text("board.toml")?, &text)
    }

    /// The board of `board.toml`, whose pins `pins` reads from a file of a name; `folder` is for errors.
    fn parse(
        folder: &Path,
        toml: &str,
        pins: &dyn Fn(&str) -> Result<String, ToolError>,
    ) -> Result<Board, ToolError> {
        let refuse = |message: &str| {
            let path = folder.join("board.toml");
            ToolError::new(format!("{}: {message}", path.display()))
        };
        let mut board: Board = read_toml(toml).map_err(|problem| refuse(&problem))?;
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
        let core = board.serial.as_ref().map(|serial| serial.core_mhz);
        let clocks = [
            ("clock_mhz", Some(board.clock_mhz)),
            ("serial.core_mhz", core),
        ];
        for (field, mhz) in clocks {
            if let Some(mhz) = mhz.filter(|mhz| !(1.0..=1000.0).contains(mhz)) {
                let mhz = plain_number(mhz);
                return Err(refuse(&format!(
                    "field `{field}` is {mhz}, expected 1 to 1000"
                )));
            }
        }
        if board
            .serial
            .as_ref()
            .is_some_and(|serial| serial.program.is_empty())
        {
            return Err(refuse("field `serial.program` must name a command"));
        }
        board.pins = pins(pin_file(family))?;
        Ok(board)
    }

    /// The board of `constraints/NAME`, as it was when this program was built.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn named(name: &str) -> Result<Board, ToolError> {
        let found = BOARDS.iter().find(|(board, ..)| *board == name);
        let (_, toml, pins) = found.ok_or_else(|| {
            ToolError::new(format!(
                "no board is called {name}, expected one of {}, or a folder with --board",
                Board::names().join(", ")
            ))
        })?;
        let folder = Path::new("constraints").join(name);
        Board::parse(&folder, toml, &|_| Ok((*pins).to_owned()))
    }

    /// Refuses a core that is not for the board's device, takes more logic cells than it has by estimate, or whose ports are wider
    /// than what the package brings out; a package that is not known is left to place and route.
    ///
    /// # Errors
    /// One sentence that names the field of the design file to change.
    pub fn admits(&self, shape: &Shape) -> Result<(), ToolError> {
        let device = shape.design.device;
        if self.device != device.name {
            return Err(ToolError::new(format!(
                "field `device` is \"{device}\", expected \"{}\" for the {}",
                self.device, self.name
            )));
        }
        let (cells, there) = (shape.cell_estimate(), device.luts);
        if cells > there {
            return Err(ToolError::new(format!(
                "the core needs {cells} logic cells by estimate, and {device} on the {} has {there}, expected fewer `rows` or `lanes` in the design file",
                self.name
            )));
        }
        if self.serial.is_some() {
            return Ok(());
        }
        let (needed, pins) = (shape.pins(), device.pins_of(&self.package));
        let Some(pins) = pins.filter(|pins| needed > *pins) else {
            return Ok(());
        };
        let lanes = |lanes: &usize| {
            let design = Design {
                lanes: *lanes,
                ..shape.design.clone()
            };
            let narrower = Shape {
                design,
                ..shape.clone()
            };
            narrower.pins() <= pins
        };
        let narrower = match (2..shape.design.lanes).rev().find(lanes) {
            Some(lanes) => format!(" or `lanes` of at most {lanes}"),
            None => String::new(),
        };
        let bytes = match shape.design.streams {
            Streams::Wide => "`streams` \"bytes\"",
            Streams::Bytes => "a larger package",
        };
        Err(ToolError::new(format!(
            "the core's ports have {needed} bits, and package {} of the {} has {pins} pins, expected {bytes}{narrower} in the design file",
            self.package, self.name
        )))
    }

    /// The names of all boards of `constraints/`.
    pub fn names() -> Vec<&'static str> {
        BOARDS.iter().map(|(board, ..)| *board).collect()
    }

    /// What stands between the link and the pins, for a core whose modules' names begin with `prefix`: where the board has a serial
    /// line.
    ///
    /// # Errors
    /// When no PLL of the device makes `core_hz`.
    pub fn top<'p>(&self, prefix: &'p str, core_hz: u32) -> Result<Option<Top<'p>>, ToolError> {
        let Some(serial) = &self.serial else {
            return Ok(None);
        };
        let family = Device::named(&self.device).and_then(|device| device.family);
        let own = (self.clock_mhz * 1e6) as u32;
        let pll = match family {
            Some(family) if own != core_hz => Some(Pll::new(family, own, core_hz)),
            _ => None,
        };
        let refuse = |error| ToolError::new(format!("{}: {error}", self.name));
        Ok(Some(Top {
            prefix,
            pll: pll.transpose().map_err(refuse)?,
            pll_at_pin: serial.pll_at_pin,
            leds: [serial.leds.alive, serial.leds.busy, serial.leds.error]
                .map(|led| led.map(|level| level == Level::Low)),
        }))
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tern_compile::device::Device;

    use super::{BOARDS, Board};

    #[test]
    fn every_board_is_part_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../constraints");
        let entries = std::fs::read_dir(&folder).expect("the boards' folder");
        let mut count = 0;
        for entry in entries.map(|entry| entry.expect("an entry")) {
            let name = entry.file_name().into_string().expect("a plain name");
            let board = Board::named(&name).expect("a board of that name");
            assert_eq!(board, Board::read(entry.path()).expect("the same board"));
            // What a design file may name.
            let device = Device::named(&board.device).expect("a device");
            assert!(device.boards().contains(&name.as_str()), "{name}");
            count += 1;
        }
        assert_eq!(count, BOARDS.len());
        assert_eq!(count, tern_compile::device::BOARDS.len());
        let error = Board::named("nexys").expect_err("no such board");
        assert!(error.to_string().contains("ice40-hx8k"), "{error}");
    }

    /// Every port of the top module has a pin, and every pin is that of a port; no pin has two.
    #[test]
    fn every_port_of_a_board_has_a_pin_and_every_pin_a_port() {
        let mut count = 0;
        for name in Board::names() {
            let board = Board::named(name).expect("a board of that name");
            if board.serial.is_none() {
                continue;
            }
            let lines = board.pins.lines().map(str::trim);
            let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
            let plain = |word: &str| word.trim_matches(['"', ';']).to_owned();
            let pins = words.filter_map(|words| match words[..] {
                ["set_io", port, pin] => Some((port.to_owned(), pin.to_owned())),
                ["LOCATE", "COMP", port, "SITE", pin] => Some((plain(port), plain(pin))),
                _ => None,
            });
            let (mut ports, mut sites): (Vec<_>, Vec<_>) = pins.unzip();
            ports.sort();
            let hz = board
                .serial
                .as_ref()
                .map_or(0.0, |serial| serial.core_mhz * 1e6);
            let top = board.top("", hz as u32).expect("a PLL that makes it");
            let mut expected = top.expect("a serial line").ports();
            expected.sort();
            assert_eq!(ports, expected, "{name}");
            sites.sort();
            sites.dedup();
            assert_eq!(sites.len(), ports.len(), "{name}");
            count += 1;
        }
        assert_eq!(count, 9);
    }
}
