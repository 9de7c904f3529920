//! One Verilog text that holds every change of a core.

use std::collections::HashMap;

use super::mutant::Mutant;
use super::scope::Scope;
use super::statement::{Assignment, condition, of_value};

/// The memory, below the top module, that holds the number of the change to make; zero is none.
pub(super) const MUTANT_MEMORY: &str = "mutant";

/// Its module; the name makes it a memory that can be written from outside.
const MEMORY_MODULE: &str = "\nmodule tern_rom_mutant;\n    reg [15:0] mem [0:0];\n    initial mem[0] = 16'd0;\nendmodule\n";

/// The text with every change that is known for its wires, connections and statements behind a number, and the changes: the
/// first one has number 1. `top` is the top module.
pub fn instrument(verilog: &str, top: &str) -> (String, Vec<Mutant>) {
    let number = format!("{top}.{MUTANT_MEMORY}.mem[0]");
    let (mut text, mut mutants) = (String::new(), vec![]);
    let inputs = inputs(verilog);
    let lines: Vec<&str> = verilog.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let Some(name) = lines[at].strip_prefix("module ") else {
            text += lines[at];
            text.push('\n');
            at += 1;
            continue;
        };
        let name = name.split(['(', ' ', ';']).next().unwrap_or("");
        let length = lines[at..].iter().position(|line| *line == "endmodule");
        let end = at + length.unwrap_or(lines.len() - at - 1);
        let mut module = Module {
            name: kind_of(name),
            lines: joined(&lines[at..end]),
            scope: Scope::of(&lines[at..end]),
            inputs: &inputs,
            number: &number,
            mutants: &mut mutants,
        };
        text += &module.instrumented();
        if name == top {
            text += &format!("    tern_rom_mutant {MUTANT_MEMORY} ();\n");
        }
        text += "endmodule\n";
        at = end + 1;
    }
    (text + MEMORY_MODULE, mutants)
}

/// A module's name without the number that tells copies apart.
fn kind_of(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((kind, number)) if number.parse::<u32>().is_ok() => kind,
        _ => name,
    }
}

struct Module<'a> {
    name: &'a str,
    /// A statement or declaration a line.
    lines: Vec<String>,
    scope: Scope,
    /// Names of input ports of all modules, by module.
    inputs: &'a HashMap<&'a str, Vec<&'a str>>,
    number: &'a str,
    mutants: &'a mut Vec<Mutant>,
}

impl Module<'_> {
    fn instrumented(&mut self) -> String {
        let (mut text, mut kind) = (String::new(), None);
        for at in 0..self.lines.len() {
            let line = self.lines[at].clone();
            let code = line.trim();
            let first = code.split([' ', '(']).next().unwrap_or("");
            kind = match self.inputs.get(first) {
                Some(inputs) => Some(inputs),
                None if code.starts_with('.') || code.starts_with(')') => kind,
                None => None,
            };
            let changed = match kind {
                Some(inputs) => Some(self.connections(&line, inputs)),
                None => self.line(at),
            };
            text += changed.as_deref().unwrap_or(&line);
            text.push('\n');
        }
        text
    }

    /// The line with its changes, if it has any.
    fn line(&mut self, at: usize) -> Option<String> {
        let line = self.lines[at].clone();
        let space = &line[..indent(&line)];
        let code = line.trim();
        for keyword in ["if (", "end else if ("] {
            if let Some(tested) = code.strip_prefix(keyword) {
                let tested = tested.strip_suffix(") begin")?;
                let value = self.choices(tested, tested, true, condition(tested, &self.scope));
                return Some(format!("{space}{keyword}{value}) begin"));
            }
        }
        let code = code.strip_suffix(';')?;
        for start in ["wire ", "assign "] {
            if let Some((declared, value)) =
                code.strip_prefix(start).and_then(|c| c.split_once(" = "))
            {
                let name = declared.split_whitespace().last()?;
                if name == "unused" {
                    return None;
                }
                let from = format!("{name} = {value};");
                let changes = of_value(value, name, &self.scope);
                let value = self.choices(&from, value, false, changes);
                return Some(format!("{space}{start}{declared} = {value};"));
            }
        }
        let (otherwise, code) = match code.strip_prefix("else ") {
            Some(code) => ("else ", code),
            None => ("", code),
        };
        let (target, sign, value) = match (code.split_once(" <= "), code.split_once(" = ")) {
            (Some((target, value)), _) => (target, "<=", value),
            (None, Some((target, value))) => (target, "=", value),
            (None, None) => return None,
        };
        let plain = target
            .chars()
            .all(|c| c.is_alphanumeric() || "_[]+-*: ".contains(c));
        let declares = [
            "localparam",
            "parameter",
            "initial",
            "reg",
            "integer",
            "for",
            "genvar",
        ];
        if !plain || declares.iter().any(|word| target.starts_with(word)) {
            return None;
        }
        let assignment = Assignment {
            target,
            sign,
            value,
            in_reset: ["clear", "reset"]
                .iter()
                .any(|signal| self.below(at, &format!("if ({signal}) begin"))),
            dropped: sign == "<="
                || self.lines[..at].iter().any(|line| {
                    line.trim()
                        .strip_prefix(target)
                        .is_some_and(|rest| rest.starts_with(" = "))
                }),
        };
        let mut text = format!("{space}{otherwise}");
        for (kind, to) in assignment.changes(&self.scope) {
            let number = self.add(kind, code.to_owned() + ";", to.clone());
            text += &format!("if ({} == 16'd{number}) begin {to} end else ", self.number);
        }
        Some(format!("{text}{code};"))
    }

    /// A line of an instance, its inputs with their changes.
    fn connections(&mut self, line: &str, inputs: &[&str]) -> String {
        let (mut text, mut rest) = (String::new(), line);
        while let Some(at) = rest.find('.') {
            let Some(open) = rest[at..].find('(').map(|open| at + open) else {
                break;
            };
            let port = &rest[at + 1..open];
            let mut depth = 0;
            let close = rest[open..].find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            let Some(close) = close.map(|close| open + close) else {
                break;
            };
            let value = &rest[open + 1..close];
            text += &rest[..=open];
            if inputs.contains(&port) && port != "clock" {
                let changes = of_value(value, value, &self.scope);
                text += &self.choices(&format!(".{port}({value})"), value, false, changes);
            } else {
                text += value;
            }
            rest = &rest[close..];
        }
        text + rest
    }

    /// A value with its changes behind their numbers.
    fn choices(
        &mut self,
        from: &str,
        value: &str,
        condition: bool,
        changes: Vec<(&'static str, String)>,
    ) -> String {
        let (any, mut chosen) = (if condition { "|" } else { "" }, String::new());
        if changes.is_empty() {
            return value.to_owned();
        }
        for (kind, to) in changes {
            let number = self.add(kind, from.to_owned(), to.clone());
            chosen += &format!("{} == 16'd{number} ? {any}({to}) : ", self.number);
        }
        format!("{chosen}{any}({value})")
    }

    fn add(&mut self, kind: &'static str, from: String, to: String) -> usize {
        self.mutants.push(Mutant {
            module: self.name.to_owned(),
            kind,
            from: numberless(&from),
            to: numberless(&to),
        });
        self.mutants.len()
    }

    /// Whether the line stands below one that is `opening`.
    fn below(&self, at: usize, opening: &str) -> bool {
        let mut depth = indent(&self.lines[at]);
        for line in self.lines[..at].iter().rev() {
            if indent(line) < depth && !line.trim().is_empty() {
                depth = indent(line);
                if line.trim() == opening {
                    return true;
                }
            }
        }
        false
    }
}

/// The lines of a module, what goes on below its first line on that line.
fn joined(lines: &[&str]) -> Vec<String> {
    let mut joined: Vec<String> = vec![];
    for line in lines {
        let open = joined.last().is_some_and(|last: &String| {
            let code = last.trim();
            let value = code.contains(" = ")
                || code.contains(" <= ")
                || code.ends_with("<=")
                || code.ends_with(" =");
            let goes_on = code.ends_with(':') || code.ends_with('=') || code.ends_with(',');
            value && goes_on && !code.starts_with("parameter") && !code.starts_with("//")
        });
        match joined.last_mut().filter(|_| open) {
            Some(last) => *last = format!("{} {}", last, line.trim()),
            None => joined.push((*line).to_owned()),
        }
    }
    joined
}

/// The input ports of each module.
fn inputs(verilog: &str) -> HashMap<&str, Vec<&str>> {
    let mut inputs: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut module = "";
    for line in verilog.lines() {
        if let Some(rest) = line.strip_prefix("module ") {
            module = rest.split([' ', '(', ';']).next().unwrap_or("");
            inputs.insert(module, vec![]);
        }
        if line.trim().starts_with("input ")
            && let Some(port) = line.trim_end_matches(',').split_whitespace().last()
        {
            inputs.entry(module).or_default().push(port);
        }
    }
    inputs
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The text with every number that tells copies of a line apart, in a name or an index, as `#`: copies are one line of the
/// hardware description.
fn numberless(text: &str) -> String {
    let (mut out, mut brackets, mut in_number, mut before) = (String::new(), 0, false, ' ');
    for c in text.chars() {
        match c {
            '[' => brackets += 1,
            ']' => brackets -= 1,
            _ => {}
        }
        in_number = c.is_ascii_digit() && (in_number || brackets > 0 || before == '_');
        before = c;
        if !in_number {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{instrument, numberless};

    #[test]
    fn copies_are_one_line() {
        assert_eq!(
            numberless("pe_12_act = q_3_q[31:4] & 2'd1;"),
            "pe_#_act = q_#_q[#:#] & 2'd1;"
        );
    }

    #[test]
    fn every_change_is_behind_its_number() {
        let text = "module top (\n    input wire a,\n    output wire y\n);\n    reg y_q;\n    wire b =\n        a ? y_q :\n        1'b0;\n\n    \
                    part part (.a(~a), .y(b));\n\n    always @(posedge clock) begin\n        if (clear) begin\n            \
                    y_q <= 1'b0;\n        end\n        if (a) y_q <= b;\n        else y_q <= a;\n    end\nendmodule\n\nmodule part (\n    input wire a,\n    output wire y\n);\nendmodule\n";
        let (text, mutants) = instrument(text, "top");
        for part in [
            "tern_rom_mutant mutant ();",
            "wire b = top.mutant.mem[0] == 16'd1 ? (y_q) : ",
            ".a(top.mutant.mem[0] == ",
            "? (a) : (~a)), .y(b));",
            "begin y_q <= 1'b1; end else y_q <= 1'b0;",
            "        else if (top.mutant.mem[0] == 16'd",
            "end else y_q <= a;",
        ] {
            assert!(text.contains(part), "`{part}` in\n{text}");
        }
        for (number, mutant) in (1..).zip(&mutants) {
            assert!(
                text.contains(&format!("== 16'd{number}")),
                "{mutant}\n{text}"
            );
        }
    }
}
