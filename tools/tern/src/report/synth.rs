//! What `tern synth` gave.

use serde::Deserialize;
use serde_json::Value;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_report::facts::{FloorPlan, Logic, Module, Routed, Seed};

use super::read::read as read_json;
use super::subject::{Subject, design_value};
use crate::hardware::synth::{FLOOR_PLAN, REPORT};

/// What the report needs of synth.json.
#[derive(Deserialize)]
struct Figures {
    model: String,
    design: Value,
    board: String,
    modules: Vec<Module>,
    seeds: Vec<Seed>,
    median_fmax_mhz: f64,
    logic_cells: usize,
    block_rams: usize,
    single_port_rams: usize,
    pins: usize,
    bitstream_seed: u32,
}

/// Logic and routing of a core; nothing where it was not synthesized.
pub fn read(subject: &Subject) -> Result<Option<(Logic, Routed)>, Failure> {
    let (folder, named) = (&subject.synth.folder, subject.synth.named);
    let path = folder.join(REPORT);
    if !named && !path.is_file() {
        return Ok(None);
    }
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", path.display()));
    let figures: Figures = read_json(&path)?;
    if let Some(problem) = foreign(&figures, subject)? {
        if named {
            return Err(refuse(problem));
        }
        console::note(&format!(
            "note: {}: {problem}; it is left out",
            path.display()
        ));
        return Ok(None);
    }
    if let Some(problem) = flaw(&figures) {
        return Err(refuse(problem));
    }
    let plan = folder.join(FLOOR_PLAN);
    let floor_plan = match plan.is_file() {
        true => Some(
            placed(read_json(&plan)?, &figures)
                .map_err(|problem| Failure::input(format!("{}: {problem}", plan.display())))?,
        ),
        false => None,
    };
    let routed = Routed {
        board: figures.board,
        seeds: figures.seeds,
        median_fmax_mhz: figures.median_fmax_mhz,
        logic_cells: figures.logic_cells,
        block_rams: figures.block_rams,
        single_port_rams: figures.single_port_rams,
        pins: figures.pins,
        bitstream_seed: figures.bitstream_seed,
        floor_plan,
    };
    let logic = Logic {
        modules: figures.modules,
    };
    Ok(Some((logic, routed)))
}

/// Why the figures are those of another core.
fn foreign(figures: &Figures, subject: &Subject) -> Result<Option<String>, Failure> {
    let (core, design) = (&subject.core, design_value(&subject.core.design)?);
    Ok(if figures.model != core.model.name {
        Some(format!(
            "field `model` is \"{}\", expected \"{}\" of the core",
            figures.model, core.model.name
        ))
    } else if figures.design != design {
        Some(format!(
            "field `design` is {}, expected {design} of the core",
            figures.design
        ))
    } else {
        None
    })
}

/// What is wrong in the figures themselves.
fn flaw(figures: &Figures) -> Option<String> {
    let seeds: Vec<String> = figures
        .seeds
        .iter()
        .map(|seed| seed.seed.to_string())
        .collect();
    let slow = figures.seeds.iter().find(|seed| seed.fmax_mhz <= 0.0);
    if !seeds.contains(&figures.bitstream_seed.to_string()) {
        return Some(format!(
            "field `bitstream_seed` is {}, expected one of the seeds: {}",
            figures.bitstream_seed,
            seeds.join(", ")
        ));
    }
    if let Some(Seed { seed, fmax_mhz, .. }) = slow {
        return Some(format!(
            "field `fmax_mhz` of seed {seed} is {fmax_mhz}, expected more than 0"
        ));
    }
    let median = figures.median_fmax_mhz;
    (median <= 0.0).then(|| format!("field `median_fmax_mhz` is {median}, expected more than 0"))
}

/// The floor plan, if it is that of the fastest placement.
fn placed(plan: FloorPlan, figures: &Figures) -> Result<FloorPlan, String> {
    let cells = plan.logic + plan.unplaced;
    if plan.seed != figures.bitstream_seed {
        return Err(format!(
            "field `seed` is {}, expected {}, the bitstream's in {REPORT}",
            plan.seed, figures.bitstream_seed
        ));
    }
    if cells != figures.logic_cells {
        return Err(format!(
            "fields `logic` and `unplaced` are {cells} together, expected {}, the logic cells in {REPORT}",
            figures.logic_cells
        ));
    }
    Ok(plan)
}
