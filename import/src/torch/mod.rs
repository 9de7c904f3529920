//! State dicts of PyTorch: `.safetensors`, and `.pt` files, of which no code is run.

mod module;
mod pickle;
mod safetensors;
mod state;
mod zip;

use crate::budget::Budget;
use crate::error::ImportError;
use crate::part::Contents;

/// Reads a `.safetensors` file.
///
/// # Errors
/// When it is none, or no state dict.
pub(crate) fn read_safetensors(bytes: &[u8]) -> Result<Contents, ImportError> {
    let budget = Budget::of(bytes.len());
    let state = safetensors::Safetensors::read(bytes, &budget)?;
    Ok(module::contents(&state))
}

/// Reads what `torch.save` wrote.
///
/// # Errors
/// When it is no such file, or no state dict.
pub(crate) fn read_pt(bytes: &[u8]) -> Result<Contents, ImportError> {
    let budget = Budget::of(bytes.len());
    let state = zip::Saved::read(bytes, &budget)?;
    Ok(module::contents(&state))
}
