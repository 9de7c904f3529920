//! The readable Verilog means what the text of Rust-HDL means.

use rust_hdl::core::prelude::{Block, generate_verilog_unchecked};
use tern_hdl::stream::narrow::Narrow;
use tern_hdl::stream::widen::Widen;

use super::Proof;

#[test]
fn readable_text_is_equivalent_to_the_text_of_rust_hdl() {
    fn texts(name: &str, bits: [usize; 2], broken: (&str, &str), mut block: impl Block) {
        block.connect_all();
        let raw = generate_verilog_unchecked(&block).replace("module top(", "module raw_top(");
        let readable = tern_hdl::verilog::emit(&block).expect("a sound block");
        let readable = readable.replace(&format!("module tern_{name} "), "module readable_top ");
        Proof {
            name,
            design: readable + &raw,
            properties: include_str!("../../formal/equivalent.v"),
            defines: &[("INPUT_BITS", bits[0]), ("OUTPUT_BITS", bits[1])],
            broken,
            fails: "same_outputs",
        }
        .check();
    }
    let (from, to) = ("full_q <= 1'b1", "full_q <= 1'b0");
    texts("widen", [8, 24], (from, to), Widen::new(3));
    let (from, to) = ("busy_q <= s_axis_tvalid", "busy_q <= 1'b1");
    texts("narrow", [24, 8], (from, to), Narrow::new(3));
}
