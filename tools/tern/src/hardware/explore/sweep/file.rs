//! The sweep file as written, and the fields of it that are checked alone.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tern_compile::design::Dataflow;
use tern_compile::device::{DEVICES, Device};
use tern_gen_verilog::failure::Failure;
use tern_model::file::{read_text, read_toml};
use tern_report::sweep::Stage;

/// The file: sizes stay signed and wide so that an error can name what was found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    pub stage: String,
    pub networks: Vec<WrittenNetwork>,
    pub devices: Vec<String>,
    #[serde(default = "largest")]
    pub arrays: Vec<String>,
    #[serde(default = "dense")]
    pub dataflows: Vec<String>,
    #[serde(default = "one")]
    pub seeds: Vec<i64>,
}

/// A network: a model file, or sizes of a random one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenNetwork {
    pub name: Option<String>,
    pub model: Option<PathBuf>,
    pub random: Option<WrittenRandom>,
}

/// The options of `tern random`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenRandom {
    pub input_size: i64,
    pub input_bits: Option<i64>,
    pub hidden_size: Vec<i64>,
    pub cell: Option<String>,
    pub outputs: Option<i64>,
    pub every: Option<bool>,
    pub gate_frac: Option<i64>,
    pub hidden_bits: Option<i64>,
    pub seed: Option<i64>,
}

fn largest() -> Vec<String> {
    vec!["largest".to_owned()]
}

fn dense() -> Vec<String> {
    vec![Dataflow::Dense.name().to_owned()]
}

fn one() -> Vec<i64> {
    vec![1]
}

/// An array of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Array {
    /// The one that `gen-verilog` takes where no design is given.
    Largest,
    /// Rows and lanes.
    Sized(usize, usize),
}

impl Array {
    /// As the file spells it.
    pub fn name(self) -> String {
        match self {
            Array::Largest => "largest".to_owned(),
            Array::Sized(rows, lanes) => format!("{rows}x{lanes}"),
        }
    }
}

/// What the fields of a file are refused with.
#[derive(Clone, Copy)]
pub struct Fields<'f> {
    pub file: &'f Path,
}

impl Fields<'_> {
    /// One sentence: file, field, value and what was expected.
    pub fn wrong(self, field: &str, value: impl Display, expected: impl Display) -> Failure {
        let file = self.file.display();
        Failure::input(format!("{file}: {field} is {value}, expected {expected}"))
    }

    /// A number that is in a range.
    pub fn number<T: TryFrom<i64> + PartialOrd + Display>(
        self,
        field: &str,
        value: i64,
        range: RangeInclusive<T>,
    ) -> Result<T, Failure> {
        let number = T::try_from(value).ok().filter(|n| range.contains(n));
        number.ok_or_else(|| {
            let expected = format!("{} to {}", range.start(), range.end());
            self.wrong(field, value, expected)
        })
    }

    /// Every entry of a list that is neither empty nor has one twice.
    fn each<W: PartialEq + Display, T>(
        self,
        field: &str,
        written: &[W],
        read: impl Fn(&str, &W) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        if written.is_empty() {
            return Err(self.wrong(field, "empty", "at least one"));
        }
        let entry = |(k, value): (usize, &W)| {
            let name = format!("{field}[{k}]");
            match written[..k].iter().position(|before| before == value) {
                Some(first) => Err(self.wrong(
                    &name,
                    format!("\"{value}\""),
                    format!("another than {field}[{first}]"),
                )),
                None => read(&name, value),
            }
        };
        written.iter().enumerate().map(entry).collect()
    }
}

/// Reads the text of a sweep file.
///
/// # Errors
/// When it is not TOML, or has other fields or types; one sentence that names file and field.
pub fn parse(file: &Path) -> Result<Written, Failure> {
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", file.display()));
    let unread = |error| refuse(format!("cannot be read: {error}, expected a sweep file"));
    let text = read_text(file).map_err(unread)?;
    read_toml(&text).map_err(refuse)
}

impl Written {
    /// How far the points are taken.
    pub fn stage(&self, fields: Fields) -> Result<Stage, Failure> {
        let stages = [Stage::Estimate, Stage::Route];
        let found = stages.into_iter().find(|stage| stage.name() == self.stage);
        found.ok_or_else(|| {
            let value = format!("\"{}\"", self.stage);
            fields.wrong("stage", value, "\"estimate\" or \"route\"")
        })
    }

    /// The devices, all of them FPGAs.
    pub fn devices(&self, fields: Fields) -> Result<Vec<&'static Device>, Failure> {
        fields.each("devices", &self.devices, |field, name| {
            let fpga = |device: &&Device| device.family.is_some();
            Device::named(name).filter(fpga).ok_or_else(|| {
                let names: Vec<&str> = DEVICES.iter().filter(fpga).map(|d| d.name).collect();
                let expected = format!("one of {}", names.join(", "));
                fields.wrong(field, format!("\"{name}\""), expected)
            })
        })
    }

    /// The arrays.
    pub fn arrays(&self, fields: Fields) -> Result<Vec<Array>, Failure> {
        fields.each("arrays", &self.arrays, |field, text| {
            let wrong = || {
                let expected = "\"largest\", or rows and lanes from 1 and 2 to 64, such as \"6x8\"";
                fields.wrong(field, format!("\"{text}\""), expected)
            };
            if text == "largest" {
                return Ok(Array::Largest);
            }
            let (rows, lanes) = text.split_once('x').ok_or_else(wrong)?;
            let number = |text: &str, least: usize| {
                let number = text.parse().ok();
                // One spelling for one array.
                number.filter(|n: &usize| (least..=64).contains(n) && n.to_string() == text)
            };
            match (number(rows, 1), number(lanes, 2)) {
                (Some(rows), Some(lanes)) => Ok(Array::Sized(rows, lanes)),
                _ => Err(wrong()),
            }
        })
    }

    /// The dataflows.
    pub fn dataflows(&self, fields: Fields) -> Result<Vec<Dataflow>, Failure> {
        fields.each("dataflows", &self.dataflows, |field, name| {
            let mut all = Dataflow::ALL.into_iter();
            all.find(|kind| kind.name() == name).ok_or_else(|| {
                fields.wrong(field, format!("\"{name}\""), "\"dense\" or \"events\"")
            })
        })
    }

    /// The seeds of the placer.
    pub fn seeds(&self, fields: Fields) -> Result<Vec<u32>, Failure> {
        fields.each("seeds", &self.seeds, |field, seed| {
            fields.number(field, *seed, 0..=i32::MAX as u32)
        })
    }
}
