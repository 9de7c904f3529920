//! The tensors of a model file, to and from bytes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use safetensors::tensor::View;
use safetensors::{Dtype, SafeTensors};

use crate::error::{Error, ErrorKind};
use crate::network::{Embedding, Layer, Model};
use crate::tensors::{EMBEDDING, Tensor, Values, layer_tensor};

/// Fills `model` with the tensors of `file`, which must be exactly those its fields call for.
pub(super) fn load(model: &mut Model, file: &SafeTensors) -> Result<(), Error> {
    if let Ok(tensor) = file.tensor(EMBEDDING) {
        // The vocabulary is the only size that stands in no field; `check` compares the rest.
        let vocabulary_size = tensor.shape().first().copied().unwrap_or(0);
        model.embedding = Some(Embedding {
            vocabulary_size,
            weight: Vec::new(),
        });
    }
    check(&model.tensors(), file)?;
    for (index, layer) in model.layers.iter_mut().enumerate() {
        let bytes = |name| bytes(file, &layer_tensor(index, name));
        let i8s = |name| Ok::<_, Error>(integers(bytes(name)?, i8::from_le_bytes));
        let i16s = |name| Ok::<_, Error>(integers(bytes(name)?, i16::from_le_bytes));
        let i32s = |name| Ok::<_, Error>(integers(bytes(name)?, i32::from_le_bytes));
        match layer {
            Layer::Lstm(lstm) => {
                lstm.weight_ih = i8s("weight_ih")?;
                lstm.weight_hh = i8s("weight_hh")?;
                lstm.bias = i32s("bias")?;
                lstm.lut = i16s("lut")?;
                lstm.state_lut = i16s("state_lut")?;
            }
            Layer::Gru(gru) => {
                gru.weight_ih = i8s("weight_ih")?;
                gru.weight_hh = i8s("weight_hh")?;
                gru.bias = i32s("bias")?;
                gru.lut = i16s("lut")?;
            }
            Layer::Linear(linear) => {
                linear.weight = i8s("weight")?;
                linear.bias = i32s("bias")?;
            }
        }
    }
    if let Some(embedding) = &mut model.embedding {
        embedding.weight = integers(bytes(file, EMBEDDING)?, i8::from_le_bytes);
    }
    Ok(())
}

/// Checks that `file` holds exactly the tensors `expected`, with their types and shapes.
fn check(expected: &[Tensor], file: &SafeTensors) -> Result<(), Error> {
    for tensor in expected {
        let found = file
            .tensor(&tensor.name)
            .map_err(|_| Error::new(&tensor.name, "is missing from the file"))?;
        if found.dtype() != tensor.dtype() {
            let problem = format!("has type {}, expected {}", found.dtype(), tensor.dtype());
            return Err(Error::new(&tensor.name, problem));
        }
        if found.shape() != tensor.shape {
            let problem = format!("has shape {:?}, expected {:?}", found.shape(), tensor.shape);
            return Err(Error::new(&tensor.name, problem));
        }
    }
    let known: BTreeSet<&str> = expected.iter().map(|tensor| tensor.name.as_str()).collect();
    let found: BTreeSet<&str> = file.names().into_iter().collect();
    match found.difference(&known).next() {
        Some(extra) => Err(Error::new(
            *extra,
            "is not a tensor that the model's fields call for",
        )),
        None => Ok(()),
    }
}

/// The tensors of `model` by name, ready to be serialized.
pub(super) fn views(model: &Model) -> Vec<(String, Tensor<'_>)> {
    model
        .tensors()
        .into_iter()
        .map(|tensor| (tensor.name.clone(), tensor))
        .collect()
}

impl View for Tensor<'_> {
    fn dtype(&self) -> Dtype {
        match self.values {
            Values::I8(_) => Dtype::I8,
            Values::I16(_) => Dtype::I16,
            Values::I32(_) => Dtype::I32,
        }
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let bytes: Vec<u8> = match self.values {
            Values::I8(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Values::I16(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Values::I32(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        };
        bytes.into()
    }

    fn data_len(&self) -> usize {
        self.values.len() * self.dtype().bitsize() / 8
    }
}

fn bytes<'f>(file: &SafeTensors<'f>, name: &str) -> Result<&'f [u8], Error> {
    let tensor = file.tensor(name);
    tensor
        .map(|tensor| tensor.data())
        .map_err(|error| Error::caused(ErrorKind::Format, name, "cannot be read", error))
}

/// Integers of N bytes each, as `from` reads them.
fn integers<T, const N: usize>(bytes: &[u8], from: fn([u8; N]) -> T) -> Vec<T> {
    let (words, _) = bytes.as_chunks();
    words.iter().map(|&word| from(word)).collect()
}
