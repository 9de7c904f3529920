//! What is known about a value of a graph without running it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::network::Head;
use crate::tensor::Tensor;

/// A value of a graph.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A constant.
    Known(Tensor),
    /// A real number, repeated to a shape that only the run will tell.
    Repeated(f32),
    /// A list of sizes, some of which only the run will tell.
    Sizes(Vec<Size>),
    /// One such size.
    Size(Size),
    /// The data.
    Flow(Rc<Flow>),
    /// States after the last step, which no network of Tern hands on.
    State,
    /// Anything else: what it comes from.
    Other(Rc<str>),
    /// A constant that cannot be had: why.
    Broken(Rc<str>),
}

/// A size of a tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// A number.
    Number(i64),
    /// The length of an axis.
    Axis(Axis),
    /// It is not known.
    Unknown,
}

/// An axis of the data: the axes of its origin that are joined in it, outermost first; none where its size is 1.
pub(crate) type Axis = Vec<Label>;

/// An axis of the input of the graph, or of the output of a node.
pub(crate) type Label = usize;

/// The data on their way: the graph's input or the hidden states of a node, moved about but not changed.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub axes: Vec<Axis>,
    pub source: Source,
    /// What is done to the elements, first to last.
    pub affine: Vec<Affine>,
    /// Whether they are those of the last time step alone.
    pub is_last: bool,
    /// The node that takes a part of them, where one does.
    pub cut: Option<Rc<str>>,
    /// Places of the first axis whose elements a node has replaced by others.
    pub replaced: Vec<i64>,
    pub head: Option<Rc<HeadFlow>>,
}

/// Where data come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// An input of the graph.
    Input(Rc<str>),
    /// A recurrent node, as its place in the list of them; `time` and `batch` are axes of its output.
    Node {
        place: usize,
        time: Axis,
        batch: Axis,
        feature: Label,
    },
}

/// A head on the data's way.
#[derive(Clone, Debug)]
pub(crate) struct HeadFlow {
    pub head: Head,
    /// The axis of its outputs.
    pub axis: Label,
}

/// `x' = factor * x + offset`, a number of each element of an axis, or one for all.
#[derive(Clone, Debug)]
pub(crate) struct Affine {
    /// The axis, none where there is one number.
    pub axis: Option<Axis>,
    pub factor: Vec<f64>,
    pub offset: Vec<f64>,
}

impl Flow {
    /// Whether the elements are those of the source.
    pub fn is_untouched(&self) -> bool {
        self.affine.is_empty() && self.replaced.is_empty()
    }
}

/// The sizes of all axes that have a label; nothing where only the run will tell.
#[derive(Debug, Default)]
pub(crate) struct Labels(RefCell<Vec<Option<usize>>>);

impl Labels {
    /// A new label.
    pub fn label(&self, size: Option<usize>) -> Label {
        let mut sizes = self.0.borrow_mut();
        sizes.push(size);
        sizes.len() - 1
    }

    /// Size of an axis, where it is known.
    pub fn size(&self, axis: &[Label]) -> Option<usize> {
        let sizes = self.0.borrow();
        let size = |label: &Label| sizes.get(*label).copied().flatten();
        axis.iter()
            .try_fold(1usize, |product, label| product.checked_mul(size(label)?))
    }

    /// The axis without those of size 1.
    pub fn proper(&self, axis: &[Label]) -> Axis {
        let is_one = |label: &&Label| self.size(&[**label]) == Some(1);
        axis.iter()
            .filter(|label| !is_one(label))
            .copied()
            .collect()
    }

    /// Whether two axes are the same but for such of size 1.
    pub fn same(&self, a: &[Label], b: &[Label]) -> bool {
        self.proper(a) == self.proper(b)
    }
}

impl Value {
    /// Whether it is zero wherever it is used as the state at the start of a sequence: `Ok` with the graph's input that it
    /// is, where it is one.
    ///
    /// # Errors
    /// What it is instead.
    pub fn zero_state(&self) -> Result<Option<Rc<str>>, String> {
        match self {
            Value::Known(tensor) if tensor.is_zero() => Ok(None),
            Value::Repeated(0.0) => Ok(None),
            Value::Flow(flow) => match (&flow.source, flow.is_untouched()) {
                (Source::Input(name), true) => Ok(Some(name.clone())),
                _ => Err("is computed from the data".to_owned()),
            },
            Value::Known(_) | Value::Repeated(_) => Err("is not zero".to_owned()),
            other => Err(format!("comes from {}", other.origin())),
        }
    }

    /// What the value comes from, in words.
    pub fn origin(&self) -> String {
        match self {
            Value::Known(_) | Value::Repeated(_) => "a constant".to_owned(),
            Value::Sizes(_) | Value::Size(_) => "the sizes of a tensor".to_owned(),
            Value::Flow(flow) => match &flow.source {
                Source::Input(name) => format!("the input {name} of the graph"),
                Source::Node { .. } => "a recurrent node".to_owned(),
            },
            Value::State => "the last state of a recurrent node".to_owned(),
            Value::Other(origin) | Value::Broken(origin) => origin.to_string(),
        }
    }
}
