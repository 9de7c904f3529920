//! Area by module.

use std::path::Path;

use serde::Serialize;
use tern_gen_verilog::failure::Failure;
use tern_sim::synth::hierarchy::Hierarchy;
use tern_sim::synth::synthesis::{Synthesis, synthesize_part};

/// The core behind byte-wide streams or a link and the parts of a core, whose modules are listed, too; outer ones first.
const PARTS: [&str; 4] = ["tern_core", "tern_dense", "tern_events", "tern_units"];
/// The modules that arrays repeat, listed although they are deeper.
const ELEMENTS: [&str; 2] = ["tern_pe", "tern_event_pe"];

/// Cells of a module, synthesized on its own: what stays when nothing around it can be shared or left out.
#[derive(Serialize)]
pub struct Area {
    module: String,
    instances: usize,
    luts: usize,
    flip_flops: usize,
    carries: usize,
    rams: usize,
    single_port_rams: usize,
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
            single_port_rams: synthesis.single_port_rams(),
        }
    }
}

/// The whole core, each module directly below it or in one of its parts, and the processing element; `prefix` is that of the modules' names.
pub fn by_module(
    prefix: &str,
    core: &Synthesis,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Area>, Failure> {
    let hierarchy = Hierarchy::of(core).map_err(Failure::input)?;
    let mut modules = hierarchy.below_top();
    for part in PARTS.map(|part| format!("{prefix}{part}")) {
        if modules.contains_key(&part) {
            modules.extend(hierarchy.below_module(&part));
        }
    }
    for element in ELEMENTS.map(|element| format!("{prefix}{element}")) {
        let elements = hierarchy.instances(&element);
        if elements > 0 {
            modules.insert(element, elements);
        }
    }
    let mut areas = vec![Area::of(&core.top, 1, core)];
    for (module, instances) in modules {
        progress(&format!("measuring {module}"));
        let work = folder.join("modules").join(&module);
        let kind = hierarchy.any_of(&module);
        let synthesis = synthesize_part(core, kind, &work).map_err(Failure::input)?;
        areas.push(Area::of(&module, instances, &synthesis));
    }
    Ok(areas)
}

/// A table with a row per module.
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
    table
        + "each module synthesized on its own with the parameters of one of its instances, figures for one instance\n"
}
