//! Tensors in a `.safetensors` file.

use safetensors::{Dtype, SafeTensors};
use tern_model::file::safetensors_problem;

use super::state::{Element, Entry, StateDict};
use crate::budget::Budget;
use crate::error::{ImportError, refuse};

/// Longest header that is read: a state dict of some thousand tensors has less.
const MAX_HEADER: u64 = 4 << 20;

/// An open file.
pub(super) struct Safetensors<'b> {
    file: SafeTensors<'b>,
    entries: Vec<Entry>,
    budget: &'b Budget,
}

impl<'b> Safetensors<'b> {
    /// Opens a file.
    ///
    /// # Errors
    /// When the bytes are no such file, or a model file of Tern.
    pub fn read(bytes: &'b [u8], budget: &'b Budget) -> Result<Safetensors<'b>, ImportError> {
        let length = bytes
            .first_chunk::<8>()
            .map(|bytes| u64::from_le_bytes(*bytes));
        if let Some(length) = length.filter(|length| *length > MAX_HEADER) {
            return refuse(format!(
                "not a state dict: its header has {length} bytes, expected at most {MAX_HEADER}"
            ));
        }
        let broken = |error| {
            let problem = safetensors_problem(&error);
            ImportError::new(format!("not a safetensors file: {problem}"))
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
        let own = metadata.metadata().as_ref();
        if own.is_some_and(|entries| entries.keys().any(|key| key.starts_with("tern"))) {
            return refuse("is a model or a run of Tern, expected a network of another tool");
        }
        let file = SafeTensors::deserialize(bytes).map_err(broken)?;
        let entry = |name: String| {
            let view = file.tensor(&name).map_err(broken)?;
            Ok(Entry {
                shape: view.shape().to_vec(),
                name,
            })
        };
        let entries = metadata.offset_keys().into_iter().map(entry);
        let entries = entries.collect::<Result<_, ImportError>>()?;
        Ok(Safetensors {
            file,
            entries,
            budget,
        })
    }
}

impl StateDict for Safetensors<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, entry: usize) -> Result<Vec<f32>, ImportError> {
        let name = &self.entries[entry].name;
        let broken = |error| ImportError::new(format!("cannot be read: {error}"));
        let view = self.file.tensor(name).map_err(broken)?;
        let element = match view.dtype() {
            Dtype::F32 => Element::F32,
            Dtype::F64 => Element::F64,
            other => Element::Other {
                name: type_name(other),
                bytes: 1,
            },
        };
        self.budget.take(view.data().len() / 4)?;
        element.read(view.data())
    }

    fn is_ordered(&self) -> bool {
        false
    }
}

fn type_name(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::F16 => "float16",
        Dtype::BF16 => "bfloat16",
        Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 => "of integers",
        _ => "of another type",
    }
}
