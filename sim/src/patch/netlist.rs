//! The block RAMs of a netlist, before and after placement.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::ram::RamContents;
use super::text::Place;
use crate::eda::error::ToolError;
use crate::synth::place::Placement;
use crate::synth::synthesis::Synthesis;

/// Yosys' block RAM, with a suffix where a clock is inverted.
const CELL: &str = "SB_RAM40_4K";
/// nextpnr's block RAM, and what it appends to the name.
const PLACED: (&str, &str) = ("ICESTORM_RAM", "_RAM");

/// A block RAM of the netlist.
pub(super) struct Cell {
    pub mode: usize,
    pub contents: RamContents,
    pub place: Place,
}

#[derive(Deserialize)]
struct Netlist {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    cells: BTreeMap<String, RawCell>,
}

#[derive(Deserialize)]
struct RawCell {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    parameters: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    attributes: BTreeMap<String, serde_json::Value>,
}

/// The block RAMs of a placed netlist by the names that Yosys gave them.
pub(super) fn cells(
    synthesis: &Synthesis,
    placement: &Placement,
) -> Result<BTreeMap<String, Cell>, ToolError> {
    let path = &synthesis.json;
    let netlist = read(path)?;
    let module = netlist.modules.get(&synthesis.top);
    let module = module.ok_or_else(|| refuse(path, &synthesis.top, "is no module of it"))?;
    let places = places(&placement.cells())?;
    let rams = module
        .cells
        .iter()
        .filter(|(_, cell)| cell.kind.starts_with(CELL));
    rams.map(|(name, cell)| {
        let mode = parameter(cell, "READ_MODE");
        let mode = mode.and_then(|mode| usize::from_str_radix(mode, 2).ok());
        let mode = mode.ok_or_else(|| refuse(path, name, "has no READ_MODE"))?;
        let lines = (0..16).map(|line| parameter(cell, &format!("INIT_{line:X}")).unwrap_or(""));
        Ok((
            name.clone(),
            Cell {
                mode,
                contents: RamContents::from_binary(lines)
                    .ok_or_else(|| refuse(path, name, "has no contents of 4096 bits"))?,
                place: *places
                    .get(name)
                    .ok_or_else(|| refuse(&placement.cells(), name, "is no block RAM of it"))?,
            },
        ))
    })
    .collect()
}

/// Where nextpnr put the block RAMs.
fn places(path: &Path) -> Result<BTreeMap<String, Place>, ToolError> {
    let cells = read(path)?
        .modules
        .into_values()
        .flat_map(|module| module.cells);
    let rams = cells.filter(|(_, cell)| cell.kind == PLACED.0);
    rams.map(|(name, cell)| {
        let place = cell
            .attributes
            .get("NEXTPNR_BEL")
            .and_then(|bel| place(bel.as_str()?));
        let yosys_name = name.strip_suffix(PLACED.1).unwrap_or(&name).to_owned();
        match place {
            Some(place) => Ok((yosys_name, place)),
            None => Err(refuse(path, &name, "has no place of the form X1/Y1/ram")),
        }
    })
    .collect()
}

/// `(8, 15)` of `X8/Y15/ram`.
fn place(bel: &str) -> Option<Place> {
    let mut parts = bel.split('/');
    let column = parts.next()?.strip_prefix('X')?.parse().ok()?;
    let row = parts.next()?.strip_prefix('Y')?.parse().ok()?;
    Some((column, row))
}

fn parameter<'c>(cell: &'c RawCell, name: &str) -> Option<&'c str> {
    cell.parameters.get(name)?.as_str()
}

fn read(path: &Path) -> Result<Netlist, ToolError> {
    let text = fs::read(path).map_err(|e| ToolError::file("read", path, e))?;
    serde_json::from_slice(&text).map_err(|e| ToolError::file("read", path, e))
}

fn refuse(path: &Path, name: &str, problem: &str) -> ToolError {
    ToolError::new(format!("{}: `{name}` {problem}", path.display()))
}
