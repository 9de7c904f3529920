//! The numbers that a table can have: integers, or real ones.

use std::fmt::Display;
use std::io;
use std::str::FromStr;

use half::f16;
use npyz::{Deserialize, NpyFile, NpyHeader, TypeChar};

/// Reads all elements behind a header.
pub type Reader<T> = fn(NpyHeader, &[u8]) -> io::Result<Vec<T>>;

/// An element of a table.
pub trait Element: Copy + Display + FromStr {
    /// The types of an NPY file that are read, in words.
    const TYPES: &'static str;

    /// The reader of an NPY file whose elements have this type and as many bytes.
    fn reader(kind: TypeChar, bytes: u64) -> Option<Reader<Self>>;
}

impl Element for i128 {
    const TYPES: &'static str =
        "integers of 1 to 8 bytes, booleans, or floats of 2, 4 or 8 that are whole numbers";

    fn reader(kind: TypeChar, bytes: u64) -> Option<Reader<i128>> {
        Some(match (kind, bytes) {
            (TypeChar::Bool, 1) => |header, data| {
                let values = NpyFile::with_header(header, data).into_vec::<bool>()?;
                Ok(values.into_iter().map(i128::from).collect())
            },
            (TypeChar::Float, 2) => |header, data| whole(elements::<f16, f64>(header, data)?),
            (TypeChar::Float, 4) => |header, data| whole(elements::<f32, f64>(header, data)?),
            (TypeChar::Float, 8) => |header, data| whole(elements::<f64, f64>(header, data)?),
            (TypeChar::Int, 1) => elements::<i8, i128>,
            (TypeChar::Int, 2) => elements::<i16, i128>,
            (TypeChar::Int, 4) => elements::<i32, i128>,
            (TypeChar::Int, 8) => elements::<i64, i128>,
            (TypeChar::Uint, 1) => elements::<u8, i128>,
            (TypeChar::Uint, 2) => elements::<u16, i128>,
            (TypeChar::Uint, 4) => elements::<u32, i128>,
            (TypeChar::Uint, 8) => elements::<u64, i128>,
            _ => return None,
        })
    }
}

impl Element for f64 {
    const TYPES: &'static str = "floats of 2, 4 or 8 bytes, integers of 1 to 8 or booleans";

    fn reader(kind: TypeChar, bytes: u64) -> Option<Reader<f64>> {
        Some(match (kind, bytes) {
            (TypeChar::Bool, 1) => |header, data| {
                let values = NpyFile::with_header(header, data).into_vec::<bool>()?;
                Ok(values.into_iter().map(f64::from).collect())
            },
            (TypeChar::Float, 2) => elements::<f16, f64>,
            (TypeChar::Float, 4) => elements::<f32, f64>,
            (TypeChar::Float, 8) => elements::<f64, f64>,
            (TypeChar::Int, 1) => elements::<i8, f64>,
            (TypeChar::Int, 2) => elements::<i16, f64>,
            (TypeChar::Int, 4) => elements::<i32, f64>,
            (TypeChar::Int, 8) => |header, data| {
                // Beyond 2^53 the nearest: features are scaled to at most 8 bits.
                let values = NpyFile::with_header(header, data).into_vec::<i64>()?;
                Ok(values.into_iter().map(|value| value as f64).collect())
            },
            (TypeChar::Uint, 1) => elements::<u8, f64>,
            (TypeChar::Uint, 2) => elements::<u16, f64>,
            (TypeChar::Uint, 4) => elements::<u32, f64>,
            (TypeChar::Uint, 8) => |header, data| {
                let values = NpyFile::with_header(header, data).into_vec::<u64>()?;
                Ok(values.into_iter().map(|value| value as f64).collect())
            },
            _ => return None,
        })
    }
}

fn elements<S: Deserialize + Into<T>, T>(header: NpyHeader, data: &[u8]) -> io::Result<Vec<T>> {
    let values = NpyFile::with_header(header, data).into_vec::<S>()?;
    Ok(values.into_iter().map(Into::into).collect())
}

/// Floats that are whole numbers, as such.
fn whole(values: Vec<f64>) -> io::Result<Vec<i128>> {
    let whole = |value: f64| {
        let is_whole = value.fract() == 0.0;
        let problem = || io::Error::other(format!("a number is {value}, expected a whole one"));
        is_whole.then_some(value as i128).ok_or_else(problem)
    };
    values.into_iter().map(whole).collect()
}

/// What a table must hold.
#[derive(Clone, Copy)]
pub struct Wanted<'a, T> {
    /// Its columns, which are the input size of a model; without, as many as the first line has.
    pub columns: Option<usize>,
    /// What an element must be, in words.
    pub element: &'a str,
    /// Whether an element is that.
    pub holds: &'a dyn Fn(&T) -> bool,
}
