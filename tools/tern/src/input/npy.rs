//! Inputs as a NumPy array of integers `[time, input_size]`.

use npyz::{DType, Deserialize, NpyFile, NpyHeader, Order, TypeChar};
use tern_model::Model;

use super::{Sequence, range};

/// Most brackets that a header may open; that of an array of integers opens two.
const MAX_BRACKETS: usize = 8;

/// The inputs in the bytes of an NPY file of any integer type, in C or Fortran order.
///
/// # Errors
/// What is wrong with them.
pub fn sequence(bytes: &[u8], model: &Model) -> Result<Sequence, String> {
    let mut data = bytes;
    header_is_sound(bytes)?;
    let header = NpyHeader::from_reader(&mut data).map_err(|error| {
        // A header that is no Python dictionary comes with a drawing of the place.
        let error = error.to_string();
        let sentence = error.split(":  -->").next().unwrap_or_default();
        format!("not an NPY file: {sentence}")
    })?;
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

/// Fails where reading the header would take more than the file is worth: its reader makes room for all of the length that
/// it claims, and takes twice as long for each bracket inside another.
fn header_is_sound(bytes: &[u8]) -> Result<(), String> {
    let (length, rest) = match *bytes {
        [_, _, _, _, _, _, 0 | 1, _, a, b, ref rest @ ..] => {
            (u16::from_le_bytes([a, b]).into(), rest)
        }
        [_, _, _, _, _, _, _, _, a, b, c, d, ref rest @ ..] => {
            (u32::from_le_bytes([a, b, c, d]) as usize, rest)
        }
        _ => return Ok(()),
    };
    let header = rest.get(..length).ok_or_else(|| {
        let there = rest.len();
        format!("not an NPY file: the header has {length} bytes, of which {there} follow")
    })?;
    let brackets = header.iter().filter(|byte| b"([{".contains(byte)).count();
    if brackets > MAX_BRACKETS {
        return Err(format!(
            "not an NPY file of integers: the header opens {brackets} brackets, expected at most {MAX_BRACKETS}"
        ));
    }
    Ok(())
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
