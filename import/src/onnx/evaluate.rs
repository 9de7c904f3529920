//! What a graph computes, as far as it can be said without data.

use std::cell::RefCell;
use std::rc::Rc;

use super::proto::schema::{Graph, Node};
use super::scope::{Scope, constant};
use super::value::{Flow, Labels, Source, Value};
use super::whole::{Found, found};
use super::{arithmetic, fold, movement, recurrent, sizes};
use crate::beside::Beside;
use crate::budget::{Budget, elements};
use crate::error::ImportError;
use crate::tensor::{Tensor, Values};

/// Elements of a repeated constant that is written out.
const WRITTEN_OUT: usize = 1 << 16;

/// The evaluation of a file.
pub(super) struct Evaluation<'e> {
    pub beside: &'e Beside,
    pub budget: &'e Budget,
    pub labels: Labels,
    /// The recurrent nodes, in the order of the file.
    pub found: RefCell<Vec<Found>>,
}

impl Evaluation<'_> {
    /// Values of the outputs of the whole graph, by name.
    pub fn run<'a>(&self, graph: &Graph<'a>) -> Result<Vec<(&'a str, Value)>, ImportError> {
        let scope = Scope::new(graph, None, String::new());
        for input in &graph.inputs {
            if scope.is_initializer(input.name) {
                continue;
            }
            let sizes = input.shape.clone().unwrap_or_else(|| vec![None; 3]);
            let axes = sizes.iter().map(|size| vec![self.labels.label(*size)]);
            let flow = Flow {
                axes: axes.collect(),
                source: Source::Input(input.name.into()),
                affine: vec![],
                is_last: false,
                cut: None,
                replaced: vec![],
                head: None,
            };
            scope.set(input.name, Value::Flow(Rc::new(flow)));
        }
        self.nodes(graph, &scope)?;
        let value = |name: &&'a str| (*name, scope.get(name, self.beside, self.budget));
        Ok(graph.outputs.iter().map(value).collect())
    }

    fn nodes<'a>(&self, graph: &Graph<'a>, scope: &Scope<'_, 'a>) -> Result<(), ImportError> {
        for node in &graph.nodes {
            let inputs = node.inputs.iter();
            let inputs = inputs.map(|name| scope.get(name, self.beside, self.budget));
            let outputs = self.node(node, &inputs.collect::<Vec<_>>(), scope)?;
            for (name, value) in node.outputs.iter().zip(outputs) {
                scope.set(name, value);
            }
        }
        Ok(())
    }

    /// Values of a node's outputs.
    fn node<'a>(
        &self,
        node: &Node<'a>,
        inputs: &[Value],
        scope: &Scope<'_, 'a>,
    ) -> Result<Vec<Value>, ImportError> {
        let kind = recurrent::kind(node);
        if kind.is_some() || recurrent::is_other(node) {
            let part = recurrent::part(node, kind, inputs, self.budget);
            let found_before = &mut self.found.borrow_mut();
            return Ok(found(
                found_before,
                &self.labels,
                node,
                part,
                inputs,
                &scope.path,
            ));
        }
        let unknown = || vec![Value::Other(node.shown().into()); node.outputs.len()];
        if node
            .attributes
            .iter()
            .any(|attribute| attribute.graph.is_some())
        {
            return Ok(self.graphs(node, inputs, scope)?.unwrap_or_else(unknown));
        }
        if !matches!(node.domain, "" | "ai.onnx") {
            return Ok(unknown());
        }
        if let Some(value) = self.constant(node, inputs) {
            return Ok(vec![value]);
        }
        let known = |value: &Value| match value {
            Value::Known(tensor) => Some(tensor.clone()),
            _ => None,
        };
        let given = inputs
            .iter()
            .zip(&node.inputs)
            .filter(|(_, name)| !name.is_empty());
        let tensors: Option<Vec<Tensor>> = given.map(|(value, _)| known(value)).collect();
        if let Some(tensors) = tensors {
            let tensors: Vec<&Tensor> = tensors.iter().collect();
            return Ok(match fold::fold(node, &tensors, inputs, self.budget) {
                Ok(Some(tensors)) => tensors.into_iter().map(Value::Known).collect(),
                Ok(None) => unknown(),
                Err(error) => {
                    let broken = format!("{}: {error}", node.shown());
                    vec![Value::Broken(broken.into()); node.outputs.len()]
                }
            });
        }
        Ok(self.data(node, inputs).unwrap_or_else(unknown))
    }

    /// Values of the outputs of a node that takes data, states, repeated constants or sizes.
    fn data(&self, node: &Node, inputs: &[Value]) -> Option<Vec<Value>> {
        if let Some(value) = sizes::compute(node, inputs) {
            return Some(vec![value]);
        }
        if node.operator == "Concat" {
            return joined(inputs).map(|value| vec![value]);
        }
        match inputs.first()? {
            Value::Flow(flow) => {
                if let Some(values) = movement::moved(node, flow, inputs, &self.labels) {
                    return Some(values);
                }
            }
            first @ (Value::State | Value::Repeated(_)) if moves(node) => {
                return Some(vec![first.clone(); node.outputs.len()]);
            }
            Value::Known(tensor) if node.operator == "Expand" => {
                let value = *tensor.real().ok()?.first()?;
                let is_one = tensor.real().ok()?.iter().all(|other| *other == value);
                return is_one.then(|| vec![Value::Repeated(value)]);
            }
            _ => (),
        }
        let value = arithmetic::computed(node, inputs, &self.labels, self.budget)?;
        Some(vec![value])
    }

    /// The value of a node that makes a constant.
    fn constant(&self, node: &Node, inputs: &[Value]) -> Option<Value> {
        match node.operator {
            "Constant" => {
                let attribute = node.attributes.first()?;
                let known = |shape: Vec<usize>, values: Values| {
                    Tensor::new(shape, values).ok().map(Value::Known)
                };
                match attribute.name {
                    "value" => Some(constant(
                        attribute.tensor.as_ref()?,
                        self.beside,
                        self.budget,
                    )),
                    "value_int" => known(vec![], Values::int(vec![attribute.int?])),
                    "value_float" => known(vec![], Values::real(vec![attribute.float?])),
                    "value_ints" => Some(Value::Known(Tensor::list(attribute.ints.clone()))),
                    "value_floats" => {
                        let values = attribute.floats.clone();
                        known(vec![values.len()], Values::real(values))
                    }
                    _ => None,
                }
            }
            "ConstantOfShape" => {
                let proto = node
                    .attribute("value")
                    .and_then(|value| value.tensor.as_ref());
                let value = proto.map(|proto| constant(proto, self.beside, self.budget));
                let value = match value {
                    None => 0.0,
                    Some(Value::Known(tensor)) => *tensor.real().ok()?.first()?,
                    Some(_) => return None,
                };
                let Some(Value::Known(shape)) = inputs.first() else {
                    return Some(Value::Repeated(value));
                };
                let sizes = shape
                    .int()
                    .ok()?
                    .iter()
                    .map(|size| usize::try_from(*size).ok());
                let sizes = sizes.collect::<Option<Vec<usize>>>()?;
                let count = elements(&sizes).ok()?;
                if count > WRITTEN_OUT || self.budget.take(count).is_err() {
                    return Some(Value::Repeated(value));
                }
                let values = Values::real(vec![value; count]);
                Tensor::new(sizes, values).ok().map(Value::Known)
            }
            _ => None,
        }
    }

    /// Runs the graphs of a node; the values of its outputs where a constant says which graph they come from.
    fn graphs<'a>(
        &self,
        node: &Node<'a>,
        inputs: &[Value],
        scope: &Scope<'_, 'a>,
    ) -> Result<Option<Vec<Value>>, ImportError> {
        let chosen = match (node.operator, inputs.first()) {
            ("If", Some(Value::Known(condition))) => condition.int().ok().and_then(|c| c.first()),
            _ => None,
        };
        let chosen = chosen.map(|condition| match condition {
            0 => "else_branch",
            _ => "then_branch",
        });
        let mut values = None;
        for attribute in &node.attributes {
            let is_left_out = chosen.is_some_and(|chosen| chosen != attribute.name);
            let Some(graph) = attribute.graph.as_ref().filter(|_| !is_left_out) else {
                continue;
            };
            let path = format!("{}{}/{}/", scope.path, node.title(), attribute.name);
            self.budget.take(path.len())?;
            let inner = Scope::new(graph, Some(scope), path);
            for input in &graph.inputs {
                inner.set(input.name, Value::Other(node.shown().into()));
            }
            self.nodes(graph, &inner)?;
            if chosen.is_some() {
                let value = |name: &&'a str| inner.get(name, self.beside, self.budget);
                values = Some(graph.outputs.iter().map(value).collect());
            }
        }
        Ok(values)
    }
}

/// Whether a node moves elements about and no more.
fn moves(node: &Node) -> bool {
    let known = [
        "Cast",
        "Expand",
        "Flatten",
        "Gather",
        "Identity",
        "Reshape",
        "Slice",
        "Split",
        "Squeeze",
        "Transpose",
        "Unsqueeze",
    ];
    known.contains(&node.operator)
}

/// States that are joined, or zeros that are.
fn joined(inputs: &[Value]) -> Option<Value> {
    let is_state = |value: &Value| match value {
        Value::State => true,
        Value::Flow(flow) => flow.is_last && flow.head.is_none(),
        _ => false,
    };
    let is_zero = |value: &Value| match value {
        Value::Repeated(value) => *value == 0.0,
        Value::Known(tensor) => tensor.is_zero(),
        _ => false,
    };
    match inputs {
        [] => None,
        _ if inputs.iter().all(is_state) => Some(Value::State),
        _ if inputs.iter().all(is_zero) => Some(Value::Repeated(0.0)),
        _ => None,
    }
}
