//! Names and what is known of their values, in a graph and in those around it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::proto::schema::{Graph, TensorProto};
use super::proto::tensor;
use super::value::Value;
use crate::beside::Beside;
use crate::budget::Budget;

/// The values of a graph by name.
pub(super) struct Scope<'s, 'a> {
    outer: Option<&'s Scope<'s, 'a>>,
    initializers: HashMap<&'a str, &'s TensorProto<'a>>,
    values: RefCell<HashMap<&'a str, Value>>,
    /// Names of the nodes around this graph, each with a slash behind it.
    pub path: String,
}

impl<'s, 'a> Scope<'s, 'a> {
    /// The scope of a graph inside of another, where there is one.
    pub fn new(
        graph: &'s Graph<'a>,
        outer: Option<&'s Scope<'s, 'a>>,
        path: String,
    ) -> Scope<'s, 'a> {
        let named = graph
            .initializers
            .iter()
            .map(|tensor| (tensor.name, tensor));
        Scope {
            outer,
            initializers: named.collect(),
            values: RefCell::default(),
            path,
        }
    }

    /// Whether a name is that of a tensor in the file.
    pub fn is_initializer(&self, name: &str) -> bool {
        self.initializers.contains_key(name)
    }

    /// Says what is known of a name.
    pub fn set(&self, name: &'a str, value: Value) {
        self.values.borrow_mut().insert(name, value);
    }

    /// What is known of a name, here or further out; tensors are read when they are first used.
    pub fn get(&self, name: &'a str, beside: &Beside, budget: &Budget) -> Value {
        if name.is_empty() {
            return Value::Other("an input that is left out".into());
        }
        if let Some(value) = self.values.borrow().get(name) {
            return value.clone();
        }
        if let Some(proto) = self.initializers.get(name) {
            let value = constant(proto, beside, budget);
            self.set(name, value.clone());
            return value;
        }
        match self.outer {
            Some(outer) => outer.get(name, beside, budget),
            None => Value::Other(format!("{name}, which no node makes").into()),
        }
    }
}

/// The value of a tensor in the file.
pub(super) fn constant(proto: &TensorProto, beside: &Beside, budget: &Budget) -> Value {
    match tensor::read(proto, beside, budget) {
        Ok(tensor) => Value::Known(tensor),
        Err(error) => Value::Broken(error.to_string().into()),
    }
}
