//! Combinational signals that change once.

use std::collections::HashSet;

use regex::Regex;

use super::parse::{Declaration, Module};

/// What a signal's name gets on its way to its value.
const SUFFIX: &str = "_value";

/// Rewrites combinational blocks so that every signal seen outside them, by a submodule or a port, is assigned once.
///
/// A default that a later line replaces is an event for an event-driven simulator, even where the value ends as it was.
/// Two modules whose ports go both ways can wake each other with such events for ever, in no time: Icarus Verilog hangs.
/// So defaults and what replaces them go to a variable of the block, and its last value to the signal.
pub fn assign_once(modules: &mut [Module]) {
    for module in modules {
        let outputs = module.declarations.iter();
        let outputs = outputs.filter(|declaration| declaration.kind.starts_with("output"));
        let ports = outputs.map(|declaration| declaration.name.clone());
        let connections = module.instances.iter().flat_map(|i| &i.connections);
        let seen: HashSet<String> = ports.chain(connections.map(|(_, to)| to.clone())).collect();
        let Some((first, last)) = block(&module.code) else {
            continue;
        };
        let mut assigned: Vec<&str> = module.code[first..last]
            .iter()
            .filter_map(|line| line.trim().split_once(" = "))
            .map(|(name, _)| name)
            .filter(|name| seen.contains(*name))
            .collect();
        assigned.sort_unstable();
        let again = assigned.windows(2).filter(|pair| pair[0] == pair[1]);
        let mut twice: Vec<String> = again.map(|pair| pair[0].to_owned()).collect();
        twice.dedup();
        for name in twice {
            through_variable(module, (first, last), &name);
        }
    }
}

/// The lines of the combinational block, from the one after `begin` to its `end`.
fn block(code: &[String]) -> Option<(usize, usize)> {
    let begin = code.iter().position(|line| line == "always @(*) begin")?;
    let length = code[begin..].iter().position(|line| line == "end")?;
    Some((begin + 1, begin + length))
}

fn through_variable(module: &mut Module, (first, last): (usize, usize), name: &str) {
    let word = Regex::new(&format!(r"\b{}\b", regex::escape(name))).expect("a valid pattern");
    let mut variable = format!("{name}{SUFFIX}");
    while module
        .declarations
        .iter()
        .any(|other| other.name == variable)
    {
        variable.push_str(SUFFIX);
    }
    for line in &mut module.code[first..last] {
        *line = word.replace_all(line, variable.as_str()).into_owned();
    }
    let end = first
        + module.code[first..]
            .iter()
            .position(|line| line == "end")
            .unwrap_or(0);
    module.code.insert(end, format!("    {name} = {variable};"));
    let of_signal = module
        .declarations
        .iter()
        .find(|declaration| declaration.name == name);
    if let Some(signal) = of_signal {
        let kind = signal.kind.trim_start_matches("output ").to_owned();
        let declaration = Declaration {
            kind,
            width: signal.width,
            name: variable,
            value: None,
        };
        module.declarations.push(declaration);
    }
}

#[cfg(test)]
mod tests {
    use super::assign_once;
    use crate::verilog::parse::modules;

    #[test]
    fn a_default_does_not_leave_its_block() {
        let text = "module top(a,y);\n    input wire a;\n    output reg [3:0] y;\n    reg [3:0] local;\n    \
                    localparam nought = 1'b0;\n    // Update code\n    always @(*) begin\n        local = nought;\n        \
                    local = a;\n        y = nought;\n        if (a) begin\n            y = local;\n        end\n    end\nendmodule\n";
        let mut modules = modules(text).expect("modules");
        assign_once(&mut modules);
        let text = modules[0].to_string();
        assert!(text.contains("reg [3:0] y_value;"), "{text}");
        assert!(text.contains("    y_value = nought;\n        if (a) begin\n            y_value = local;\n        end\n        y = y_value;\n    end"), "{text}");
        assert!(
            text.contains("    local = nought;\n        local = a;"),
            "{text}"
        );
    }
}
