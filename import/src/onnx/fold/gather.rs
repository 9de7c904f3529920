//! Constants that are joined, repeated and picked from.

use super::axes::axis;
use crate::budget::{Budget, elements};
use crate::error::{ImportError, refuse};
use crate::tensor::{Tensor, Values};

type Result<T> = std::result::Result<T, ImportError>;

/// `tensor` repeated to the shape `target`.
pub(super) fn expanded(tensor: &Tensor, target: &[i64], budget: &Budget) -> Result<Tensor> {
    let (shape, strides) = (tensor.shape(), tensor.strides());
    let rank = shape.len().max(target.len());
    let (mut sizes, mut steps) = (vec![0; rank], vec![0; rank]);
    for place in 0..rank {
        let own = (place + shape.len()).checked_sub(rank);
        let wanted = (place + target.len()).checked_sub(rank);
        let own_size = own.map_or(1, |place| shape[place]);
        let wanted = wanted.map_or(1, |place| target[place]);
        let wanted = usize::try_from(wanted).or_else(|_| refuse("has a negative size"))?;
        (sizes[place], steps[place]) = match (own_size, wanted, own) {
            (1, wanted, _) => (wanted, 0),
            (own_size, wanted, Some(place)) if wanted == 1 || wanted == own_size => {
                (own_size, strides[place])
            }
            _ => return refuse(format!("cannot be expanded from {shape:?} to {target:?}")),
        };
    }
    tensor.strided(sizes, 0, &steps, budget)
}

/// `tensors` one after the other along an axis.
pub(super) fn concatenated(tensors: &[&Tensor], along: i64, budget: &Budget) -> Result<Tensor> {
    let mut shape = tensors[0].shape().to_vec();
    let along = axis(along, shape.len())?;
    let outer = elements(&shape[..along])?;
    let mut total = 0usize;
    for tensor in tensors {
        let mut like = tensor.shape().to_vec();
        let Some(size) = like.get(along).copied() else {
            return refuse("joins tensors of other numbers of axes");
        };
        total = total.saturating_add(size);
        like[along] = shape[along];
        if like != shape {
            return refuse("joins tensors of other shapes");
        }
    }
    shape[along] = total;
    let count = elements(&shape)?;
    fn joined<'t, T: Copy + 't>(outer: usize, parts: &[&'t [T]]) -> Vec<T> {
        let block = |row: usize, part: &&'t [T]| {
            let size = part.len() / outer;
            &part[row * size..][..size]
        };
        let rows = (0..outer).flat_map(|row| parts.iter().flat_map(move |part| block(row, part)));
        rows.copied().collect()
    }
    if count == 0 {
        let values = match tensors[0].values() {
            Values::Real(_) => Values::real(vec![]),
            Values::Int(_) => Values::int(vec![]),
        };
        return Tensor::new(shape, values);
    }
    let values = match tensors[0].values() {
        Values::Real(_) => {
            budget.take(count)?;
            let parts = tensors.iter().map(|tensor| tensor.real());
            Values::real(joined(outer, &parts.collect::<Result<Vec<_>>>()?))
        }
        Values::Int(_) => {
            budget.take(count.saturating_mul(2))?;
            let parts = tensors.iter().map(|tensor| tensor.int());
            Values::int(joined(outer, &parts.collect::<Result<Vec<_>>>()?))
        }
    };
    Tensor::new(shape, values)
}

/// The elements at `indices` of an axis.
pub(super) fn gathered(
    tensor: &Tensor,
    indices: &Tensor,
    along: i64,
    budget: &Budget,
) -> Result<Tensor> {
    let shape = tensor.shape();
    let along = axis(along, shape.len())?;
    let places = indices
        .int()?
        .iter()
        .map(|index| axis(*index, shape[along]));
    let places = places.collect::<Result<Vec<usize>>>()?;
    // A part is a structure even where it has no element.
    budget.take(places.len().saturating_mul(64))?;
    let one = |place: &usize| {
        let strides = tensor.strides();
        let mut taken = shape.to_vec();
        taken[along] = 1;
        let offset = strides[along].saturating_mul(*place as isize);
        tensor.strided(taken, offset, &strides, budget)
    };
    let parts = places.iter().map(one).collect::<Result<Vec<Tensor>>>()?;
    let mut sizes = shape[..along].to_vec();
    sizes.extend(indices.shape());
    sizes.extend(&shape[along + 1..]);
    match parts.is_empty() {
        true => refuse("takes no element"),
        false => {
            let parts: Vec<&Tensor> = parts.iter().collect();
            concatenated(&parts, along as i64, budget)?.reshaped(sizes)
        }
    }
}
