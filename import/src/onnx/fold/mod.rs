//! Nodes whose inputs are constants, computed.

pub(super) mod axes;
mod elementwise;
mod gather;
pub(super) mod slice;

use std::rc::Rc;

use crate::budget::{Budget, elements};
use crate::error::{ImportError, refuse};
use crate::onnx::proto::schema::Node;
use crate::onnx::value::Value;
use crate::tensor::{Tensor, Values};
use axes::{list, order, squeezed, unsqueezed};
use gather::{concatenated, expanded, gathered};

type Result<T> = std::result::Result<T, ImportError>;

/// The outputs of a node of constants; `None` of an operator that is not computed.
///
/// # Errors
/// When the inputs are not those of the operator.
pub(crate) fn fold(
    node: &Node,
    tensors: &[&Tensor],
    inputs: &[Value],
    budget: &Budget,
) -> Result<Option<Vec<Tensor>>> {
    let Some(first) = tensors.first() else {
        return Ok(None);
    };
    let shape = first.shape();
    let one = |tensor: Tensor| Ok(Some(vec![tensor]));
    match node.operator {
        "Identity" | "Dropout" => one((*first).clone()),
        "Cast" => cast(first, node.int("to", 1), budget).map(|t| Some(vec![t])),
        "Shape" => one(Tensor::list(
            shape.iter().map(|size| *size as i64).collect(),
        )),
        "Unsqueeze" => {
            let Some(axes) = list(node, inputs, "axes", 1) else {
                return Ok(None);
            };
            one(first.reshaped(unsqueezed(shape, &axes, || 1)?)?)
        }
        "Squeeze" => {
            let axes = list(node, inputs, "axes", 1);
            let kept = squeezed(shape, axes.as_deref(), |size| *size == 1)?;
            one(first.reshaped(kept)?)
        }
        "Reshape" => {
            let Some(target) = list(node, inputs, "shape", 1) else {
                return Ok(None);
            };
            one(first.reshaped(reshaped(shape, &target, node.int("allowzero", 0) == 0)?)?)
        }
        "Transpose" => {
            let order = order(node, shape.len())?;
            let strides = first.strides();
            let taken = order.iter().map(|axis| shape[*axis]).collect();
            let strides: Vec<isize> = order.iter().map(|axis| strides[*axis]).collect();
            one(first.strided(taken, 0, &strides, budget)?)
        }
        "Expand" => {
            let target = tensors.get(1).map(|target| target.int()).transpose()?;
            one(expanded(first, target.unwrap_or_default(), budget)?)
        }
        "Concat" => one(concatenated(tensors, node.int("axis", 0), budget)?),
        "Gather" => match tensors.get(1) {
            Some(indices) => one(gathered(first, indices, node.int("axis", 0), budget)?),
            None => Ok(None),
        },
        "Slice" | "Split" | "Flatten" => slice::fold(node, first, inputs, budget),
        _ => elementwise::fold(node, tensors, budget),
    }
}

fn reshaped(shape: &[usize], target: &[i64], zero_copies: bool) -> Result<Vec<usize>> {
    let mut sizes = Vec::new();
    for (place, size) in target.iter().enumerate() {
        sizes.push(match size {
            0 if zero_copies => shape.get(place).copied().unwrap_or(0),
            -1 => usize::MAX,
            size => usize::try_from(*size)
                .or_else(|_| refuse(format!("has the size {size} in a shape")))?,
        });
    }
    let open = sizes.iter().position(|size| *size == usize::MAX);
    if let Some(open) = open {
        sizes[open] = 1;
        let (all, others) = (elements(shape)?, elements(&sizes)?);
        sizes[open] = all.checked_div(others).unwrap_or(0);
    }
    Ok(sizes)
}

/// A tensor as elements of another type.
fn cast(tensor: &Tensor, to: i64, budget: &Budget) -> Result<Tensor> {
    let values = match (tensor.values(), to) {
        (Values::Real(values), 1 | 11) => Values::Real(Rc::clone(values)),
        (Values::Int(values), 2..=7 | 9 | 12) => Values::Int(Rc::clone(values)),
        (Values::Int(values), 1 | 11) => {
            budget.take(values.len())?;
            Values::real(values.iter().map(|value| *value as f32).collect())
        }
        (Values::Real(values), 6 | 7) => {
            budget.take(2 * values.len())?;
            Values::int(values.iter().map(|value| *value as i64).collect())
        }
        _ => return refuse("converts a constant to a type other than float32 or integers"),
    };
    Tensor::new(tensor.shape().to_vec(), values)
}
