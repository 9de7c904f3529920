//! Counting the cells of a netlist in Yosys' JSON format.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::eda::error::ToolError;
use crate::eda::written::written;

/// Number of cells of each type.
pub type Cells = BTreeMap<String, usize>;

#[derive(Deserialize)]
struct Netlist {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    attributes: BTreeMap<String, serde_json::Value>,
    cells: BTreeMap<String, Cell>,
}

impl Module {
    /// Whether the module is the synthesizer's description of a cell, which the netlist has beside its own modules.
    fn is_library_cell(&self) -> bool {
        ["blackbox", "whitebox"]
            .iter()
            .any(|kind| self.attributes.contains_key(*kind))
    }
}

#[derive(Deserialize)]
struct Cell {
    #[serde(rename = "type")]
    kind: String,
}

/// The cells of module `top` in the JSON netlist `path`, those of its submodules included, once an instance.
pub(super) fn count(path: &Path, top: &str) -> Result<Cells, ToolError> {
    let netlist: Netlist = written(path)?;
    if !netlist.modules.contains_key(top) {
        return Err(ToolError::new(format!(
            "{} has no module {top}",
            path.display()
        )));
    }
    let mut cells = Cells::new();
    add(&netlist, top, &mut cells);
    Ok(cells)
}

fn add(netlist: &Netlist, module: &str, cells: &mut Cells) {
    let Some(module) = netlist.modules.get(module) else {
        return;
    };
    for cell in module.cells.values() {
        let submodule = netlist
            .modules
            .get(&cell.kind)
            .is_some_and(|module| !module.is_library_cell());
        match submodule {
            true => add(netlist, &cell.kind, cells),
            false if cell.kind.starts_with("$scopeinfo") => {} // the name of a flattened instance, no hardware
            false => *cells.entry(cell.kind.clone()).or_default() += 1,
        }
    }
}
