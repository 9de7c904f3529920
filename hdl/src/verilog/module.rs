//! A Verilog module, taken apart.

use std::collections::BTreeMap;

use super::expression::Expression;

/// A module, or a kind of modules that differ in the values of parameters.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence.
    pub about: String,
    /// Name and default value; what an instance says stands in the instance.
    pub parameters: Vec<Parameter>,
    /// Names of the ports in order.
    pub ports: Vec<String>,
    /// Every declared name.
    pub signals: BTreeMap<String, Signal>,
    /// Submodules in order.
    pub instances: Vec<Instance>,
    /// Combinational logic, each signal once, after those that it depends on.
    pub wires: Vec<(String, Expression)>,
    /// Registers in order.
    pub registers: Vec<String>,
    /// Those of them that are zero at power-up.
    pub zeroed: Vec<String>,
    /// What happens at the rising edge; a register that is not assigned holds.
    pub clocked: Vec<Statement>,
    /// Comments, by the wire or register that they stand above.
    pub comments: BTreeMap<String, String>,
    /// A body that is written by hand.
    pub leaf: Option<Leaf>,
    /// To be written in the place of its instances.
    pub inlined: bool,
}

/// A body that is written by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its lines.
    pub text: String,
    /// Its outputs are nets, not variables.
    pub nets: bool,
    /// The width of ports that parameters give, as Verilog.
    pub widths: BTreeMap<String, String>,
    /// Bits of outputs that are zero in every cycle: port, bit.
    pub zeros: Vec<(String, usize)>,
}

/// A parameter of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// `[6:0]`, where it is not an integer.
    pub range: String,
    /// Its default, as Verilog.
    pub value: String,
}

/// A declared name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    pub width: usize,
    pub signed: bool,
    pub role: Role,
}

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Input,
    Output,
    /// An output of a submodule or a value on the way.
    Wire,
    Register,
}

/// A submodule.
#[derive(Clone, Debug)]
pub struct Instance {
    pub name: String,
    /// Index of its module.
    pub module: usize,
    /// Values of parameters, as Verilog.
    pub parameters: Vec<(String, String)>,
    /// Input ports and what they are connected to.
    pub inputs: Vec<(String, Expression)>,
    /// Output ports and the wires that they drive.
    pub outputs: Vec<(String, String)>,
}

/// What happens at a clock edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A register takes a value.
    Assign(String, Expression),
    If(Expression, Vec<Statement>, Vec<Statement>),
}

impl Module {
    /// Applies `change` to every expression.
    pub fn rewrite(&mut self, change: &dyn Fn(&Expression) -> Expression) {
        for (_, value) in &mut self.wires {
            *value = change(value);
        }
        for (_, value) in self.instances.iter_mut().flat_map(|i| &mut i.inputs) {
            *value = change(value);
        }
        self.clocked = rewrite(std::mem::take(&mut self.clocked), change);
    }

    /// The width of a name.
    pub fn width(&self, name: &str) -> usize {
        self.signals.get(name).map_or(0, |signal| signal.width)
    }
}

/// Statements with every expression changed; what a constant condition excludes is left out.
fn rewrite(
    statements: Vec<Statement>,
    change: &dyn Fn(&Expression) -> Expression,
) -> Vec<Statement> {
    let mut out = vec![];
    for statement in statements {
        match statement {
            Statement::Assign(name, value) => out.push(Statement::Assign(name, change(&value))),
            Statement::If(condition, then, otherwise) => {
                let condition = change(&condition);
                let then = rewrite(then, change);
                let otherwise = rewrite(otherwise, change);
                out.extend(choose(condition, then, otherwise));
            }
        }
    }
    out
}

/// A conditional statement, as short as it can be.
pub fn choose(
    condition: Expression,
    then: Vec<Statement>,
    otherwise: Vec<Statement>,
) -> Vec<Statement> {
    match condition.as_constant() {
        Some(0) => otherwise,
        Some(_) => then,
        None if then.is_empty() && otherwise.is_empty() => vec![],
        None if then.is_empty() => vec![Statement::If(
            super::simplify::not(condition),
            otherwise,
            vec![],
        )],
        None => vec![Statement::If(condition, then, otherwise)],
    }
}
