//! Where the cells of a placed design are, from nextpnr's JSON.

use std::collections::BTreeMap;
use std::fs;

use serde::{Deserialize, Serialize};
use tern_compile::device::DeviceFamily;

use super::hierarchy::Hierarchy;
use super::implement::Implementation;
use super::place::Placement;
use super::report::Tile;
use crate::eda::error::ToolError;

/// Logic cells and RAMs by tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FloorPlan {
    /// The seed of the placement.
    pub seed: u32,
    /// Logic cells that have a place.
    pub logic: usize,
    /// Logic cells that have none: constants, and what nextpnr makes beside carry chains.
    pub unplaced: usize,
    /// Tiles that hold something, by column, then row.
    pub tiles: Vec<Contents>,
}

/// What a tile holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// Column, from the left.
    pub x: u32,
    /// Row, from below.
    pub y: u32,
    /// Logic cells by the module that they come from.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub logic: BTreeMap<String, usize>,
    /// Block RAMs and single-port RAMs.
    #[serde(skip_serializing_if = "is_zero")]
    pub rams: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Deserialize)]
struct Netlist {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    cells: BTreeMap<String, Cell>,
}

#[derive(Deserialize)]
struct Cell {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    attributes: BTreeMap<String, serde_json::Value>,
}

impl Cell {
    /// The tile of the cell: that of its place, such as `X12/Y7/lc3`.
    fn tile(&self) -> Option<Tile> {
        let mut parts = self.attributes.get("NEXTPNR_BEL")?.as_str()?.split('/');
        let mut number = |letter: char| parts.next()?.strip_prefix(letter)?.parse().ok();
        Some(Tile {
            x: number('X')?,
            y: number('Y')?,
        })
    }
}

impl FloorPlan {
    /// The plan of the fastest placement.
    ///
    /// # Errors
    /// When the files of synthesis or placement are gone or are no JSON.
    pub fn of(done: &Implementation) -> Result<FloorPlan, ToolError> {
        let placement: &Placement = done.fastest();
        let path = placement.cells();
        let text = fs::read(&path).map_err(|e| ToolError::file("read", &path, e))?;
        let plan = FloorPlan::read(&text, placement, &Hierarchy::of(&done.synthesis)?);
        plan.map_err(|e| ToolError::file("read", &path, e))
    }

    fn read(
        text: &[u8],
        placement: &Placement,
        hierarchy: &Hierarchy,
    ) -> serde_json::Result<FloorPlan> {
        let netlist: Netlist = serde_json::from_slice(text)?;
        let logic_kind = match placement.family {
            DeviceFamily::Ice40 => "ICESTORM_LC",
            DeviceFamily::Ecp5 => "TRELLIS_COMB",
        };
        let ram_kinds = ["ICESTORM_RAM", "ICESTORM_SPRAM", "DP16KD"];
        let mut tiles: BTreeMap<Tile, Contents> = BTreeMap::new();
        let mut logic = 0;
        let cells = netlist.modules.values().flat_map(|module| &module.cells);
        for (name, cell) in cells {
            let is_logic = cell.kind == logic_kind;
            let Some(tile) = cell
                .tile()
                .filter(|_| is_logic || ram_kinds.contains(&&*cell.kind))
            else {
                continue;
            };
            let contents = tiles.entry(tile).or_insert(Contents {
                x: tile.x,
                y: tile.y,
                ..Contents::default()
            });
            match is_logic {
                true => {
                    let module = hierarchy.module_of(name).to_owned();
                    *contents.logic.entry(module).or_default() += 1;
                    logic += 1;
                }
                false => contents.rams += 1,
            }
        }
        Ok(FloorPlan {
            seed: placement.seed,
            logic,
            unplaced: placement.logic_cells.saturating_sub(logic),
            tiles: tiles.into_values().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::FloorPlan;
    use crate::synth::hierarchy::Hierarchy;
    use crate::synth::place::Placement;
    use crate::synth::report::CriticalPath;
    use tern_compile::device::DeviceFamily;

    fn placement(family: DeviceFamily, logic_cells: usize) -> Placement {
        let nowhere = String::new;
        Placement {
            family,
            seed: 3,
            fmax_mhz: 100.0,
            critical_path: CriticalPath {
                from: nowhere(),
                from_module: nowhere(),
                to: nowhere(),
                to_module: nowhere(),
                logic_ns: 5.0,
                routing_ns: 5.0,
                levels: 1,
                segments: vec![],
            },
            logic_cells,
            rams: 1,
            single_port_rams: 0,
            pins: 1,
            routed: "seed_3.asc".into(),
        }
    }

    fn plan(family: DeviceFamily, text: &str, logic_cells: usize) -> FloorPlan {
        let modules = r#"{"modules": {"tern_core": {"cells": {"array": {"type": "tern_array"}}},
            "tern_array": {"cells": {}}}}"#;
        let hierarchy = Hierarchy::read("tern_core", modules.as_bytes()).expect("a hierarchy");
        FloorPlan::read(text.as_bytes(), &placement(family, logic_cells), &hierarchy)
            .expect("a plan")
    }

    #[test]
    fn cells_are_counted_by_tile_and_module() {
        let text = r#"{"modules": {"top": {"cells": {
            "array.sum_q_DFFLC": {"type": "ICESTORM_LC", "attributes": {"NEXTPNR_BEL": "X4/Y12/lc3"}},
            "array.sum_LC": {"type": "ICESTORM_LC", "attributes": {"NEXTPNR_BEL": "X4/Y12/lc4"}},
            "tready_LC": {"type": "ICESTORM_LC", "attributes": {"NEXTPNR_BEL": "X4/Y12/lc5"}},
            "$PACKER_GND": {"type": "ICESTORM_LC", "attributes": {}},
            "array.m": {"type": "ICESTORM_RAM", "attributes": {"NEXTPNR_BEL": "X8/Y3/ram"}},
            "clock": {"type": "SB_IO", "attributes": {"NEXTPNR_BEL": "X0/Y3/io0"}}}}}}"#;
        let plan = plan(DeviceFamily::Ice40, text, 4);
        assert_eq!((plan.seed, plan.logic, plan.unplaced), (3, 3, 1));
        let json = serde_json::to_value(&plan.tiles).expect("JSON");
        let expected = serde_json::json!([
            {"x": 4, "y": 12, "logic": {"tern_array": 2, "tern_core": 1}},
            {"x": 8, "y": 3, "rams": 1}
        ]);
        assert_eq!(json, expected);
    }

    #[test]
    fn cells_of_an_ecp5_without_a_place_are_counted() {
        let text = r#"{"modules": {"top": {"cells": {
            "array.a": {"type": "TRELLIS_COMB", "attributes": {"NEXTPNR_BEL": "X5/Y40/SLICEA.COMB0"}},
            "$nextpnr_CCU2C_0$CCU2_COMB0": {"type": "TRELLIS_COMB", "attributes": {}},
            "ram": {"type": "DP16KD", "attributes": {"NEXTPNR_BEL": "X9/Y22/EBR0"}}}}}}"#;
        let plan = plan(DeviceFamily::Ecp5, text, 2);
        assert_eq!((plan.logic, plan.unplaced, plan.tiles.len()), (1, 1, 2));
    }
}
