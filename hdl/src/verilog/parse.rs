//! Rust-HDL's text as modules.

use std::fmt;

/// A Verilog module as Rust-HDL writes it, in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Name; before merging it is the path of the instance.
    pub name: String,
    /// Name asked for by an `@name` comment.
    pub hint: Option<String>,
    /// Ports in order.
    pub ports: Vec<String>,
    /// Ports, constants and signals.
    pub declarations: Vec<Declaration>,
    /// Submodules.
    pub instances: Vec<Instance>,
    /// The rest, line by line.
    pub code: Vec<String>,
}

/// A declared name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// `input wire`, `output reg`, `localparam`, `reg signed`, …
    pub kind: String,
    /// Bits.
    pub width: usize,
    /// The name.
    pub name: String,
    /// What follows `=`.
    pub value: Option<String>,
}

/// A submodule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its module.
    pub module: String,
    /// Its name.
    pub name: String,
    /// Ports and what they are connected to.
    pub connections: Vec<(String, String)>,
}

/// Splits Rust-HDL's text into modules.
///
/// # Errors
/// When a line is not of the shape that Rust-HDL 0.46 writes.
pub fn modules(text: &str) -> Result<Vec<Module>, String> {
    let mut modules = vec![];
    let mut lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty());
    while let Some(line) = lines.next() {
        let head = line
            .strip_prefix("module ")
            .ok_or_else(|| format!("expected a module, found `{line}`"))?;
        let (name, ports) = head
            .trim_end_matches(");")
            .split_once('(')
            .ok_or_else(|| format!("expected ports, found `{line}`"))?;
        let ports = ports.split(',').map(str::to_owned).collect();
        let body: Vec<&str> = lines
            .by_ref()
            .take_while(|line| !line.starts_with("endmodule"))
            .collect();
        modules.push(module(name, ports, &body)?);
    }
    Ok(modules)
}

fn module(name: &str, ports: Vec<String>, body: &[&str]) -> Result<Module, String> {
    let mut module = Module {
        name: name.into(),
        hint: None,
        ports,
        declarations: vec![],
        instances: vec![],
        code: vec![],
    };
    let mut lines = body.iter().peekable();
    let mut in_code = false;
    while let Some(line) = lines.next() {
        let text = line.trim();
        if in_code {
            match text.split_once("@name ").filter(|_| text.starts_with("//")) {
                Some((_, hint)) => module.hint = Some(hint.trim().into()),
                None => module
                    .code
                    .push(line.strip_prefix("    ").unwrap_or(line).to_string()),
            }
        } else if text.starts_with("// Update code") {
            in_code = true;
        } else if text.starts_with("//") {
        } else if text.ends_with('(') {
            let (kind, name) = text
                .trim_end_matches('(')
                .split_once(' ')
                .ok_or_else(|| format!("expected an instance, found `{text}`"))?;
            let mut connections = vec![];
            for port in lines
                .by_ref()
                .map(|line| line.trim())
                .take_while(|line| *line != ");")
            {
                let (port, to) = port
                    .trim_start_matches('.')
                    .trim_end_matches(',')
                    .trim_end_matches(')')
                    .split_once('(')
                    .ok_or_else(|| format!("expected a connection, found `{port}`"))?;
                connections.push((port.to_owned(), to.to_owned()));
            }
            module.instances.push(Instance {
                module: kind.into(),
                name: name.into(),
                connections,
            });
        } else {
            module.declarations.push(
                declaration(text)
                    .ok_or_else(|| format!("expected a declaration, found `{text}`"))?,
            );
        }
    }
    Ok(module)
}

fn declaration(text: &str) -> Option<Declaration> {
    let (declared, value) = match text.strip_suffix(';')?.split_once(" = ") {
        Some((declared, value)) => (declared, Some(value.to_owned())),
        None => (text.strip_suffix(';')?, None),
    };
    let mut words: Vec<&str> = declared.split_whitespace().collect();
    let name = words.pop()?.to_owned();
    let range = words.iter().position(|word| word.starts_with('['));
    let width = match range {
        Some(at) => {
            words
                .remove(at)
                .strip_prefix('[')?
                .split(':')
                .next()?
                .parse::<usize>()
                .ok()?
                + 1
        }
        None => value
            .as_ref()
            .and_then(|value| value.split('\'').next()?.parse().ok())
            .unwrap_or(1),
    };
    Some(Declaration {
        kind: words.join(" "),
        width,
        name,
        value,
    })
}

impl fmt::Display for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = if self.width > 1 {
            format!(" [{}:0]", self.width - 1)
        } else {
            String::new()
        };
        let value = self
            .value
            .as_ref()
            .map(|value| format!(" = {value}"))
            .unwrap_or_default();
        write!(f, "{}{range} {}{value}", self.kind, self.name)
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_port = |declaration: &&Declaration| self.ports.contains(&declaration.name);
        let ports: Vec<String> = self
            .declarations
            .iter()
            .filter(is_port)
            .map(|port| format!("    {port}"))
            .collect();
        writeln!(f, "module {} (\n{}\n);", self.name, ports.join(",\n"))?;
        for declaration in self
            .declarations
            .iter()
            .filter(|declaration| !is_port(declaration))
        {
            writeln!(f, "    {declaration};")?;
        }
        for instance in &self.instances {
            let connections: Vec<String> = instance
                .connections
                .iter()
                .map(|(port, to)| format!("        .{port}({to})"))
                .collect();
            writeln!(
                f,
                "\n    {} {} (\n{}\n    );",
                instance.module,
                instance.name,
                connections.join(",\n")
            )?;
        }
        writeln!(f)?;
        for line in &self.code {
            writeln!(f, "    {line}")?;
        }
        writeln!(f, "endmodule")
    }
}
