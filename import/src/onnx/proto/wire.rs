//! The wire format of protocol buffers, read without copies.
//!
//! A message of two bytes may stand for a structure of hundreds: what is made of a file is counted against its
//! [`Budget`], which generated readers have no place for.

use std::str::from_utf8;

use crate::budget::Budget;
use crate::error::{ImportError, refuse};

/// The value of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field<'a> {
    /// A number of 7 bits per byte.
    Varint(u64),
    /// 8 bytes.
    Fixed64([u8; 8]),
    /// 4 bytes.
    Fixed32([u8; 4]),
    /// A text, a message or a packed list.
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    pub fn bytes(self) -> Result<&'a [u8], ImportError> {
        match self {
            Field::Bytes(bytes) => Ok(bytes),
            _ => refuse("not an ONNX file: a number stands where a message is expected"),
        }
    }

    pub fn text(self) -> Result<&'a str, ImportError> {
        from_utf8(self.bytes()?)
            .map_err(|_| ImportError::new("not an ONNX file: a name is not UTF-8"))
    }

    pub fn int(self) -> Result<i64, ImportError> {
        match self {
            Field::Varint(value) => Ok(value as i64),
            _ => refuse("not an ONNX file: a message stands where a number is expected"),
        }
    }

    pub fn float(self) -> Result<f32, ImportError> {
        match self {
            Field::Fixed32(bytes) => Ok(f32::from_le_bytes(bytes)),
            _ => refuse("not an ONNX file: something else stands where a float is expected"),
        }
    }

    /// Adds the integers of a list's field, packed or one alone.
    pub fn ints(self, list: &mut Vec<i64>, budget: &Budget) -> Result<(), ImportError> {
        let Field::Bytes(mut bytes) = self else {
            budget.take(4)?;
            list.push(self.int()?);
            return Ok(());
        };
        while !bytes.is_empty() {
            budget.take(4)?;
            list.push(varint(&mut bytes)? as i64);
        }
        Ok(())
    }

    /// Adds the floats of a list's field, packed or one alone.
    pub fn floats(self, list: &mut Vec<f32>, budget: &Budget) -> Result<(), ImportError> {
        match self {
            Field::Bytes(bytes) => {
                budget.take(bytes.len() / 2)?;
                let (floats, rest) = bytes.as_chunks::<4>();
                list.extend(floats.iter().map(|bytes| f32::from_le_bytes(*bytes)));
                match rest.is_empty() {
                    true => Ok(()),
                    false => refuse("not an ONNX file: a list of floats ends inside of one"),
                }
            }
            _ => {
                budget.take(2)?;
                list.push(self.float()?);
                Ok(())
            }
        }
    }
}

/// The fields of a message, in the order of the file.
pub(crate) struct Fields<'a>(pub &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Field<'a>), ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = field(&mut self.0);
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

fn field<'a>(bytes: &mut &'a [u8]) -> Result<(u64, Field<'a>), ImportError> {
    let key = varint(bytes)?;
    let value = match key & 7 {
        0 => Field::Varint(varint(bytes)?),
        1 => Field::Fixed64(fixed(bytes)?),
        2 => {
            let length = varint(bytes)?;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            Field::Bytes(take(bytes, length)?)
        }
        5 => Field::Fixed32(fixed(bytes)?),
        kind => {
            return refuse(format!(
                "not an ONNX file: a field is of kind {kind}, expected 0, 1, 2 or 5"
            ));
        }
    };
    Ok((key >> 3, value))
}

fn fixed<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], ImportError> {
    let taken = take(bytes, N)?;
    taken.try_into().or_else(|_| cut())
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], ImportError> {
    match bytes.split_at_checked(length) {
        Some((taken, rest)) => {
            *bytes = rest;
            Ok(taken)
        }
        None => cut(),
    }
}

fn cut<T>() -> Result<T, ImportError> {
    refuse("not a whole ONNX file: it ends inside of a field")
}

/// A number of 7 bits per byte, at most 10 of them.
fn varint(bytes: &mut &[u8]) -> Result<u64, ImportError> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let [byte] = fixed(bytes)?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    refuse("not an ONNX file: a number has more than 10 bytes")
}
