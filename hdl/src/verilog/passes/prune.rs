//! What no core needs: values that are constant, and logic that nothing reads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::verilog::expression::Expression;
use crate::verilog::module::{Module, Role, Statement, choose};
use crate::verilog::simplify::concat;

/// Puts constants and connections where they are read and leaves out what nothing reads, through all modules; the last one
/// is the top, whose ports stay.
pub fn prune(modules: &mut [Module]) {
    loop {
        let before = modules.to_vec();
        for at in 0..modules.len() {
            let known = constants(modules, at);
            propagate(&mut modules[at], known);
        }
        drop_unread(modules);
        let same = before.iter().zip(&*modules).all(|(a, b)| {
            (&a.ports, &a.wires, &a.clocked, &a.registers)
                == (&b.ports, &b.wires, &b.clocked, &b.registers)
                && a.instances.len() == b.instances.len()
        });
        if same {
            return;
        }
    }
}

/// What is constant in a module: inputs that are so on every instance, registers that never change, outputs of submodules.
fn constants(modules: &[Module], at: usize) -> HashMap<String, Expression> {
    let module = &modules[at];
    let mut known: HashMap<String, Expression> = HashMap::new();
    let instances = modules.iter().flat_map(|other| &other.instances);
    let mut values: BTreeMap<&str, Vec<&Expression>> = BTreeMap::new();
    for instance in instances.filter(|instance| instance.module == at) {
        for (port, value) in &instance.inputs {
            values.entry(port).or_default().push(value);
        }
    }
    for (port, values) in values {
        let same = values.iter().all(|value| *value == values[0]);
        if same && values[0].as_constant().is_some() && module.leaf.is_none() {
            known.insert(port.to_owned(), values[0].clone());
        }
    }
    for name in &module.registers {
        let mut assigned = vec![];
        assignments(&module.clocked, name, &mut assigned);
        if assigned.iter().all(|value| value.as_constant() == Some(0)) {
            known.insert(name.clone(), Expression::constant(0, module.width(name)));
        }
    }
    for instance in &module.instances {
        let part = &modules[instance.module];
        for (port, net) in &instance.outputs {
            let width = module.width(net);
            if let Some((_, value)) = part.wires.iter().find(|(name, _)| name == port)
                && value.as_constant().is_some()
            {
                known.insert(net.clone(), value.clone());
            }
            let zeros = part.leaf.iter().flat_map(|leaf| &leaf.zeros);
            let zeros: BTreeSet<usize> = zeros
                .filter(|(of, _)| of == port)
                .map(|(_, bit)| *bit)
                .collect();
            if !zeros.is_empty() {
                let whole = Expression::Signal(net.clone(), width);
                let bit = |bit: usize| match zeros.contains(&bit) {
                    true => Some(Expression::constant(0, 1)),
                    false => whole.slice(bit, 1),
                };
                known.insert(
                    net.clone(),
                    concat((0..width).rev().filter_map(bit).collect()),
                );
            }
        }
    }
    known
}

fn assignments<'s>(statements: &'s [Statement], of: &str, found: &mut Vec<&'s Expression>) {
    for statement in statements {
        match statement {
            Statement::Assign(name, value) if name == of => found.push(value),
            Statement::Assign(..) => {}
            Statement::If(_, then, otherwise) => {
                assignments(then, of, found);
                assignments(otherwise, of, found);
            }
        }
    }
}

/// Puts what is known of names, and wires that only connect, where they are read.
fn propagate(module: &mut Module, mut known: HashMap<String, Expression>) {
    let mut wires = vec![];
    for (name, value) in std::mem::take(&mut module.wires) {
        let value = value.substituted(&|name| known.get(name).cloned());
        if value.is_wiring() && module.signals[&name].role == Role::Wire {
            known.insert(name, value);
        } else {
            wires.push((name, value));
        }
    }
    module.wires = wires;
    module.rewrite(&|value| value.substituted(&|name| known.get(name).cloned()));
    let constant = |name: &String| {
        known
            .get(name)
            .is_some_and(|value| value.as_constant().is_some())
    };
    let gone: Vec<String> = module
        .registers
        .iter()
        .filter(|name| constant(name))
        .cloned()
        .collect();
    remove_registers(module, &|name| gone.iter().any(|other| other == name));
}

fn remove_registers(module: &mut Module, gone: &dyn Fn(&str) -> bool) {
    module.registers.retain(|name| !gone(name));
    module.zeroed.retain(|name| !gone(name));
    module
        .signals
        .retain(|name, signal| signal.role != Role::Register || !gone(name));
    module.clocked = without(std::mem::take(&mut module.clocked), gone);
}

fn without(statements: Vec<Statement>, gone: &dyn Fn(&str) -> bool) -> Vec<Statement> {
    let mut kept = vec![];
    for statement in statements {
        match statement {
            Statement::Assign(name, _) if gone(&name) => {}
            Statement::If(condition, then, otherwise) => {
                let (then, otherwise) = (without(then, gone), without(otherwise, gone));
                kept.extend(choose(condition, then, otherwise));
            }
            other => kept.push(other),
        }
    }
    kept
}

/// A name in a module.
type Name = (usize, String);

/// Leaves out wires, registers, ports and submodules that no output of the top depends on.
fn drop_unread(modules: &mut [Module]) {
    let read = read(modules);
    let is_read = |at: usize, name: &str| read.contains(&(at, name.to_owned()));
    for at in 0..modules.len() {
        let top = at + 1 == modules.len();
        let mut module = std::mem::take(&mut modules[at]);
        let kept = |name: &str| is_read(at, name);
        module.wires.retain(|(name, _)| kept(name));
        remove_registers(&mut module, &|name| !kept(name));
        module
            .instances
            .retain(|instance| instance.outputs.iter().any(|(_, net)| kept(net)));
        for instance in &mut module.instances {
            let of = instance.module;
            instance.inputs.retain(|(port, _)| is_read(of, port));
            let leaf = modules[of].leaf.is_some();
            instance
                .outputs
                .retain(|(port, _)| leaf || is_read(of, port));
        }
        if module.leaf.is_none() && !top {
            module.ports.retain(|port| kept(port));
        }
        let nets: BTreeSet<&String> = module
            .instances
            .iter()
            .flat_map(|i| &i.outputs)
            .map(|(_, net)| net)
            .collect();
        let ports = &module.ports;
        let wires = &module.wires;
        module.signals.retain(|name, signal| match signal.role {
            Role::Input | Role::Output => ports.contains(name),
            Role::Register => true,
            Role::Wire => nets.contains(name) || wires.iter().any(|(wire, _)| wire == name),
        });
        modules[at] = module;
    }
}

/// Every name that an output of the top depends on.
fn read(modules: &[Module]) -> BTreeSet<Name> {
    let mut users: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
    for (at, module) in modules.iter().enumerate() {
        for (k, instance) in module.instances.iter().enumerate() {
            users.entry(instance.module).or_default().push((at, k));
        }
    }
    let depends: Vec<HashMap<String, BTreeSet<String>>> = modules.iter().map(depends).collect();
    let top = modules.len() - 1;
    let outputs = modules[top].ports.iter();
    let mut open: Vec<Name> = outputs.map(|port| (top, port.clone())).collect();
    let mut found: BTreeSet<Name> = open.iter().cloned().collect();
    while let Some((at, name)) = open.pop() {
        let module = &modules[at];
        let mut next: Vec<Name> = vec![];
        let needs = depends[at].get(&name).into_iter().flatten();
        next.extend(needs.map(|other| (at, other.clone())));
        for instance in &module.instances {
            for (port, _) in instance.outputs.iter().filter(|(_, net)| *net == name) {
                next.push((instance.module, port.clone()));
                let part = &modules[instance.module];
                if part.leaf.is_some() {
                    next.extend(
                        part.ports
                            .iter()
                            .map(|port| (instance.module, port.clone())),
                    );
                }
            }
        }
        if module
            .signals
            .get(&name)
            .is_some_and(|signal| signal.role == Role::Input)
        {
            for (user, k) in users.get(&at).into_iter().flatten() {
                let inputs = modules[*user].instances[*k].inputs.iter();
                for (_, value) in inputs.filter(|(port, _)| *port == name) {
                    next.extend(names(value).into_iter().map(|name| (*user, name)));
                }
            }
        }
        for name in next {
            if found.insert(name.clone()) {
                open.push(name);
            }
        }
    }
    found
}

/// What the value of each wire and register depends on in its module.
fn depends(module: &Module) -> HashMap<String, BTreeSet<String>> {
    let mut depends: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (name, value) in &module.wires {
        depends
            .entry(name.clone())
            .or_default()
            .extend(names(value));
    }
    clocked(
        &module.clocked,
        &BTreeSet::from(["clock".to_owned()]),
        &mut depends,
    );
    depends
}

fn clocked(
    statements: &[Statement],
    conditions: &BTreeSet<String>,
    depends: &mut HashMap<String, BTreeSet<String>>,
) {
    for statement in statements {
        match statement {
            Statement::Assign(name, value) => {
                let of = depends.entry(name.clone()).or_default();
                of.extend(names(value));
                of.extend(conditions.iter().cloned());
            }
            Statement::If(condition, then, otherwise) => {
                let inner: BTreeSet<String> =
                    conditions.union(&names(condition)).cloned().collect();
                clocked(then, &inner, depends);
                clocked(otherwise, &inner, depends);
            }
        }
    }
}

fn names(value: &Expression) -> BTreeSet<String> {
    let mut reads = BTreeSet::new();
    value.reads(&mut reads);
    reads.into_iter().map(|(name, ..)| name).collect()
}
