//! Nodes that move the data about: what becomes of their axes.

use std::rc::Rc;

use super::fold::axes::{axis, list, order, squeezed, unsqueezed};
use super::fold::slice::{ranges, split_sizes};
use super::proto::schema::Node;
use super::sizes::sizes;
use super::value::{Axis, Flow, Label, Labels, Size, Source, Value};

/// Ends of a slice from which on it reaches to the end of any axis.
const TO_THE_END: i64 = i32::MAX as i64;

/// The outputs of a node that moves `flow`; `None` where it is no such node.
pub(super) fn moved(
    node: &Node,
    flow: &Rc<Flow>,
    inputs: &[Value],
    labels: &Labels,
) -> Option<Vec<Value>> {
    let rank = flow.axes.len();
    let with = |axes: Vec<Axis>| {
        Some(vec![Value::Flow(Rc::new(Flow {
            axes,
            ..(**flow).clone()
        }))])
    };
    if !flow.replaced.is_empty() {
        return kept(node, flow, inputs);
    }
    match node.operator {
        "ScatterND" => replaced(node, flow, inputs),
        "Identity" | "Dropout" => with(flow.axes.clone()),
        "Cast" if matches!(node.int("to", 0), 1 | 11) => with(flow.axes.clone()),
        "Transpose" => {
            let order = order(node, rank).ok()?;
            with(
                order
                    .iter()
                    .map(|place| flow.axes[*place].clone())
                    .collect(),
            )
        }
        "Unsqueeze" => {
            let places = list(node, inputs, "axes", 1)?;
            with(unsqueezed(&flow.axes, &places, Vec::new).ok()?)
        }
        "Squeeze" => {
            let places = list(node, inputs, "axes", 1);
            let sizes = flow.axes.iter().map(|axis| labels.size(axis));
            if places.is_none() && sizes.into_iter().any(|size| size.is_none()) {
                return None;
            }
            // A size that only the run will tell is 1 where the node says so.
            let is_one = |axis: &Axis| labels.size(axis).is_none_or(|size| size == 1);
            with(squeezed(&flow.axes, places.as_deref(), is_one).ok()?)
        }
        "Reshape" => {
            let target = match node.ints("shape") {
                Some(shape) => shape.iter().copied().map(Size::Number).collect(),
                None => sizes(inputs.get(1)?)?,
            };
            let zero_copies = node.int("allowzero", 0) == 0;
            with(reshaped(&flow.axes, &target, zero_copies, labels)?)
        }
        "Flatten" => {
            let along = node.int("axis", 1);
            let along = match along == rank as i64 {
                true => rank,
                false => axis(along, rank).ok()?,
            };
            with(vec![
                flow.axes[..along].concat(),
                flow.axes[along..].concat(),
            ])
        }
        "Gather" => {
            let along = axis(node.int("axis", 0), rank).ok()?;
            let index = match inputs.get(1) {
                Some(Value::Known(indices)) if indices.shape().is_empty() => {
                    *indices.int().ok()?.first()?
                }
                _ => return cut(node, flow, None, labels),
            };
            let mut axes = flow.axes.clone();
            axes.remove(along);
            taken(
                node,
                flow,
                along,
                [index, index.wrapping_add(1)],
                axes,
                labels,
            )
        }
        "Slice" => {
            let mut flow = Rc::clone(flow);
            let Some(ranges) = ranges(node, inputs) else {
                return cut(node, &flow, None, labels);
            };
            for range in ranges {
                let along = axis(range.axis, rank).ok()?;
                let end = match range.end {
                    TO_THE_END.. => 0,
                    end => end,
                };
                let size = labels.size(&flow.axes[along]);
                let is_whole = range.start == 0
                    && (range.end >= TO_THE_END
                        || size.is_some_and(|size| range.end >= size as i64));
                if range.step != 1 {
                    return cut(node, &flow, Some(along), labels);
                }
                if is_whole {
                    continue;
                }
                let mut axes = flow.axes.clone();
                axes[along] = vec![labels.label(None)];
                let next = taken(node, &flow, along, [range.start, end], axes, labels)?;
                let [Value::Flow(next)] = &next[..] else {
                    return None;
                };
                flow = Rc::clone(next);
            }
            Some(vec![Value::Flow(flow)])
        }
        "Split" => {
            let along = axis(node.int("axis", 0), rank).ok()?;
            let size = labels.size(&flow.axes[along]);
            let parts = split_sizes(node, inputs, size)?;
            if parts.len() == 1 {
                return with(flow.axes.clone());
            }
            let part = |_: &&str| Some(cut(node, flow, Some(along), labels)?.remove(0));
            node.outputs.iter().map(part).collect()
        }
        _ => None,
    }
}

/// The flow with some of its elements replaced by others, as caches of states are brought up to date.
fn replaced(node: &Node, flow: &Rc<Flow>, inputs: &[Value]) -> Option<Vec<Value>> {
    let Some(Value::Known(indices)) = inputs.get(1) else {
        return None;
    };
    let width = *indices.shape().last()?;
    let mut replaced = flow.replaced.clone();
    replaced.extend(
        indices
            .int()
            .ok()?
            .chunks(width.max(1))
            .map(|index| index[0]),
    );
    replaced.sort_unstable();
    replaced.dedup();
    Some(vec![Value::Flow(Rc::new(Flow {
        cut: Some(node.shown().into()),
        replaced,
        ..(**flow).clone()
    }))])
}

/// The part of a flow of which some elements are replaced that a node takes, where none of that part is.
fn kept(node: &Node, flow: &Rc<Flow>, inputs: &[Value]) -> Option<Vec<Value>> {
    match (node.operator, inputs.get(1)) {
        ("ScatterND", _) => replaced(node, flow, inputs),
        ("Gather", Some(Value::Known(indices))) if node.int("axis", 0) == 0 => {
            let place = indices.int().ok()?.first()?;
            let is_kept = indices.shape().is_empty() && *place >= 0;
            let is_kept = is_kept
                && flow
                    .replaced
                    .iter()
                    .all(|replaced| (0..*place).contains(replaced) || replaced > place);
            is_kept.then(|| {
                vec![Value::Flow(Rc::new(Flow {
                    axes: flow.axes.get(1..).unwrap_or_default().to_vec(),
                    replaced: vec![],
                    ..(**flow).clone()
                }))]
            })
        }
        _ => None,
    }
}

/// The flow of elements `[start, end)` of an axis: of the last time step, or a part of the data.
fn taken(
    node: &Node,
    flow: &Rc<Flow>,
    along: usize,
    [start, end]: [i64; 2],
    axes: Vec<Axis>,
    labels: &Labels,
) -> Option<Vec<Value>> {
    let size = labels.size(&flow.axes[along]).map(|size| size as i64);
    let from_end = |place: i64| match size {
        Some(size) if place > 0 => place - size,
        _ => place,
    };
    let is_only = (size == Some(1)) && start == 0;
    let is_last = (from_end(start) == -1 || is_only) && matches!(from_end(end), 0);
    let is_time = match &flow.source {
        Source::Node { time, .. } => !is_only && labels.same(time, &flow.axes[along]),
        Source::Input(_) => false,
    };
    let mut axes = axes;
    if axes.len() == flow.axes.len() {
        axes[along] = match is_last {
            true => vec![],
            false => axes[along].clone(),
        };
    }
    match (is_only, is_time && is_last) {
        (true, _) => Some(vec![Value::Flow(Rc::new(Flow {
            axes,
            ..(**flow).clone()
        }))]),
        (_, true) => Some(vec![Value::Flow(Rc::new(Flow {
            axes,
            is_last: true,
            ..(**flow).clone()
        }))]),
        _ => Some(vec![Value::Flow(Rc::new(Flow {
            axes,
            cut: Some(node.shown().into()),
            ..(**flow).clone()
        }))]),
    }
}

/// The flow of a part of the data, as long along an axis as only the run will tell.
fn cut(node: &Node, flow: &Rc<Flow>, along: Option<usize>, labels: &Labels) -> Option<Vec<Value>> {
    let mut axes = flow.axes.clone();
    match along {
        Some(along) => axes[along] = vec![labels.label(None)],
        None => axes
            .iter_mut()
            .for_each(|axis| *axis = vec![labels.label(None)]),
    }
    Some(vec![Value::Flow(Rc::new(Flow {
        axes,
        cut: Some(node.shown().into()),
        ..(**flow).clone()
    }))])
}

/// `axes` in the sizes of a Reshape, which join or part them; `None` where they would be mixed.
fn reshaped(
    axes: &[Axis],
    target: &[Size],
    zero_copies: bool,
    labels: &Labels,
) -> Option<Vec<Axis>> {
    let all = axes.concat();
    let target: Vec<Size> = target
        .iter()
        .enumerate()
        .map(|(place, size)| match size {
            Size::Number(0) if zero_copies => {
                axes.get(place).cloned().map_or(Size::Unknown, Size::Axis)
            }
            size => size.clone(),
        })
        .collect();
    let open = target.iter().position(|size| *size == Size::Number(-1));
    let (left, right) = match open {
        Some(open) => (&target[..open], &target[open + 1..]),
        None => (&target[..], &target[target.len()..]),
    };
    let mut rest = &all[..];
    let mut result = Vec::new();
    for size in left {
        result.push(split_off(&mut rest, size, labels, false)?);
    }
    let mut after = Vec::new();
    for size in right.iter().rev() {
        after.push(split_off(&mut rest, size, labels, true)?);
    }
    match open {
        Some(_) => result.push(rest.to_vec()),
        // What is left is of size 1.
        None if labels.proper(rest).is_empty() => (),
        None => return None,
    }
    result.extend(after.into_iter().rev());
    Some(result)
}

/// The labels at the start, or at the end, of `rest` that make an axis of `size`.
fn split_off(rest: &mut &[Label], size: &Size, labels: &Labels, from_end: bool) -> Option<Axis> {
    let part = |rest: &[Label], count: usize| match from_end {
        false => rest[..count].to_vec(),
        true => rest[rest.len() - count..].to_vec(),
    };
    let drop = |rest: &mut &[Label], count: usize| {
        *rest = match from_end {
            false => &rest[count..],
            true => &rest[..rest.len() - count],
        };
    };
    match size {
        Size::Axis(axis) => {
            // Axes of size 1 may stand between.
            while rest.len() > axis.len()
                && part(rest, axis.len()) != *axis
                && labels.size(&part(rest, 1)) == Some(1)
            {
                drop(rest, 1);
            }
            let found = rest.len() >= axis.len() && part(rest, axis.len()) == *axis;
            drop(rest, if found { axis.len() } else { 0 });
            found.then(|| axis.clone())
        }
        Size::Number(number) => {
            let wanted = usize::try_from(*number).ok()?;
            let fits = |count: &usize| labels.size(&part(rest, *count)) == Some(wanted);
            match (wanted, (1..=rest.len()).find(fits)) {
                (_, Some(count)) => {
                    let taken = part(rest, count);
                    drop(rest, count);
                    Some(taken)
                }
                (1, None) => Some(vec![]),
                _ => None,
            }
        }
        Size::Unknown => None,
    }
}
