//! gen-verilog

fn main() {}
