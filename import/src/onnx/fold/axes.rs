//! The axes that a node names.

use crate::error::{ImportError, refuse};
use crate::onnx::proto::schema::Node;
use crate::onnx::value::Value;

type Result<T> = std::result::Result<T, ImportError>;

/// An axis, counted from the end where it is negative.
///
/// # Errors
/// When there is no such axis.
pub(crate) fn axis(axis: i64, rank: usize) -> Result<usize> {
    let counted = if axis < 0 {
        axis.saturating_add(rank as i64)
    } else {
        axis
    };
    match usize::try_from(counted) {
        Ok(counted) if counted < rank => Ok(counted),
        _ => refuse(format!("has the axis {axis} of a tensor of {rank}")),
    }
}

/// The list in an attribute (in older versions) or in the input `index`.
pub(crate) fn list(node: &Node, inputs: &[Value], name: &str, index: usize) -> Option<Vec<i64>> {
    if let Some(list) = node.ints(name) {
        return Some(list.to_vec());
    }
    match inputs.get(index) {
        Some(Value::Known(tensor)) => Some(tensor.int().ok()?.to_vec()),
        _ => None,
    }
}

/// The order of a transposition, reversed where it is not said.
pub(crate) fn order(node: &Node, rank: usize) -> Result<Vec<usize>> {
    let Some(order) = node.ints("perm") else {
        return Ok((0..rank).rev().collect());
    };
    let axes = order.iter().map(|place| axis(*place, rank));
    let axes = axes.collect::<Result<Vec<usize>>>()?;
    let is_order = axes.len() == rank && (0..rank).all(|place| axes.contains(&place));
    match is_order {
        true => Ok(axes),
        false => refuse(format!("has the order {order:?} of {rank} axes")),
    }
}

/// `axes` with a `new` one at each of `places` of the result.
pub(crate) fn unsqueezed<T: Clone>(
    axes: &[T],
    places: &[i64],
    new: impl Fn() -> T,
) -> Result<Vec<T>> {
    let rank = axes.len() + places.len();
    let places = places.iter().map(|place| axis(*place, rank));
    let places = places.collect::<Result<Vec<usize>>>()?;
    let mut rest = axes.iter();
    let mut all = Vec::new();
    for place in 0..rank {
        match places.contains(&place) {
            true => all.push(new()),
            false => all.extend(rest.next().cloned()),
        }
    }
    match all.len() == rank {
        true => Ok(all),
        false => refuse("inserts an axis twice"),
    }
}

/// `axes` without those at `places`, which are of size 1; without places, without all that are.
pub(crate) fn squeezed<T: Clone>(
    axes: &[T],
    places: Option<&[i64]>,
    is_one: impl Fn(&T) -> bool,
) -> Result<Vec<T>> {
    let Some(places) = places else {
        return Ok(axes.iter().filter(|size| !is_one(size)).cloned().collect());
    };
    let places = places.iter().map(|place| axis(*place, axes.len()));
    let places = places.collect::<Result<Vec<usize>>>()?;
    if places.iter().any(|place| !is_one(&axes[*place])) {
        return refuse("removes an axis that is not of size 1");
    }
    let kept = |place: &usize| !places.contains(place);
    let kept = (0..axes.len()).filter(kept);
    Ok(kept.map(|place| axes[place].clone()).collect())
}
