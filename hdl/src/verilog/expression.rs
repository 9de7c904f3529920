//! Expressions whose widths are explicit: every operand is as wide as its operator wants it.

use std::collections::BTreeSet;

use super::simplify::{binary, compare, concat, mask, mux, not, reduce, repeat};

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

    /// `width` bits from bit `low` on; `None` where the value has to be computed first.
    pub fn slice(&self, low: usize, width: usize) -> Option<Expression> {
        if (low, width) == (0, self.width()) {
            return Some(self.clone());
        }
        Some(match self {
            Signal(name, _) => Slice {
                name: name.clone(),
                low,
                width,
            },
            Slice {
                name, low: base, ..
            } => Slice {
                name: name.clone(),
                low: base + low,
                width,
            },
            Constant { value, .. } => {
                let shifted = value.checked_shr(low as u32).unwrap_or(0);
                Expression::constant(shifted, width)
            }
            Repeat(_, bit) if bit.width() == 1 => repeat(width, (**bit).clone()),
            Concat(parts) => {
                let (mut at, mut found) = (0, vec![]);
                for part in parts.iter().rev() {
                    let (from, to) = (at.max(low), (at + part.width()).min(low + width));
                    if from < to {
                        found.push(part.slice(from - at, to - from)?);
                    }
                    at += part.width();
                }
                found.reverse();
                concat(found)
            }
            Not(inner) => not(inner.slice(low, width)?),
            Binary(op @ (Operator::And | Operator::Or | Operator::Xor), left, right) => {
                binary(*op, left.slice(low, width)?, right.slice(low, width)?)
            }
            Binary(op, left, right) if low == 0 => {
                binary(*op, left.slice(low, width)?, right.slice(low, width)?)
            }
            Mux(condition, then, otherwise) => mux(
                (**condition).clone(),
                then.slice(low, width)?,
                otherwise.slice(low, width)?,
            ),
            _ => return None,
        })
    }

    /// The value in `width` bits, cut or extended.
    pub fn resized(self, width: usize, signed: bool) -> Option<Expression> {
        let own = self.width();
        if width <= own {
            return self.slice(0, width);
        }
        if let Constant { value, name, .. } = &self
            && !signed
        {
            return Some(Constant {
                value: *value,
                width,
                name: name.clone(),
            });
        }
        let above = match signed {
            false => Expression::constant(0, width - own),
            true => repeat(width - own, self.slice(own - 1, 1)?),
        };
        Some(concat(vec![above, self]))
    }

    /// Applies `change` to every part, the innermost first, and simplifies what holds them.
    pub fn map(&self, change: &mut dyn FnMut(Expression) -> Expression) -> Expression {
        let mut go = |inner: &Expression| inner.map(change);
        let mapped = match self {
            Signal(..) | Slice { .. } | Constant { .. } => self.clone(),
            Concat(parts) => concat(parts.iter().map(go).collect()),
            Repeat(count, bit) => repeat(*count, go(bit)),
            Not(inner) => not(go(inner)),
            Binary(op, left, right) => binary(*op, go(left), go(right)),
            Compare {
                operator,
                signed,
                left,
                right,
            } => compare(operator, *signed, go(left), go(right)),
            Reduce(op, inner) => reduce(*op, go(inner)),
            Mux(condition, then, otherwise) => mux(go(condition), go(then), go(otherwise)),
        };
        change(mapped)
    }

    /// Puts what `of` says in the place of signals; a slice of one becomes a slice of that, which must be possible.
    pub fn substituted(&self, of: &dyn Fn(&str) -> Option<Expression>) -> Expression {
        self.map(&mut |part| match &part {
            Signal(name, _) => of(name).unwrap_or(part),
            Slice { name, low, width } => {
                let value = of(name).and_then(|value| value.slice(*low, *width));
                value.unwrap_or(part)
            }
            _ => part,
        })
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
