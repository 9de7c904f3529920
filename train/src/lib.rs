//! Data sets, quantization-aware training and export.
