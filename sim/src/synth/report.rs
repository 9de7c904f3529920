//! What nextpnr reports, from its JSON file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::hierarchy::Hierarchy;
use crate::eda::error::ToolError;
use crate::eda::written::written;

/// The slowest path from register to register: what the clock frequency hangs on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriticalPath {
    /// The cell where the path starts, a flip-flop or a memory, named by its instances and the signal it drives.
    pub from: String,
    /// The module that the cell comes from.
    pub from_module: String,
    /// The cell where the path ends.
    pub to: String,
    /// The module that the cell comes from.
    pub to_module: String,
    /// Delay of the cells on the path, clock to output and setup included, in ns.
    pub logic_ns: f64,
    /// Delay of the wires between them, in ns.
    pub routing_ns: f64,
    /// Cells on the path between its ends.
    pub levels: usize,
    /// The path, cell by cell and wire by wire.
    pub segments: Vec<Segment>,
}

/// A piece of a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segment {
    /// `logic`, through a cell, or `routing`, along a wire.
    pub kind: &'static str,
    /// Delay in ns.
    pub ns: f64,
    /// The module that the cell at its end comes from.
    pub module: String,
    /// The tile of that cell, where the report says it.
    pub at: Option<Tile>,
}

/// A tile of the device: column and row, from the lower left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Tile {
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
}

impl CriticalPath {
    /// The whole delay in ns.
    pub fn delay_ns(&self) -> f64 {
        self.logic_ns + self.routing_ns
    }
}

/// The report of a placed and routed design.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    fmax: BTreeMap<String, Fmax>,
    utilization: BTreeMap<String, Utilization>,
    #[serde(default)]
    critical_paths: Vec<ClockedPath>,
}

#[derive(Debug, Deserialize)]
struct Fmax {
    achieved: f64,
}

#[derive(Debug, Deserialize)]
struct Utilization {
    used: usize,
}

/// A path between two clock edges, `posedge` and the clock's name, or `<async>` for a pin.
#[derive(Debug, Deserialize)]
struct ClockedPath {
    from: String,
    to: String,
    path: Vec<Piece>,
}

#[derive(Debug, Deserialize)]
struct Piece {
    delay: f64,
    from: End,
    to: End,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Deserialize)]
struct End {
    cell: String,
    /// Column and row of its tile.
    loc: Option<[u32; 2]>,
}

impl Piece {
    fn is_routing(&self) -> bool {
        self.kind == "routing"
    }

    fn segment(&self, hierarchy: &Hierarchy) -> Segment {
        Segment {
            kind: if self.is_routing() {
                "routing"
            } else {
                "logic"
            },
            ns: self.delay,
            module: hierarchy.module_of(&self.to.cell).to_owned(),
            at: self.to.loc.map(|[x, y]| Tile { x, y }),
        }
    }
}

impl Report {
    pub(super) fn read(path: &Path) -> Result<Report, ToolError> {
        written(path)
    }

    /// The highest frequency of the slowest clock in MHz, and that clock.
    fn slowest(&self) -> Option<(&str, f64)> {
        let clocks = self
            .fmax
            .iter()
            .map(|(clock, fmax)| (clock.as_str(), fmax.achieved));
        clocks.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The highest clock frequency in MHz; `None` for a design without a path from register to register.
    pub(super) fn fmax_mhz(&self) -> Option<f64> {
        self.slowest().map(|(_, fmax)| fmax)
    }

    /// Cells in use of one of nextpnr's kinds.
    pub(super) fn used(&self, kind: &str) -> usize {
        self.utilization.get(kind).map_or(0, |kind| kind.used)
    }

    /// The slowest path from the slowest clock to itself.
    pub(super) fn critical_path(&self, hierarchy: &Hierarchy) -> Option<CriticalPath> {
        let (clock, _) = self.slowest()?;
        let inside = |edge: &str| edge.split_once(' ').is_some_and(|(_, name)| name == clock);
        let path = self
            .critical_paths
            .iter()
            .find(|path| inside(&path.from) && inside(&path.to))?;
        let (first, last) = (path.path.first()?, path.path.last()?);
        let delay = |routing: bool| {
            let pieces = path.path.iter();
            let pieces = pieces.filter(|piece| piece.is_routing() == routing);
            pieces.map(|piece| piece.delay).sum()
        };
        Some(CriticalPath {
            from: signal(&first.from.cell),
            from_module: hierarchy.module_of(&first.from.cell).to_owned(),
            to: signal(&last.to.cell),
            to_module: hierarchy.module_of(&last.to.cell).to_owned(),
            logic_ns: delay(false),
            routing_ns: delay(true),
            levels: path
                .path
                .iter()
                .filter(|piece| piece.is_routing())
                .count()
                .saturating_sub(1),
            segments: path
                .path
                .iter()
                .map(|piece| piece.segment(hierarchy))
                .collect(),
        })
    }
}

/// The name of a cell without what Yosys appends to the signal's name: the types and ports of the cells from there.
fn signal(cell: &str) -> String {
    const KINDS: [&str; 7] = [
        "_SB_",
        "_TRELLIS_",
        "_LUT4_",
        "_CCU2C_",
        "_PFUMX_",
        "_L6MUX21_",
        "_DP16KD_",
    ];
    let end = KINDS.iter().filter_map(|kind| cell.find(kind)).min();
    cell[..end.unwrap_or(cell.len())].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{CriticalPath, Report};
    use crate::synth::hierarchy::Hierarchy;

    fn report(text: &str) -> Report {
        serde_json::from_str(text).expect("a report")
    }

    fn hierarchy() -> Hierarchy {
        let modules = r#"{"modules": {
            "tern_core": {"cells": {"array": {"type": "tern_array"}}},
            "tern_array": {"cells": {"column_2": {"type": "tern_column"}}},
            "tern_column": {"cells": {"pe_3": {"type": "tern_pe"}, "memory_3": {"type": "tern_rom"}}},
            "tern_pe": {"cells": {}}, "tern_rom": {"cells": {}}}}"#;
        Hierarchy::read("tern_core", modules.as_bytes()).expect("a hierarchy")
    }

    #[test]
    fn an_ecp5_report() {
        let report = report(include_str!("../../tests/fixtures/report_ecp5.json"));
        assert_eq!(report.fmax_mhz(), Some(118.86));
        assert_eq!((report.used("DP16KD"), report.used("ICESTORM_LC")), (42, 0));
        let path = report.critical_path(&hierarchy()).expect("a path");
        assert!((path.delay_ns() - 1e3 / 118.86).abs() < 1e-3, "{path:?}");
        let expected = CriticalPath {
            from: "array.column_2.memory_3.mem.0.0".to_owned(),
            from_module: "tern_rom".to_owned(),
            to: "array.column_2.pe_3.tally_q".to_owned(),
            to_module: "tern_pe".to_owned(),
            levels: 2,
            ..path.clone()
        };
        assert_eq!(path, expected);
        assert!((path.logic_ns - 6.298).abs() < 1e-9 && (path.routing_ns - 2.116).abs() < 1e-9);
        let routing = path
            .segments
            .iter()
            .filter(|segment| segment.kind == "routing");
        let sum: f64 = routing.map(|segment| segment.ns).sum();
        assert!((sum - path.routing_ns).abs() < 1e-9, "{path:?}");
        let ends = path.segments.last().map(|segment| segment.module.as_str());
        assert_eq!(ends, Some("tern_pe"));
    }

    #[test]
    fn an_ice40_report() {
        let report = report(include_str!("../../tests/fixtures/report_ice40.json"));
        assert_eq!(
            (report.used("ICESTORM_LC"), report.used("SB_IO")),
            (381, 72)
        );
        let path = report.critical_path(&hierarchy()).expect("a path");
        assert!((path.delay_ns() - 1e3 / 541.13).abs() < 1e-3, "{path:?}");
        assert_eq!(
            (path.from.as_str(), path.to.as_str()),
            ("elements", "state")
        );
        assert_eq!((path.from_module.as_str(), path.levels), ("tern_core", 1));
    }

    #[test]
    fn a_design_without_registers_has_no_clock() {
        let report = report(r#"{"fmax": {}, "utilization": {}, "critical_paths": []}"#);
        assert_eq!(report.fmax_mhz(), None);
        assert_eq!(report.critical_path(&hierarchy()), None);
    }
}
