//! The table of executors: what can run a network.

use std::fmt;
use std::str::FromStr;

use crate::eda::tool::Tool;

/// What can run a network, lowest rung of the ladder first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutorName {
    /// The integer golden model: values, no cycles.
    Golden,
    /// The hardware description in Rust-HDL's own simulation.
    RustHdl,
    /// The generated Verilog, simulated by Verilator.
    Verilator,
    /// The generated Verilog, simulated by Icarus Verilog, which knows unknown values.
    Icarus,
    /// The netlist of iCE40 cells that Yosys synthesizes from it, simulated by Verilator.
    NetlistIce40,
    /// The netlist of ECP5 cells.
    NetlistEcp5,
}

/// A row of the table: name, what it is, and the pinned tools it needs.
type Row = (ExecutorName, &'static str, &'static str, &'static [Tool]);

const TABLE: [Row; 6] = [
    (
        ExecutorName::Golden,
        "golden",
        "The integer golden model",
        &[],
    ),
    (
        ExecutorName::RustHdl,
        "rust-hdl",
        "The hardware description in Rust-HDL's own simulation",
        &[],
    ),
    (
        ExecutorName::Verilator,
        "verilator",
        "The generated Verilog, simulated by Verilator",
        &[Tool::Verilator],
    ),
    (
        ExecutorName::Icarus,
        "icarus",
        "The generated Verilog, simulated by Icarus Verilog, which PATH must have",
        &[],
    ),
    (
        ExecutorName::NetlistIce40,
        "netlist-ice40",
        "The netlist of iCE40 cells that Yosys synthesizes, simulated by Verilator",
        &[Tool::Yosys, Tool::Verilator],
    ),
    (
        ExecutorName::NetlistEcp5,
        "netlist-ecp5",
        "The netlist of ECP5 cells that Yosys synthesizes, simulated by Verilator",
        &[Tool::Yosys, Tool::Verilator],
    ),
];

impl ExecutorName {
    /// Every executor, lowest rung first.
    pub fn all() -> impl Iterator<Item = ExecutorName> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The name on a command line and in messages, such as `netlist-ice40`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What it is, in one line.
    pub fn description(self) -> &'static str {
        self.row().2
    }

    /// The pinned tools it runs. Icarus Verilog is not one of them: it has no Python wheel.
    pub fn tools(self) -> &'static [Tool] {
        self.row().3
    }
}

impl fmt::Display for ExecutorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ExecutorName {
    type Err = String;

    fn from_str(name: &str) -> Result<ExecutorName, String> {
        let found = ExecutorName::all().find(|executor| executor.name() == name);
        found.ok_or_else(|| {
            let names: Vec<&str> = ExecutorName::all().map(ExecutorName::name).collect();
            format!(
                "`{name}` is no executor, expected one of {}",
                names.join(", ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ExecutorName, TABLE};

    #[test]
    fn the_table_is_in_the_order_of_the_names() {
        for (at, (executor, name, ..)) in TABLE.iter().enumerate() {
            assert_eq!(*executor as usize, at);
            assert_eq!(name.parse(), Ok(*executor));
        }
        let error = "netlist".parse::<ExecutorName>().unwrap_err();
        assert!(error.ends_with("netlist-ice40, netlist-ecp5"), "{error}");
    }
}
