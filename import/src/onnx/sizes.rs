//! Lists of sizes that only the run will tell in full: what exporters compute shapes with.

use super::fold::axes::{axis, list};
use super::fold::slice::ranges;
use super::proto::schema::Node;
use super::value::{Axis, Size, Value};
use crate::tensor::{Tensor, Values};

/// The value of a node that computes with sizes; `None` where it is no such node.
pub(super) fn compute(node: &Node, inputs: &[Value]) -> Option<Value> {
    match node.operator {
        "Shape" => {
            let Value::Flow(flow) = inputs.first()? else {
                return None;
            };
            let sizes: Vec<Size> = flow.axes.iter().cloned().map(Size::Axis).collect();
            let place = |name: &str, default: usize| {
                let counted = node.int(name, default as i64);
                let counted = if counted < 0 {
                    counted + sizes.len() as i64
                } else {
                    counted
                };
                counted.clamp(0, sizes.len() as i64) as usize
            };
            let (start, end) = (place("start", 0), place("end", sizes.len()));
            Some(value(sizes.get(start..end)?.to_vec()))
        }
        "Identity" | "Cast" => inputs.first().cloned().filter(is_size),
        "Gather" => {
            let Value::Sizes(sizes) = inputs.first()? else {
                return None;
            };
            let Some(Value::Known(indices)) = inputs.get(1) else {
                return None;
            };
            let size = |index: &i64| Some(sizes[axis(*index, sizes.len()).ok()?].clone());
            let taken: Option<Vec<Size>> = indices.int().ok()?.iter().map(size).collect();
            match indices.shape() {
                [] => Some(Value::Size(taken?.pop()?)),
                [_] => Some(value(taken?)),
                _ => None,
            }
        }
        "Slice" => {
            let Value::Sizes(sizes) = inputs.first()? else {
                return None;
            };
            let [range] = ranges(node, inputs)?[..] else {
                return None;
            };
            let place = |end: i64| {
                let size = sizes.len() as i64;
                let counted = if end < 0 {
                    end.saturating_add(size)
                } else {
                    end
                };
                counted.clamp(0, size) as usize
            };
            let taken = sizes.get(place(range.start)..place(range.end))?;
            (range.step == 1).then(|| value(taken.to_vec()))
        }
        "Unsqueeze" => match inputs.first()? {
            Value::Size(size) => Some(value(vec![size.clone()])),
            _ => None,
        },
        "Squeeze" | "Reshape" => {
            let Value::Sizes(sizes) = inputs.first()? else {
                return None;
            };
            let to_scalar = match node.operator {
                "Squeeze" => true,
                _ => list(node, inputs, "shape", 1)?.is_empty(),
            };
            match (&sizes[..], to_scalar) {
                ([size], true) => Some(Value::Size(size.clone())),
                (_, false) => Some(Value::Sizes(sizes.clone())),
                _ => None,
            }
        }
        "Concat" => {
            let parts: Option<Vec<Vec<Size>>> = inputs.iter().map(sizes).collect();
            Some(value(parts?.concat()))
        }
        "Mul" => {
            let (a, b) = (sizes(inputs.first()?)?, sizes(inputs.get(1)?)?);
            let product = match (&a[..], &b[..]) {
                ([a], [b]) => times(a, b),
                _ => return None,
            };
            match (inputs.first()?, inputs.get(1)?) {
                (Value::Size(_), Value::Size(_)) => Some(Value::Size(product)),
                _ => Some(value(vec![product])),
            }
        }
        _ => None,
    }
}

fn is_size(value: &Value) -> bool {
    matches!(value, Value::Sizes(_) | Value::Size(_))
}

/// A list of sizes, which is a constant where all are numbers.
fn value(sizes: Vec<Size>) -> Value {
    let number = |size: &Size| match size {
        Size::Number(number) => Some(*number),
        _ => None,
    };
    let numbers: Option<Vec<i64>> = sizes.iter().map(number).collect();
    numbers.map_or(Value::Sizes(sizes), |numbers| {
        Value::Known(Tensor::list(numbers))
    })
}

/// A value as a list of sizes; `None` where it is none.
pub(super) fn sizes(value: &Value) -> Option<Vec<Size>> {
    match value {
        Value::Sizes(sizes) => Some(sizes.clone()),
        Value::Size(size) => Some(vec![size.clone()]),
        Value::Known(tensor) => match (tensor.values(), tensor.shape().len()) {
            (Values::Int(values), 0 | 1) => {
                Some(values.iter().copied().map(Size::Number).collect())
            }
            _ => None,
        },
        _ => None,
    }
}

/// A product; axes that are joined are one axis.
fn times(a: &Size, b: &Size) -> Size {
    let axis = |size: &Size| -> Option<Axis> {
        match size {
            Size::Axis(axis) => Some(axis.clone()),
            Size::Number(1) => Some(vec![]),
            _ => None,
        }
    };
    match (axis(a), axis(b)) {
        (Some(a), Some(b)) => Size::Axis([a, b].concat()),
        _ => Size::Unknown,
    }
}
