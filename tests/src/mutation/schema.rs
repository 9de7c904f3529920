//! One Verilog text that holds every change of a core.

use super::expression::Scope;
use super::mutant::Mutant;
use super::statement::{Assignment, condition};

/// The memory, below the top module, that holds the number of the change to make; zero is none.
pub(super) const MUTANT_MEMORY: &str = "mutant";

/// Its module; the name makes it a memory that can be written from outside.
const MEMORY_MODULE: &str = "\nmodule tern_rom_mutant;\n    reg [15:0] mem [0:0];\n    initial mem[0] = 16'd0;\nendmodule\n";

/// The text with every change that is known for its combinational blocks behind a number, and the changes: the first one
/// has number 1. `top` is the top module.
pub fn instrument(verilog: &str, top: &str) -> (String, Vec<Mutant>) {
    let number = format!("{top}.{MUTANT_MEMORY}.mem[0]");
    let (mut text, mut mutants) = (String::new(), vec![]);
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
            lines: &lines[at..end],
            scope: Scope::of(&lines[at..end]),
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
    lines: &'a [&'a str],
    scope: Scope,
    number: &'a str,
    mutants: &'a mut Vec<Mutant>,
}

impl Module<'_> {
    fn instrumented(&mut self) -> String {
        let mut text = String::new();
        let begin = self
            .lines
            .iter()
            .position(|line| *line == "    always @(*) begin");
        let begin = begin.unwrap_or(self.lines.len());
        let length = self.lines[begin..]
            .iter()
            .position(|line| *line == "    end");
        let end = begin + length.unwrap_or(0);
        for (at, line) in self.lines.iter().enumerate() {
            let changed = match at > begin && at < end {
                true => self.line(at, begin, end),
                false => None,
            };
            text += changed.as_deref().unwrap_or(line);
            text.push('\n');
        }
        text
    }

    /// The line with its changes, if it has any.
    fn line(&mut self, at: usize, begin: usize, end: usize) -> Option<String> {
        let line = self.lines[at];
        let indent = indent(line);
        let space = &line[..indent];
        let code = line.trim();
        for keyword in ["if (", "else if ("] {
            if let Some(tested) = code.strip_prefix(keyword) {
                let tested = tested.strip_suffix(") begin")?;
                let changes = condition(tested, &self.scope);
                let mut chosen = String::new();
                for (kind, to) in changes {
                    let number = self.add(kind, format!("if ({tested})"), format!("if ({to})"));
                    chosen += &format!("{} == 16'd{number} ? |({to}) : ", self.number);
                }
                return Some(format!("{space}{keyword}{chosen}|({tested})) begin"));
            }
        }
        let (target, value) = code.strip_suffix(';')?.split_once(" = ")?;
        let assigns = |line: &str| {
            line.trim()
                .strip_prefix(target)
                .is_some_and(|rest| rest.starts_with(" = "))
        };
        // The old value of a register as the default, and what the next line replaces, are no behaviour.
        let hold = target
            .strip_suffix("_d")
            .is_some_and(|register| value.strip_suffix("_q") == Some(register));
        let replaced = self.replaced(&self.lines[at + 1..end], target, indent);
        if hold || replaced {
            return None;
        }
        let next_value = value
            .strip_suffix("_q")
            .map(|register| format!("{register}_d = "));
        let assignment = Assignment {
            target,
            value,
            in_reset: self.below(at, begin, "if (clear) begin"),
            again: self.lines[begin..at].iter().any(|line| assigns(line)),
            next_is_final: next_value.is_some_and(|next| {
                !self.lines[at..end]
                    .iter()
                    .any(|line| line.trim().starts_with(&next))
            }),
        };
        let mut text = space.to_owned();
        for (kind, to) in assignment.changes(&self.scope) {
            let number = self.add(kind, code.to_owned(), to.clone());
            text += &format!("if ({} == 16'd{number}) begin {to} end else ", self.number);
        }
        Some(text + code)
    }

    /// Whether one of the lines after an assignment assigns to its target again, whatever happens, before anything reads it.
    fn replaced(&self, after: &[&str], target: &str, indent: usize) -> bool {
        let uses = |line: &str| {
            line.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .any(|word| word == target)
        };
        after
            .iter()
            .find(|line| uses(line) || self::indent(line) < indent)
            .is_some_and(|line| {
                let value = line
                    .trim()
                    .strip_prefix(target)
                    .and_then(|rest| rest.strip_prefix(" = "));
                self::indent(line) == indent && value.is_some_and(|value| !uses(value))
            })
    }

    fn add(&mut self, kind: &'static str, from: String, to: String) -> usize {
        // The lowest bit of a signal that has one bit in this core and more in another.
        let to = numberless(&to).replace("[#] = 1'b", " = 1'b");
        self.mutants.push(Mutant {
            module: self.name.to_owned(),
            kind,
            from: numberless(&from),
            to,
        });
        self.mutants.len()
    }

    /// Whether the line stands below one that is `opening`.
    fn below(&self, at: usize, begin: usize, opening: &str) -> bool {
        let mut depth = indent(self.lines[at]);
        for line in self.lines[begin..at].iter().rev() {
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
        let text = "module top (\n    input wire a,\n    output reg y\n);\n    reg y_value;\n\n    always @(*) begin\n        \
                    y_value = a;\n        if (a) begin\n            y_value = ~a;\n        end\n        y = y_value;\n    end\nendmodule\n";
        let (text, mutants) = instrument(text, "top");
        assert!(text.contains("tern_rom_mutant mutant ();"), "{text}");
        assert!(
            text.contains(
                "if (top.mutant.mem[0] == 16'd1) begin y_value = a; y_value = 1'b0; end else "
            ),
            "{text}"
        );
        for (number, mutant) in (1..).zip(&mutants) {
            assert!(
                text.contains(&format!("== 16'd{number}")),
                "{mutant}\n{text}"
            );
        }
        assert!(
            mutants.iter().any(|mutant| mutant.to == "y_value = a;"),
            "{mutants:?}"
        );
    }
}
