//! A table as a NumPy array.

use std::io;

use npyz::{DType, NpyHeader, Order, TypeChar};

use super::element::{Element, Wanted};

/// Most brackets that a header may open; that of an array of numbers opens two.
const MAX_BRACKETS: usize = 8;

/// The table `[time][columns]` in the bytes of an NPY file, in C or Fortran order.
///
/// # Errors
/// What is wrong with it.
pub fn npy<T: Element>(bytes: &[u8], wanted: &Wanted<T>) -> Result<Vec<Vec<T>>, String> {
    let mut data = bytes;
    header_is_sound(bytes)?;
    let header = NpyHeader::from_reader(&mut data).map_err(|error| {
        let error = match error.kind() {
            io::ErrorKind::UnexpectedEof => "it ends within its header".to_owned(),
            _ => error
                .to_string()
                .replace("cannot be larger than u64", "takes more than 64 bits"),
        };
        // A header that is no Python dictionary comes with a drawing of the place.
        let sentence = error.split("-->").next().unwrap_or_default();
        let sentence = sentence.trim_end_matches([' ', ':']);
        format!("not an NPY file: {sentence}, expected what numpy.save writes")
    })?;
    let (steps, columns) = sizes(&header, wanted.columns)?;
    let order = header.order();
    let values: Vec<T> = elements(header, data, steps as u128 * columns as u128)?;
    let element = |step: usize, column: usize| {
        let value = match order {
            Order::C => values[step * columns + column],
            Order::Fortran => values[column * steps + step],
        };
        match (wanted.holds)(&value) {
            true => Ok(value),
            false => Err(format!(
                "element [{step}, {column}] is {value}, expected {}",
                wanted.element
            )),
        }
    };
    (0..steps)
        .map(|step| (0..columns).map(|column| element(step, column)).collect())
        .collect()
}

/// Fails where reading the header would take more than the file is worth: its reader makes room for all of the length that
/// it claims, takes twice as long for each bracket inside another, and megabytes for a string of escapes.
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
            "not an NPY file of numbers: the header opens {brackets} brackets, expected at most {MAX_BRACKETS}"
        ));
    }
    match header.contains(&b'\\') {
        true => {
            Err("not an NPY file of numbers: the header has a backslash, expected none".to_owned())
        }
        false => Ok(()),
    }
}

/// Time steps and columns, at least one of these.
fn sizes(header: &NpyHeader, expected: Option<usize>) -> Result<(usize, usize), String> {
    let wrong = || {
        let expected = match expected {
            Some(columns) => format!("[time, {columns}], the input size of the model"),
            None => "[time, features]".to_owned(),
        };
        format!("the shape is {:?}, expected {expected}", header.shape())
    };
    let [steps, columns] = *header.shape() else {
        return Err(wrong());
    };
    let size = |size: u64| usize::try_from(size).map_err(|_| wrong());
    let (steps, columns) = (size(steps)?, size(columns)?);
    match columns > 0 && expected.is_none_or(|expected| columns == expected) {
        true => Ok((steps, columns)),
        false => Err(wrong()),
    }
}

/// The elements in the order of the file: exactly `count` of them.
fn elements<T: Element>(header: NpyHeader, data: &[u8], count: u128) -> Result<Vec<T>, String> {
    let (kind, bytes) = match header.dtype() {
        DType::Plain(kind) => (kind.type_char(), kind.size_field()),
        _ => (TypeChar::RawData, 0),
    };
    let reader = T::reader(kind, bytes).ok_or_else(|| {
        let dtype = header.dtype().descr();
        format!("the type is {dtype}, expected {}", T::TYPES)
    })?;
    // Two sizes of 64 bits and a size of few bytes: too large for 128 bits is too large for any file.
    if count.checked_mul(bytes.into()) != Some(data.len() as u128) {
        return Err(format!(
            "{} bytes follow the header, expected {count} elements of {bytes} bytes",
            data.len()
        ));
    }
    reader(header, data).map_err(|error| format!("cannot be read: {error}"))
}
