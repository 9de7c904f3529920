//! The kit's `Vector` computes what Verilog computes, on random expressions.

use fastrand::Rng;
use tern_hdl::kit::{Slice, Vector};
use tern_sim::dut::{Dut, Inputs};
use tern_tests::simulators;

/// Signals that expressions read: name, width, two's complement. They lie one after the other in the input beat.
const SIGNALS: [(&str, u32, bool); 6] = [
    ("a", 1, false),
    ("b", 7, false),
    ("c", 12, false),
    ("p", 5, true),
    ("q", 9, true),
    ("r", 14, true),
];

/// Widths of the assigned signals: one expression each.
const RESULTS: [u32; 16] = [1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 14, 16, 20, 24, 31, 40];

/// Random inputs of each set of expressions.
const INPUTS: usize = 2_000;

/// An expression that the hardware modules may contain.
enum Expression {
    Signal(usize),
    Field(usize, Slice),
    Not(Box<Expression>),
    Any(Box<Expression>),
    Shift(Box<Expression>, u32),
    ShiftRight(usize, u32),
    Binary(&'static str, Box<Expression>, Box<Expression>),
    Compare(&'static str, Box<Expression>, Box<Expression>),
}

use Expression::*;

impl Expression {
    /// A random expression of the given signedness.
    fn random(signed: bool, depth: u32, random: &mut Rng) -> Expression {
        let signal = |random: &mut Rng| random.usize(..3) + 3 * usize::from(signed);
        let inner = |random: &mut Rng| Box::new(Expression::random(signed, depth - 1, random));
        let pick = if depth == 0 {
            random.u8(..3)
        } else {
            random.u8(..12)
        };
        match pick {
            1 if !signed => {
                let of = random.usize(..SIGNALS.len());
                let offset = random.usize(..SIGNALS[of].1 as usize);
                let width = random.usize(1..=SIGNALS[of].1 as usize - offset);
                Field(of, Slice { offset, width })
            }
            2 if !signed => ShiftRight(random.usize(..3), random.u32(..4)),
            3 => Not(inner(random)),
            4 => Shift(inner(random), random.u32(..5)),
            5 if !signed => Any(Box::new(Expression::random(
                random.bool(),
                depth - 1,
                random,
            ))),
            6 if !signed => {
                let kind = random.bool();
                let side = |random: &mut Rng| Box::new(Expression::random(kind, depth - 1, random));
                let op = ["==", "!=", "<", "<=", ">", ">="][random.usize(..6)];
                Compare(op, side(random), side(random))
            }
            7.. => {
                let op = ["+", "-", "&", "|", "^", "*"][random.usize(..6)];
                Binary(op, inner(random), inner(random))
            }
            _ => Signal(signal(random)),
        }
    }

    fn verilog(&self) -> String {
        let name = |signal: &usize| SIGNALS[*signal].0;
        match self {
            Signal(signal) => name(signal).to_owned(),
            Field(signal, _) if SIGNALS[*signal].1 == 1 => name(signal).to_owned(),
            Field(signal, slice) => {
                let top = slice.offset + slice.width - 1;
                format!("{}[{top}:{}]", name(signal), slice.offset)
            }
            Not(of) => format!("(~{})", of.verilog()),
            Any(of) => format!("(|{})", of.verilog()),
            Shift(of, by) => format!("({} << {by})", of.verilog()),
            ShiftRight(of, by) => format!("({} >> {by})", name(of)),
            Binary(op, left, right) | Compare(op, left, right) => {
                format!("({} {op} {})", left.verilog(), right.verilog())
            }
        }
    }

    fn value(&self, signals: &[Vector]) -> Vector {
        let shift = |by: &u32| Vector::unsigned(u128::from(*by), 8);
        match self {
            Signal(signal) => signals[*signal],
            Field(signal, slice) => signals[*signal].index(*slice).get_value_bits(),
            Not(of) => !of.value(signals),
            Any(of) => of.value(signals).any().into(),
            Shift(of, by) => of.value(signals) << shift(by),
            ShiftRight(of, by) => signals[*of] >> shift(by),
            Binary(op, left, right) => {
                let (left, right) = (left.value(signals), right.value(signals));
                match *op {
                    "+" => left + right,
                    "-" => left - right,
                    "&" => left & right,
                    "|" => left | right,
                    "^" => left ^ right,
                    _ => left * right,
                }
            }
            Compare(op, left, right) => {
                let (left, right) = (left.value(signals), right.value(signals));
                let holds = match *op {
                    "==" => left == right,
                    "!=" => left != right,
                    "<" => left < right,
                    "<=" => left <= right,
                    ">" => left > right,
                    _ => left >= right,
                };
                holds.into()
            }
        }
    }
}

/// A core whose output beat holds the expressions' values.
fn core(expressions: &[Expression]) -> String {
    let (mut body, mut from, mut to) = (String::new(), 0, 0);
    for (name, width, signed) in SIGNALS {
        let sign = if signed { "signed " } else { "" };
        body += &format!(
            "wire {sign}[{}:0] {name} = s_axis_tdata[{from} +: {width}];\n",
            width - 1
        );
        from += width;
    }
    for (expression, width) in expressions.iter().zip(RESULTS) {
        body += &format!(
            "assign m_axis_tdata[{to} +: {width}] = {};\n",
            expression.verilog()
        );
        to += width;
    }
    let body = body.replace("wire [0:0]", "wire");
    format!(
        "module tern_core(input clock, input reset, input [{}:0] s_axis_tdata, input s_axis_tvalid, \
         output s_axis_tready, input s_axis_tlast, output [{}:0] m_axis_tdata, output m_axis_tvalid, \
         input m_axis_tready, output m_axis_tlast);\nassign s_axis_tready = clock & m_axis_tready;\n\
         assign m_axis_tvalid = s_axis_tvalid & ~reset;\nassign m_axis_tlast = s_axis_tlast;\n{body}endmodule\n",
        from - 1,
        to - 1
    )
}

#[test]
fn vectors_compute_as_verilog_does() {
    for seed in 0..3 {
        let mut random = Rng::with_seed(seed);
        let expressions: Vec<Expression> = RESULTS
            .iter()
            .map(|_| Expression::random(random.bool(), 3, &mut random))
            .collect();
        let verilog = core(&expressions);
        let mut dut = simulators::build(&verilog, false)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{verilog}"))
            .instance();
        let bits: u32 = SIGNALS.iter().map(|signal| signal.1).sum();
        for _ in 0..INPUTS {
            let beat =
                random.u64(..) & ((1 << bits) - 1) & [u64::MAX, random.u64(..)][random.usize(..2)];
            let mut rest = u128::from(beat);
            let signals = SIGNALS.map(|(_, width, signed)| {
                let value = Vector::unsigned(rest, width).fit(width, signed);
                rest >>= width;
                value
            });
            let outputs = dut.cycle(&Inputs {
                s_axis_tdata: [beat, 0, 0, 0],
                ..Inputs::default()
            });
            let mut at = 0;
            for (expression, width) in expressions.iter().zip(RESULTS) {
                let expected = expression.value(&signals).fit(width, false).words()[0];
                let word = outputs.m_axis_tdata;
                let got = (0..width)
                    .map(|k| (word[((at + k) / 64) as usize] >> ((at + k) % 64) & 1) << k)
                    .sum::<u64>();
                at += width;
                assert_eq!(
                    got,
                    expected,
                    "seed {seed}: {width} bits of {} with input {beat:#x}",
                    expression.verilog()
                );
            }
        }
    }
}
