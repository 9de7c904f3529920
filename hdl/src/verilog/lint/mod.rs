//! Expressions that would mean something else in Verilog than in Rust.
//!
//! Checked on Rust-HDL's syntax tree, module by module:
//! 1. a comparison's operand is a signal, a call or in parentheses: `a & b == c` binds differently;
//! 2. no `bit_cast`, which keeps bits that Rust drops;
//! 3. no signed operand beside an unsigned one: Verilog reads both as unsigned;
//! 4. every name is declared: a Rust constant would become an undriven wire;
//! 5. no read of a submodule's input: Rust sees the settled value, Verilog the assigned one;
//! 6. no signal or submodule has a reserved word of Verilog or SystemVerilog as its name;
//! 7. no two wires of a module are spelt alike, as those of registers `head` and `head_q` are.

mod reserved;

use std::collections::{HashMap, HashSet};

use rust_hdl::core::ast::{VerilogExpression, VerilogLoop, VerilogOp};
use rust_hdl::core::prelude::*;
use rust_hdl::core::verilog_visitor::walk_block;

use crate::verilog::names::spelt;

/// Checks every module of a block.
///
/// # Errors
/// The first finding, with the module's path.
pub fn check(block: &dyn Block) -> Result<(), String> {
    let mut modules = Modules::default();
    block.accept("top", &mut modules);
    modules.finding.map_or(Ok(()), Err)
}

/// A name as a module sees it.
#[derive(Clone, Copy)]
struct Known {
    signed: bool,
    submodule_input: bool,
}

#[derive(Default)]
struct Modules {
    path: Vec<String>,
    names: Vec<HashMap<String, Known>>,
    /// Of each module on the path, how its wires are spelt.
    wires: Vec<HashSet<String>>,
    finding: Option<String>,
}

impl Modules {
    fn refuse_reserved(&mut self, name: &str) {
        if reserved::is_reserved(name) {
            self.report(self.path.len(), format!("`{name}` is a reserved word"));
        }
    }

    /// Notes a wire of the module at `depth` of the path.
    fn refuse_second(&mut self, depth: usize, name: &str) {
        let wire = spelt(name);
        if self.wires[depth].contains(&wire) {
            self.report(depth + 1, format!("two wires are spelt `{wire}`"));
        }
        self.wires[depth].insert(wire);
    }

    /// Keeps a finding in the module to which the first `depth` names of the path lead.
    fn report(&mut self, depth: usize, finding: String) {
        let path = self.path[..depth].join(".");
        self.finding
            .get_or_insert_with(|| format!("{path}: {finding}"));
    }
}

impl Probe for Modules {
    fn visit_start_scope(&mut self, name: &str, _: &dyn Block) {
        self.refuse_reserved(name);
        self.path.push(name.into());
        self.names.push(HashMap::new());
        self.wires.push(HashSet::new());
    }

    fn visit_atom(&mut self, name: &str, atom: &dyn Atom) {
        self.refuse_reserved(name);
        let signed = matches!(atom.descriptor().kind, TypeKind::Signed(_));
        let depth = self.names.len();
        self.refuse_second(depth - 1, name);
        if let Some(own) = self.names.last_mut() {
            own.insert(
                name.into(),
                Known {
                    signed,
                    submodule_input: false,
                },
            );
        }
        if depth >= 2 && atom.kind().is_parameter() {
            let seen_above = format!("{}${name}", self.path[depth - 1]);
            self.refuse_second(depth - 2, &seen_above);
            let submodule_input = atom.kind() == AtomKind::InputParameter;
            self.names[depth - 2].insert(
                seen_above,
                Known {
                    signed,
                    submodule_input,
                },
            );
        }
    }

    fn visit_end_scope(&mut self, _: &str, block: &dyn Block) {
        let names = self.names.pop().unwrap_or_default();
        self.wires.pop();
        if let Verilog::Combinatorial(code) = block.hdl() {
            let mut reader = Reader {
                names: &names,
                loops: vec![],
                finding: None,
            };
            reader.visit_block(&code);
            if let (None, Some(finding)) = (&self.finding, reader.finding) {
                self.finding = Some(format!("{}: {finding}", self.path.join(".")));
            }
        }
        self.path.pop();
    }
}

/// Walks one module's statements.
struct Reader<'m> {
    names: &'m HashMap<String, Known>,
    loops: Vec<String>,
    finding: Option<String>,
}

impl Reader<'_> {
    fn report(&mut self, finding: String) {
        self.finding.get_or_insert(finding);
    }

    /// The declared name behind a reference; indices of vectors count as element 0.
    fn resolve(&self, reference: &str) -> Option<Known> {
        let plain = reference
            .trim_end_matches("$next")
            .trim_end_matches(".next")
            .replace('.', "$");
        let name = match (plain.find('['), plain.find(']')) {
            (Some(open), Some(close)) => format!("{}$0{}", &plain[..open], &plain[close + 1..]),
            _ => plain,
        };
        self.names.get(&name).copied()
    }

    fn signedness(&self, expression: &VerilogExpression) -> Option<bool> {
        match expression {
            VerilogExpression::Signal(name) => self.resolve(name).map(|known| known.signed),
            VerilogExpression::Paren(inner) => self.signedness(inner),
            VerilogExpression::Unary(_, inner) => self.signedness(inner),
            VerilogExpression::Binary(left, VerilogOp::Shl | VerilogOp::Shr, _) => {
                self.signedness(left)
            }
            VerilogExpression::Binary(left, op, _) if !is_comparison(op) => self.signedness(left),
            VerilogExpression::Signed(_) => Some(true),
            _ => Some(false),
        }
    }
}

fn is_comparison(op: &VerilogOp) -> bool {
    matches!(
        op,
        VerilogOp::Eq
            | VerilogOp::Ne
            | VerilogOp::Lt
            | VerilogOp::Le
            | VerilogOp::Gt
            | VerilogOp::Ge
    )
}

impl VerilogVisitor for Reader<'_> {
    fn visit_loop(&mut self, a: &VerilogLoop) {
        if a.from.as_usize() < a.to.as_usize() {
            self.loops.push(a.index.clone());
            walk_block(self, &a.block);
            self.loops.pop();
        }
    }

    fn visit_assignment(&mut self, left: &VerilogExpression, right: &VerilogExpression) {
        if let VerilogExpression::Signal(name) = left
            && self.resolve(name).is_none()
        {
            self.report(format!("`{name}` is assigned but not declared"));
        }
        self.visit_expression(right);
    }

    fn visit_signal(&mut self, name: &str) {
        if self.loops.iter().any(|index| index == name) {
            return;
        }
        match self.resolve(name) {
            None => self.report(format!("`{name}` is read but not declared")),
            Some(known) if known.submodule_input => {
                self.report(format!("`{name}` is a submodule's input and is read"))
            }
            Some(_) => {}
        }
    }

    fn visit_index(&mut self, signal: &VerilogExpression, _constant: &VerilogExpression) {
        self.visit_expression(signal);
    }

    fn visit_cast(&mut self, _: &VerilogExpression, _: &usize) {
        self.report("a bit_cast keeps bits in Verilog that it drops in Rust".into());
    }

    fn visit_binop(&mut self, left: &VerilogExpression, op: &VerilogOp, right: &VerilogExpression) {
        self.visit_expression(left);
        self.visit_expression(right);
        let bare = |operand: &VerilogExpression| matches!(operand, VerilogExpression::Binary(..));
        if is_comparison(op) && (bare(left) || bare(right)) {
            self.report("a comparison's operand needs parentheses".into());
        }
        let shift = matches!(op, VerilogOp::Shl | VerilogOp::Shr);
        if !shift && self.signedness(left) != self.signedness(right) {
            self.report(format!(
                "signed and unsigned in one expression: {left:?} {op:?} {right:?}"
            ));
        }
    }
}

#[cfg(test)]
mod tests;
