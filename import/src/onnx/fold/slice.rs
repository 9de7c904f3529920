//! Parts of constants: Slice, Split and Flatten.

use super::axes::{axis, list};
use crate::budget::{Budget, elements};
use crate::error::{ImportError, refuse};
use crate::onnx::proto::schema::Node;
use crate::onnx::value::Value;
use crate::tensor::Tensor;

/// What a Slice takes of one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub axis: i64,
    pub start: i64,
    pub end: i64,
    pub step: i64,
}

/// What a Slice takes; `None` where only the run will tell.
pub(crate) fn ranges(node: &Node, inputs: &[Value]) -> Option<Vec<Range>> {
    let starts = list(node, inputs, "starts", 1)?;
    let ends = list(node, inputs, "ends", 2)?;
    let is_given = |index: usize| !node.input(index).is_empty();
    let axes = match node.ints("axes").is_some() || is_given(3) {
        true => list(node, inputs, "axes", 3)?,
        false => (0..starts.len() as i64).collect(),
    };
    let steps = match is_given(4) {
        true => list(node, inputs, "steps", 4)?,
        false => vec![1; starts.len()],
    };
    let lengths = [starts.len(), ends.len(), axes.len(), steps.len()];
    if lengths.iter().any(|length| *length != lengths[0]) {
        return None;
    }
    let range = |place: usize| Range {
        axis: axes[place],
        start: starts[place],
        end: ends[place],
        step: steps[place],
    };
    Some((0..starts.len()).map(range).collect())
}

/// Sizes of the parts of a Split along an axis of `size`; `None` where only the run will tell.
pub(crate) fn split_sizes(
    node: &Node,
    inputs: &[Value],
    size: Option<usize>,
) -> Option<Vec<usize>> {
    if node.ints("split").is_some() || !node.input(1).is_empty() {
        let sizes = list(node, inputs, "split", 1)?;
        return sizes
            .iter()
            .map(|size| usize::try_from(*size).ok())
            .collect();
    }
    let (size, parts) = (size?, node.outputs.len());
    let part = size.div_ceil(parts.max(1));
    let sizes = (0..parts).map(|place| part.min(size.saturating_sub(place * part)));
    Some(sizes.collect())
}

pub(super) fn fold(
    node: &Node,
    tensor: &Tensor,
    inputs: &[Value],
    budget: &Budget,
) -> Result<Option<Vec<Tensor>>, ImportError> {
    let shape = tensor.shape();
    match node.operator {
        "Slice" => match ranges(node, inputs) {
            Some(ranges) => Ok(Some(vec![slice(tensor, &ranges, budget)?])),
            None => Ok(None),
        },
        "Split" => {
            let along = axis(node.int("axis", 0), shape.len())?;
            let Some(sizes) = split_sizes(node, inputs, Some(shape[along])) else {
                return Ok(None);
            };
            let mut start = 0;
            let mut parts = Vec::new();
            for size in sizes.iter().take(node.outputs.len()) {
                let range = Range {
                    axis: along as i64,
                    start,
                    end: start.saturating_add(*size as i64),
                    step: 1,
                };
                parts.push(slice(tensor, &[range], budget)?);
                start = range.end;
            }
            Ok(Some(parts))
        }
        _ => {
            let along = node.int("axis", 1);
            let along = match along == shape.len() as i64 {
                true => shape.len(),
                false => axis(along, shape.len())?,
            };
            let sizes = vec![elements(&shape[..along])?, elements(&shape[along..])?];
            Ok(Some(vec![tensor.reshaped(sizes)?]))
        }
    }
}

fn slice(tensor: &Tensor, ranges: &[Range], budget: &Budget) -> Result<Tensor, ImportError> {
    let mut shape = tensor.shape().to_vec();
    let mut strides = tensor.strides();
    let mut offset = 0isize;
    for range in ranges {
        let along = axis(range.axis, shape.len())?;
        let size = shape[along] as i64;
        let (low, high) = match range.step {
            0 => return refuse("has a step of 0"),
            1.. => (0, size),
            _ => (-1, size - 1),
        };
        let place = |end: i64| {
            let counted = if end < 0 {
                end.saturating_add(size)
            } else {
                end
            };
            counted.clamp(low, high)
        };
        let (start, end) = (place(range.start), place(range.end));
        let distance = (end - start) * range.step.signum();
        let taken = distance.max(0) as u64;
        shape[along] = taken.div_ceil(range.step.unsigned_abs()) as usize;
        offset = offset.saturating_add(strides[along].saturating_mul(start.max(0) as isize));
        strides[along] = strides[along].saturating_mul(range.step as isize);
    }
    tensor.strided(shape, offset, &strides, budget)
}
