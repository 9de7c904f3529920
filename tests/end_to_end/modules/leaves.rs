//! The leaves whose Verilog is written by hand equal their Rust behaviour, for every input of small widths.

use rust_hdl::core::prelude::*;
use tern_compile::bits::index_bits;
use tern_hdl::array::count::Count;
use tern_hdl::array::product::Product;
use tern_hdl::kit::{Access, Memory, Reg, Style, Vector};
use tern_hdl::stream::elements::Elements;
use tern_hdl::stream::plane::{Plane, SignMagnitude};
use tern_hdl::stream::plane_of::PlaneOf;
use tern_sim::dut::{Dut, Inputs};
use tern_tests::simulators;

/// Input bits that all leaves share, from bit 0 on; every value of them is tried.
const INPUT_BITS: usize = 16;

/// Names and widths of ports.
type Ports = Vec<(&'static str, usize)>;

/// A block with few input bits.
trait Leaf {
    fn inputs(&self) -> Ports;
    fn outputs(&self) -> Ports;
    fn clocked(&self) -> bool;
    fn verilog(&mut self) -> String;
    /// The outputs of a clock cycle in which the inputs, first one lowest, are `bits`.
    fn cycle(&mut self, bits: u128) -> Vec<u64>;
    /// Whether the outputs mean nothing in the cycle after the last one.
    fn unread(&self) -> bool;
}

macro_rules! leaf {
    ($type: ty, ($($clock: ident)?), ($($input: ident),*), ($($output: ident),*) $(, $unread: expr)?) => {
        impl Leaf for $type {
            fn inputs(&self) -> Ports {
                let all = [$((stringify!($input), self.$input.bits())),*];
                all.into_iter().filter(|(_, bits)| *bits > 0).collect()
            }
            fn outputs(&self) -> Ports {
                vec![$((stringify!($output), self.$output.bits())),*]
            }
            fn clocked(&self) -> bool {
                !concat!("", $(stringify!($clock))?).is_empty()
            }
            fn verilog(&mut self) -> String {
                self.connect_all();
                generate_verilog_unchecked(self)
            }
            fn cycle(&mut self, bits: u128) -> Vec<u64> {
                let mut rest = bits;
                $(self.$clock.next = Clock { clk: false };)?
                $(
                    if self.$input.bits() > 0 {
                        self.$input.next = Vector::unsigned(rest, self.$input.bits() as u32);
                        rest >>= self.$input.bits();
                    }
                )*
                assert!(rest < 1 << INPUT_BITS);
                assert!(simulate(self, 10), "a leaf settles");
                let outputs = vec![$(self.$output.val().words()[0]),*];
                $(
                    self.$clock.next = Clock { clk: true };
                    assert!(simulate(self, 10), "a leaf settles");
                )?
                outputs
            }
            fn unread(&self) -> bool {
                let unread: &[fn(&Self) -> bool] = &[$($unread)?];
                unread.iter().any(|unread| unread(self))
            }
        }
    };
}

leaf!(Product, (), (act, weight), (plus, minus));
leaf!(Count, (), (plus, minus), (count));
leaf!(SignMagnitude, (), (elements), (out));
leaf!(Plane, (), (chunk), (trits, rotated));
leaf!(PlaneOf, (), (chunk, plane), (trits));
leaf!(Elements, (), (chunk), (out));
leaf!(Reg, (clock), (d), (q));
leaf!(
    Memory,
    (clock),
    (address, write, write_address, write_data),
    (data),
    |memory| memory.write.val().any()
        && (memory.write_address.bits() == 0 || memory.write_address.val() == memory.address.val())
);
/// Products, counts, registers and memories.
fn array_leaves() -> Vec<Box<dyn Leaf>> {
    let memory = |address_bits, style, access| {
        let words: Vec<i128> = (0..11.min(1i128 << address_bits))
            .map(|k| k * k * 37 % 256 - 128)
            .collect();
        Memory::new(9, address_bits, &words, style, access)
    };
    vec![
        Box::new(Product::new(4)),
        Box::new(Product::new(2)),
        Box::new(Count::new(8)),
        Box::new(Count::new(5)),
        Box::new(Reg::new(7)),
        Box::new(Reg::signed(16)),
        Box::new(memory(4, Style::Block, Access::Read)),
        Box::new(memory(5, Style::Logic, Access::Read)),
        Box::new(memory(3, Style::Block, Access::WritePort)),
        Box::new(memory(4, Style::Block, Access::OnePort)),
        Box::new(Memory::blank(6, 3)),
    ]
}

/// The conversion of input elements of every width.
fn input_leaves() -> Vec<Box<dyn Leaf>> {
    let of_width = |bits| -> [Box<dyn Leaf>; 2] {
        let lanes = INPUT_BITS / bits;
        [
            Box::new(SignMagnitude::new(lanes, bits)),
            Box::new(Plane::new(lanes, bits)),
        ]
    };
    (3..=8).flat_map(of_width).collect()
}

/// Planes and output codes of hidden states of every width.
fn hidden_leaves() -> Vec<Box<dyn Leaf>> {
    let of_width = |bits| -> [Box<dyn Leaf>; 4] {
        let (plane, lanes) = (index_bits(bits - 1), INPUT_BITS / bits);
        [
            Box::new(PlaneOf::new((INPUT_BITS - plane) / bits, bits, plane)),
            Box::new(Elements::new(lanes, bits, bits)),
            Box::new(Elements::new(lanes, bits, 3)),
            Box::new(Elements::new(lanes, bits, 2)),
        ]
    };
    (3..=8).flat_map(of_width).collect()
}

/// A top module in which every leaf gets the lowest bits of one input stream, and its outputs lie one after the other.
fn wrap(leaves: &mut [Box<dyn Leaf>]) -> (String, usize) {
    let (mut modules, mut instances, mut to) = (String::new(), String::new(), 0);
    for (number, leaf) in leaves.iter_mut().enumerate() {
        let text = leaf.verilog();
        assert!(text.contains("module top("), "{text}");
        modules += &text.replace("module top(", &format!("module leaf_{number}("));
        let mut ports: Vec<String> = vec![];
        if leaf.clocked() {
            ports.push(".clock(clock)".to_owned());
        }
        let mut from = 0;
        for (name, width) in leaf.inputs() {
            ports.push(format!(".{name}(s_axis_tdata[{from} +: {width}])"));
            from += width;
        }
        for (name, width) in leaf.outputs() {
            ports.push(format!(".{name}(m_axis_tdata[{to} +: {width}])"));
            to += width;
        }
        instances += &format!("leaf_{number} leaf_{number}({});\n", ports.join(", "));
    }
    let top = format!(
        "module tern_core(input clock, input reset, input [{}:0] s_axis_tdata, input s_axis_tvalid, \
         output s_axis_tready, input s_axis_tlast, output [{}:0] m_axis_tdata, output m_axis_tvalid, \
         input m_axis_tready, output m_axis_tlast);\nassign s_axis_tready = m_axis_tready;\n\
         assign m_axis_tvalid = s_axis_tvalid & ~reset;\nassign m_axis_tlast = s_axis_tlast;\n{instances}endmodule\n",
        INPUT_BITS - 1,
        to - 1
    );
    (modules + &top, to)
}

#[test]
fn products_counts_registers_and_memories() {
    check(array_leaves());
}

#[test]
fn signs_magnitudes_and_planes() {
    check(input_leaves());
}

#[test]
fn planes_and_elements_of_hidden_states() {
    check(hidden_leaves());
}

/// Compares Verilog and Rust for every input.
fn check(mut leaves: Vec<Box<dyn Leaf>>) {
    let (verilog, output_bits) = wrap(&mut leaves);
    assert!(output_bits <= 256, "{output_bits} output bits fit a beat");
    let simulator = simulators::build(&verilog, false).unwrap_or_else(|error| panic!("{error}"));
    let mut dut = simulator.instance();
    let all = 1u32 << INPUT_BITS;
    // A memory's words are unknown until they are written: bit 3 writes, the address and the data are above it.
    let fill = (0..8).map(|address| 1 << 3 | address << 4);
    // All inputs, in an order in which neighbours have little in common.
    let inputs = (0..all).map(|k| k.wrapping_mul(40_503) % all);
    for (cycle, bits) in fill.chain(inputs).enumerate() {
        let outputs = dut.cycle(&Inputs {
            s_axis_tdata: [u64::from(bits), 0, 0, 0],
            ..Inputs::default()
        });
        let mut at = 0;
        for (number, leaf) in leaves.iter_mut().enumerate() {
            let (ports, unread) = (leaf.outputs(), leaf.unread());
            for ((name, width), expected) in ports.into_iter().zip(leaf.cycle(u128::from(bits))) {
                let got = field(&outputs.m_axis_tdata, at, width);
                at += width;
                assert!(
                    got == expected || unread || cycle <= 8,
                    "leaf {number}, output {name}, input {bits:#x}, cycle {cycle}: Rust {expected:#x}, Verilog {got:#x}"
                );
            }
        }
    }
}

/// `width` bits from bit `at` on.
fn field(beat: &[u64; 4], at: usize, width: usize) -> u64 {
    (0..width)
        .map(|k| (beat[(at + k) / 64] >> ((at + k) % 64) & 1) << k)
        .sum()
}
