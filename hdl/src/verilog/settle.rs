//! The statements of a module as wires that have one value each, and registers that take theirs at the clock edge.
//!
//! Rust-HDL writes all of a module into one `always @(*)`, where a signal may be assigned again and again. Here a signal's value
//! is followed through the statements; where it is read it becomes a wire, a condition becomes a choice, and what merely
//! connects is put where it is read.

use std::collections::{BTreeMap, HashMap};

use rust_hdl::core::ast::{VerilogBlockOrConditional, VerilogLink, VerilogStatement};
use rust_hdl::core::prelude::AtomKind;

use super::clocked::tidy;
use super::expression::Expression;
use super::module::{Module, Role, Signal, Statement, choose};
use super::names::{resolve, spelt};
use super::read::{Known, Node};
use super::simplify::{mux, reduce};

/// The statements of a module, while they are read.
pub struct Body<'n> {
    pub(super) names: &'n HashMap<String, Known>,
    pub(super) loops: Vec<(String, usize)>,
    registers: Vec<String>,
    /// What is assigned so far.
    values: BTreeMap<String, Expression>,
    /// Wires of values that are read, with the signal that each was.
    wires: Vec<(String, String, Expression)>,
    /// The signal that is being assigned.
    target: Option<String>,
    comment: Option<String>,
    comments: BTreeMap<String, String>,
    pub(super) about: Vec<String>,
}

/// What divides a signal from the number of its value, until the values are counted.
const VERSION: char = '#';

impl<'n> Body<'n> {
    /// Reads the statements of a module into `module`, which has its signals but for those that come from them; the result are the
    /// values of its outputs and of its submodules' inputs.
    pub fn settle(
        node: &Node,
        code: &[VerilogStatement],
        names: &'n HashMap<String, Known>,
        registers: Vec<String>,
        module: &mut Module,
    ) -> Result<BTreeMap<String, Expression>, String> {
        let mut body = Body {
            names,
            loops: vec![],
            registers,
            values: BTreeMap::new(),
            wires: vec![],
            target: None,
            comment: None,
            comments: BTreeMap::new(),
            about: vec![],
        };
        let clocked = body.statements(code)?;
        module.clocked = tidy(clocked);
        let about = std::mem::take(&mut body.about).join(" ");
        super::leaf::head(&about, module);
        body.finish(node, module)
    }

    /// The declared name behind a reference, and what it is.
    pub(super) fn resolve(&self, reference: &str) -> Result<(String, &'n Known), String> {
        let name = resolve(reference, &self.loops)?;
        match self.names.get(&name) {
            Some(known) => Ok((name, known)),
            None => Err(format!("`{name}` is not declared")),
        }
    }

    /// The value of a signal as it is assigned so far.
    pub(super) fn read(&mut self, reference: &str) -> Result<Expression, String> {
        let (name, known) = self.resolve(reference)?;
        if let Some(constant) = self.named_constant(&name) {
            return Ok(constant);
        }
        if matches!(
            known.kind,
            AtomKind::InputParameter | AtomKind::StubOutputSignal
        ) {
            return Ok(Expression::Signal(spelt(&name), known.width));
        }
        let value = self.values.get(&name);
        let value = value.ok_or_else(|| format!("`{name}` is read before it is assigned"))?;
        if value.is_wiring() || self.target.as_ref() == Some(&name) {
            return Ok(value.clone());
        }
        self.read_wire(reference)
    }

    /// The same, as wires alone.
    pub(super) fn read_wire(&mut self, reference: &str) -> Result<Expression, String> {
        let (name, known) = self.resolve(reference)?;
        let Some(value) = self.values.get(&name).filter(|value| !value.is_wiring()) else {
            return self.read(reference);
        };
        let same = |(_, of, other): &&(String, String, Expression)| *of == name && other == value;
        let wire = match self.wires.iter().find(same) {
            Some((wire, ..)) => wire.clone(),
            None => {
                let number = self.wires.iter().filter(|(_, of, _)| *of == name).count();
                let wire = format!("{}{VERSION}{number}", spelt(&name));
                self.wires.push((wire.clone(), name.clone(), value.clone()));
                wire
            }
        };
        let wire = Expression::Signal(wire, known.width);
        self.values.insert(name, wire.clone());
        Ok(wire)
    }

    fn statements(&mut self, code: &[VerilogStatement]) -> Result<Vec<Statement>, String> {
        let mut clocked = vec![];
        for statement in code {
            match statement {
                VerilogStatement::Assignment(target, value) => {
                    let rust_hdl::core::ast::VerilogExpression::Signal(target) = target else {
                        return Err(format!("{target:?} is assigned"));
                    };
                    let (name, known) = self.resolve(target)?;
                    self.target = Some(name.clone());
                    let value = self.lower(value, known.width)?;
                    self.target = None;
                    clocked.extend(self.assign(name, value));
                }
                VerilogStatement::Link(links) => {
                    for link in links {
                        let (details, forward) = match link {
                            VerilogLink::Forward(details) => (details, true),
                            VerilogLink::Backward(details) => (details, false),
                            VerilogLink::Bidirectional(_) => {
                                return Err("a link goes both ways".into());
                            }
                        };
                        let end = |of: &str| format!("{of}.{}", details.my_name);
                        let mut ends = [end(&details.owner_name), end(&details.other_name)];
                        if !forward {
                            ends.reverse();
                        }
                        let value = self.read(&ends[0])?;
                        let (name, _) = self.resolve(&ends[1])?;
                        clocked.extend(self.assign(name, value));
                    }
                }
                VerilogStatement::If(choice) => {
                    let condition = reduce('|', self.lower_alone(&choice.test)?);
                    let before = self.values.clone();
                    let then = self.statements(&choice.then)?;
                    let after_then = std::mem::replace(&mut self.values, before);
                    let otherwise = match &choice.otherwise {
                        VerilogBlockOrConditional::Block(block) => self.statements(block)?,
                        VerilogBlockOrConditional::Conditional(inner) => {
                            self.statements(std::slice::from_ref(&**inner))?
                        }
                        VerilogBlockOrConditional::None => vec![],
                    };
                    self.join(&condition, after_then);
                    clocked.extend(choose(condition, then, otherwise));
                }
                VerilogStatement::Loop(inner) => {
                    for number in inner.from.as_usize()..inner.to.as_usize() {
                        self.loops.push((inner.index.clone(), number));
                        clocked.extend(self.statements(&inner.block)?);
                        self.loops.pop();
                    }
                }
                VerilogStatement::Macro(block) => clocked.extend(self.statements(block)?),
                VerilogStatement::Comment(text) => {
                    // The macro leaves parts of its own call in the text.
                    let call = |c: char| c.is_whitespace() || "!(\")".contains(c);
                    let text = text
                        .trim_start_matches("comment")
                        .trim_matches(call)
                        .to_owned();
                    match text.starts_with('@') {
                        true => self.about.push(text),
                        false => self.comment = Some(text),
                    }
                }
                other => return Err(format!("{other:?} has no Verilog here")),
            }
        }
        Ok(clocked)
    }

    /// A register takes the value at the clock edge, another signal has it now.
    fn assign(&mut self, name: String, value: Expression) -> Option<Statement> {
        let register = name.strip_suffix("$d");
        let register = register.filter(|name| self.registers.iter().any(|other| other == name));
        let written = match register {
            Some(register) => spelt(&format!("{register}$q")),
            None => spelt(&name),
        };
        if let Some(comment) = self.comment.take() {
            self.comments.insert(written.clone(), comment);
        }
        if register.is_some() {
            return Some(Statement::Assign(written, value));
        }
        self.values.insert(name, value);
        None
    }

    /// Values after a condition: those of now, `then` where it holds.
    fn join(&mut self, condition: &Expression, then: BTreeMap<String, Expression>) {
        let otherwise = std::mem::take(&mut self.values);
        let wires = &self.wires;
        // A value that has become a wire in one branch is the same value in the other.
        let known = |value: Expression| {
            let wire = wires.iter().find(|(_, _, other)| *other == value);
            wire.map_or(value.clone(), |(wire, _, value)| {
                Expression::Signal(wire.clone(), value.width())
            })
        };
        for (name, then) in then {
            if let Some(otherwise) = otherwise.get(&name) {
                let value = match then == *otherwise {
                    true => then,
                    false => mux(condition.clone(), known(then), known(otherwise.clone())),
                };
                self.values.insert(name, value);
            }
        }
    }

    /// Names the wires, the last value of a signal like the signal.
    fn finish(
        mut self,
        node: &Node,
        module: &mut Module,
    ) -> Result<BTreeMap<String, Expression>, String> {
        let mut last: HashMap<&str, &str> = HashMap::new();
        for (wire, of, _) in &self.wires {
            last.insert(of, wire);
        }
        // An output that is read and assigned again afterwards has the name itself.
        let is_port = |name: &str| {
            let own = node.atoms.iter().find(|(atom, _)| atom == name);
            own.is_some_and(|(_, atom)| atom.kind.is_parameter())
        };
        let mut called: HashMap<String, String> = HashMap::new();
        for (wire, of, _) in &self.wires {
            let plain = last[of.as_str()] == wire
                && (!is_port(of)
                    || matches!(&self.values[of], Expression::Signal(value, _) if value == wire));
            let name = match plain {
                true => spelt(of),
                false => wire.replace(VERSION, "_"),
            };
            called.insert(wire.clone(), name);
        }
        let renamed = |value: &Expression| {
            value.map(&mut |part| match part {
                Expression::Signal(name, width) => {
                    Expression::Signal(called.get(&name).cloned().unwrap_or(name), width)
                }
                Expression::Slice { name, low, width } => Expression::Slice {
                    name: called.get(&name).cloned().unwrap_or(name),
                    low,
                    width,
                },
                other => other,
            })
        };
        for (wire, of, value) in std::mem::take(&mut self.wires) {
            let name = called[&wire].clone();
            let known = &self.names[&of];
            module.signals.entry(name.clone()).or_insert(Signal {
                width: known.width,
                signed: known.signed,
                role: Role::Wire,
            });
            module.wires.push((name, renamed(&value)));
        }
        module.rewrite(&renamed);
        module.comments = self.comments;
        let ends = self.values.iter();
        Ok(ends
            .map(|(name, value)| (name.clone(), renamed(value)))
            .collect())
    }
}
