//! The model file of a trained language model, and the tables of its words.

use serde_json::json;
use tern_model::network::{Embedding, Layer, Model, Output};

use crate::error::TrainError;
use crate::language::checkpoint::Trained;
use crate::language::head::linear;
use crate::language::words::Words;
#[cfg(doc)]
use crate::quantize::precision::Precision;
use tern_features::tokens::TokenPreprocessing;

/// Most words whose embedding stands in the model file itself.
const EMBEDDED: usize = 4096;

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
