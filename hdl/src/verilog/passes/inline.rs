//! Modules that are written in the place of their instances.

use crate::verilog::expression::Expression;
use crate::verilog::module::{Instance, Module, Role, Signal, Statement};

/// Writes every module that asks for it into the modules that use it.
pub fn inline(modules: &mut [Module]) {
    for at in 0..modules.len() {
        let mut module = std::mem::take(&mut modules[at]);
        for instance in std::mem::take(&mut module.instances) {
            match modules[instance.module].inlined {
                true => splice(&mut module, &instance, &modules[instance.module]),
                false => module.instances.push(instance),
            }
        }
        modules[at] = module;
    }
}

fn splice(into: &mut Module, instance: &Instance, part: &Module) {
    let prefix = |name: &str| format!("{}_{name}", instance.name);
    // A part that only passes on to one other is called like what it stands for.
    let only = part.instances.len() == 1
        && part.wires.iter().all(|(port, value)| {
            let net = format!("{}_{port}", part.instances[0].name);
            matches!(value, Expression::Signal(name, _) if *name == net)
        });
    let inner = |name: &str| match only {
        true => instance.name.clone(),
        false => prefix(name),
    };
    let nets: Vec<(String, String)> = part
        .instances
        .iter()
        .flat_map(|other| {
            let called = inner(&other.name);
            let net =
                move |(port, net): &(String, String)| (net.clone(), format!("{called}_{port}"));
            other.outputs.iter().map(net)
        })
        .collect();
    let mut inputs: Vec<(&str, Expression)> = vec![];
    for (port, value) in &instance.inputs {
        let mut value = value.clone();
        let read_as_wire = !value.is_wiring() && *port != "clock";
        if read_as_wire {
            let name = prefix(port);
            let signal = Signal {
                role: Role::Wire,
                ..part.signals[port].clone()
            };
            into.signals.insert(name.clone(), signal);
            let wire = Expression::Signal(name.clone(), value.width());
            into.wires.push((name, std::mem::replace(&mut value, wire)));
        }
        inputs.push((port, value));
    }
    let rename = |name: &str| match nets.iter().find(|(net, _)| net == name) {
        Some((_, called)) => called.clone(),
        None => prefix(name),
    };
    let change = |value: &Expression| {
        value.substituted(&|name| {
            let input = inputs.iter().find(|(port, _)| *port == name);
            Some(match input {
                Some((_, value)) => value.clone(),
                None => Expression::Signal(rename(name), part.width(name)),
            })
        })
    };
    for (name, signal) in &part.signals {
        if signal.role != Role::Input {
            let role = match signal.role {
                Role::Output => Role::Wire,
                role => role,
            };
            into.signals.insert(
                rename(name),
                Signal {
                    role,
                    ..signal.clone()
                },
            );
        }
    }
    for (name, value) in &part.wires {
        let (name, value) = (rename(name), change(value));
        if value != Expression::Signal(name.clone(), value.width()) {
            into.wires.push((name, value));
        }
    }
    for other in &part.instances {
        into.instances.push(Instance {
            name: inner(&other.name),
            inputs: other
                .inputs
                .iter()
                .map(|(port, value)| (port.clone(), change(value)))
                .collect(),
            outputs: other
                .outputs
                .iter()
                .map(|(port, net)| (port.clone(), rename(net)))
                .collect(),
            ..other.clone()
        });
    }
    into.registers
        .extend(part.registers.iter().map(|name| rename(name)));
    into.zeroed
        .extend(part.zeroed.iter().map(|name| rename(name)));
    into.clocked
        .extend(clocked(&part.clocked, &rename, &change));
}

fn clocked(
    statements: &[Statement],
    rename: &dyn Fn(&str) -> String,
    change: &dyn Fn(&Expression) -> Expression,
) -> Vec<Statement> {
    let one = |statement: &Statement| match statement {
        Statement::Assign(name, value) => Statement::Assign(rename(name), change(value)),
        Statement::If(condition, then, otherwise) => Statement::If(
            change(condition),
            clocked(then, rename, change),
            clocked(otherwise, rename, change),
        ),
    };
    statements.iter().map(one).collect()
}
