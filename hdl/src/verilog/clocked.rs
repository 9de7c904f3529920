//! What happens at the clock edge, said once.

use super::expression::Expression;
use super::module::{Statement, choose};

/// Leaves out what a register does anyway, holding its value, and what a later statement replaces; what happens on the same
/// condition stands below it together.
pub fn tidy(mut statements: Vec<Statement>) -> Vec<Statement> {
    let mut seen = vec![];
    statements.retain(|statement| {
        let hold = match statement {
            Statement::Assign(name, Expression::Signal(value, _)) => {
                name == value && !seen.contains(name)
            }
            _ => false,
        };
        assigned(statement, &mut seen);
        !hold
    });
    joined(without_replaced(statements, &[]))
}

/// The registers that a statement may assign.
fn assigned(statement: &Statement, found: &mut Vec<String>) {
    match statement {
        Statement::Assign(name, _) => found.push(name.clone()),
        Statement::If(_, then, otherwise) => {
            let inner = then.iter().chain(otherwise);
            inner.for_each(|statement| assigned(statement, found));
        }
    }
}

/// The registers that statements assign whatever happens.
fn always(statements: &[Statement]) -> impl Iterator<Item = String> {
    statements.iter().filter_map(|statement| match statement {
        Statement::Assign(name, _) => Some(name.clone()),
        Statement::If(..) => None,
    })
}

/// The statements without assignments to registers that are assigned again afterwards, to `replaced` among others.
fn without_replaced(statements: Vec<Statement>, replaced: &[String]) -> Vec<Statement> {
    let mut kept: Vec<Statement> = vec![];
    for statement in statements.into_iter().rev() {
        let later = |of: Option<(&Expression, bool)>| -> Vec<String> {
            let own = kept.iter().flat_map(|other| match (other, of) {
                (Statement::Assign(name, _), _) => vec![name.clone()],
                (Statement::If(condition, then, _), Some((same, true))) if condition == same => {
                    always(then).collect()
                }
                (Statement::If(condition, _, otherwise), Some((same, false)))
                    if condition == same =>
                {
                    always(otherwise).collect()
                }
                _ => vec![],
            });
            own.chain(replaced.iter().cloned()).collect()
        };
        match statement {
            Statement::Assign(name, _) if later(None).contains(&name) => {}
            Statement::If(condition, then, otherwise) => {
                let then = without_replaced(then, &later(Some((&condition, true))));
                let otherwise = without_replaced(otherwise, &later(Some((&condition, false))));
                kept.extend(choose(condition, then, otherwise));
            }
            other => kept.push(other),
        }
    }
    kept.reverse();
    kept
}

/// Neighbours with one condition as one.
fn joined(statements: Vec<Statement>) -> Vec<Statement> {
    let mut out: Vec<Statement> = vec![];
    for statement in statements {
        match (out.last_mut(), statement) {
            (
                Some(Statement::If(before, then, otherwise)),
                Statement::If(condition, more, rest),
            ) if *before == condition => {
                then.extend(more);
                otherwise.extend(rest);
            }
            (_, statement) => out.push(statement),
        }
    }
    let inner = |statement| match statement {
        Statement::If(condition, then, otherwise) => {
            Statement::If(condition, joined(then), joined(otherwise))
        }
        other => other,
    };
    out.into_iter().map(inner).collect()
}
