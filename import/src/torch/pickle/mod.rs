//! The pickle of a state dict: a program of a stack machine, of which no code is run.
//!
//! Python's own reader may call any function that a pickle names. This one knows a closed list of names, all of which
//! stand for data, and refuses every other.

mod machine;
mod value;

use super::state::Element;
use crate::budget::Budget;
use crate::error::{ImportError, refuse};
use value::{Heap, Id, Value};

/// Dictionaries inside of dictionaries.
const MAX_DEPTH: usize = 8;
/// Words of an entry.
const ENTRY: usize = 32;
/// Names under which training programs keep a state dict among other things.
const KEYS: [&str; 3] = ["state_dict", "model_state_dict", "model"];

/// A storage that the pickle names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Storage {
    /// Type of its elements.
    pub element: Element,
    /// Name of its file in the archive.
    pub key: String,
}

/// A tensor as a view of a storage.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// The storage.
    pub storage: Storage,
    /// Place of the first element.
    pub offset: isize,
    /// Sizes of the axes.
    pub shape: Vec<usize>,
    /// Strides of the axes, in elements.
    pub strides: Vec<isize>,
}

/// The tensors of a pickle by name, in its order.
///
/// # Errors
/// When it is no state dict, or names a function that does not stand for data.
pub(super) fn state_dict(
    program: &[u8],
    budget: &Budget,
) -> Result<Vec<(String, View)>, ImportError> {
    let (heap, root) = machine::run(program, budget)?;
    let Value::Dict(root) = heap.get(root) else {
        return refuse(
            "is no state dict but another object, expected what torch.save(model.state_dict(), FILE) writes",
        );
    };
    let named = |wanted: &&str| {
        root.iter()
            .find_map(|(key, value)| match (heap.get(*key), heap.get(*value)) {
                (Value::Text(key), Value::Dict(inner)) if key == wanted => Some(inner),
                _ => None,
            })
    };
    let inner = KEYS.iter().find_map(named).unwrap_or(root);
    let mut tensors = Vec::new();
    collect(&heap, inner, "", 0, &mut tensors, budget)?;
    match tensors.is_empty() {
        true => refuse("holds no tensors, expected a state dict"),
        false => Ok(tensors),
    }
}

/// Adds the tensors of a dictionary and of those in it.
fn collect(
    heap: &Heap,
    dict: &[(Id, Id)],
    prefix: &str,
    depth: usize,
    tensors: &mut Vec<(String, View)>,
    budget: &Budget,
) -> Result<(), ImportError> {
    if depth == MAX_DEPTH {
        return refuse(format!(
            "dictionaries hold each other {MAX_DEPTH} deep, expected fewer"
        ));
    }
    for (key, value) in dict {
        budget.take(ENTRY + prefix.len() / 2)?;
        let Value::Text(key) = heap.get(*key) else {
            continue;
        };
        budget.take(key.len() / 2)?;
        match heap.get(*value) {
            Value::Tensor(view) => tensors.push((format!("{prefix}{key}"), (**view).clone())),
            Value::Dict(inner) => {
                let prefix = format!("{prefix}{key}.");
                collect(heap, inner, &prefix, depth + 1, tensors, budget)?;
            }
            _ => (),
        }
    }
    Ok(())
}
