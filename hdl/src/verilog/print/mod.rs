//! Modules as text.

mod expression;

use std::collections::BTreeMap;

use super::expression::Expression;
use super::module::{Instance, Module, Parameter, Role, Signal, Statement};
use super::passes::wires::unread;
use expression::Printer;

/// Characters of a line.
const LINE: usize = 110;

/// The text of a module; `modules` are those of its instances.
pub fn module(module: &Module, modules: &[Module]) -> String {
    let mut text = comment(&module.about, "");
    text += &format!(
        "module {}{} (\n{}\n);\n",
        module.name,
        parameters(module),
        ports(module)
    );
    match &module.leaf {
        Some(leaf) => text += &indented(&leaf.text),
        None => text += &body(module, modules),
    }
    text + "endmodule\n"
}

fn body(module: &Module, modules: &[Module]) -> String {
    let constants = constants(module);
    let printer = Printer {
        module,
        constants: &constants,
    };
    let mut sections: Vec<String> = vec![];
    let local = constants
        .iter()
        .filter(|(name, _)| !is_parameter(module, name));
    sections.push(
        local
            .map(|(name, (value, width))| {
                format!(
                    "    localparam {}{name} = {width}'d{value};\n",
                    range(*width)
                )
            })
            .collect(),
    );
    let declared = |name: &String, kind: &str| {
        let signal = &module.signals[name];
        format!("    {kind} {}{name};\n", shape(signal))
    };
    sections.push(
        module
            .registers
            .iter()
            .map(|name| declared(name, "reg"))
            .collect(),
    );
    let nets = module
        .instances
        .iter()
        .flat_map(|instance| &instance.outputs);
    let nets = nets.filter(|(_, net)| module.signals[net].role == Role::Wire);
    sections.push(nets.map(|(_, net)| declared(net, "wire")).collect());
    let is_wire = |name: &str| module.signals[name].role == Role::Wire;
    let wires = module.wires.iter().filter(|(name, _)| is_wire(name));
    sections.push(
        wires
            .map(|(name, value)| wire(module, name, value, &printer))
            .collect(),
    );
    for instance in &module.instances {
        sections.push(self::instance(
            instance,
            &modules[instance.module],
            &printer,
        ));
    }
    let outputs = module.wires.iter().filter(|(name, _)| !is_wire(name));
    sections.push(
        outputs
            .map(|(name, value)| {
                note(module, name, "    ")
                    + &printer.assignment(&format!("    assign {name} = "), value)
            })
            .collect(),
    );
    sections.push(clocked(module, &printer));
    let unused: Vec<String> = unread(module)
        .into_iter()
        .filter_map(|(name, low, width)| {
            let whole = Expression::Signal(name.clone(), module.width(&name));
            whole.slice(low, width).map(|part| printer.text(&part))
        })
        .collect();
    if !unused.is_empty() {
        let list = wrapped("    wire unused = &{1'b0, ", &unused, "};\n");
        sections.push(format!("    // Bits that this core does not need.\n{list}"));
    }
    sections.retain(|section| !section.is_empty());
    sections.join("\n")
}

/// The constants that expressions name, with values and widths.
fn constants(module: &Module) -> BTreeMap<String, (u128, usize)> {
    let found = std::cell::RefCell::new(BTreeMap::new());
    module.clone().rewrite(&|expression| {
        expression.visit(&mut |part| {
            if let Expression::Constant {
                value,
                width,
                name: Some(name),
            } = part
            {
                found
                    .borrow_mut()
                    .entry(name.clone())
                    .or_insert((*value, *width));
            }
        });
        expression.clone()
    });
    found.into_inner()
}

fn is_parameter(module: &Module, name: &str) -> bool {
    module
        .parameters
        .iter()
        .any(|parameter| parameter.name == name)
}

fn parameters(module: &Module) -> String {
    if module.parameters.is_empty() {
        return String::new();
    }
    let one = |parameter: &Parameter| {
        let Parameter { name, range, value } = parameter;
        let space = if range.is_empty() { "" } else { " " };
        // The contents of a memory have no default worth reading.
        let value = match value.len() > 40 {
            true => "0",
            false => value,
        };
        format!("    parameter {range}{space}{name} = {value}")
    };
    let all: Vec<String> = module.parameters.iter().map(one).collect();
    format!(" #(\n{}\n)", all.join(",\n"))
}

fn ports(module: &Module) -> String {
    let port = |name: &String| {
        let signal = &module.signals[name];
        let kind = match (signal.role, &module.leaf) {
            (Role::Input, _) => "input wire",
            (_, Some(leaf)) if !leaf.nets => "output reg",
            _ => "output wire",
        };
        let width = module.leaf.as_ref().and_then(|leaf| leaf.widths.get(name));
        let shape = match width {
            Some(width) => {
                let signed = if signal.signed { "signed " } else { "" };
                format!("{signed}[{width}-1:0] ")
            }
            None => shape(signal),
        };
        format!("    {kind} {shape}{name}")
    };
    let ports: Vec<String> = module.ports.iter().map(port).collect();
    ports.join(",\n")
}

fn shape(signal: &Signal) -> String {
    let signed = if signal.signed { "signed " } else { "" };
    format!("{signed}{}", range(signal.width))
}

fn range(width: usize) -> String {
    match width {
        1 => String::new(),
        width => format!("[{}:0] ", width - 1),
    }
}

fn wire(module: &Module, name: &str, value: &Expression, printer: &Printer) -> String {
    let head = format!("    wire {}{name} = ", shape(&module.signals[name]));
    note(module, name, "    ") + &printer.assignment(&head, value)
}

fn instance(instance: &Instance, kind: &Module, printer: &Printer) -> String {
    let value = |(name, value): &(String, String)| format!(".{name}({})", number(value));
    let values: Vec<String> = instance.parameters.iter().map(value).collect();
    let input = |port: &String| {
        let input = instance.inputs.iter().find(|(name, _)| name == port);
        let input = input.map(|(_, value)| printer.text(value));
        let output = instance.outputs.iter().find(|(name, _)| name == port);
        let to = input.or_else(|| output.map(|(_, net)| net.clone()))?;
        Some(format!(".{port}({to})"))
    };
    let ports: Vec<String> = kind.ports.iter().filter_map(input).collect();
    let values = match values.is_empty() {
        true => String::new(),
        false => list(" #(", &values, ") "),
    };
    let space = if values.is_empty() { " " } else { "" };
    list(
        &format!("    {}{values}{space}{} (", kind.name, instance.name),
        &ports,
        ");\n",
    )
}

/// A list on one line where that is short, otherwise an item a line.
fn list(before: &str, items: &[String], after: &str) -> String {
    let line = format!("{before}{}{after}", items.join(", "));
    let last = line.trim_end().rsplit('\n').next().unwrap_or("").len();
    match last <= LINE && !items.iter().any(|item| item.contains('\n')) && items.len() < 8 {
        true => line,
        false => {
            let items = items
                .iter()
                .map(|item| format!("        {}", item.replace('\n', "\n    ")));
            let items: Vec<String> = items.collect();
            format!("{before}\n{}\n    {after}", items.join(",\n"))
        }
    }
}

/// A number as it is written: a long one a row of digits a line.
fn number(value: &str) -> String {
    const ROW: usize = 64;
    let Some((width, digits)) = value
        .split_once("'h")
        .filter(|(_, digits)| digits.len() > ROW)
    else {
        return value.to_owned();
    };
    let Ok(width) = width.parse::<usize>() else {
        return value.to_owned();
    };
    let (first, mut rest) = digits.split_at((digits.len() - 1) % ROW + 1);
    let mut rows = vec![format!("{}'h{first}", width - 4 * rest.len())];
    while !rest.is_empty() {
        let (row, below) = rest.split_at(ROW);
        rows.push(format!("{}'h{row}", 4 * ROW));
        rest = below;
    }
    format!("{{\n        {}}}", rows.join(",\n        "))
}

fn clocked(module: &Module, printer: &Printer) -> String {
    if module.registers.is_empty() {
        return String::new();
    }
    let bits: usize = module.zeroed.iter().map(|name| module.width(name)).sum();
    let mut text = match module.zeroed.as_slice() {
        [] => String::new(),
        [one] => format!("    initial {one} = {bits}'d0;\n"),
        all => wrapped("    initial {", all, &format!("}} = {bits}'d0;\n")),
    };
    text += "    always @(posedge clock) begin\n";
    let mut noted = vec![];
    statements(&module.clocked, 2, module, printer, &mut noted, &mut text);
    text + "    end\n"
}

fn statements(
    block: &[Statement],
    depth: usize,
    module: &Module,
    printer: &Printer,
    noted: &mut Vec<String>,
    text: &mut String,
) {
    let space = "    ".repeat(depth);
    for statement in block {
        match statement {
            Statement::Assign(name, value) => {
                if !noted.contains(name) {
                    *text += &note(module, name, &space);
                    noted.push(name.clone());
                }
                *text += &printer.assignment(&format!("{space}{name} <= "), value);
            }
            Statement::If(..) => {
                let mut statement = statement;
                *text += &space;
                while let Statement::If(condition, then, otherwise) = statement {
                    *text += &format!("if ({}) begin\n", printer.text(condition));
                    statements(then, depth + 1, module, printer, noted, text);
                    *text += &format!("{space}end");
                    match otherwise.as_slice() {
                        [] => break,
                        [only @ Statement::If(..)] => {
                            *text += " else ";
                            statement = only;
                        }
                        block => {
                            *text += " else begin\n";
                            statements(block, depth + 1, module, printer, noted, text);
                            *text += &format!("{space}end");
                            break;
                        }
                    }
                }
                *text += "\n";
            }
        }
    }
}

/// The comment above a wire or a register's first assignment.
fn note(module: &Module, name: &str, space: &str) -> String {
    let text = module.comments.get(name);
    text.map_or(String::new(), |text| comment(text, space))
}

/// A comment, broken into lines.
fn comment(text: &str, space: &str) -> String {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{space}// {word}")),
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A list that goes on below itself.
fn wrapped(before: &str, items: &[String], after: &str) -> String {
    let (mut text, mut line) = (String::new(), before.to_owned());
    for (k, item) in items.iter().enumerate() {
        let comma = if k + 1 < items.len() { ", " } else { "" };
        if line.len() + item.len() + comma.len() > LINE {
            text += line.trim_end();
            text.push('\n');
            line = "        ".to_owned();
        }
        line += &format!("{item}{comma}");
    }
    text + &line + after
}

fn indented(text: &str) -> String {
    let line = |line: &str| match line.is_empty() {
        true => "\n".to_owned(),
        false => format!("    {line}\n"),
    };
    text.lines().map(line).collect()
}
