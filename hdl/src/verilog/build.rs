//! From Rust-HDL's description to modules.

use std::collections::BTreeMap;

use rust_hdl::core::prelude::{AtomKind, Verilog};

use super::expression::Expression;
use super::leaf;
use super::module::{Instance, Module, Role, Signal};
use super::names::spelt;
use super::read::Node;
use super::settle::Body;

/// The modules of a design, submodules first, one an instance; the last one is the top.
///
/// # Errors
/// When a description has no Verilog.
pub fn modules(top: &Node) -> Result<Vec<Module>, String> {
    let mut modules = vec![];
    add(top, &mut modules)?;
    Ok(modules)
}

/// Adds a module and all that is in it.
fn add(node: &Node, modules: &mut Vec<Module>) -> Result<usize, String> {
    let mut module = Module::default();
    for (name, atom) in node
        .atoms
        .iter()
        .filter(|(_, atom)| atom.kind.is_parameter())
    {
        let role = match atom.kind {
            AtomKind::InputParameter => Role::Input,
            _ => Role::Output,
        };
        module.ports.push(spelt(name));
        module.signals.insert(
            spelt(name),
            Signal {
                width: atom.width,
                signed: atom.signed,
                role,
            },
        );
    }
    match &node.code {
        Verilog::Custom(text) => leaf::leaf(text, false, &mut module),
        Verilog::Wrapper(text) => leaf::leaf(&text.code, true, &mut module),
        Verilog::Combinatorial(code) => {
            let (mut registers, mut zeroed, mut parts) = (vec![], vec![], vec![]);
            for part in &node.parts {
                if is(part, "register") {
                    registers.push(part.name.clone());
                    zeroed.extend(is(part, "register_zeroed").then(|| part.name.clone()));
                } else {
                    parts.push((part, add(part, modules)?));
                }
            }
            let q = |name: &String| spelt(&format!("{name}$q"));
            module.registers.extend(registers.iter().map(q));
            module.zeroed.extend(zeroed.iter().map(q));
            let names = node.names();
            for (name, known) in &names {
                if known.kind == AtomKind::StubOutputSignal {
                    let role = match module.registers.contains(&spelt(name)) {
                        true => Role::Register,
                        false => Role::Wire,
                    };
                    module.signals.insert(
                        spelt(name),
                        Signal {
                            width: known.width,
                            signed: known.signed,
                            role,
                        },
                    );
                }
            }
            let ends = Body::settle(node, code, &names, registers, &mut module)
                .map_err(|error| format!("{}: {error}", node.name))?;
            for (part, index) in parts {
                let instance = instance(part, index, modules, &ends)
                    .map_err(|error| format!("{}: {error}", node.name))?;
                module.instances.push(instance);
            }
            for (name, atom) in &node.atoms {
                if atom.kind == AtomKind::OutputParameter {
                    let value = ends.get(name);
                    let value =
                        value.ok_or_else(|| format!("{}: `{name}` is not assigned", node.name))?;
                    let own = Expression::Signal(spelt(name), atom.width);
                    if *value != own {
                        module.wires.push((spelt(name), value.clone()));
                    }
                }
            }
        }
        other => return Err(format!("{}: no Verilog for {other:?}", node.name)),
    }
    if module.name.is_empty() {
        let field = node
            .name
            .rsplit('$')
            .find(|part| part.parse::<usize>().is_err());
        module.name = format!("tern_{}", field.unwrap_or(&node.name));
    }
    modules.push(module);
    Ok(modules.len() - 1)
}

/// A part of a module, its inputs connected to their values.
fn instance(
    part: &Node,
    index: usize,
    modules: &[Module],
    ends: &BTreeMap<String, Expression>,
) -> Result<Instance, String> {
    let (mut inputs, mut outputs) = (vec![], vec![]);
    for (port, atom) in part
        .atoms
        .iter()
        .filter(|(_, atom)| atom.kind.is_parameter())
    {
        let path = format!("{}${port}", part.name);
        if atom.kind == AtomKind::InputParameter {
            let value = ends.get(&path);
            let value = value.ok_or_else(|| format!("`{path}` is not assigned"))?;
            inputs.push((spelt(port), value.clone()));
        } else {
            outputs.push((spelt(port), spelt(&path)));
        }
    }
    let parameters = modules[index].parameters.iter();
    Ok(Instance {
        name: spelt(&part.name),
        module: index,
        parameters: parameters
            .map(|p| (p.name.clone(), p.value.clone()))
            .collect(),
        inputs,
        outputs,
    })
}

/// A D flip-flop of the `kind`; it is written where it is used.
fn is(part: &Node, kind: &str) -> bool {
    let name = format!("// @name tern_{kind}");
    matches!(&part.code, Verilog::Custom(text) if text.starts_with(&name))
}
