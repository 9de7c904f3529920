//! The design file: the size of the array and the device it is for.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tern_model::file::{read_json, read_text};

use crate::device::Device;
use crate::error::{Error, ErrorKind};

/// Size of the array and target device, as the design file states them.
///
/// ```
/// use tern_compile::design::Design;
///
/// let design = Design::from_json(r#"{"columns": 4, "rows": 7, "lanes": 8, "device": "ice40-hx8k"}"#)?;
/// assert_eq!(design, Design::new(7, 8, "ice40-hx8k")?);
/// assert_eq!(design.macs_per_cycle(), 224);
/// assert_eq!(design.device.block_rams, 32);
/// # Ok::<(), tern_compile::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Design {
    /// PE columns: 4, one per gate of an LSTM; 3 are enough for GRU layers alone.
    pub columns: usize,
    /// PE rows, 1..=64: hidden units computed at the same time.
    pub rows: usize,
    /// Trits a PE takes per cycle, 2..=64.
    pub lanes: usize,
    /// The device; the file has its name.
    pub device: &'static Device,
    /// Name of a folder in `constraints/` whose board has the device, if the core is for a known board.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// What the ports carry; left out of the file where it is the default.
    #[serde(skip_serializing_if = "is_default")]
    pub streams: Streams,
    /// Where the network comes from; left out of the file where it is the default.
    #[serde(skip_serializing_if = "is_default")]
    pub weights: Weights,
    /// What the array sums; left out of the file where it is the default.
    #[serde(skip_serializing_if = "is_default")]
    pub dataflow: Dataflow,
    /// What an event array leaves out; left out of the file where it is the default.
    #[serde(skip_serializing_if = "is_default")]
    pub skip: Skip,
    /// Percent of the device's logic cells and block RAMs, 0..=90, that the core leaves to other logic; left out of the file where
    /// it is 0.
    #[serde(skip_serializing_if = "is_default")]
    pub reserve: usize,
    /// What the names of all Verilog modules begin with, so that several cores can be in one design; left out of the file where it is
    /// empty.
    #[serde(skip_serializing_if = "is_default")]
    pub prefix: String,
}

/// Where the contents of a core's weight, bias and LUT memories come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weights {
    /// The bitstream; they never change.
    #[default]
    Fixed,
    /// The bitstream where the device's memories have initial contents, then whatever the stream `w_axis` brings.
    Stream,
}

/// What the two streams of a core carry in a cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Streams {
    /// A beat: a chunk of `lanes` elements, an output of the head or a chunk of trits.
    #[default]
    Wide,
    /// A byte of a beat, for packages with few pins.
    Bytes,
}

/// What the array sums in a cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dataflow {
    /// A chunk of `lanes` elements in each of `columns` x `rows` processing elements, one result in each.
    #[default]
    Dense,
    /// One event, a changed element or one that is not zero, in each of `columns` x `rows` x `lanes` sums.
    Events,
}

impl Dataflow {
    /// All of them.
    pub const ALL: [Dataflow; 2] = [Dataflow::Dense, Dataflow::Events];

    /// As design files and command lines spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Dataflow::Dense => "dense",
            Dataflow::Events => "events",
        }
    }
}

/// Which elements are no events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Skip {
    /// Those that are as in the step before: sums are kept, and an event is a difference.
    #[default]
    Delta,
    /// Those that are zero.
    Zero,
}

/// Allowed columns.
const COLUMNS: RangeInclusive<usize> = 3..=4;
/// Allowed rows; beyond them a design file is a mistake rather than a wish.
const ROWS: RangeInclusive<usize> = 1..=64;
/// Allowed lanes.
const LANES: RangeInclusive<usize> = 2..=64;
/// Columns of an event array: a GRU's candidate has one for each part of its sum.
const EVENT_COLUMNS: usize = 4;
/// Lanes of an event array: a sum that is kept can be read again four cycles later.
const EVENT_LANES: RangeInclusive<usize> = 4..=64;
/// Allowed reserve, in percent.
const RESERVE: RangeInclusive<usize> = 0..=90;

impl Design {
    /// A design of 4 columns for the named device.
    ///
    /// # Errors
    /// When a field is outside its range, naming it and the allowed values.
    pub fn new(rows: usize, lanes: usize, device: &str) -> Result<Self, Error> {
        Ok(Design {
            columns: 4,
            rows: within("rows", rows, ROWS)?,
            lanes: within("lanes", lanes, LANES)?,
            device: device_named(device)?,
            board: None,
            streams: Streams::Wide,
            weights: Weights::Fixed,
            dataflow: Dataflow::Dense,
            skip: Skip::Delta,
            reserve: 0,
            prefix: String::new(),
        })
    }

    /// The same design with `prefix` before the names of all Verilog modules.
    ///
    /// # Errors
    /// When it is neither empty nor the beginning of a Verilog identifier of at most 32 characters.
    pub fn with_prefix(self, prefix: &str) -> Result<Self, Error> {
        let prefix = identifier_start("prefix", prefix)?;
        Ok(Design { prefix, ..self })
    }

    /// The same design with `percent` of the device's logic cells and block RAMs left to other logic, 0 to 90.
    ///
    /// # Errors
    /// When it is more.
    pub fn with_reserve(self, percent: usize) -> Result<Self, Error> {
        let reserve = within("reserve", percent, RESERVE)?;
        Ok(Design { reserve, ..self })
    }

    /// The same design with an array that sums events.
    ///
    /// # Errors
    /// When its columns or lanes are not those of an event array.
    pub fn with_events(self, skip: Skip) -> Result<Self, Error> {
        Design {
            skip,
            ..self.with_dataflow(Dataflow::Events)?
        }
        .checked()
    }

    /// The same design with an array that sums as `dataflow` says.
    ///
    /// # Errors
    /// When its columns or lanes are not those of an event array.
    pub fn with_dataflow(self, dataflow: Dataflow) -> Result<Self, Error> {
        let skip = match dataflow {
            Dataflow::Dense => Skip::default(),
            Dataflow::Events => self.skip,
        };
        Design {
            dataflow,
            skip,
            ..self
        }
        .checked()
    }

    /// The design, if its fields agree.
    fn checked(self) -> Result<Self, Error> {
        let events = self.dataflow == Dataflow::Events;
        if self.skip != Skip::default() && !events {
            let expected = "no such field unless `dataflow` is \"events\"".to_owned();
            return Err(outside("skip", "\"zero\"", expected));
        }
        if events && self.columns != EVENT_COLUMNS {
            let expected = format!("{EVENT_COLUMNS} where `dataflow` is \"events\"");
            return Err(outside("columns", self.columns, expected));
        }
        if events && !EVENT_LANES.contains(&self.lanes) {
            let (low, high) = EVENT_LANES.into_inner();
            let expected = format!("{low} to {high} where `dataflow` is \"events\"");
            return Err(outside("lanes", self.lanes, expected));
        }
        Ok(self)
    }

    /// The same array with another number of columns, 3 or 4.
    ///
    /// # Errors
    /// When it is neither.
    pub fn with_columns(self, columns: usize) -> Result<Self, Error> {
        let columns = within("columns", columns, COLUMNS)?;
        Design { columns, ..self }.checked()
    }

    /// Reads a design file (JSON).
    ///
    /// # Errors
    /// One sentence that names the file, the field, its value and what is allowed.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        read_text(path)
            .map_err(|error| Error::caused(ErrorKind::Io, "cannot read the design file", error))
            .and_then(|text| Self::from_json(&text))
            .map_err(|error| error.in_file(path))
    }

    /// Parses and validates the text of a design file.
    ///
    /// # Errors
    /// One sentence that names the field, its value and what is allowed.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let written: Written = read_json(text).map_err(|fault| {
            let place = match fault.field {
                Some(field) => format!("field `{field}`"),
                None => "the design".to_owned(),
            };
            Error::new(ErrorKind::Format, format!("{place} {}", fault.problem))
        })?;
        let streams = [("wide", Streams::Wide), ("bytes", Streams::Bytes)];
        let weights = [("fixed", Weights::Fixed), ("stream", Weights::Stream)];
        let dataflows = Dataflow::ALL.map(|dataflow| (dataflow.name(), dataflow));
        let skips = [("delta", Skip::Delta), ("zero", Skip::Zero)];
        let device = device_named(&written.device)?;
        Design {
            columns: within("columns", written.columns, COLUMNS)?,
            rows: within("rows", written.rows, ROWS)?,
            lanes: within("lanes", written.lanes, LANES)?,
            device,
            board: written
                .board
                .map(|name| board_of(device, name))
                .transpose()?,
            streams: choice("streams", written.streams, streams)?,
            weights: choice("weights", written.weights, weights)?,
            dataflow: choice("dataflow", written.dataflow, dataflows)?,
            skip: choice("skip", written.skip, skips)?,
            reserve: within("reserve", written.reserve.unwrap_or(0), RESERVE)?,
            prefix: identifier_start("prefix", &written.prefix.unwrap_or_default())?,
        }
        .checked()
    }

    /// Processing elements.
    pub fn pes(&self) -> usize {
        self.columns * self.rows
    }

    /// Ternary multiply-accumulates per cycle.
    pub fn macs_per_cycle(&self) -> usize {
        self.pes() * self.lanes
    }
}

/// The file as written: sizes stay signed and wide so that the error can name what was found.
#[derive(Deserialize)]
#[serde(expecting = "an object", deny_unknown_fields)]
struct Written {
    columns: i64,
    rows: i64,
    lanes: i64,
    device: String,
    board: Option<String>,
    streams: Option<String>,
    weights: Option<String>,
    dataflow: Option<String>,
    skip: Option<String>,
    reserve: Option<i64>,
    prefix: Option<String>,
}

/// The device that field `device` names.
pub(crate) fn device_named(name: &str) -> Result<&'static Device, Error> {
    Device::named(name).ok_or_else(|| {
        let names = Device::names();
        outside("device", format!("\"{name}\""), format!("one of {names}"))
    })
}

/// The name of a board that field `board` has, if that board has the device.
fn board_of(device: &Device, name: String) -> Result<String, Error> {
    let boards = device.boards();
    match boards.contains(&name.as_str()) {
        true => Ok(name),
        false => {
            let expected = match boards.is_empty() {
                true => format!("no such field for the device {device}"),
                false => format!("one of {} with the device {device}", boards.join(", ")),
            };
            Err(outside("board", format!("{name:?}"), expected))
        }
    }
}

/// The size that field `field` has, if it is in `range`.
fn within<T>(field: &str, value: T, range: RangeInclusive<usize>) -> Result<usize, Error>
where
    T: Copy + Display + TryInto<usize>,
{
    match value.try_into() {
        Ok(size) if range.contains(&size) => Ok(size),
        _ => {
            let (low, high) = range.into_inner();
            Err(outside(field, value, format!("{low} to {high}")))
        }
    }
}

/// The choice that field `field` names, the default where it is left out.
fn choice<T: Default>(
    field: &str,
    value: Option<String>,
    choices: [(&str, T); 2],
) -> Result<T, Error> {
    let Some(value) = value else {
        return Ok(T::default());
    };
    let [(first, one), (second, other)] = choices;
    match value {
        value if value == first => Ok(one),
        value if value == second => Ok(other),
        value => Err(outside(
            field,
            format!("\"{value}\""),
            format!("\"{first}\" or \"{second}\""),
        )),
    }
}

/// The text that field `field` has, if a Verilog identifier may begin with it.
fn identifier_start(field: &str, text: &str) -> Result<String, Error> {
    const LENGTH: usize = 32;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let digit = text.starts_with(|c: char| c.is_ascii_digit());
    match text.chars().all(plain) && !digit && text.len() <= LENGTH {
        true => Ok(text.to_owned()),
        false => Err(outside(
            field,
            format!("{text:?}"),
            format!("at most {LENGTH} letters, digits and `_`, not a digit first"),
        )),
    }
}

fn outside(field: &str, value: impl Display, expected: String) -> Error {
    let sentence = format!("field `{field}` is {value}, expected {expected}");
    Error::new(ErrorKind::Field, sentence)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
