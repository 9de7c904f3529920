//! Expressions whose widths are explicit: every operand is as wide as its operator wants it.

use std::collections::BTreeSet;

/// A value of a known width; nothing in it depends on where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// All bits of a signal.
    Signal(String, usize),
    /// Bits `low` to `low + width - 1` of a signal that has more.
    Slice {
        name: String,
        low: usize,
        width: usize,
    },
    /// A number; with a name where the hardware description names it.
    Constant {
        value: u128,
        width: usize,
        name: Option<String>,
    },
    /// The highest part first.
    Concat(Vec<Expression>),
    /// A bit, this many times.
    Repeat(usize, Box<Expression>),
    Not(Box<Expression>),
    /// Operands and result are equally wide.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// Operands are equally wide, the result is a bit.
    Compare {
        operator: &'static str,
        signed: bool,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// `&`, `|` or `^` of all bits.
    Reduce(char, Box<Expression>),
    /// `condition ? then : otherwise`.
    Mux(Box<Expression>, Box<Expression>, Box<Expression>),
}

/// An operator that works on equally wide operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    And,
    Or,
    Xor,
    Add,
    Sub,
    Mul,
}

use Expression::{Binary, Compare, Concat, Constant, Mux, Not, Reduce, Repeat, Signal, Slice};

impl Expression {
    /// A number without a name.
    pub fn constant(value: u128, width: usize) -> Expression {
        Constant {
            value: value & mask(width),
            width,
            name: None,
        }
    }

    /// Bits of the value.
    pub fn width(&self) -> usize {
        match self {
            Signal(_, width) | Slice { width, .. } | Constant { width, .. } => *width,
            Concat(parts) => parts.iter().map(Expression::width).sum(),
            Repeat(count, bit) => count * bit.width(),
            Not(inner) | Binary(_, inner, _) | Mux(_, inner, _) => inner.width(),
            Compare { .. } | Reduce(..) => 1,
        }
    }

    /// The number, where it has no name of its own.
    pub fn as_constant(&self) -> Option<u128> {
        match self {
            Constant {
                value, name: None, ..
            } => Some(*value),
            _ => None,
        }
    }

    /// Wires and constants put together, without any logic.
    pub fn is_wiring(&self) -> bool {
        match self {
            Signal(..) | Slice { .. } | Constant { .. } => true,
            Concat(parts) => parts.iter().all(Expression::is_wiring),
            Repeat(_, bit) => bit.is_wiring(),
            _ => false,
        }
    }

    /// The bits of signals that the value depends on: name, lowest bit, bits.
    pub fn reads(&self, found: &mut BTreeSet<(String, usize, usize)>) {
        self.visit(&mut |part| match part {
            Signal(name, width) => {
                found.insert((name.clone(), 0, *width));
            }
            Slice { name, low, width } => {
                found.insert((name.clone(), *low, *width));
            }
            _ => {}
        });
    }

    /// Visits every part.
    pub fn visit(&self, see: &mut dyn FnMut(&Expression)) {
        see(self);
        match self {
            Signal(..) | Slice { .. } | Constant { .. } => {}
            Concat(parts) => parts.iter().for_each(|part| part.visit(see)),
            Repeat(_, inner) | Not(inner) | Reduce(_, inner) => inner.visit(see),
            Binary(_, left, right) | Compare { left, right, .. } => {
                left.visit(see);
                right.visit(see);
            }
            Mux(condition, then, otherwise) => {
                condition.visit(see);
                then.visit(see);
                otherwise.visit(see);
            }
        }
    }
}

/// A number of `width` ones, as far as numbers go.
pub(super) fn mask(width: usize) -> u128 {
    1u128
        .checked_shl(width as u32)
        .map_or(u128::MAX, |above| above - 1)
}
