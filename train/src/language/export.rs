//! From a trained language model to the files that the hardware and its host read.

use std::collections::HashMap;
use std::path::Path;

use candle_core::Tensor;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::json;
use tern_model::network::{Embedding, Layer, Model, Output};

use crate::TrainError;
#[cfg(doc)]
use crate::language::Precision;
use crate::language::head::linear;
use crate::language::{Softmax, TokenPreprocessing, Trained};

/// Most words whose embedding stands in the model file itself.
const EMBEDDED: usize = 4096;

/// What the host computes a language model's words with.
#[derive(Clone, Debug)]
pub struct Words {
    /// The words by their number.
    pub vocabulary: Vec<String>,
    /// Ternary inputs `[V, X]`, row-major.
    pub embedding: Vec<i8>,
    /// Softmax in 32-bit floats; none where it is the model's own linear head.
    pub softmax: Option<Softmax>,
}

/// The recurrent part of a trained HitNet network as a model, and the tables of its words.
///
/// The model takes a row of the embedding as its ternary input. After every step it gives the ternary
/// hidden state, where softmax weight and bias are full precision and stay on the host, or the
/// integers of a ternary softmax, which is its linear head; labels and preprocessing then say the rest
/// ([`TokenPreprocessing`]).
///
/// # Errors
/// When the network is none of [`Precision::Hitnet`], or the softmax has more words than a head has outputs.
pub fn export(trained: &Trained) -> Result<(Model, Words), TrainError> {
    let Trained { recipe, model, .. } = trained;
    let mut layers = Vec::new();
    for layer in model.layers() {
        layers.push(layer.layer()?.ok_or_else(|| {
            TrainError::new(format!(
                "{}: precision is {}, expected hitnet: only ternary networks have a model file",
                trained.path.display(),
                recipe.precision.name()
            ))
        })?);
    }
    let softmax = model.softmax()?;
    let head = linear(&softmax)?;
    let words = Words {
        vocabulary: trained.vocabulary.clone(),
        embedding: model.trits()?,
        softmax: head.is_none().then_some(softmax),
    };
    let (mut labels, mut preprocessing) = (None, None);
    if let Some((linear, scale)) = head {
        layers.push(Layer::Linear(linear));
        labels = Some(words.vocabulary.clone());
        preprocessing = Some(json!(TokenPreprocessing {
            tokens: recipe.corpus.tokens(),
            corpus: recipe.corpus,
            logit_scale: f64::from(scale),
        }));
    }
    let vocabulary_size = words.vocabulary.len();
    let embedding = (vocabulary_size <= EMBEDDED).then(|| Embedding {
        vocabulary_size,
        weight: words.embedding.clone(),
    });
    let model = Model {
        name: recipe.name(),
        input_size: recipe.units,
        input_bits: 2,
        layers,
        output: Output::Every,
        labels,
        preprocessing,
        training: Some(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "recipe": recipe,
            "epochs": trained.epochs,
            "best_epoch": trained.best_epoch,
            "validation_perplexity": trained.best_perplexity,
            "embedding": "ternary",
            "softmax": match words.softmax {
                Some(_) => "32-bit floats, on the host",
                None => "ternary",
            },
        })),
        embedding,
    };
    model.validate()?;
    Ok((model, words))
}

impl Words {
    /// Writes the tables as a `.safetensors` file, unless the model file holds them all: `embedding`
    /// I8 `[V, X]`, `softmax.weight` F32 `[V, H]`, `softmax.bias` F32 `[V]`, and the vocabulary as
    /// JSON under `vocabulary` in the metadata.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), TrainError> {
        let Some(Softmax { weight, bias, .. }) = &self.softmax else {
            return Ok(());
        };
        let broken = |what: String| TrainError::new(format!("{}: {what}", path.display()));
        let words = self.vocabulary.len();
        let trits: Vec<u8> = self.embedding.iter().map(|&trit| trit as u8).collect();
        let bytes = |tensor: &Tensor| -> Result<Vec<u8>, TrainError> {
            let values = tensor.flatten_all()?.to_vec1::<f32>()?;
            Ok(values.iter().flat_map(|v| v.to_le_bytes()).collect())
        };
        let (weights, biases) = (bytes(weight)?, bytes(bias)?);
        let columns = trits.len() / words.max(1);
        let view = |dtype, shape: &[usize], data| {
            TensorView::new(dtype, shape.to_vec(), data).map_err(|e| broken(e.to_string()))
        };
        let tensors = [
            ("embedding", view(Dtype::I8, &[words, columns], &trits)?),
            ("softmax.weight", view(Dtype::F32, weight.dims(), &weights)?),
            ("softmax.bias", view(Dtype::F32, &[words], &biases)?),
        ];
        let vocabulary =
            serde_json::to_string(&self.vocabulary).map_err(|e| broken(e.to_string()))?;
        let metadata = HashMap::from([("vocabulary".to_owned(), vocabulary)]);
        let file = safetensors::serialize(tensors, Some(metadata));
        let file = file.map_err(|e| broken(e.to_string()))?;
        tern_model::file::write_atomic(path, &file)
            .map_err(|error| broken(format!("the word tables cannot be written: {error}")))
    }
}
