//! The parts of an ONNX file that are read, as `onnx.proto` numbers their fields.

use super::wire::{Field, Fields};
use crate::budget::Budget;
use crate::error::{ImportError, refuse};

/// Graphs inside of graphs.
const MAX_DEPTH: usize = 16;
/// Words of a structure, so many or fewer.
const STRUCTURE: usize = 128;
/// Words of a name in a list.
const NAME: usize = 8;

/// A file.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    /// Version of the operators of the domain `""`.
    pub opset: i64,
    pub graph: Graph<'a>,
}

/// A graph: the file's, or one that a node holds.
#[derive(Debug, Default)]
pub(crate) struct Graph<'a> {
    pub nodes: Vec<Node<'a>>,
    pub initializers: Vec<TensorProto<'a>>,
    pub inputs: Vec<Input<'a>>,
    pub outputs: Vec<&'a str>,
}

/// An input of a graph.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    pub name: &'a str,
    /// Sizes, where the axis has a fixed one; nothing where the number of axes is not said.
    pub shape: Option<Vec<Option<usize>>>,
}

/// A node.
#[derive(Debug, Default)]
pub(crate) struct Node<'a> {
    pub inputs: Vec<&'a str>,
    pub outputs: Vec<&'a str>,
    pub name: &'a str,
    pub operator: &'a str,
    pub domain: &'a str,
    pub attributes: Vec<Attribute<'a>>,
}

/// An attribute of a node; one field holds it.
#[derive(Debug, Default)]
pub(crate) struct Attribute<'a> {
    pub name: &'a str,
    pub float: Option<f32>,
    pub int: Option<i64>,
    pub text: Option<&'a [u8]>,
    pub tensor: Option<TensorProto<'a>>,
    pub graph: Option<Graph<'a>>,
    pub floats: Vec<f32>,
    pub ints: Vec<i64>,
    pub texts: Vec<&'a [u8]>,
}

/// A tensor; its elements are read where it is used.
#[derive(Clone, Debug, Default)]
pub(crate) struct TensorProto<'a> {
    pub name: &'a str,
    pub dims: Vec<i64>,
    pub data_type: i64,
    /// Keys and values that say where in another file the elements are.
    pub external: Vec<(&'a str, &'a str)>,
    pub is_external: bool,
    /// All of its fields.
    pub body: &'a [u8],
}

impl<'a> Model<'a> {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is no ONNX file.
    pub fn read(bytes: &'a [u8], budget: &Budget) -> Result<Model<'a>, ImportError> {
        let (mut opset, mut graph) = (None, None);
        for field in Fields(bytes) {
            match field? {
                (7, field) => graph = Some(Graph::read(field, budget, 0)?),
                (8, field) => {
                    let (mut domain, mut version) = ("", 0);
                    for field in Fields(field.bytes()?) {
                        match field? {
                            (1, field) => domain = field.text()?,
                            (2, field) => version = field.int()?,
                            _ => (),
                        }
                    }
                    if matches!(domain, "" | "ai.onnx") {
                        opset = Some(version);
                    }
                }
                _ => (),
            }
        }
        match (opset, graph) {
            (Some(opset), Some(graph)) => Ok(Model { opset, graph }),
            (_, None) => refuse("not an ONNX file: it has no graph"),
            (None, _) => refuse("not an ONNX file: it has no version of its operators"),
        }
    }
}

impl<'a> Graph<'a> {
    fn read(field: Field<'a>, budget: &Budget, depth: usize) -> Result<Graph<'a>, ImportError> {
        if depth == MAX_DEPTH {
            return refuse(format!(
                "graphs hold each other {MAX_DEPTH} deep, expected fewer"
            ));
        }
        let mut graph = Graph::default();
        for field in Fields(field.bytes()?) {
            let (number, field) = field?;
            match number {
                1 => graph.nodes.push(Node::read(field, budget, depth)?),
                5 => graph.initializers.push(TensorProto::read(field, budget)?),
                11 => graph.inputs.push(Input::read(field, budget)?),
                12 => graph.outputs.push(Input::read(field, budget)?.name),
                _ => (),
            }
        }
        Ok(graph)
    }
}

impl<'a> Input<'a> {
    fn read(field: Field<'a>, budget: &Budget) -> Result<Input<'a>, ImportError> {
        budget.take(STRUCTURE)?;
        let (mut name, mut shape) = ("", None);
        for field in Fields(field.bytes()?) {
            match field? {
                (1, field) => name = field.text()?,
                (2, field) => shape = sizes(field, budget)?,
                _ => (),
            }
        }
        Ok(Input { name, shape })
    }
}

/// The sizes in a type: `tensor_type`, `shape`, `dim`, `dim_value`.
fn sizes(field: Field, budget: &Budget) -> Result<Option<Vec<Option<usize>>>, ImportError> {
    let mut shape = None;
    for field in Fields(field.bytes()?) {
        let (1, tensor_type) = field? else { continue };
        for field in Fields(tensor_type.bytes()?) {
            let (2, dims) = field? else { continue };
            let mut sizes = Vec::new();
            for field in Fields(dims.bytes()?) {
                let (1, dim) = field? else { continue };
                budget.take(NAME)?;
                let mut size = None;
                for field in Fields(dim.bytes()?) {
                    if let (1, value) = field? {
                        size = usize::try_from(value.int()?).ok().filter(|size| *size > 0);
                    }
                }
                sizes.push(size);
            }
            shape = Some(sizes);
        }
    }
    Ok(shape)
}

impl<'a> Node<'a> {
    fn read(field: Field<'a>, budget: &Budget, depth: usize) -> Result<Node<'a>, ImportError> {
        budget.take(STRUCTURE)?;
        let mut node = Node::default();
        for field in Fields(field.bytes()?) {
            let (number, field) = field?;
            match number {
                1 | 2 => {
                    budget.take(NAME)?;
                    match number {
                        1 => node.inputs.push(field.text()?),
                        _ => node.outputs.push(field.text()?),
                    }
                }
                3 => node.name = field.text()?,
                4 => node.operator = field.text()?,
                5 => node.attributes.push(Attribute::read(field, budget, depth)?),
                7 => node.domain = field.text()?,
                _ => (),
            }
        }
        Ok(node)
    }
}

impl<'a> Attribute<'a> {
    fn read(field: Field<'a>, budget: &Budget, depth: usize) -> Result<Attribute<'a>, ImportError> {
        budget.take(STRUCTURE)?;
        let mut attribute = Attribute::default();
        for field in Fields(field.bytes()?) {
            let (number, field) = field?;
            match number {
                1 => attribute.name = field.text()?,
                2 => attribute.float = Some(field.float()?),
                3 => attribute.int = Some(field.int()?),
                4 => attribute.text = Some(field.bytes()?),
                5 => attribute.tensor = Some(TensorProto::read(field, budget)?),
                6 => attribute.graph = Some(Graph::read(field, budget, depth + 1)?),
                7 => field.floats(&mut attribute.floats, budget)?,
                8 => field.ints(&mut attribute.ints, budget)?,
                9 => {
                    budget.take(NAME)?;
                    attribute.texts.push(field.bytes()?);
                }
                _ => (),
            }
        }
        Ok(attribute)
    }
}

impl<'a> TensorProto<'a> {
    fn read(field: Field<'a>, budget: &Budget) -> Result<TensorProto<'a>, ImportError> {
        budget.take(STRUCTURE)?;
        let body = field.bytes()?;
        let mut tensor = TensorProto {
            body,
            ..TensorProto::default()
        };
        for field in Fields(body) {
            match field? {
                (1, field) => field.ints(&mut tensor.dims, budget)?,
                (2, field) => tensor.data_type = field.int()?,
                (8, field) => tensor.name = field.text()?,
                (13, field) => {
                    budget.take(NAME)?;
                    let (mut key, mut value) = ("", "");
                    for field in Fields(field.bytes()?) {
                        match field? {
                            (1, field) => key = field.text()?,
                            (2, field) => value = field.text()?,
                            _ => (),
                        }
                    }
                    tensor.external.push((key, value));
                }
                (14, field) => tensor.is_external = field.int()? == 1,
                _ => (),
            }
        }
        Ok(tensor)
    }
}
