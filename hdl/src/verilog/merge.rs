//! One module for all equal instances.

use std::collections::HashMap;

use super::parse::Module;

/// Merges modules with equal text, leaves first, and names what is left; the top module comes first.
pub fn merge(modules: Vec<Module>) -> Vec<Module> {
    let mut order: Vec<usize> = (0..modules.len()).collect();
    order.sort_by_key(|k| std::cmp::Reverse(modules[*k].name.matches('$').count()));
    let mut known: HashMap<String, String> = HashMap::new();
    let mut canonical: HashMap<String, String> = HashMap::new();
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut kept = vec![];
    for k in order {
        let mut module = modules[k].clone();
        for instance in &mut module.instances {
            if let Some(name) = canonical.get(&instance.module) {
                instance.module = name.clone();
            }
        }
        let path = std::mem::take(&mut module.name);
        let key = module.to_string();
        let name = known.entry(key).or_insert_with(|| {
            let wanted = base_name(&path, module.hint.as_deref());
            let count = taken.entry(wanted.clone()).or_insert(0);
            *count += 1;
            module.name = if *count == 1 {
                wanted
            } else {
                format!("{wanted}_{count}")
            };
            let name = module.name.clone();
            kept.push(module);
            name
        });
        canonical.insert(path, name.clone());
    }
    kept.reverse();
    kept
}

fn base_name(path: &str, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => hint.into(),
        None => {
            let last = path
                .rsplit('$')
                .find(|part| part.parse::<usize>().is_err())
                .unwrap_or(path);
            format!("tern_{last}")
        }
    }
}
