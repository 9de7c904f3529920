//! One module for all that differ in constants alone.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use crate::verilog::expression::Expression;
use crate::verilog::module::{Module, Parameter};

/// A constant of a module that may differ between modules of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Constant {
    /// The parameter that it becomes.
    name: String,
    range: String,
    value: String,
}

/// Where a constant stands: in an expression, by its name, or in an instance, as the value of a parameter.
type Place = (Option<String>, String);

/// Merges modules that are equal but for constants and names what is left; submodules come first, the last one is the top.
pub fn share(modules: Vec<Module>) -> Vec<Module> {
    let top = modules.len() - 1;
    let mut height = vec![0; modules.len()];
    let mut used = vec![false; modules.len()];
    used[top] = true;
    for at in (0..modules.len()).rev() {
        if used[at] {
            modules[at]
                .instances
                .iter()
                .for_each(|instance| used[instance.module] = true);
        }
    }
    for (at, module) in modules.iter().enumerate() {
        let below = module
            .instances
            .iter()
            .map(|instance| height[instance.module] + 1);
        height[at] = below.max().unwrap_or(0);
    }
    let mut kinds: Vec<Module> = vec![];
    // The kind of a module, and its values of the kind's parameters.
    let mut kind_of: HashMap<usize, (usize, Vec<(String, String)>)> = HashMap::new();
    for level in 0..=height[top] {
        let mut groups: BTreeMap<usize, Vec<(usize, Module)>> = BTreeMap::new();
        let mut first: HashMap<String, usize> = HashMap::new();
        for at in (0..modules.len()).filter(|at| used[*at] && height[*at] == level) {
            let mut module = modules[at].clone();
            for instance in &mut module.instances {
                let (kind, values) = &kind_of[&instance.module];
                instance.module = *kind;
                if kinds[*kind].leaf.is_none() {
                    instance.parameters = values.clone();
                }
            }
            let group = *first.entry(shape(&module)).or_insert(at);
            groups.entry(group).or_default().push((at, module));
        }
        for members in groups.into_values() {
            let (kind, values) = merge(&members);
            for ((at, _), values) in members.iter().zip(values) {
                kind_of.insert(*at, (kinds.len(), values));
            }
            kinds.push(kind);
        }
    }
    number(&mut kinds);
    kinds
}

/// One module for all members, and each member's values of its parameters.
fn merge(members: &[(usize, Module)]) -> (Module, Vec<Vec<(String, String)>>) {
    let mut kind = members[0].1.clone();
    let constants: Vec<BTreeMap<Place, Constant>> = members
        .iter()
        .map(|(_, module)| constants(module))
        .collect();
    let mut values = vec![vec![]; members.len()];
    for (place, constant) in &constants[0] {
        if constants.iter().all(|other| other[place] == *constant) {
            continue;
        }
        kind.parameters.push(Parameter {
            name: constant.name.clone(),
            range: constant.range.clone(),
            value: constant.value.clone(),
        });
        for (values, other) in values.iter_mut().zip(&constants) {
            values.push((constant.name.clone(), other[place].value.clone()));
        }
        match place {
            (Some(instance), parameter) => {
                let instances = kind.instances.iter_mut().filter(|i| i.name == *instance);
                let all = instances.flat_map(|instance| &mut instance.parameters);
                for (_, value) in all.filter(|(name, _)| name == parameter) {
                    *value = constant.name.clone();
                }
            }
            (None, name) => kind.rewrite(&|value| {
                value.map(&mut |part| match part {
                    Expression::Constant {
                        value,
                        width,
                        name: Some(other),
                    } if other == *name => Expression::Constant {
                        value,
                        width,
                        name: Some(constant.name.clone()),
                    },
                    other => other,
                })
            }),
        }
    }
    (kind, values)
}

/// The constants of a module.
fn constants(module: &Module) -> BTreeMap<Place, Constant> {
    let found = RefCell::new(BTreeMap::new());
    module.clone().rewrite(&|expression| {
        expression.visit(&mut |part| {
            if let Expression::Constant {
                value,
                width,
                name: Some(name),
            } = part
            {
                let constant = Constant {
                    name: name.to_uppercase(),
                    range: range(*width),
                    value: format!("{width}'d{value}"),
                };
                found.borrow_mut().insert((None, name.clone()), constant);
            }
        });
        expression.clone()
    });
    let mut found = found.into_inner();
    for instance in &module.instances {
        for (parameter, value) in &instance.parameters {
            let width = value
                .split_once('\'')
                .and_then(|(width, _)| width.parse().ok());
            let constant = Constant {
                name: format!("{}_{parameter}", instance.name).to_uppercase(),
                range: width.map_or(String::new(), range),
                value: value.clone(),
            };
            found.insert((Some(instance.name.clone()), parameter.clone()), constant);
        }
    }
    found
}

fn range(width: usize) -> String {
    match width {
        1 => String::new(),
        width => format!("[{}:0]", width - 1),
    }
}

/// What modules of a kind have in common.
fn shape(module: &Module) -> String {
    let mut module = module.clone();
    module.rewrite(&|expression| {
        expression.map(&mut |part| match part {
            Expression::Constant {
                width,
                name: Some(name),
                ..
            } => Expression::Constant {
                value: 0,
                width,
                name: Some(name),
            },
            other => other,
        })
    });
    let values = module.instances.iter_mut().flat_map(|i| &mut i.parameters);
    values.for_each(|(_, value)| value.clear());
    if let Some(leaf) = &module.leaf {
        // Ports whose widths are parameters.
        for port in leaf.widths.keys() {
            if let Some(signal) = module.signals.get_mut(port) {
                signal.width = 0;
            }
        }
    }
    module.parameters.iter_mut().for_each(|parameter| {
        parameter.value.clear();
    });
    format!("{module:?}")
}

/// Tells kinds of one name apart by numbers.
fn number(kinds: &mut [Module]) {
    let mut taken: HashMap<String, usize> = HashMap::new();
    for kind in kinds {
        let count = taken.entry(kind.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            kind.name = format!("{}_{count}", kind.name);
        }
    }
}
