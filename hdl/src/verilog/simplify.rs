//! Expressions put together, each as simple as its parts allow.

use std::collections::BTreeSet;

use super::expression::Expression::{
    self, Binary, Compare, Concat, Constant, Mux, Not, Reduce, Repeat, Signal, Slice,
};
use super::expression::{Operator, mask};

impl Expression {
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
