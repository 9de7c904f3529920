//! Files of any format.

use std::path::Path;

use crate::beside::Beside;
use crate::error::{ImportError, refuse};
use crate::keras;
use crate::onnx;
use crate::part::Contents;
use crate::torch;

/// Reads a file: `.safetensors`, `.pt`, `.pth`, `.onnx` or `.keras`.
///
/// # Errors
/// When it cannot be read or is no such file; the sentence names it.
pub fn read(path: &Path) -> Result<Contents, ImportError> {
    let place = |error: ImportError| error.at(path.display());
    let bytes = tern_model::file::read_bytes(path)
        .map_err(|error| ImportError::new(format!("cannot be read: {error}")))
        .map_err(place)?;
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    contents(&extension, &bytes, &Beside::of(path)).map_err(place)
}

/// What [`read`] makes of the bytes of a file of that extension, which has no other file beside it.
///
/// # Errors
/// As those of [`read`].
pub fn read_bytes(extension: &str, bytes: &[u8]) -> Result<Contents, ImportError> {
    contents(extension, bytes, &Beside::default())
}

fn contents(extension: &str, bytes: &[u8], beside: &Beside) -> Result<Contents, ImportError> {
    match extension.to_ascii_lowercase().as_str() {
        "onnx" => onnx::read(bytes, beside),
        "safetensors" => torch::read_safetensors(bytes),
        "keras" => keras::read(bytes),
        "pt" | "pth" => torch::read_pt(bytes),
        _ => refuse(format!(
            "the file name ends in \"{extension}\", expected .safetensors, .pt, .pth, .onnx or .keras"
        )),
    }
}
