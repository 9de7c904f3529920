//! Valid models to start from, and model files taken apart so that tests can break them.

// Each test binary uses its own part of this module.
#![allow(dead_code)]

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use tern_model::error::Error;
use tern_model::network::{CellKind, Embedding, Layer, Model, Output};
use tern_model::random::{RandomSpec, random_model};

/// A model of these layers with an output every step and nothing else.
pub fn model_of(input_bits: u32, layers: Vec<Layer>) -> Model {
    Model {
        name: "by hand".to_owned(),
        input_size: layers[0].input_size(),
        input_bits,
        layers,
        output: Output::Every,
        labels: None,
        preprocessing: None,
        training: None,
        embedding: None,
    }
}

/// An LSTM with a head, and with every optional entry of a model file.
pub fn lstm_model() -> Model {
    let spec = RandomSpec {
        head: Some(2),
        output: Output::Last,
        ..RandomSpec::fixed_point(CellKind::Lstm, 3, 4)
    };
    Model {
        labels: Some(vec!["no".to_owned(), "yes".to_owned()]),
        preprocessing: Some(serde_json::json!({"scale": 0.1, "features": ["a", "b", "c"]})),
        training: Some(serde_json::json!({"accuracy": 97.30000000000001, "epochs": 30})),
        embedding: Some(Embedding {
            vocabulary_size: 2,
            weight: vec![1, -127, 127, 0, 5, -5],
        }),
        ..random_model(&spec, 1)
    }
}

/// Two GRU layers without a head.
pub fn gru_model() -> Model {
    let spec = RandomSpec {
        cells: vec![(CellKind::Gru, 4), (CellKind::Gru, 2)],
        ..RandomSpec::hitnet(CellKind::Gru, 3, 4)
    };
    random_model(&spec, 2)
}

/// Small shapes of every kind, with every constant anywhere in a wide range.
pub fn specs() -> impl Strategy<Value = RandomSpec> {
    let kind = prop_oneof![Just(CellKind::Lstm), Just(CellKind::Gru)];
    let cells = prop::collection::vec((kind, 1usize..7), 1..4);
    let output = prop_oneof![Just(Output::Last), Just(Output::Every)];
    let shape = (
        1usize..9,
        2u32..=8,
        cells,
        prop::option::of(1usize..5),
        output,
        prop::collection::vec(2u32..=8, 0..4),
    );
    let numbers = (
        0u32..=8,
        1u32..=10,
        2u32..=24,
        0u32..8,
        0u32..8,
        0u32..10,
        0u32..16,
    );
    (shape, numbers).prop_map(|(shape, numbers)| {
        let (input_size, input_bits, cells, head, output, hidden_bits) = shape;
        let (
            gate_frac,
            lut_bits,
            state_bits,
            input_shift,
            hidden_shift,
            lut_shift,
            state_lut_shift,
        ) = numbers;
        RandomSpec {
            input_size,
            input_bits,
            cells,
            head,
            output,
            gate_frac,
            lut_bits,
            state_bits,
            input_shift,
            hidden_shift,
            hidden_bits,
            lut_shift,
            state_lut_shift,
        }
    })
}

/// A model file taken apart.
pub struct RawFile {
    pub description: Value,
    pub tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>,
}

impl RawFile {
    pub fn of(model: &Model) -> RawFile {
        let bytes = model.to_bytes().unwrap();
        let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
        let description = &metadata.metadata().as_ref().unwrap()["tern"];
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let tensors = file.iter().map(|(name, view)| {
            (
                name.to_owned(),
                (view.dtype(), view.shape().to_vec(), view.data().to_vec()),
            )
        });
        RawFile {
            description: description.parse().unwrap(),
            tensors: tensors.collect(),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.bytes_described(&self.description.to_string())
    }

    /// The file with `description` in place of its own.
    pub fn bytes_described(&self, description: &str) -> Vec<u8> {
        let views = self.tensors.iter().map(|(name, (dtype, shape, data))| {
            (name, TensorView::new(*dtype, shape.clone(), data).unwrap())
        });
        let metadata = HashMap::from([("tern".to_owned(), description.to_owned())]);
        safetensors::serialize(views, Some(metadata)).unwrap()
    }

    pub fn read(&self) -> Result<Model, Error> {
        Model::from_bytes(&self.bytes())
    }
}
