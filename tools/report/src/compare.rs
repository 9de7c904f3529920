//! Cores side by side: a table with a column per core.

use serde::Serialize;

use crate::facts::{Core, Home};
use crate::picture::short;
use crate::view::{Tile, accuracy_tile, clock, proof, size, time};

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What is compared, with its unit.
    label: String,
    /// One value per core.
    values: Vec<Tile>,
}

/// The table.
pub fn rows(cores: &[Core]) -> Vec<Row> {
    let row = |label: &str, of: &dyn Fn(&Core) -> Tile| Row {
        label: label.to_owned(),
        values: cores.iter().map(of).collect(),
    };
    let plain = |label: &str, of: &dyn Fn(&Core) -> String| {
        row(label, &|core| Tile {
            value: of(core),
            label: label.to_owned(),
            note: String::new(),
        })
    };
    vec![
        plain("network", &|core| core.network.name.clone()),
        plain("dataflow", &|core| core.array.dataflow.clone()),
        plain("device", &|core| core.array.device.clone()),
        plain("array: columns × rows × lanes", &|core| core.array.size()),
        plain("lanes: MACs or sums per cycle", &|core| {
            core.array.macs_per_cycle().to_string()
        }),
        row("accuracy", &accuracy_tile),
        plain("cycles per time step, mean", &|core| {
            short(core.cycles.mean())
        }),
        plain("cycles per time step, most", &|core| {
            core.cycles.per_step.to_string()
        }),
        row("time step", &time),
        row("clock", &clock),
        row("logic", &size),
        plain("block RAMs", &|core| {
            let rams = core.memories.rams(Home::BlockRam);
            let all = core.memories.device_block_rams;
            all.map_or(rams.to_string(), |all| format!("{rams} of {all}"))
        }),
        plain("LUT4s of the core, by Yosys", &|core| {
            let modules = core.logic.iter().flat_map(|logic| &logic.modules);
            let whole = modules.take(1).map(|module| module.luts.to_string());
            whole.last().unwrap_or_else(|| "–".to_owned())
        }),
        row("verified", &proof),
    ]
}

#[cfg(test)]
mod tests {
    use super::rows;
    use crate::sample::core;

    #[test]
    fn every_row_has_a_value_per_core() {
        let mut events = core();
        events.array.dataflow = "events".to_owned();
        events.cycles.per_step = 99;
        let rows = rows(&[core(), events]);
        assert!(rows.iter().all(|row| row.values.len() == 2));
        let row = |label: &str| rows.iter().find(|row| row.label == label).expect("a row");
        let values: Vec<&str> = row("dataflow")
            .values
            .iter()
            .map(|v| v.value.as_str())
            .collect();
        assert_eq!(values, ["dense", "events"]);
        assert_eq!(row("cycles per time step, most").values[1].value, "99");
        assert_eq!(row("clock").values[0].value, "–", "not routed");
    }
}
