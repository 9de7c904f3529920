//! Nodes that compute with the data: scalings in front of a network, and the head behind it.

use std::rc::Rc;

use super::fold::axes::axis;
use super::proto::schema::Node;
use super::value::{Affine, Axis, Flow, HeadFlow, Label, Labels, Source, Value};
use crate::budget::Budget;
use crate::network::rows::transposed;
use crate::network::{Finish, Head, Linear};
use crate::tensor::Tensor;

/// The output of a node that computes with data and constants; `None` where it is no such node of a network of Tern.
pub(super) fn computed(
    node: &Node,
    inputs: &[Value],
    labels: &Labels,
    budget: &Budget,
) -> Option<Value> {
    let is_whole = |value: &Value| !matches!(value, Value::Flow(flow) if !flow.replaced.is_empty());
    if !inputs.iter().all(is_whole) {
        return None;
    }
    let flow = match (node.operator, inputs) {
        ("Add" | "Mul", [Value::Flow(flow), Value::Known(constant)])
        | ("Add" | "Mul", [Value::Known(constant), Value::Flow(flow)])
        | ("Sub" | "Div", [Value::Flow(flow), Value::Known(constant)]) => match &flow.head {
            Some(head) if node.operator == "Add" => biased(flow, head, constant, labels)?,
            Some(_) => return None,
            None => scaled(node.operator, flow, constant, labels)?,
        },
        ("BatchNormalization", [Value::Flow(flow), constants @ ..]) => {
            normalized(node, flow, constants)?
        }
        ("MatMul", [Value::Flow(flow), Value::Known(weight)]) => {
            let [inputs, outputs] = *weight.shape() else {
                return None;
            };
            budget.take(2 * weight.real().ok()?.len()).ok()?;
            let weight = transposed(weight.real().ok()?, outputs);
            head(node, flow, [inputs, outputs], weight, None, labels)?
        }
        ("Gemm", [Value::Flow(flow), Value::Known(weight), rest @ ..]) => {
            if node.int("transA", 0) != 0 || flow.axes.len() != 2 {
                return None;
            }
            let [rows, columns] = *weight.shape() else {
                return None;
            };
            let values = weight.real().ok()?;
            budget.take(2 * values.len()).ok()?;
            let (sizes, mut values) = match node.int("transB", 0) {
                0 => ([rows, columns], transposed(values, columns)),
                _ => ([columns, rows], values.to_vec()),
            };
            let alpha = node.float("alpha", 1.0);
            values.iter_mut().for_each(|value| *value *= alpha);
            let bias = match rest {
                [] => None,
                [Value::Known(bias)] => Some((bias, node.float("beta", 1.0))),
                _ => return None,
            };
            head(node, flow, sizes, values, bias, labels)?
        }
        ("Softmax" | "LogSoftmax" | "Sigmoid", [Value::Flow(flow)]) => {
            finished(node, flow, labels)?
        }
        _ => return None,
    };
    Some(Value::Flow(Rc::new(flow)))
}

/// The one axis of `flow` that the elements of a constant vary over, with its numbers: none, and one number, of a scalar.
fn varied(flow: &Flow, constant: &Tensor) -> Option<(Option<Axis>, Vec<f64>)> {
    let values = constant
        .real()
        .ok()?
        .iter()
        .copied()
        .map(f64::from)
        .collect();
    let shape = constant.shape();
    let first = flow.axes.len().checked_sub(shape.len())?;
    let mut axes = shape.iter().enumerate().filter(|(_, size)| **size != 1);
    let axis = axes
        .next()
        .map(|(place, _)| flow.axes[first + place].clone());
    axes.next().is_none().then_some((axis, values))
}

fn scaled(operator: &str, flow: &Flow, constant: &Tensor, labels: &Labels) -> Option<Flow> {
    let (axis, values) = varied(flow, constant)?;
    let is_known = |axis: &Axis| labels.size(axis).is_none_or(|size| size == values.len());
    if !axis.as_ref().is_none_or(is_known) {
        return None;
    }
    let all = |value: f64| vec![value; values.len()];
    let (factor, offset) = match operator {
        "Add" => (all(1.0), values),
        "Sub" => (all(1.0), values.iter().map(|value| -value).collect()),
        "Mul" => (values.clone(), all(0.0)),
        _ => (values.iter().map(|value| 1.0 / value).collect(), all(0.0)),
    };
    Some(with_affine(
        flow,
        Affine {
            axis,
            factor,
            offset,
        },
    ))
}

fn with_affine(flow: &Flow, affine: Affine) -> Flow {
    let mut flow = flow.clone();
    flow.affine.push(affine);
    flow
}

/// `(x - mean) / sqrt(variance + epsilon) * scale + bias` of each element of axis 1.
fn normalized(node: &Node, flow: &Flow, constants: &[Value]) -> Option<Flow> {
    let constant = |place: usize| match constants.get(place)? {
        Value::Known(tensor) => tensor.real().ok(),
        _ => None,
    };
    let [scale, bias, mean, variance] = [constant(0)?, constant(1)?, constant(2)?, constant(3)?];
    let size = scale.len();
    if [bias, mean, variance].iter().any(|list| list.len() != size)
        || flow.head.is_some()
        || node.int("training_mode", 0) != 0
    {
        return None;
    }
    let epsilon = f64::from(node.float("epsilon", 1e-5));
    let real = |list: &[f32], place: usize| f64::from(list[place]);
    let factor = |place| real(scale, place) / (real(variance, place) + epsilon).sqrt();
    let offset = |place| real(bias, place) - real(mean, place) * factor(place);
    let affine = Affine {
        axis: Some(flow.axes.get(1)?.clone()),
        factor: (0..size).map(factor).collect(),
        offset: (0..size).map(offset).collect(),
    };
    Some(with_affine(flow, affine))
}

/// A linear layer on the hidden states of a recurrent node.
fn head(
    node: &Node,
    flow: &Flow,
    [inputs, outputs]: [usize; 2],
    weight: Vec<f32>,
    bias: Option<(&Tensor, f32)>,
    labels: &Labels,
) -> Option<Flow> {
    let Source::Node { feature, .. } = flow.source else {
        return None;
    };
    let (last, others) = flow.axes.split_last()?;
    let is_plain = flow.head.is_none() && flow.affine.is_empty() && flow.cut.is_none();
    if !is_plain || !labels.same(last, &[feature]) || labels.size(last) != Some(inputs) {
        return None;
    }
    let zero = vec![0.0; outputs];
    let bias = match bias {
        None => zero,
        Some((bias, beta)) => row(bias, outputs)?.iter().map(|b| b * beta).collect(),
    };
    let head = Head {
        name: node.title().to_owned(),
        linear: Linear::new([inputs, outputs], weight, bias).ok()?,
        finish: Finish::Linear,
    };
    let axis = labels.label(Some(outputs));
    let axes = others.iter().cloned().chain([vec![axis]]).collect();
    Some(Flow {
        axes,
        head: Some(Rc::new(HeadFlow { head, axis })),
        ..flow.clone()
    })
}

/// A constant as a number per output, one for all where it has one.
fn row(constant: &Tensor, outputs: usize) -> Option<Vec<f32>> {
    let values = constant.real().ok()?;
    let (last, others) = match constant.shape().split_last() {
        Some((last, others)) => (*last, others),
        None => (1, &[][..]),
    };
    let is_row = others.iter().all(|size| *size == 1);
    match (is_row, last) {
        (true, 1) => Some(vec![*values.first()?; outputs]),
        (true, last) if last == outputs => Some(values.to_vec()),
        _ => None,
    }
}

/// A head with a bias more.
fn biased(flow: &Flow, head: &HeadFlow, constant: &Tensor, labels: &Labels) -> Option<Flow> {
    let linear = &head.head.linear;
    let outputs = linear.output_size();
    let is_last = labels.same(flow.axes.last()?, &[head.axis]);
    if !is_last || head.head.finish != Finish::Linear || constant.shape().len() > flow.axes.len() {
        return None;
    }
    let more = row(constant, outputs)?;
    let bias = linear.bias().iter().zip(more).map(|(a, b)| a + b).collect();
    let sizes = [linear.input_size(), outputs];
    let linear = Linear::new(sizes, linear.weight().to_vec(), bias).ok()?;
    let head = HeadFlow {
        head: Head {
            linear,
            ..head.head.clone()
        },
        axis: head.axis,
    };
    Some(with_head(flow, head))
}

fn with_head(flow: &Flow, head: HeadFlow) -> Flow {
    Flow {
        head: Some(Rc::new(head)),
        ..flow.clone()
    }
}

/// A head with what is done to its outputs.
fn finished(node: &Node, flow: &Flow, labels: &Labels) -> Option<Flow> {
    let head = flow.head.as_ref()?;
    if head.head.finish != Finish::Linear {
        return None;
    }
    let finish = match node.operator {
        "Sigmoid" => Finish::Sigmoid,
        "Softmax" => Finish::Softmax,
        _ => Finish::LogSoftmax,
    };
    let place = axis(node.int("axis", -1), flow.axes.len()).ok()?;
    let is_features = |axis: &[Label]| labels.same(axis, &[head.axis]);
    // Before opset 13 the axes from this one on are one; the default was axis 1 of two.
    if finish != Finish::Sigmoid && !is_features(&flow.axes[place..].concat()) {
        return None;
    }
    Some(with_head(
        flow,
        HeadFlow {
            head: Head {
                finish,
                ..head.head.clone()
            },
            axis: head.axis,
        },
    ))
}
