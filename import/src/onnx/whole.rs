//! How the recurrent nodes of a graph are one network, or why they are not.

use std::rc::Rc;

use tern_model::network::Output;

use super::proto::schema::Node;
use super::recurrent;
use super::value::{Affine, Axis, Flow, Labels, Source, Value};
use crate::error::{ImportError, refuse};
use crate::network::{Head, Scaling};
use crate::part::{Part, Whole};

/// A recurrent node and where its data come from.
pub(super) struct Found {
    pub part: Part,
    /// What it takes, or what that comes from.
    feed: Result<Feed, String>,
}

/// The data of a recurrent node.
struct Feed {
    /// The node whose hidden states they are; none of the graph's input.
    below: Option<usize>,
    /// What is done to the graph's input first.
    scaling: Option<Scaling>,
}

/// Takes note of a recurrent node; returns the values of its outputs.
pub(super) fn found(
    found: &mut Vec<Found>,
    labels: &Labels,
    node: &Node,
    part: Part,
    inputs: &[Value],
    path: &str,
) -> Vec<Value> {
    let is_batch_first = node.int("layout", 0) == 1;
    let size = part.sizes.map(|[_, units]| units);
    let (feed, axes) = feed(recurrent::data(inputs), is_batch_first, labels);
    let [time, batch] = axes.unwrap_or_else(|| [(); 2].map(|()| vec![labels.label(None)]));
    let taken = |name: &str| found.iter().any(|found| found.part.name == name);
    let mut name = part.name.clone();
    if taken(&name) {
        name = format!("{path}{name}");
    }
    if taken(&name) {
        name = format!("{name}#{}", found.len());
    }
    let source = Source::Node {
        place: found.len(),
        time: time.clone(),
        batch: batch.clone(),
        feature: labels.label(size),
    };
    let Source::Node { feature, .. } = source else {
        return vec![];
    };
    found.push(Found {
        part: Part { name, ..part },
        feed,
    });
    let direction = match node.text("direction", "forward") {
        Ok("forward" | "reverse") => vec![],
        _ => vec![labels.label(Some(2))],
    };
    let feature = vec![feature];
    let flow = |axes: [&Axis; 4], is_last: bool| {
        let axes = axes.into_iter().skip(usize::from(is_last)).cloned();
        Value::Flow(Rc::new(Flow {
            axes: axes.collect(),
            source: source.clone(),
            affine: vec![],
            is_last,
            cut: None,
            replaced: vec![],
            head: None,
        }))
    };
    let (all, last) = match is_batch_first {
        true => (
            [&batch, &time, &direction, &feature],
            [&time, &batch, &direction, &feature],
        ),
        false => (
            [&time, &direction, &batch, &feature],
            [&time, &direction, &batch, &feature],
        ),
    };
    vec![flow(all, false), flow(last, true), Value::State]
}

/// What a recurrent node takes, and the axes of time and batch of it.
fn feed(
    data: Option<&Value>,
    is_batch_first: bool,
    labels: &Labels,
) -> (Result<Feed, String>, Option<[Axis; 2]>) {
    let flow = match data {
        Some(Value::Flow(flow)) => flow,
        Some(other) => return (Err(other.origin()), None),
        None => return (Err("nothing".to_owned()), None),
    };
    let [first, second, feature] = &flow.axes[..] else {
        let axes = flow.axes.len();
        return (Err(format!("a tensor of {axes} axes, expected 3")), None);
    };
    let [time, batch] = match is_batch_first {
        true => [second, first],
        false => [first, second],
    };
    let axes = [time.clone(), batch.clone()];
    if let Some(cut) = &flow.cut {
        return (
            Err(format!("{cut}, which takes a part of the data")),
            Some(axes),
        );
    }
    let feed = match &flow.source {
        _ if flow.head.is_some() => Err("a linear layer".to_owned()),
        _ if flow.is_last => Err("the last time step alone".to_owned()),
        Source::Input(_) => scaling(&flow.affine, feature, labels).map(|scaling| Feed {
            below: None,
            scaling,
        }),
        Source::Node { .. } if !flow.affine.is_empty() => {
            Err("a scaling of the hidden states".to_owned())
        }
        Source::Node {
            place,
            time: their_time,
            batch: their_batch,
            feature: theirs,
        } => {
            let is_same = labels.same(time, their_time)
                && labels.same(batch, their_batch)
                && labels.same(feature, &[*theirs]);
            match is_same {
                true => Ok(Feed {
                    below: Some(*place),
                    scaling: None,
                }),
                false => Err("hidden states whose axes changed places".to_owned()),
            }
        }
    };
    (feed, Some(axes))
}

/// All that is done to the elements of the axis of features, in one.
fn scaling(affine: &[Affine], feature: &Axis, labels: &Labels) -> Result<Option<Scaling>, String> {
    let Some(size) = affine.iter().map(|step| step.factor.len()).max() else {
        return Ok(None);
    };
    let size = labels.size(feature).unwrap_or(size);
    let mut all = Scaling {
        factor: vec![1.0; size],
        offset: vec![0.0; size],
    };
    for step in affine {
        let is_of_features = step
            .axis
            .as_ref()
            .is_none_or(|axis| labels.same(axis, feature));
        if !is_of_features || !(step.factor.len() == 1 || step.factor.len() == size) {
            return Err("a scaling of another axis than the features".to_owned());
        }
        for k in 0..size {
            let place = if step.factor.len() == 1 { 0 } else { k };
            let (factor, offset) = (step.factor[place], step.offset[place]);
            all.factor[k] *= factor;
            all.offset[k] = all.offset[k] * factor + offset;
        }
    }
    let mut numbers = all.factor.iter().chain(&all.offset);
    match numbers.all(|number| number.is_finite()) {
        true => Ok(Some(all)),
        false => Err("a scaling by numbers that are not finite".to_owned()),
    }
}

/// The network that a graph is.
///
/// # Errors
/// When it is more than recurrent nodes under a head.
pub(super) fn whole(outputs: &[(&str, Value)], found: &[Found]) -> Result<Whole, ImportError> {
    if found.is_empty() {
        return refuse("it has no LSTM, GRU or RNN node, expected one");
    }
    let mut refused = found.iter().map(|found| found.part.clone().taken().err());
    if let Some(Some(first)) = refused.next()
        && refused.all(|error| error.is_some())
    {
        return Err(first);
    }
    let (flow, place) = output(outputs)?;
    let mut chain = vec![place];
    let mut scaling = None;
    while let Some(place) = chain.last().copied().filter(|_| chain.len() <= found.len()) {
        let Found { part, feed } = &found[place];
        let name = format!("node {} ({})", part.name, part.kind);
        if let Err(error) = &part.layers {
            return Err(error.at(name));
        }
        let Feed {
            below,
            scaling: first,
        } = match feed {
            Ok(feed) => feed,
            Err(origin) => {
                return refuse(format!(
                    "{name}: its data come from {origin}, expected the input of the graph or hidden states; --node takes it out"
                ));
            }
        };
        match below {
            Some(below) => chain.push(*below),
            None => {
                scaling = first.clone();
                break;
            }
        }
    }
    chain.reverse();
    if chain.len() != found.len() {
        let (all, used) = (found.len(), chain.len());
        return refuse(format!(
            "it has {all} recurrent nodes, of which {used} make the output, expected one chain of all; --node takes one out"
        ));
    }
    let sizes = |place: &usize| found[*place].part.sizes.unwrap_or_default();
    for pair in chain.windows(2) {
        let [[_, units], [inputs, _]] = [sizes(&pair[0]), sizes(&pair[1])];
        if units != inputs {
            let name = &found[pair[1]].part.name;
            return refuse(format!(
                "node {name} takes {inputs} elements, expected {units}, the units of the node below"
            ));
        }
    }
    let [inputs, _] = sizes(&chain[0]);
    let scaling = scaling
        .map(|scaling| scaling.of_features(inputs))
        .transpose()?;
    Ok(Whole {
        chain,
        scaling,
        head: flow.head.as_ref().map(|head| head.head.clone()),
        output: match flow.is_last {
            true => Output::Last,
            false => Output::Every,
        },
    })
}

/// The data that a graph puts out, and the recurrent node that they come from.
fn output<'v>(outputs: &'v [(&str, Value)]) -> Result<(&'v Flow, usize), ImportError> {
    let mut best: Option<(&Flow, usize)> = None;
    for (name, value) in outputs {
        let flow = match value {
            Value::Flow(flow) => flow,
            Value::Other(origin) | Value::Broken(origin) => {
                return refuse(format!(
                    "its output {name} comes from {origin}, expected an LSTM, a GRU or a linear layer on one; --node takes a recurrent node out"
                ));
            }
            _ => continue,
        };
        let Source::Node { place, .. } = flow.source else {
            return refuse(format!(
                "its output {name} comes from {}, expected an LSTM, a GRU or a linear layer on one",
                value.origin()
            ));
        };
        if let Some(cut) = &flow.cut {
            return refuse(format!(
                "its output {name} comes from {cut}, which takes a part of the hidden states"
            ));
        }
        if !flow.affine.is_empty() {
            return refuse(format!(
                "its output {name} is scaled, expected hidden states"
            ));
        }
        let rank = |(flow, place): (&Flow, usize)| (flow.head.is_some(), place, !flow.is_last);
        match best {
            Some((other, _)) if is_another_head(&other.head_of(), &flow.head_of()) => {
                return refuse(format!(
                    "it has two heads, of which one makes {name}, expected one"
                ));
            }
            Some(other) if rank(other) >= rank((flow, place)) => (),
            _ => best = Some((flow, place)),
        }
    }
    match best {
        Some(best) => Ok(best),
        None => refuse("none of its outputs comes from an LSTM or GRU node; --node takes one out"),
    }
}

fn is_another_head(a: &Option<&Head>, b: &Option<&Head>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}

impl Flow {
    fn head_of(&self) -> Option<&Head> {
        self.head.as_ref().map(|head| &head.head)
    }
}
