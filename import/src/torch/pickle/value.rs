//! The objects of a pickle.

use super::{Storage, View};
use crate::budget::Budget;
use crate::error::{ImportError, refuse};
use crate::torch::state::Element;

/// Words of an object.
const OBJECT: usize = 16;

/// Place of an object on the heap.
pub(super) type Id = u32;

/// An object.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Something that no tensor needs.
    Nothing,
    /// An integer.
    Int(i64),
    /// A text.
    Text(String),
    /// A tuple, or a list.
    Tuple(Vec<Id>),
    /// A dictionary, in the order of its keys.
    Dict(Vec<(Id, Id)>),
    /// A name that stands for data.
    Global(Global),
    /// A storage.
    Storage(Box<Storage>),
    /// A tensor.
    Tensor(Box<View>),
}

/// The names that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Global {
    /// `collections.OrderedDict`.
    OrderedDict,
    /// `torch._utils._rebuild_tensor_v2`.
    RebuildTensor,
    /// `torch._utils._rebuild_parameter`.
    RebuildParameter,
    /// `torch.Size`.
    Size,
    /// `torch.FloatStorage` and its like.
    Storage(Element),
}

impl Global {
    /// What a name stands for.
    ///
    /// # Errors
    /// When it is none of those that are known.
    pub fn named(module: &str, name: &str) -> Result<Global, ImportError> {
        let other =
            |name: &'static str, bytes: usize| Ok(Global::Storage(Element::Other { name, bytes }));
        match (module, name) {
            ("collections", "OrderedDict") => Ok(Global::OrderedDict),
            ("torch._utils", "_rebuild_tensor_v2") => Ok(Global::RebuildTensor),
            ("torch._utils", "_rebuild_parameter") => Ok(Global::RebuildParameter),
            ("torch", "Size") => Ok(Global::Size),
            ("torch", "FloatStorage") => Ok(Global::Storage(Element::F32)),
            ("torch", "DoubleStorage") => Ok(Global::Storage(Element::F64)),
            ("torch", "HalfStorage") => other("float16", 2),
            ("torch", "BFloat16Storage") => other("bfloat16", 2),
            ("torch", "LongStorage") => other("of integers", 8),
            ("torch", "IntStorage") => other("of integers", 4),
            ("torch", "ShortStorage") => other("of integers", 2),
            ("torch", "CharStorage" | "ByteStorage" | "BoolStorage") => other("of integers", 1),
            _ => refuse(format!(
                "its pickle names {module}.{name}, which is not run; expected a state dict alone: torch.save(model.state_dict(), FILE) writes one"
            )),
        }
    }
}

/// The objects of a pickle, of which one may be in several others, or in itself.
pub(super) struct Heap<'b> {
    objects: Vec<Value>,
    budget: &'b Budget,
}

impl<'b> Heap<'b> {
    /// No objects.
    pub fn new(budget: &'b Budget) -> Heap<'b> {
        Heap {
            objects: Vec::new(),
            budget,
        }
    }

    /// Adds an object.
    ///
    /// # Errors
    /// When there are too many.
    pub fn add(&mut self, value: Value) -> Result<Id, ImportError> {
        let more = match &value {
            Value::Text(text) => text.len() / 4,
            Value::Tuple(items) => items.len(),
            Value::Tensor(view) => 32 + 4 * view.shape.len(),
            _ => 0,
        };
        self.budget.take(OBJECT + more)?;
        self.objects.push(value);
        Id::try_from(self.objects.len() - 1).or_else(|_| refuse("its pickle has too many objects"))
    }

    /// An object; nothing where there is none.
    pub fn get(&self, id: Id) -> &Value {
        self.objects.get(id as usize).unwrap_or(&Value::Nothing)
    }

    /// Adds pairs to a dictionary.
    ///
    /// # Errors
    /// When the object is none, or there are too many.
    pub fn extend_dict(&mut self, id: Id, pairs: &[Id]) -> Result<(), ImportError> {
        self.budget.take(2 * pairs.len())?;
        match self.objects.get_mut(id as usize) {
            Some(Value::Dict(dict)) => {
                dict.extend(
                    pairs
                        .as_chunks::<2>()
                        .0
                        .iter()
                        .map(|[key, value]| (*key, *value)),
                );
                Ok(())
            }
            _ => refuse("its pickle puts an entry into what is no dictionary"),
        }
    }

    /// Adds items to a list.
    ///
    /// # Errors
    /// When the object is none, or there are too many.
    pub fn extend_list(&mut self, id: Id, items: &[Id]) -> Result<(), ImportError> {
        self.budget.take(2 * items.len())?;
        match self.objects.get_mut(id as usize) {
            Some(Value::Tuple(list)) => {
                list.extend(items);
                Ok(())
            }
            _ => refuse("its pickle puts an item into what is no list"),
        }
    }

    /// What a known name makes of its arguments.
    ///
    /// # Errors
    /// When the object is no known name, or the arguments are not its own.
    pub fn call(&self, function: Id, arguments: Id) -> Result<Value, ImportError> {
        let Value::Tuple(arguments) = self.get(arguments) else {
            return refuse("its pickle calls with arguments that are no tuple");
        };
        let argument = |place: usize| arguments.get(place).map(|id| self.get(*id));
        match self.get(function) {
            Value::Global(Global::OrderedDict) => Ok(Value::Dict(vec![])),
            Value::Global(Global::Size | Global::RebuildParameter) => {
                Ok(argument(0).cloned().unwrap_or(Value::Nothing))
            }
            Value::Global(Global::RebuildTensor) => {
                let (Some(Value::Storage(storage)), Some(Value::Int(offset))) =
                    (argument(0), argument(1))
                else {
                    return refuse("its pickle makes a tensor of no storage");
                };
                let shape = self.ints(argument(2))?;
                let strides = self.ints(argument(3))?;
                let sizes: Option<Vec<usize>> = shape
                    .iter()
                    .map(|size| usize::try_from(*size).ok())
                    .collect();
                match sizes {
                    Some(shape) if shape.len() == strides.len() => {
                        Ok(Value::Tensor(Box::new(View {
                            storage: (**storage).clone(),
                            offset: *offset as isize,
                            shape,
                            strides: strides.iter().map(|stride| *stride as isize).collect(),
                        })))
                    }
                    _ => refuse("its pickle makes a tensor of sizes below 0"),
                }
            }
            _ => refuse("its pickle calls what is no function that is known"),
        }
    }

    fn ints(&self, value: Option<&Value>) -> Result<Vec<i64>, ImportError> {
        let Some(Value::Tuple(items)) = value else {
            return refuse("its pickle makes a tensor without sizes");
        };
        self.budget.take(2 * items.len())?;
        let int = |id: &Id| match self.get(*id) {
            Value::Int(value) => Ok(*value),
            _ => refuse("its pickle makes a tensor of a size that is no integer"),
        };
        items.iter().map(int).collect()
    }

    /// The storage that a persistent identifier names: `("storage", TYPE, KEY, DEVICE, ELEMENTS)`.
    ///
    /// # Errors
    /// When it is none.
    pub fn storage(&self, id: Id) -> Result<Value, ImportError> {
        let no = || refuse("its pickle names something outside that is no storage");
        let Value::Tuple(items) = self.get(id) else {
            return no();
        };
        let item = |place: usize| items.get(place).map(|id| self.get(*id));
        match (item(1), item(2)) {
            (Some(Value::Global(Global::Storage(element))), Some(Value::Text(key))) => {
                self.budget.take(key.len() / 2)?;
                Ok(Value::Storage(Box::new(Storage {
                    element: *element,
                    key: key.clone(),
                })))
            }
            _ => no(),
        }
    }
}
