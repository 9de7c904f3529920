//! Area by module.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tern_gen_verilog::Failure;
use tern_sim::synth::{Synthesis, synthesize};

/// The module that the array repeats, listed although it is not directly below the top.
const ELEMENT: &str = "tern_pe";

/// iCE40 cells of a module, synthesized on its own: what stays when nothing around it can be shared or left out.
#[derive(Serialize)]
pub struct Area {
    module: String,
    instances: usize,
    luts: usize,
    flip_flops: usize,
    carries: usize,
    rams: usize,
}

impl Area {
    fn of(module: &str, instances: usize, synthesis: &Synthesis) -> Area {
        Area {
            module: module.to_owned(),
            instances,
            luts: synthesis.luts(),
            flip_flops: synthesis.flip_flops(),
            carries: synthesis.carries(),
            rams: synthesis.rams(),
        }
    }
}

/// The whole core, each module directly below it and the processing element.
pub fn by_module(
    verilog: &str,
    core: &Synthesis,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Area>, Failure> {
    let hierarchy = Hierarchy::read(&folder.join("rtl.json"))?;
    let mut modules = hierarchy.below(&core.top);
    let elements = hierarchy.instances(&core.top, ELEMENT);
    if elements > 0 {
        modules.insert(ELEMENT.to_owned(), elements);
    }
    let mut areas = vec![Area::of(&core.top, 1, core)];
    for (module, instances) in modules {
        progress(&format!("measuring {module}"));
        let work = folder.join("modules").join(&module);
        let synthesis = synthesize(verilog, &module, &work).map_err(Failure::input)?;
        areas.push(Area::of(&module, instances, &synthesis));
    }
    Ok(areas)
}

/// A table with a row a module.
pub fn table(areas: &[Area]) -> String {
    let width = areas
        .iter()
        .map(|area| area.module.len())
        .max()
        .unwrap_or(0);
    let mut table = format!(
        "{:<width$} {:>9} {:>6} {:>6} {:>6} {:>5}\n",
        "module", "instances", "LUT4", "FF", "carry", "RAM"
    );
    for area in areas {
        table += &format!(
            "{:<width$} {:>9} {:>6} {:>6} {:>6} {:>5}\n",
            area.module, area.instances, area.luts, area.flip_flops, area.carries, area.rams
        );
    }
    table + "each module synthesized on its own, figures for one instance\n"
}

/// Which module holds which, as Yosys writes it.
#[derive(Deserialize)]
struct Hierarchy {
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
}

impl Hierarchy {
    fn read(path: &Path) -> Result<Hierarchy, Failure> {
        let refuse = |error: &dyn std::fmt::Display| {
            Failure::input(format!("{}: cannot be read: {error}", path.display()))
        };
        let text = std::fs::read(path).map_err(|error| refuse(&error))?;
        serde_json::from_slice(&text).map_err(|error| refuse(&error))
    }

    /// The modules directly below `top` with the number of their instances there.
    fn below(&self, top: &str) -> BTreeMap<String, usize> {
        let mut modules = BTreeMap::new();
        let cells = self.modules.get(top).map(|module| &module.cells);
        for cell in cells.into_iter().flatten().map(|(_, cell)| cell) {
            if self.modules.contains_key(&cell.kind) {
                *modules.entry(cell.kind.clone()).or_default() += 1;
            }
        }
        modules
    }

    /// Instances of `module` anywhere below `top`.
    fn instances(&self, top: &str, module: &str) -> usize {
        let below = self.below(top).into_iter();
        below
            .map(|(name, count)| {
                let inside = self.instances(&name, module);
                count * (inside + usize::from(name == module))
            })
            .sum()
    }
}
