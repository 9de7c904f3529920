//! The tensors of a model: the one list of their names, types, shapes and allowed values.

use std::ops::RangeInclusive;

use crate::network::{Gate, Gru, GruBias, GruGate, Layer, Linear, Lstm, Model};

/// Name of the embedding's tensor, the only one outside the layers.
pub(crate) const EMBEDDING: &str = "embedding";

/// One tensor of a model; `values` are row-major, and `ranges` divide them into equal blocks, each
/// with the range its values keep.
pub(crate) struct Tensor<'m> {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Values<'m>,
    pub ranges: Vec<RangeInclusive<i32>>,
}

/// Integers of a tensor.
#[derive(Clone, Copy)]
pub(crate) enum Values<'m> {
    I8(&'m [i8]),
    I16(&'m [i16]),
    I32(&'m [i32]),
}

impl Values<'_> {
    pub fn len(self) -> usize {
        match self {
            Values::I8(values) => values.len(),
            Values::I16(values) => values.len(),
            Values::I32(values) => values.len(),
        }
    }
}

impl Model {
    /// The tensors that the model's file holds.
    pub(crate) fn tensors(&self) -> Vec<Tensor<'_>> {
        let layers = self
            .layers
            .iter()
            .enumerate()
            .flat_map(|(index, layer)| layer.tensors(index));
        let embedding = self.embedding.as_ref().map(|embedding| {
            let shape = [embedding.vocabulary_size, self.input_size];
            let range = -self.input_max()..=self.input_max();
            tensor(EMBEDDING, &shape, Values::I8(&embedding.weight), &[range])
        });
        layers.chain(embedding).collect()
    }
}

impl Layer {
    fn tensors(&self, index: usize) -> Vec<Tensor<'_>> {
        let mut tensors = match self {
            Layer::Lstm(lstm) => lstm.tensors(),
            Layer::Gru(gru) => gru.tensors(),
            Layer::Linear(linear) => linear.tensors(),
        };
        for tensor in &mut tensors {
            tensor.name = layer_tensor(index, &tensor.name);
        }
        tensors
    }
}

/// Full name of tensor `name` of layer `index`.
pub(crate) fn layer_tensor(index: usize, name: &str) -> String {
    format!("layers.{index}.{name}")
}

fn tensor<'m>(
    name: &str,
    shape: &[usize],
    values: Values<'m>,
    ranges: &[RangeInclusive<i32>],
) -> Tensor<'m> {
    Tensor {
        name: name.to_owned(),
        shape: shape.to_vec(),
        values,
        ranges: ranges.to_vec(),
    }
}

/// Ternary weights.
const TRIT: [RangeInclusive<i32>; 1] = [-1..=1];
/// Biases; what bounds them is that no sum exceeds 31 bits.
const BIAS: [RangeInclusive<i32>; 1] = [i32::MIN..=i32::MAX];

/// Values of an activation table with F = `gate_frac` fraction bits.
fn lut_range(gate_frac: u32, signed: bool) -> RangeInclusive<i32> {
    let one = 1 << gate_frac;
    if signed { -one..=one } else { 0..=one }
}

/// The tensors that every recurrent layer has: `sizes` are those of its input, its hidden state and its biases.
fn recurrent<'m>(
    [input_size, hidden_size, biases]: [usize; 3],
    [weight_ih, weight_hh]: [&'m [i8]; 2],
    bias: &'m [i32],
    lut: &'m [i16],
    lut_bits: u32,
    luts: &[RangeInclusive<i32>],
) -> Vec<Tensor<'m>> {
    let (rows, table) = (luts.len() * hidden_size, 1 << lut_bits);
    let weights = |name, weight, width| tensor(name, &[rows, width], Values::I8(weight), &TRIT);
    vec![
        weights("weight_ih", weight_ih, input_size),
        weights("weight_hh", weight_hh, hidden_size),
        tensor("bias", &[biases], Values::I32(bias), &BIAS),
        tensor("lut", &[luts.len(), table], Values::I16(lut), luts),
    ]
}

impl Lstm {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let biases = Gate::ORDER.len() * self.hidden_size;
        let luts = Gate::ORDER.map(|gate| lut_range(self.gate_frac, gate.is_signed()));
        let mut tensors = recurrent(
            [self.input_size, self.hidden_size, biases],
            [&self.weight_ih, &self.weight_hh],
            &self.bias,
            &self.lut,
            self.lut_bits,
            &luts,
        );
        let (table, state_lut) = (1 << self.lut_bits, Values::I16(&self.state_lut));
        let range = lut_range(self.gate_frac, true);
        tensors.push(tensor("state_lut", &[table], state_lut, &[range]));
        tensors
    }
}

impl Gru {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let biases = GruBias::ORDER.len() * self.hidden_size;
        let luts = GruGate::ORDER.map(|gate| lut_range(self.gate_frac, gate.is_signed()));
        recurrent(
            [self.input_size, self.hidden_size, biases],
            [&self.weight_ih, &self.weight_hh],
            &self.bias,
            &self.lut,
            self.lut_bits,
            &luts,
        )
    }
}

impl Linear {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let shape = [self.output_size, self.input_size];
        vec![
            tensor("weight", &shape, Values::I8(&self.weight), &TRIT),
            tensor("bias", &[self.output_size], Values::I32(&self.bias), &BIAS),
        ]
    }
}
