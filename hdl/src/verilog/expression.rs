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

/// A number of `width` ones, as far as numbers go.
fn mask(width: usize) -> u128 {
    1u128
        .checked_shl(width as u32)
        .map_or(u128::MAX, |above| above - 1)
}

/// Puts parts together, the highest first.
pub fn concat(parts: Vec<Expression>) -> Expression {
    let mut flat: Vec<Expression> = vec![];
    for part in parts {
        let inner = match part {
            Concat(inner) => inner,
            other => vec![other],
        };
        for part in inner.into_iter().filter(|part| part.width() > 0) {
            let joined = flat.last().and_then(|above| joined(above, &part));
            match joined {
                Some(joined) => *flat.last_mut().expect("there is one above") = joined,
                None => flat.push(part),
            }
        }
    }
    match flat.len() {
        1 => flat.swap_remove(0),
        _ => Concat(flat),
    }
}

/// Two parts of a concatenation as one.
fn joined(above: &Expression, below: &Expression) -> Option<Expression> {
    let width = above.width() + below.width();
    match (above, below) {
        (
            Slice { name, low, .. },
            Slice {
                name: other,
                low: base,
                width: lower,
            },
        ) if name == other && *low == base + lower => Some(Slice {
            name: name.clone(),
            low: *base,
            width,
        }),
        (
            Constant { value: 0, .. },
            Constant {
                value, name: None, ..
            },
        ) => Some(Expression::constant(*value, width)),
        (
            Constant {
                value, name: None, ..
            },
            Constant {
                value: low,
                name: None,
                ..
            },
        ) if width <= 128 => Some(Expression::constant(value << below.width() | low, width)),
        _ => None,
    }
}

/// A bit, `count` times.
pub fn repeat(count: usize, bit: Expression) -> Expression {
    match (count, &bit) {
        (1, _) => bit,
        (_, Constant { value: 0, .. }) => Expression::constant(0, count * bit.width()),
        _ => Repeat(count, Box::new(bit)),
    }
}

/// The complement.
pub fn not(inner: Expression) -> Expression {
    match inner {
        Constant {
            value,
            width,
            name: None,
        } if width <= 128 => Expression::constant(!value, width),
        Not(inner) => *inner,
        Compare {
            operator: "==",
            signed,
            left,
            right,
        } => Compare {
            operator: "!=",
            signed,
            left,
            right,
        },
        other => Not(Box::new(other)),
    }
}

/// An operation on equally wide operands.
pub fn binary(operator: Operator, left: Expression, right: Expression) -> Expression {
    use Operator::{Add, And, Or, Sub, Xor};
    let width = left.width();
    let all = mask(width);
    let ones = |value: u128| width <= 128 && value == all;
    match (operator, left.as_constant(), right.as_constant()) {
        (Or | Xor | Add, Some(0), _) => return right,
        (Or | Xor | Add | Sub, _, Some(0)) => return left,
        (And, Some(0), _) | (And, _, Some(0)) => return Expression::constant(0, width),
        (And, Some(value), _) if ones(value) => return right,
        (And, _, Some(value)) if ones(value) => return left,
        (Or, Some(value), _) | (Or, _, Some(value)) if ones(value) => {
            return Expression::constant(all, width);
        }
        (Xor, Some(value), _) if ones(value) => return not(right),
        (Xor, _, Some(value)) if ones(value) => return not(left),
        _ => {}
    }
    if operator == Or
        && let Some(side_by_side) = side_by_side(&left, &right)
    {
        return side_by_side;
    }
    if matches!(operator, And | Or) && left == right {
        return left;
    }
    Binary(operator, Box::new(left), Box::new(right))
}

/// Fields that lie beside one another, put together by OR: at each bit one of the two is zero.
fn side_by_side(left: &Expression, right: &Expression) -> Option<Expression> {
    if !matches!((left, right), (Concat(_), _) | (_, Concat(_))) {
        return None;
    }
    let edges = |of: &Expression| -> BTreeSet<usize> {
        let parts = match of {
            Concat(parts) => parts.iter().rev().map(Expression::width).collect(),
            other => vec![other.width()],
        };
        let ends = parts.into_iter().scan(0, |at, width| {
            *at += width;
            Some(*at)
        });
        ends.collect()
    };
    let (mut from, mut found) = (0, vec![]);
    for to in edges(left).union(&edges(right)) {
        let (a, b) = (left.slice(from, to - from)?, right.slice(from, to - from)?);
        found.push(match (a.as_constant(), b.as_constant()) {
            (Some(0), _) => b,
            (_, Some(0)) => a,
            _ => return None,
        });
        from = *to;
    }
    found.reverse();
    Some(concat(found))
}

/// A comparison of equally wide operands.
pub fn compare(
    operator: &'static str,
    signed: bool,
    left: Expression,
    right: Expression,
) -> Expression {
    if let (Some(a), Some(b), false) = (left.as_constant(), right.as_constant(), signed) {
        let holds = match operator {
            "==" => a == b,
            "!=" => a != b,
            "<" => a < b,
            "<=" => a <= b,
            ">" => a > b,
            _ => a >= b,
        };
        return Expression::constant(holds.into(), 1);
    }
    if left.width() == 1 {
        match (operator, right.as_constant()) {
            ("==", Some(1)) | ("!=", Some(0)) => return left,
            ("==", Some(0)) | ("!=", Some(1)) => return not(left),
            _ => {}
        }
    }
    Compare {
        operator,
        signed,
        left: Box::new(left),
        right: Box::new(right),
    }
}

/// `&`, `|` or `^` of all bits.
pub fn reduce(operator: char, inner: Expression) -> Expression {
    match inner.as_constant() {
        _ if inner.width() == 1 => inner,
        Some(value) if operator == '|' => Expression::constant((value != 0).into(), 1),
        _ => Reduce(operator, Box::new(inner)),
    }
}

/// A choice.
pub fn mux(condition: Expression, then: Expression, otherwise: Expression) -> Expression {
    use Operator::{And, Or};
    match condition {
        _ if then == otherwise => return then,
        Constant { value: 0, .. } => return otherwise,
        Constant { .. } => return then,
        Not(inner) => return mux(*inner, otherwise, then),
        _ => {}
    }
    // Nothing else to choose where the inner choice falls back to the outer one.
    if let Mux(inner, value, fallback) = &then
        && **fallback == otherwise
    {
        let both = binary(And, condition, (**inner).clone());
        return mux(both, (**value).clone(), otherwise);
    }
    if then.width() == 1 {
        match (then.as_constant(), otherwise.as_constant()) {
            (Some(1), _) => return binary(Or, condition, otherwise),
            (Some(_), _) => return binary(And, not(condition), otherwise),
            (_, Some(0)) => return binary(And, condition, then),
            (_, Some(_)) => return binary(Or, not(condition), then),
            _ => {}
        }
    }
    Mux(Box::new(condition), Box::new(then), Box::new(otherwise))
}
