//! The design file: the size of the array and the device it is for.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::device::{DEVICES, Device};
use tern_model::error::one_line;

/// Size of the array and target device, as the design file states them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Design {
    /// PE columns: 4, one a gate of an LSTM; 3 are enough for GRU layers alone.
    pub columns: usize,
    /// PE rows, 1..=64: hidden units computed at the same time.
    pub rows: usize,
    /// Trits a PE takes each cycle, 2..=64.
    pub lanes: usize,
    /// Name of the device, one of [`DEVICES`].
    pub device: String,
    /// Name of a folder in `constraints/`, if the core is for a known board.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// What the ports carry; left out of the file where it is the default.
    #[serde(skip_serializing_if = "Streams::is_wide")]
    pub streams: Streams,
    /// Where the network comes from; left out of the file where it is the default.
    #[serde(skip_serializing_if = "Weights::are_fixed")]
    pub weights: Weights,
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

impl Weights {
    fn are_fixed(&self) -> bool {
        *self == Weights::Fixed
    }

    fn named(name: &str) -> Option<Weights> {
        match name {
            "fixed" => Some(Weights::Fixed),
            "stream" => Some(Weights::Stream),
            _ => None,
        }
    }
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

impl Streams {
    fn is_wide(&self) -> bool {
        *self == Streams::Wide
    }

    fn named(name: &str) -> Option<Streams> {
        match name {
            "wide" => Some(Streams::Wide),
            "bytes" => Some(Streams::Bytes),
            _ => None,
        }
    }
}

/// Why a design, or a model on a design, is refused: one sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesignError(pub String);

impl fmt::Display for DesignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.0))
    }
}

impl std::error::Error for DesignError {}

/// Largest sizes; beyond them a design file is a mistake rather than a wish.
const MAX_ROWS: usize = 64;
const MAX_LANES: usize = 64;

impl Design {
    /// A design of 4 columns for the named device.
    ///
    /// # Errors
    /// When a field is outside its range, naming it and the allowed values.
    pub fn new(rows: usize, lanes: usize, device: &str) -> Result<Self, DesignError> {
        let design = Design {
            columns: 4,
            rows,
            lanes,
            device: device.into(),
            board: None,
            streams: Streams::Wide,
            weights: Weights::Fixed,
        };
        design.validate()?;
        Ok(design)
    }

    /// The same array with another number of columns, 3 or 4.
    ///
    /// # Errors
    /// When it is neither.
    pub fn with_columns(self, columns: usize) -> Result<Self, DesignError> {
        let design = Design { columns, ..self };
        design.validate()?;
        Ok(design)
    }

    /// Reads a design file (JSON).
    ///
    /// # Errors
    /// One sentence that names the file, the field, its value and what is allowed.
    pub fn read(path: &Path) -> Result<Self, DesignError> {
        let name = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|e| DesignError(format!("{name}: cannot read the design file: {e}")))?;
        Self::from_json(&text).map_err(|e| DesignError(format!("{name}: {e}")))
    }

    /// Parses and validates the text of a design file.
    ///
    /// # Errors
    /// One sentence that names the field, its value and what is allowed.
    pub fn from_json(text: &str) -> Result<Self, DesignError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let raw: RawDesign = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let field = error.path().to_string();
            match field.as_str() {
                "." | "?" => DesignError(format!("not a design: {}", error.inner())),
                _ => DesignError(format!("field `{field}`: {}", error.inner())),
            }
        })?;
        reader
            .end()
            .map_err(|error| DesignError(format!("not a design: {error}")))?;
        let design = Design {
            columns: size("columns", raw.columns)?,
            rows: size("rows", raw.rows)?,
            lanes: size("lanes", raw.lanes)?,
            device: raw.device,
            board: raw.board,
            streams: choice("streams", raw.streams, "wide", "bytes", Streams::named)?,
            weights: choice("weights", raw.weights, "fixed", "stream", Weights::named)?,
        };
        design.validate()?;
        Ok(design)
    }

    /// Processing elements.
    pub fn pes(&self) -> usize {
        self.columns * self.rows
    }

    /// Ternary multiply-accumulates a cycle.
    pub fn macs_per_cycle(&self) -> usize {
        self.pes() * self.lanes
    }

    /// The target device.
    pub fn device(&self) -> &'static Device {
        Device::named(&self.device).unwrap_or(&DEVICES[0])
    }

    fn validate(&self) -> Result<(), DesignError> {
        let field = |name, value: usize, low, high| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(DesignError(format!(
                    "field `{name}` is {value}, expected {low} to {high}"
                )))
            }
        };
        field("columns", self.columns, 3, 4)?;
        field("rows", self.rows, 1, MAX_ROWS)?;
        field("lanes", self.lanes, 2, MAX_LANES)?;
        match Device::named(&self.device) {
            Some(_) => Ok(()),
            None => Err(DesignError(format!(
                "field `device` is \"{}\", expected one of {}",
                self.device,
                Device::names()
            ))),
        }
    }
}

/// The file as written: sizes stay signed and wide so that the error can name what was found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDesign {
    columns: i64,
    rows: i64,
    lanes: i64,
    device: String,
    board: Option<String>,
    streams: Option<String>,
    weights: Option<String>,
}

/// A field with two values, the first the default.
fn choice<T>(
    name: &str,
    value: Option<String>,
    first: &str,
    second: &str,
    named: fn(&str) -> Option<T>,
) -> Result<T, DesignError> {
    let value = value.as_deref().unwrap_or(first);
    named(value).ok_or_else(|| {
        DesignError(format!(
            "field `{name}` is \"{value}\", expected \"{first}\" or \"{second}\""
        ))
    })
}

fn size(name: &str, value: i64) -> Result<usize, DesignError> {
    usize::try_from(value).map_err(|_| {
        DesignError(format!(
            "field `{name}` is {value}, expected a positive number"
        ))
    })
}
