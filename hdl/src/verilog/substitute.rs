//! Expressions changed: other widths, other signals.

use super::expression::Expression::{
    self, Binary, Compare, Concat, Constant, Mux, Not, Reduce, Repeat, Signal, Slice,
};
use super::simplify::{binary, compare, concat, mux, not, reduce, repeat};

impl Expression {
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
}
