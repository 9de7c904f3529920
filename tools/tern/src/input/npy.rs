//! Inputs as a NumPy array of integers `[time, input_size]`.

use std::path::Path;

use npyz::{DType, Deserialize, NpyFile, NpyHeader, Order, TypeChar};
use tern_gen_verilog::Failure;
use tern_model::Model;

use super::{Sequence, range};

/// Reads an NPY file of any integer type, in C or Fortran order.
pub fn read(path: &Path, model: &Model) -> Result<Sequence, Failure> {
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    sequence(&bytes, model).map_err(refuse)
}

/// The inputs in the bytes of a file, or what is wrong with them.
fn sequence(bytes: &[u8], model: &Model) -> Result<Sequence, String> {
    let mut data = bytes;
    let header =
        NpyHeader::from_reader(&mut data).map_err(|error| format!("not an NPY file: {error}"))?;
    let (steps, columns) = sizes(&header, model)?;
    let values = integers(header.clone(), data, steps.saturating_mul(columns))?;
    let at = |step: usize, column: usize| match header.order() {
        Order::C => values[step * columns + column],
        Order::Fortran => values[column * steps + step],
    };
    let (low, high) = range(model);
    let element = |step: usize, column: usize| {
        let value = at(step, column);
        match i32::try_from(value) {
            Ok(value) if (low..=high).contains(&value) => Ok(value),
            _ => Err(format!(
                "element [{step}, {column}] is {value}, expected an integer from {low} to {high}"
            )),
        }
    };
    (0..steps)
        .map(|step| (0..columns).map(|column| element(step, column)).collect())
        .collect()
}

/// Time steps and columns, which must be the model's input size.
fn sizes(header: &NpyHeader, model: &Model) -> Result<(usize, usize), String> {
    let wrong = || {
        format!(
            "the shape is {:?}, expected [time, {}], the input size of the model",
            header.shape(),
            model.input_size
        )
    };
    match *header.shape() {
        [steps, columns] if columns == model.input_size as u64 => Ok((
            usize::try_from(steps).map_err(|_| wrong())?,
            model.input_size,
        )),
        _ => Err(wrong()),
    }
}

/// The elements in the order of the file: exactly `count` of them.
fn integers(header: NpyHeader, data: &[u8], count: usize) -> Result<Vec<i128>, String> {
    let kind = match header.dtype() {
        DType::Plain(kind) => (kind.type_char(), kind.size_field()),
        _ => (TypeChar::RawData, 0),
    };
    let dtype = header.dtype().descr();
    let read = match kind {
        (TypeChar::Int, 1) => elements::<i8>,
        (TypeChar::Int, 2) => elements::<i16>,
        (TypeChar::Int, 4) => elements::<i32>,
        (TypeChar::Int, 8) => elements::<i64>,
        (TypeChar::Uint, 1) => elements::<u8>,
        (TypeChar::Uint, 2) => elements::<u16>,
        (TypeChar::Uint, 4) => elements::<u32>,
        (TypeChar::Uint, 8) => elements::<u64>,
        _ => return Err(format!("the type is {dtype}, expected integers")),
    };
    let expected = count.checked_mul(kind.1 as usize);
    if expected != Some(data.len()) {
        return Err(format!(
            "{} bytes follow the header, expected {count} elements of {} bytes",
            data.len(),
            kind.1
        ));
    }
    read(header, data).map_err(|error| format!("cannot be read: {error}"))
}

fn elements<T: Deserialize + Into<i128>>(
    header: NpyHeader,
    data: &[u8],
) -> std::io::Result<Vec<i128>> {
    let values = NpyFile::with_header(header, data).into_vec::<T>()?;
    Ok(values.into_iter().map(Into::into).collect())
}
