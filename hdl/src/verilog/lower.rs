//! Rust-HDL's expressions with the widths that Verilog's rules give them (IEEE 1364-2005 section 5.4).

use rust_hdl::core::ast::{VerilogExpression as Ast, VerilogOp, VerilogOpUnary};
use rust_hdl::core::prelude::AtomKind;

use super::expression::{Expression, Operator};
use super::read::literal;
use super::settle::Body;
use super::simplify::{binary, compare, concat, not, reduce};

/// Names of constants that say no more than their value.
const PLAIN: [&str; 3] = ["nought", "zero", "one"];

impl Body<'_> {
    /// The self-determined width of an expression, and whether it is signed.
    fn kind(&self, ast: &Ast) -> Result<(usize, bool), String> {
        Ok(match ast {
            Ast::Signal(name) => match self.number(name) {
                Some(_) => (32, false),
                None => {
                    let (_, known) = self.resolve(name)?;
                    (known.width, known.signed)
                }
            },
            Ast::Literal(value) => (literal(value).1, false),
            Ast::Paren(inner) | Ast::Unary(VerilogOpUnary::Not | VerilogOpUnary::Neg, inner) => {
                self.kind(inner)?
            }
            Ast::Unary(..) | Ast::Index(..) => (1, false),
            Ast::Binary(left, VerilogOp::Shl | VerilogOp::Shr, _) => self.kind(left)?,
            Ast::Binary(_, op, _) if comparison(op).is_some() => (1, false),
            Ast::Binary(left, _, right) => {
                let (left, right) = (self.kind(left)?, self.kind(right)?);
                (left.0.max(right.0), left.1 && right.1)
            }
            Ast::Slice(_, width, _) => (*width, false),
            Ast::Signed(inner) => (self.kind(inner)?.0, true),
            Ast::Unsigned(inner) => (self.kind(inner)?.0, false),
            Ast::Cast(..) | Ast::IndexReplace(..) => return Err(format!("{ast:?} has no width")),
        })
    }

    /// The expression at its own width.
    pub(super) fn lower_alone(&mut self, ast: &Ast) -> Result<Expression, String> {
        let (width, _) = self.kind(ast)?;
        self.lower(ast, width)
    }

    /// The expression where `width` bits of it are wanted.
    pub(super) fn lower(&mut self, ast: &Ast, width: usize) -> Result<Expression, String> {
        let resized = |value: Expression, signed| {
            let failed = format!("{value:?} cannot be cut");
            value.resized(width, signed).ok_or(failed)
        };
        match ast {
            Ast::Paren(inner) | Ast::Unsigned(inner) if self.kind(inner)?.0 >= width => {
                self.lower(inner, width)
            }
            Ast::Paren(inner) => self.lower(inner, width),
            Ast::Signal(name) => match self.number(name) {
                Some(number) => Ok(Expression::constant(number as u128, width)),
                None => {
                    let signed = self.resolve(name)?.1.signed;
                    resized(self.read(name)?, signed)
                }
            },
            Ast::Literal(value) => Ok(Expression::constant(literal(value).0, width)),
            Ast::Signed(inner) => resized(self.lower_alone(inner)?, true),
            Ast::Unsigned(inner) => resized(self.lower_alone(inner)?, false),
            Ast::Unary(VerilogOpUnary::Not, inner) => Ok(not(self.lower(inner, width)?)),
            Ast::Unary(VerilogOpUnary::Neg, inner) => {
                let zero = Expression::constant(0, width);
                Ok(binary(Operator::Sub, zero, self.lower(inner, width)?))
            }
            Ast::Unary(op, inner) => {
                let op = match op {
                    VerilogOpUnary::All => '&',
                    VerilogOpUnary::Any => '|',
                    _ => '^',
                };
                resized(reduce(op, self.lower_alone(inner)?), false)
            }
            Ast::Index(of, at) => {
                let at = self.constant(at)?;
                resized(self.field(of, at, 1)?, false)
            }
            Ast::Slice(of, bits, at) => {
                let at = self.constant(at)?;
                resized(self.field(of, at, *bits)?, false)
            }
            Ast::Binary(left, VerilogOp::Shl, right) => {
                let by = self.constant(right)?.min(width);
                let kept = self.lower(left, width - by)?;
                Ok(concat(vec![kept, Expression::constant(0, by)]))
            }
            Ast::Binary(left, VerilogOp::Shr, right) => {
                let (own, signed) = self.kind(left)?;
                let by = self.constant(right)?;
                if signed {
                    return Err("a signed value is shifted to the right".into());
                }
                if by >= own {
                    return Ok(Expression::constant(0, width));
                }
                let value = self.named(left)?;
                let kept = value.slice(by, own - by);
                resized(kept.ok_or("the value of >> has no bits to select")?, false)
            }
            Ast::Binary(left, op, right) => match (comparison(op), arithmetic(op)) {
                (Some(operator), _) => {
                    let (a, b) = (self.kind(left)?, self.kind(right)?);
                    let (bits, signed) = (a.0.max(b.0), a.1 && b.1);
                    let (left, right) = (self.lower(left, bits)?, self.lower(right, bits)?);
                    resized(compare(operator, signed, left, right), false)
                }
                (None, Some(op)) => {
                    let left = self.lower(left, width)?;
                    Ok(binary(op, left, self.lower(right, width)?))
                }
                _ => Err(format!("{op:?} has no Verilog here")),
            },
            Ast::Cast(..) | Ast::IndexReplace(..) => Err(format!("{ast:?} has no Verilog here")),
        }
    }

    /// Bits of a signal.
    fn field(&mut self, of: &Ast, at: usize, width: usize) -> Result<Expression, String> {
        let value = self.named(of)?;
        let field = value.slice(at, width);
        field.ok_or_else(|| format!("{of:?} has no bits {at} to {}", at + width - 1))
    }

    /// A value whose bits can be selected.
    fn named(&mut self, ast: &Ast) -> Result<Expression, String> {
        match ast {
            Ast::Paren(inner) => self.named(inner),
            Ast::Signal(name) => self.read_wire(name),
            other => self.lower_alone(other),
        }
    }

    /// A value that is known now: an index, an offset or a shift.
    fn constant(&mut self, ast: &Ast) -> Result<usize, String> {
        fn number(value: &Expression) -> Option<u128> {
            match value {
                Expression::Constant { value, .. } => Some(*value),
                Expression::Binary(Operator::Add, a, b) => Some(number(a)? + number(b)?),
                Expression::Binary(Operator::Mul, a, b) => Some(number(a)? * number(b)?),
                _ => None,
            }
        }
        let value = number(&self.lower(ast, 64)?);
        let value = value.ok_or_else(|| format!("{ast:?} is not constant"))?;
        usize::try_from(value).map_err(|_| format!("{value} is too large"))
    }

    /// The number of a loop variable.
    fn number(&self, name: &str) -> Option<usize> {
        let mut loops = self.loops.iter().rev();
        loops
            .find(|(index, _)| index == name)
            .map(|(_, number)| *number)
    }

    /// The constant of a name, which keeps the name where that says more than the value.
    pub(super) fn named_constant(&self, name: &str) -> Option<Expression> {
        let known = self.names.get(name)?;
        (known.kind == AtomKind::Constant).then(|| {
            let plain = known.width == 1 || PLAIN.contains(&name);
            Expression::Constant {
                value: known.value,
                width: known.width,
                name: (!plain).then(|| super::names::spelt(name)),
            }
        })
    }
}

fn comparison(op: &VerilogOp) -> Option<&'static str> {
    Some(match op {
        VerilogOp::Eq => "==",
        VerilogOp::Ne => "!=",
        VerilogOp::Lt => "<",
        VerilogOp::Le => "<=",
        VerilogOp::Gt => ">",
        VerilogOp::Ge => ">=",
        _ => return None,
    })
}

fn arithmetic(op: &VerilogOp) -> Option<Operator> {
    Some(match op {
        VerilogOp::Add => Operator::Add,
        VerilogOp::Sub => Operator::Sub,
        VerilogOp::Mul => Operator::Mul,
        VerilogOp::BitAnd => Operator::And,
        VerilogOp::BitOr => Operator::Or,
        VerilogOp::BitXor => Operator::Xor,
        _ => return None,
    })
}
