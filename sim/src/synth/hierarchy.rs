//! Which module holds which.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use super::synthesis::{Synthesis, described};
use crate::eda::error::ToolError;

/// The modules of a description and the instances in them, as Yosys writes them before it flattens.
#[derive(Debug, Deserialize)]
pub struct Hierarchy {
    #[serde(skip)]
    top: String,
    modules: BTreeMap<String, Module>,
}

#[derive(Debug, Deserialize)]
struct Module {
    cells: BTreeMap<String, Cell>,
}

#[derive(Debug, Deserialize)]
struct Cell {
    #[serde(rename = "type")]
    kind: String,
}

impl Hierarchy {
    /// The hierarchy of a synthesized module.
    ///
    /// # Errors
    /// When the synthesis' files are gone.
    pub fn of(synthesis: &Synthesis) -> Result<Hierarchy, ToolError> {
        let path = &synthesis.rtl;
        let text = fs::read(path).map_err(|e| ToolError::file("read", path, e))?;
        Hierarchy::read(&described(&synthesis.top), &text)
            .map_err(|e| ToolError::file("read", path, e))
    }

    /// The hierarchy below `top` in Yosys' JSON text.
    pub(super) fn read(top: &str, text: &[u8]) -> serde_json::Result<Hierarchy> {
        let mut hierarchy: Hierarchy = serde_json::from_slice(text)?;
        hierarchy.top = top.to_owned();
        Ok(hierarchy)
    }

    /// The modules directly below the top with the number of their instances there.
    pub fn below_top(&self) -> BTreeMap<String, usize> {
        self.below(&self.top)
    }

    /// The modules directly in one of those that the text calls `module`, with the number of their instances there.
    pub fn below_module(&self, module: &str) -> BTreeMap<String, usize> {
        self.below(self.any_of(module))
    }

    /// What Yosys calls one of the modules that the text calls `module`, which differ in their parameters.
    pub fn any_of<'a>(&'a self, module: &'a str) -> &'a str {
        let mut kinds = self.modules.keys();
        kinds
            .find(|kind| plain(kind) == module && !self.modules.contains_key(module))
            .map_or(module, String::as_str)
    }

    /// Instances of `module` anywhere below the top.
    pub fn instances(&self, module: &str) -> usize {
        self.count(&self.top, module)
    }

    /// The module that a cell of the flattened netlist comes from, by the instances that its name begins with:
    /// `tern_pe` for `array.column_0.pe_6.sum_q_TRELLIS_FF_Q`.
    pub fn module_of(&self, cell: &str) -> &str {
        let mut module = self.top.as_str();
        // The board's top module holds the link.
        let cell = match module.ends_with("tern_link") {
            true => cell.strip_prefix("link.").unwrap_or(cell),
            false => cell,
        };
        for name in cell.split('.') {
            let inside = self.modules.get(module).and_then(|m| m.cells.get(name));
            match inside.and_then(|instance| self.modules.get_key_value(&instance.kind)) {
                Some((kind, _)) => module = kind,
                None => break,
            }
        }
        plain(module)
    }

    /// The modules of the instances directly in `parent`, one an instance.
    fn inside(&self, parent: &str) -> impl Iterator<Item = &String> {
        let cells = self.modules.get(parent).map(|module| &module.cells);
        let kinds = cells.into_iter().flatten().map(|(_, cell)| &cell.kind);
        kinds.filter(|kind| self.modules.contains_key(*kind))
    }

    fn below(&self, parent: &str) -> BTreeMap<String, usize> {
        let mut modules = BTreeMap::new();
        for kind in self.inside(parent) {
            *modules.entry(plain(kind).to_owned()).or_default() += 1;
        }
        modules
    }

    fn count(&self, parent: &str, module: &str) -> usize {
        let own = |kind: &String| self.count(kind, module) + usize::from(plain(kind) == module);
        self.inside(parent).map(own).sum()
    }
}

/// The name that the text gives a module, which Yosys calls `$paramod$…\name` where its parameters are given.
fn plain(kind: &str) -> &str {
    let parameters = kind.strip_prefix("$paramod");
    let name = parameters.and_then(|rest| rest.split('\\').nth(1));
    name.unwrap_or(kind)
}

#[cfg(test)]
mod tests {
    use super::Hierarchy;

    #[test]
    fn modules_are_counted_and_cells_named() {
        let text = r#"{"modules": {
            "core": {"cells": {"array": {"type": "array"}, "$1": {"type": "$add"}, "rom": {"type": "memory"}}},
            "array": {"cells": {"pe_0": {"type": "pe"}, "pe_1": {"type": "pe"}, "m": {"type": "memory"}}},
            "pe": {"cells": {"d": {"type": "$paramod\\delay\\WIDTH=s32'1"}, "e": {"type": "$paramod$1f\\delay"}}},
            "$paramod\\delay\\WIDTH=s32'1": {"cells": {}}, "$paramod$1f\\delay": {"cells": {}},
            "memory": {"cells": {}}}}"#;
        let hierarchy = Hierarchy::read("core", text.as_bytes()).expect("a hierarchy");
        let below: Vec<_> = hierarchy.below_top().into_iter().collect();
        assert_eq!(below, [("array".to_owned(), 1), ("memory".to_owned(), 1)]);
        assert_eq!(
            (hierarchy.instances("pe"), hierarchy.instances("memory")),
            (2, 2)
        );
        assert_eq!(hierarchy.instances("delay"), 4);
        assert!(hierarchy.any_of("delay").starts_with("$paramod"));
        assert_eq!(hierarchy.any_of("pe"), "pe");
        assert_eq!(hierarchy.module_of("array.pe_1.e.q"), "delay");
        assert_eq!(hierarchy.module_of("array.pe_1.sum_q_TRELLIS_FF_Q"), "pe");
        assert_eq!(hierarchy.module_of("array.pe_7.sum_q"), "array");
        assert_eq!(hierarchy.module_of("s_axis_tready_SB_LUT4_O_LC"), "core");
    }
}
