//! The file: protocol buffers, the messages of ONNX and the elements of its tensors.

mod attributes;
pub(super) mod schema;
pub(super) mod tensor;
mod wire;
