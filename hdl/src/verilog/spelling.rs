//! Expressions and names as a person would write them.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::parse::Module;

static PART_SELECT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[\(64'h([0-9a-f]+)\)\+:\((\d+)\)\]").expect("a valid pattern"));
static INDEX: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[(\d+)(?: \* 32'h([0-9a-f]+))?(?: \+ 32'h([0-9a-f]+))?\]")
        .expect("a valid pattern")
});
static BIT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[32'h([0-9a-f]+)\]").expect("a valid pattern"));
static FIRST_BIT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([A-Za-z_][\w$]*)\[0\]").expect("a valid pattern"));
static REDUCED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\(?\|([A-Za-z_][\w$]*)(\[\d+\])?").expect("a valid pattern"));
static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z_][\w]*(?:\$\w+)+").expect("a valid pattern"));

/// Simplifies constant selects, reductions of single bits and names.
pub fn simplify(modules: &mut [Module]) {
    for module in modules {
        let single: Vec<String> = module
            .declarations
            .iter()
            .filter(|declaration| declaration.width == 1)
            .map(|declaration| declaration.name.clone())
            .collect();
        for line in &mut module.code {
            if line.contains('[') {
                let selects = PART_SELECT.replace_all(line, part_select);
                let indexes = INDEX.replace_all(&selects, index);
                let bits = BIT.replace_all(&indexes, |found: &Captures| {
                    format!("[{}]", hexadecimal(&found[1]))
                });
                *line = FIRST_BIT
                    .replace_all(&bits, |found: &Captures| first_bit(found, &single))
                    .into_owned();
            }
            if line.contains('|') {
                *line = REDUCED
                    .replace_all(line, |found: &Captures| reduction(found, &single))
                    .into_owned();
            }
            if line.contains('$') {
                *line = NAME
                    .replace_all(line, |found: &Captures| name(&found[0]))
                    .into_owned();
            }
        }
        for declaration in &mut module.declarations {
            declaration.name = name(&declaration.name);
        }
        for instance in &mut module.instances {
            instance.name = name(&instance.name);
            for (port, to) in &mut instance.connections {
                *port = name(port);
                *to = name(to);
            }
        }
        for port in &mut module.ports {
            *port = name(port);
        }
    }
}

fn hexadecimal(digits: &str) -> usize {
    usize::from_str_radix(digits, 16).unwrap_or(0)
}

fn part_select(found: &Captures) -> String {
    let (low, width) = (hexadecimal(&found[1]), found[2].parse().unwrap_or(1));
    if width == 1 {
        format!("[{low}]")
    } else {
        format!("[{}:{low}]", low + width - 1)
    }
}

fn index(found: &Captures) -> String {
    let base: usize = found[1].parse().unwrap_or(0);
    let factor = found
        .get(2)
        .map_or(1, |digits| hexadecimal(digits.as_str()));
    let offset = found
        .get(3)
        .map_or(0, |digits| hexadecimal(digits.as_str()));
    format!("[{}]", base * factor + offset)
}

/// A signal of one bit has no bits to select: it is declared without a range.
fn first_bit(found: &Captures, single: &[String]) -> String {
    let name = if single.contains(&found[1].to_owned()) {
        &found[1]
    } else {
        &found[0]
    };
    name.to_owned()
}

/// The reduction of a single bit is the bit.
fn reduction(found: &Captures, single: &[String]) -> String {
    let (open, bit) = (
        if found[0].starts_with('(') { "(" } else { "" },
        found.get(2).map_or("", |bit| bit.as_str()),
    );
    if bit.is_empty() && !single.contains(&found[1].to_owned()) {
        found[0].to_owned()
    } else {
        format!("{open}{}{bit}", &found[1])
    }
}

/// `pe$3$sum_q$d` becomes `pe_3_sum_d`; a register's field name may end in `_q` already.
fn name(path: &str) -> String {
    let path = match path.rsplit_once('$') {
        Some((register, port @ ("d" | "q"))) => {
            format!("{}${port}", register.strip_suffix("_q").unwrap_or(register))
        }
        _ => path.to_owned(),
    };
    path.replace('$', "_")
}
