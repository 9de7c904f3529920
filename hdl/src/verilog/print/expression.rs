//! Expressions as text.

use std::collections::BTreeMap;

use super::LINE;
use crate::verilog::expression::{Expression, Operator};
use crate::verilog::module::Module;

/// Prints the expressions of a module.
pub struct Printer<'m> {
    pub module: &'m Module,
    /// Values and widths of named constants.
    pub constants: &'m BTreeMap<String, (u128, usize)>,
}

impl Printer<'_> {
    /// An expression that stands alone.
    pub fn text(&self, value: &Expression) -> String {
        match value {
            Expression::Signal(name, _) => name.clone(),
            Expression::Slice {
                name,
                low,
                width: 1,
            } => format!("{name}[{low}]"),
            Expression::Slice { name, low, width } => format!("{name}[{}:{low}]", low + width - 1),
            Expression::Constant { value, width, name } => {
                self.constant(*value, *width, name.as_ref())
            }
            Expression::Concat(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.text(part)).collect();
                format!("{{{}}}", parts.join(", "))
            }
            Expression::Repeat(count, bit) => format!("{{{count}{{{}}}}}", self.text(bit)),
            Expression::Not(inner) => format!("~{}", self.operand(inner, "~")),
            Expression::Binary(Operator::Sub, left, right) if left.as_constant() == Some(0) => {
                format!("-{}", self.operand(right, "~"))
            }
            Expression::Binary(op, left, right) => {
                let sign = sign(*op);
                let right = match op {
                    Operator::Sub => self.operand(right, "~"),
                    _ => self.operand(right, sign),
                };
                format!("{} {sign} {right}", self.operand(left, sign))
            }
            Expression::Compare {
                operator,
                signed,
                left,
                right,
            } => {
                let [left, right] =
                    [left, right].map(|side| self.compared(side, *signed, operator));
                format!("{left} {operator} {right}")
            }
            Expression::Reduce(op, inner) => format!("{op}{}", self.operand(inner, "~")),
            Expression::Mux(condition, then, otherwise) => {
                let (condition, then) = (self.operand(condition, "?"), self.operand(then, "?"));
                format!("{condition} ? {then} : {}", self.text(otherwise))
            }
        }
    }

    /// An expression on the line that `before` begins, choices below one another where they are long.
    pub fn assignment(&self, before: &str, value: &Expression) -> String {
        let line = format!("{before}{};\n", self.text(value));
        let Expression::Mux(..) = value else {
            return line;
        };
        if line.len() <= LINE {
            return line;
        }
        let indent = before.len() - before.trim_start().len() + 4;
        let mut text = format!("{}\n", before.trim_end());
        let mut rest = value;
        while let Expression::Mux(condition, then, otherwise) = rest {
            let (condition, then) = (self.operand(condition, "?"), self.operand(then, "?"));
            text += &format!("{}{condition} ? {then} :\n", " ".repeat(indent));
            rest = otherwise;
        }
        text + &format!("{}{};\n", " ".repeat(indent), self.text(rest))
    }

    /// An expression beside an operator, in parentheses where it has another one.
    fn operand(&self, value: &Expression, beside: &str) -> String {
        let text = self.text(value);
        let bare = match value {
            Expression::Signal(..)
            | Expression::Slice { .. }
            | Expression::Constant { .. }
            | Expression::Concat(_)
            | Expression::Repeat(..) => true,
            Expression::Not(_) => beside != "~",
            Expression::Binary(op, left, _) => {
                let negative = *op == Operator::Sub && left.as_constant() == Some(0);
                beside == sign(*op) && !negative && *op != Operator::Mul
                    || beside == "?" && !negative && matches!(op, Operator::And | Operator::Or)
            }
            Expression::Compare { .. } => beside == "?",
            Expression::Reduce(..) => beside == "?",
            Expression::Mux(..) => false,
        };
        if bare { text } else { format!("({text})") }
    }

    /// A side of a comparison, read as signed or not.
    fn compared(&self, value: &Expression, signed: bool, operator: &str) -> String {
        let equality = matches!(operator, "==" | "!=");
        let of_signal = match value {
            Expression::Signal(name, _) => self.module.signals.get(name).is_some_and(|s| s.signed),
            _ => false,
        };
        match (equality, signed, of_signal) {
            (false, true, false) => format!("$signed({})", self.text(value)),
            (false, false, true) => format!("$unsigned({})", self.text(value)),
            _ => self.operand(value, "=="),
        }
    }

    fn constant(&self, value: u128, width: usize, name: Option<&String>) -> String {
        match name {
            Some(name) if self.constants.get(name) == Some(&(value, width)) => name.clone(),
            _ if width == 1 => format!("1'b{value}"),
            _ if value > 0xffff => format!("{width}'h{value:x}"),
            _ => format!("{width}'d{value}"),
        }
    }
}

fn sign(op: Operator) -> &'static str {
    match op {
        Operator::And => "&",
        Operator::Or => "|",
        Operator::Xor => "^",
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mul => "*",
    }
}
