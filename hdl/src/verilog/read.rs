//! Rust-HDL's description of a block, collected.

use std::collections::HashMap;

use rust_hdl::core::prelude::*;

/// A module as Rust-HDL describes it.
#[derive(Default)]
pub struct Node {
    /// Name of the instance, `pe$3`.
    pub name: String,
    /// Ports, signals and constants, by name and in order.
    pub atoms: Vec<(String, Known)>,
    /// Submodules in order.
    pub parts: Vec<Node>,
    /// What it does.
    pub code: Verilog,
}

/// A port, signal or constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub kind: AtomKind,
    pub width: usize,
    pub signed: bool,
    /// Of a constant.
    pub value: u128,
}

impl Node {
    /// The module that is `block`, with its submodules.
    pub fn of(block: &dyn Block) -> Node {
        let mut reader = Reader {
            open: vec![Node::default()],
            prefix: vec![],
        };
        block.accept("top", &mut reader);
        reader.open.swap_remove(0).parts.swap_remove(0)
    }

    /// Everything that the module's code may name: what it declares, and `part$port` of its submodules.
    pub fn names(&self) -> HashMap<String, Known> {
        let ports = self.parts.iter().flat_map(|part| {
            let ports = part
                .atoms
                .iter()
                .filter(|(_, atom)| atom.kind.is_parameter());
            ports.map(|(port, atom)| {
                let kind = match atom.kind {
                    AtomKind::InputParameter => AtomKind::StubInputSignal,
                    _ => AtomKind::StubOutputSignal,
                };
                let known = Known {
                    kind,
                    ..atom.clone()
                };
                (format!("{}${port}", part.name), known)
            })
        });
        self.atoms.iter().cloned().chain(ports).collect()
    }
}

struct Reader {
    open: Vec<Node>,
    prefix: Vec<String>,
}

impl Probe for Reader {
    fn visit_start_scope(&mut self, name: &str, block: &dyn Block) {
        self.open.push(Node {
            name: name.to_owned(),
            code: block.hdl(),
            ..Node::default()
        });
    }

    fn visit_start_namespace(&mut self, name: &str, _: &dyn Block) {
        self.prefix.push(format!("{name}$"));
    }

    fn visit_atom(&mut self, name: &str, atom: &dyn Atom) {
        let known = Known {
            kind: atom.kind(),
            width: atom.bits(),
            signed: matches!(atom.descriptor().kind, TypeKind::Signed(_)),
            value: literal(&atom.verilog()).0,
        };
        let name = format!("{}{name}", self.prefix.concat());
        if let Some(node) = self.open.last_mut() {
            node.atoms.push((name, known));
        }
    }

    fn visit_end_namespace(&mut self, _: &str, _: &dyn Block) {
        self.prefix.pop();
    }

    fn visit_end_scope(&mut self, _: &str, _: &dyn Block) {
        if let (Some(part), Some(whole)) = (self.open.pop(), self.open.last_mut()) {
            whole.parts.push(part);
        }
    }
}

/// Value and bits of a literal, which shows both only in its Verilog: `8'h1f` or `3'b101`.
pub fn literal(literal: &VerilogLiteral) -> (u128, usize) {
    let text = literal.to_string();
    let (width, digits) = text.split_once('\'').unwrap_or(("0", "h0"));
    let radix = if digits.starts_with('b') { 2 } else { 16 };
    let value = u128::from_str_radix(&digits[1..], radix).unwrap_or(0);
    (value, width.parse().unwrap_or(0))
}
