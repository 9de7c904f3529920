//! Arithmetic on constants, and the way to and from integers of quantized weights.

use crate::budget::{Budget, elements};
use crate::error::{ImportError, refuse};
use crate::onnx::proto::schema::Node;
use crate::tensor::{Tensor, Values};

type Result<T> = std::result::Result<T, ImportError>;

pub(super) fn fold(
    node: &Node,
    tensors: &[&Tensor],
    budget: &Budget,
) -> Result<Option<Vec<Tensor>>> {
    let result = match (node.operator, tensors) {
        ("Add" | "Sub" | "Mul" | "Div", [a, b]) => arithmetic(node.operator, a, b, budget)?,
        ("Clip", [x, limits @ ..]) => clipped(node, x, limits, budget)?,
        ("DequantizeLinear", [x, constants @ ..]) => dequantized(node, x, constants, budget)?,
        ("QuantizeLinear", [x, constants @ ..]) => quantized(node, x, constants, budget)?,
        _ => return Ok(None),
    };
    Ok(Some(vec![result]))
}

/// The element of `tensor` that meets each element of `shape`, by the rules of NumPy.
fn broadcast(tensor: &Tensor, shape: &[usize], budget: &Budget) -> Result<Tensor> {
    let (own, strides) = (tensor.shape(), tensor.strides());
    let mut steps = vec![0; shape.len()];
    for (place, size) in shape.iter().enumerate() {
        let Some(axis) = (place + own.len()).checked_sub(shape.len()) else {
            continue;
        };
        steps[place] = match own[axis] {
            1 => 0,
            same if same == *size => strides[axis],
            _ => return refuse(format!("meets shapes {own:?} and {shape:?}")),
        };
    }
    tensor.strided(shape.to_vec(), 0, &steps, budget)
}

fn arithmetic(operator: &str, a: &Tensor, b: &Tensor, budget: &Budget) -> Result<Tensor> {
    let rank = a.shape().len().max(b.shape().len());
    let size = |tensor: &Tensor, place: usize| {
        let axis = (place + tensor.shape().len()).checked_sub(rank);
        axis.map_or(1, |axis| tensor.shape()[axis])
    };
    let both = |place: usize| match (size(a, place), size(b, place)) {
        (1, other) | (other, 1) => other,
        (size, _) => size,
    };
    let shape: Vec<usize> = (0..rank).map(both).collect();
    let (a, b) = (broadcast(a, &shape, budget)?, broadcast(b, &shape, budget)?);
    let count = elements(&shape)?;
    budget.take(2 * count)?;
    let values = match (a.values(), b.values()) {
        (Values::Real(a), Values::Real(b)) => {
            let compute = |(a, b): (&f32, &f32)| match operator {
                "Add" => a + b,
                "Sub" => a - b,
                "Mul" => a * b,
                _ => a / b,
            };
            Values::real(a.iter().zip(b.iter()).map(compute).collect())
        }
        (Values::Int(a), Values::Int(b)) => {
            let compute = |(a, b): (&i64, &i64)| match operator {
                "Add" => a.checked_add(*b),
                "Sub" => a.checked_sub(*b),
                "Mul" => a.checked_mul(*b),
                _ => a.checked_div(*b),
            };
            let values: Option<Vec<i64>> = a.iter().zip(b.iter()).map(compute).collect();
            match values {
                Some(values) => Values::int(values),
                None => return refuse("computes with integers beyond 64 bits"),
            }
        }
        _ => return refuse("mixes integers and real numbers"),
    };
    Tensor::new(shape, values)
}

fn clipped(node: &Node, x: &Tensor, limits: &[&Tensor], budget: &Budget) -> Result<Tensor> {
    budget.take(2 * elements(x.shape())?)?;
    let scalar = |index: usize, name: &str, default: f32| -> Result<f64> {
        match limits.get(index).map(|limit| limit.values()) {
            None => Ok(node.float(name, default).into()),
            Some(Values::Real(values)) => Ok(values.first().copied().unwrap_or(default).into()),
            Some(Values::Int(values)) => Ok(values.first().map_or(default.into(), |v| *v as f64)),
        }
    };
    let low = scalar(0, "min", f32::MIN)?;
    let high = scalar(1, "max", f32::MAX)?;
    if low.is_nan() || high.is_nan() || low > high {
        return refuse(format!("clips to {low} to {high}"));
    }
    let values = match x.values() {
        Values::Real(x) => {
            Values::real(x.iter().map(|x| x.clamp(low as f32, high as f32)).collect())
        }
        Values::Int(x) => Values::int(
            x.iter()
                .map(|x| (*x).clamp(low as i64, high as i64))
                .collect(),
        ),
    };
    Tensor::new(x.shape().to_vec(), values)
}

/// Constants of a scale or zero point `[C]` along an axis, or one for all, as they meet `x`.
fn along(node: &Node, constants: &Tensor, x: &Tensor, budget: &Budget) -> Result<Tensor> {
    let one = elements(constants.shape())? == 1;
    if one {
        let scalar = constants.reshaped(vec![1; x.shape().len()])?;
        return broadcast(&scalar, x.shape(), budget);
    }
    if constants.shape().len() != 1 {
        return refuse("has a scale per block, expected one per tensor or per row");
    }
    let axis = super::axes::axis(node.int("axis", 1), x.shape().len())?;
    let mut shape = vec![1; x.shape().len()];
    shape[axis] = constants.shape()[0];
    broadcast(&constants.reshaped(shape)?, x.shape(), budget)
}

/// `(x - zero_point) * scale`.
fn dequantized(node: &Node, x: &Tensor, constants: &[&Tensor], budget: &Budget) -> Result<Tensor> {
    let Some(scale) = constants.first() else {
        return refuse("has no scale");
    };
    let scale = along(node, scale, x, budget)?;
    let zero = constants.get(1).map(|zero| along(node, zero, x, budget));
    let zero = zero.transpose()?;
    let zero = zero.as_ref().map(Tensor::int).transpose()?;
    let ints = x.int()?;
    budget.take(ints.len())?;
    let zero_at = |place: usize| zero.map_or(0, |zero| zero[place]);
    let value = |(place, (x, scale)): (usize, (&i64, &f32))| {
        x.saturating_sub(zero_at(place)) as f32 * scale
    };
    let values = ints.iter().zip(scale.real()?).enumerate().map(value);
    Tensor::new(x.shape().to_vec(), Values::real(values.collect()))
}

/// `round(x / scale) + zero_point`, halves to even, saturated to the type of the zero point.
fn quantized(node: &Node, x: &Tensor, constants: &[&Tensor], budget: &Budget) -> Result<Tensor> {
    let [scale, zero] = constants else {
        return refuse("has no zero point, which says the type of its integers");
    };
    let Some([low, high]) = zero.limits() else {
        return refuse("quantizes to another type than int8 or uint8");
    };
    let scale = along(node, scale, x, budget)?;
    let zero = along(node, zero, x, budget)?;
    budget.take(2 * elements(x.shape())?)?;
    let value = |((x, scale), zero): ((&f32, &f32), &i64)| {
        let rounded = (x / scale).round_ties_even() as i64;
        rounded.saturating_add(*zero).clamp(low, high)
    };
    let pairs = x.real()?.iter().zip(scale.real()?).zip(zero.int()?);
    let values = Values::int(pairs.map(value).collect());
    Ok(Tensor::new(x.shape().to_vec(), values)?.with_limits(Some([low, high])))
}
