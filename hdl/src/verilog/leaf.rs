//! Modules whose text is written by hand, and what the comments in it say.
//!
//! `// @name tern_delay: delays a value` names the module and says what it is. Parameters are the `localparam` lines at the
//! head of the text, so that it is Verilog as it stands; `// @width d WIDTH` says how wide a port is in terms of them, and
//! `// @zero data 3` that a bit of an output is never set.

use super::module::{Leaf, Module, Parameter};

/// Reads `@name name: sentence`, `@about sentence`, which may come in parts, and `@inline` into the module.
pub fn head(text: &str, module: &mut Module) {
    for part in text.split('@').filter(|part| !part.trim().is_empty()) {
        match part.trim().split_once(' ') {
            Some(("name", rest)) => {
                let (name, about) = rest.split_once(':').unwrap_or((rest, ""));
                module.name = name.trim().to_owned();
                module.about = about.trim().to_owned();
            }
            Some(("about", rest)) => {
                let space = if module.about.is_empty() { "" } else { " " };
                module.about += &format!("{space}{}", rest.trim());
            }
            None if part.trim() == "inline" => module.inlined = true,
            _ => {}
        }
    }
}

/// Reads a text into the module; its parameters have the values of this one, its outputs are variables or, with `nets`, nets.
pub fn leaf(text: &str, nets: bool, module: &mut Module) {
    let mut leaf = Leaf {
        text: String::new(),
        nets,
        widths: Default::default(),
        zeros: vec![],
    };
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["//", "@width", port, width @ ..] => {
                leaf.widths.insert((*port).to_owned(), width.join(" "));
            }
            ["//", "@zero", port, bits @ ..] => {
                let bits = bits.iter().filter_map(|bit| bit.parse().ok());
                leaf.zeros.extend(bits.map(|bit| ((*port).to_owned(), bit)));
            }
            ["//", directive, ..] if directive.starts_with('@') => {
                head(line.trim_start_matches("// "), module);
            }
            ["localparam", rest @ .., name, "=", value] if leaf.text.is_empty() => {
                module.parameters.push(Parameter {
                    name: (*name).to_owned(),
                    range: rest.join(" "),
                    value: value.trim_end_matches(';').to_owned(),
                });
            }
            _ => leaf.text += &format!("{line}\n"),
        }
    }
    module.leaf = Some(leaf);
}
