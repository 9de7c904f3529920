//! The accelerator in Rust-HDL and its Verilog.
