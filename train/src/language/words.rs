//! The tables that the host computes a language model's words with.

use std::collections::HashMap;
use std::path::Path;

use candle_core::Tensor;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::error::TrainError;
use crate::language::head::Softmax;

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

impl Words {
    /// The network's input that token number `token` stands for, of `size` elements.
    pub fn input(&self, token: u32, size: usize) -> Vec<i32> {
        let row = &self.embedding[token as usize * size..][..size];
        row.iter().map(|&x| i32::from(x)).collect()
    }

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
            .map_err(|error| TrainError::unwritable(path, "the word tables", error))
    }
}
