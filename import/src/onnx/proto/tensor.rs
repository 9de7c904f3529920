//! The elements of a tensor: in the file, or in another beside it.

use super::schema::TensorProto;
use super::wire::{Field, Fields};
use crate::beside::Beside;
use crate::budget::{Budget, elements};
use crate::error::{ImportError, refuse};
use crate::tensor::{Tensor, Values};

/// Numbers of the types in `onnx.proto` that are read: name, number, bytes of an element.
const TYPES: [(&str, i64, usize); 10] = [
    ("float32", 1, 4),
    ("uint8", 2, 1),
    ("int8", 3, 1),
    ("uint16", 4, 2),
    ("int16", 5, 2),
    ("int32", 6, 4),
    ("int64", 7, 8),
    ("bool", 9, 1),
    ("float64", 11, 8),
    ("uint32", 12, 4),
];
/// Types that are refused by name.
const REFUSED: [(&str, i64); 6] = [
    ("string", 8),
    ("float16", 10),
    ("uint64", 13),
    ("bfloat16", 16),
    ("uint4", 21),
    ("int4", 22),
];

/// The tensor of a description.
///
/// # Errors
/// When its type is not read, or its elements are missing or of another number.
pub(crate) fn read(
    proto: &TensorProto,
    beside: &Beside,
    budget: &Budget,
) -> Result<Tensor, ImportError> {
    let place = |error: ImportError| error.at(format!("tensor {}", proto.name));
    values(proto, beside, budget).map_err(place)
}

fn values(proto: &TensorProto, beside: &Beside, budget: &Budget) -> Result<Tensor, ImportError> {
    let size = |dim: &i64| {
        usize::try_from(*dim)
            .or_else(|_| refuse(format!("has a size of {dim}, expected 0 or more")))
    };
    let shape = proto.dims.iter().map(size).collect::<Result<Vec<_>, _>>()?;
    let count = elements(&shape)?;
    let number = proto.data_type;
    let Some((_, _, bytes)) = TYPES.iter().find(|(_, known, _)| *known == number) else {
        let name = REFUSED.iter().find(|(_, known)| *known == number);
        let name = name.map_or(format!("of type {number}"), |(name, _)| (*name).to_owned());
        return refuse(format!(
            "is {name}, expected float32: convert the network before it is exported"
        ));
    };
    let is_real = matches!(number, 1 | 11);
    budget.take(count.saturating_mul(if is_real { 1 } else { 2 }))?;
    let length = count.saturating_mul(*bytes);
    let values = if proto.is_external {
        let raw = beside.range(&proto.external, length, budget)?;
        from_raw(number, &raw)
    } else {
        match raw(proto.body)? {
            Some(raw) if raw.len() != length => {
                return refuse(format!("has {} bytes, expected {length}", raw.len()));
            }
            Some(raw) => from_raw(number, raw),
            None => from_fields(number, proto.body, count)?,
        }
    };
    let limits = match number {
        2 => Some([0, 255]),
        3 => Some([-128, 127]),
        _ => None,
    };
    Ok(Tensor::new(shape, values)?.with_limits(limits))
}

/// The bytes of the elements where they stand as such.
fn raw(body: &[u8]) -> Result<Option<&[u8]>, ImportError> {
    let mut raw = None;
    for field in Fields(body) {
        if let (9, field) = field? {
            raw = Some(field.bytes()?);
        }
    }
    Ok(raw)
}

fn from_raw(number: i64, raw: &[u8]) -> Values {
    fn all<const N: usize, T>(raw: &[u8], value: impl Fn([u8; N]) -> T) -> Vec<T> {
        raw.as_chunks::<N>()
            .0
            .iter()
            .map(|bytes| value(*bytes))
            .collect()
    }
    match number {
        1 => Values::real(all(raw, f32::from_le_bytes)),
        11 => Values::real(all(raw, |bytes| f64::from_le_bytes(bytes) as f32)),
        3 => Values::int(all(raw, |[byte]: [u8; 1]| i64::from(byte as i8))),
        4 => Values::int(all(raw, |bytes| u16::from_le_bytes(bytes).into())),
        5 => Values::int(all(raw, |bytes| i16::from_le_bytes(bytes).into())),
        6 => Values::int(all(raw, |bytes| i32::from_le_bytes(bytes).into())),
        7 => Values::int(all(raw, i64::from_le_bytes)),
        12 => Values::int(all(raw, |bytes| u32::from_le_bytes(bytes).into())),
        _ => Values::int(all(raw, |[byte]: [u8; 1]| byte.into())),
    }
}

/// Elements in the fields of their type: `float_data`, `int32_data`, `int64_data`, `double_data` or `uint64_data`.
fn from_fields(number: i64, body: &[u8], count: usize) -> Result<Values, ImportError> {
    let list = match number {
        1 => 4,
        7 => 7,
        11 => 10,
        12 => 11,
        _ => 5,
    };
    // What is counted already bounds them.
    let counted = Budget::of(4 * body.len());
    let (mut reals, mut ints) = (Vec::new(), Vec::new());
    for field in Fields(body) {
        let (field_number, field) = field?;
        match (field_number == list, number, field) {
            (false, ..) => (),
            (_, 1, _) => field.floats(&mut reals, &counted)?,
            (_, 11, Field::Bytes(bytes)) => {
                let chunks = bytes.as_chunks::<8>().0.iter();
                reals.extend(chunks.map(|bytes| f64::from_le_bytes(*bytes) as f32));
            }
            (_, 11, Field::Fixed64(bytes)) => reals.push(f64::from_le_bytes(bytes) as f32),
            _ => field.ints(&mut ints, &counted)?,
        }
        if reals.len().max(ints.len()) > count {
            return refuse(format!(
                "has more elements than {count}, the size of its shape"
            ));
        }
    }
    Ok(match number {
        1 | 11 => Values::real(reals),
        _ => Values::int(ints),
    })
}
