//! The wires of a finished module: each below what it depends on, and what is too long for a port has a name.

use std::collections::{BTreeMap, BTreeSet};

use crate::verilog::expression::Expression;
use crate::verilog::module::{Module, Role, Signal, Statement};

/// Operators that a port connection may hold.
const OPERATORS: usize = 2;

/// Names what is connected to ports, where it is more than an operator or two, and puts wires in order.
///
/// # Errors
/// When wires depend on each other.
pub fn arrange(modules: &mut [Module]) -> Result<(), String> {
    for module in modules {
        let mut named = vec![];
        for instance in &mut module.instances {
            for (port, value) in &mut instance.inputs {
                let name = format!("{}_{port}", instance.name);
                if operators(value) > OPERATORS && !module.signals.contains_key(&name) {
                    let (width, role) = (value.width(), Role::Wire);
                    let signal = Signal {
                        width,
                        signed: false,
                        role,
                    };
                    module.signals.insert(name.clone(), signal);
                    let wire = Expression::Signal(name.clone(), width);
                    named.push((name, std::mem::replace(value, wire)));
                }
            }
        }
        module.wires.extend(named);
        module.wires = in_order(std::mem::take(&mut module.wires))
            .map_err(|name| format!("{}: `{name}` depends on itself", module.name))?;
    }
    Ok(())
}

fn operators(value: &Expression) -> usize {
    let mut count = 0;
    value.visit(&mut |part| match part {
        Expression::Binary(..) | Expression::Compare { .. } => count += 1,
        Expression::Mux(..) => count += OPERATORS + 1,
        _ => {}
    });
    count
}

/// The wires, each after those that it reads, otherwise as they are.
fn in_order(wires: Vec<(String, Expression)>) -> Result<Vec<(String, Expression)>, String> {
    let mut waiting: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, value) in &wires {
        let mut reads = BTreeSet::new();
        value.reads(&mut reads);
        waiting.insert(name, reads.into_iter().map(|(name, ..)| name).collect());
    }
    let mut order: Vec<&str> = vec![];
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    while order.len() < wires.len() {
        let ready = wires.iter().map(|(name, _)| name.as_str()).find(|name| {
            let free = |other: &String| {
                placed.contains(other.as_str()) || !waiting.contains_key(other.as_str())
            };
            !placed.contains(name) && waiting[name].iter().all(free)
        });
        let Some(name) = ready else {
            let stuck = wires
                .iter()
                .find(|(name, _)| !placed.contains(name.as_str()));
            return Err(stuck.map_or(String::new(), |(name, _)| name.clone()));
        };
        placed.insert(name);
        order.push(name);
    }
    let mut values: BTreeMap<String, Expression> = wires.iter().cloned().collect();
    let named = order
        .iter()
        .map(|name| ((*name).to_owned(), values.remove(*name)));
    Ok(named
        .filter_map(|(name, value)| Some((name, value?)))
        .collect())
}

/// Bits of signals that nothing in the module reads: name, lowest bit, bits.
pub fn unread(module: &Module) -> Vec<(String, usize, usize)> {
    let mut reads = BTreeSet::new();
    for (_, value) in &module.wires {
        value.reads(&mut reads);
    }
    for (_, value) in module
        .instances
        .iter()
        .flat_map(|instance| &instance.inputs)
    {
        value.reads(&mut reads);
    }
    statement_reads(&module.clocked, &mut reads);
    let mut read: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for (name, low, width) in &reads {
        let bits = read
            .entry(name)
            .or_insert_with(|| vec![false; module.width(name)]);
        bits.iter_mut()
            .skip(*low)
            .take(*width)
            .for_each(|bit| *bit = true);
    }
    let mut unread = vec![];
    for (name, signal) in &module.signals {
        if signal.role == Role::Output || (name == "clock" && !module.registers.is_empty()) {
            continue;
        }
        let bit = |bit: usize| read.get(name.as_str()).is_some_and(|bits| bits[bit]);
        let mut low = 0;
        while low < signal.width {
            let width = (low..signal.width).take_while(|at| !bit(*at)).count();
            if width > 0 {
                unread.push((name.clone(), low, width));
            }
            low += width.max(1);
        }
    }
    unread
}

fn statement_reads(statements: &[Statement], reads: &mut BTreeSet<(String, usize, usize)>) {
    for statement in statements {
        match statement {
            Statement::Assign(_, value) => value.reads(reads),
            Statement::If(condition, then, otherwise) => {
                condition.reads(reads);
                statement_reads(then, reads);
                statement_reads(otherwise, reads);
            }
        }
    }
}
