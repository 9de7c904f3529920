//! `tern explore`: which arrays a network can have on a device, and what they cost.

mod picture;
mod report;
mod sweep;

use std::path::{Path, PathBuf};

use clap::Args;
use tern_compile::cycles::events::Activity;
use tern_compile::design::{Dataflow, Design, Skip};
use tern_compile::device::Device;
use tern_compile::error::Error;
use tern_compile::shape::Shape;
use tern_compile::sizing::Candidate;
use tern_gen_verilog::artifacts::{Artifact, verilog};
use tern_gen_verilog::choice::{Choice, Core};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::{default_folder, lock, write};
use tern_gen_verilog::outputs::keep_apart;
use tern_model::network::Model;
use tern_sim::eda::error::ToolError;
use tern_sim::synth::board::Board;
use tern_sim::synth::implement::{Implementation, implement};

use self::report::{Point, Report, Routed, few};
use crate::progress;

/// Recommends an array, among those that no other beats in cycles and logic cells, with what they need by estimate.
///
/// At most eight are listed, from the smallest to the fastest; the recommended one is what gen-verilog takes. explore.json
/// and explore.svg hold all of them.
#[derive(Args)]
pub struct Explore {
    /// Model file (.safetensors) [default: the bundled spoken-digit model]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Device
    #[arg(long, value_name = "NAME", default_value = Device::DEFAULT)]
    device: String,
    /// Percent of the device's logic cells and block RAMs to leave to other logic
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=90))]
    reserve: u8,
    /// Place and route every listed array with seed 1, for the time of a step
    #[arg(long)]
    route: bool,
    /// Folder for explore.json and explore.svg, or for the results of a sweep [default: build/<name of the model or of the sweep>/explore]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    sweep: sweep::Options,
}

/// Each listed array takes fewer cycles than the smaller one before it, by this share at least.
const STEP: f64 = 0.03;
/// Arrays that are listed, at most.
const LISTED: usize = 8;
/// What is written.
const REPORT: &str = "explore.json";
const PICTURE: &str = "explore.svg";
/// Seed of the placer.
const SEED: u32 = 1;

/// Runs the command.
pub fn execute(explore: &Explore) -> Result<(), Failure> {
    if let Some(file) = &explore.sweep.file {
        return sweep::execute(file, &explore.sweep, explore.out.as_deref());
    }
    let device = Device::named(&explore.device).filter(|device| device.family.is_some());
    let device = device.ok_or_else(|| {
        let fpgas = tern_compile::device::DEVICES.iter();
        let fpgas = fpgas.filter(|device| device.family.is_some());
        let names: Vec<&str> = fpgas.map(|device| device.name).collect();
        Failure::input(format!(
            "--device is \"{}\", expected one of {}",
            explore.device,
            names.join(", ")
        ))
    })?;
    let choice = Choice {
        model: explore.model.clone(),
        device: Some(explore.device.clone()),
        reserve: (explore.reserve > 0).then_some(explore.reserve),
        ..Choice::default()
    };
    let model = choice.model()?;
    let of_model = |error| match &explore.model {
        Some(path) => Failure::input(format!("{}: {error}", path.display())),
        None => Failure::input(format!("the bundled model: {error}")),
    };
    let activity = Activity::recorded(&model).map_err(of_model)?;
    let all = candidates(&model, device, explore.reserve.into()).map_err(of_model)?;
    let folder = match &explore.out {
        Some(folder) => folder.clone(),
        None => default_folder(&model.name).join("explore"),
    };
    let outputs = [REPORT, PICTURE].map(|name| ("--out", folder.join(name)));
    keep_apart(&outputs, &choice.inputs())?;
    let _lock = lock(&folder)?;
    let mut front = front(&all, activity.as_ref());
    let taken = choice.core()?.program.shape;
    recommend(&mut front, exact(&taken, activity.as_ref()));
    let mut points: Vec<Point> = front
        .iter()
        .map(|candidate| point(candidate, taken.design == candidate.shape.design))
        .collect();
    let listed = few(&points, LISTED);
    if explore.route {
        let bar = progress::bar("routing", listed.len());
        for &at in &listed {
            let (shape, point) = (&front[at].shape, &mut points[at]);
            let name = array(point);
            let work = folder.join("work").join(&name);
            let mut tell = |stage: &str| bar.set_message(format!("{name}: {stage}"));
            point.routed = Some(route(&model, shape, activity.as_ref(), &work, &mut tell)?);
            bar.inc(1);
        }
    }
    let report = Report {
        model: &model.name,
        device: device.name,
        device_cells: device.luts,
        device_block_rams: device.block_rams,
        cell_budget: taken.design.cell_budget(),
        arrays: &points,
    };
    let value = serde_json::to_value(&report).map_err(Failure::input)?;
    let json = serde_json::to_string_pretty(&report).map_err(Failure::input)?;
    let svg = picture::draw(&report, &all).to_string();
    let artifact = |(name, text)| Artifact {
        name,
        bytes: format!("{text}\n").into_bytes(),
    };
    write(&folder, &[(REPORT, json), (PICTURE, svg)].map(artifact))?;
    console::answer(|| table(&report, &listed, &choice, &folder), || value)
}

/// Every dense array that fits, then every event array of either kind.
///
/// Fails as the dense ones do where nothing fits.
fn candidates(model: &Model, device: &Device, reserve: usize) -> Result<Vec<Candidate>, Error> {
    let like = Design::new(1, 4, device.name)?.with_reserve(reserve)?;
    let dense = Candidate::like(model, &like);
    let events = |skip| Candidate::like(model, &like.clone().with_events(skip)?);
    let events = [Skip::Delta, Skip::Zero].map(events);
    let events: Vec<Candidate> = events.into_iter().flatten().flatten().collect();
    match dense {
        Ok(dense) => Ok([dense, events].concat()),
        Err(error) if events.is_empty() => Err(error),
        Err(_) => Ok(events),
    }
}

/// An array with its exact cycles, which the sizing estimates.
fn exact(shape: &Shape, activity: Option<&Activity>) -> Candidate {
    Candidate {
        cycles: shape.mean_cycles(activity).round() as usize,
        cells: shape.cell_estimate(),
        shape: shape.clone(),
    }
}

/// The front of the candidates by their exact cycles.
fn front(candidates: &[Candidate], activity: Option<&Activity>) -> Vec<Candidate> {
    let estimated = Candidate::front(candidates, STEP).into_iter();
    let exact = estimated.map(|candidate| exact(&candidate.shape, activity));
    Candidate::front(&exact.collect::<Vec<_>>(), STEP)
}

/// Puts the array that `gen-verilog` takes among the others by its size, in the place of those that are neither smaller nor faster.
fn recommend(front: &mut Vec<Candidate>, taken: Candidate) {
    front.retain(|other| other.cycles < taken.cycles || other.cells < taken.cells);
    let place = front.partition_point(|other| other.cells < taken.cells);
    front.insert(place, taken);
}

/// An array by its size.
fn array(point: &Point) -> String {
    format!("{}x{}x{}", point.columns, point.rows, point.lanes)
}

fn point(candidate: &Candidate, recommended: bool) -> Point {
    let Candidate {
        shape,
        cycles,
        cells,
    } = candidate;
    let most = shape.design.macs_per_cycle() as f64 * *cycles as f64;
    Point {
        dataflow: shape.design.dataflow,
        skip: shape.events().then_some(shape.design.skip),
        columns: shape.design.columns,
        rows: shape.design.rows,
        lanes: shape.design.lanes,
        mean_cycles: *cycles as u64,
        cycles_per_step: shape.cycles_per_step(),
        efficiency: shape.macs_per_step() as f64 / most,
        logic_cells: *cells,
        lut4: shape.lut_estimate(),
        flip_flops: shape.ff_estimate(),
        block_rams: shape.block_rams(),
        recommended,
        routed: None,
    }
}

/// Synthesizes, places and routes one array with [`SEED`].
fn route(
    model: &Model,
    shape: &Shape,
    activity: Option<&Activity>,
    work: &Path,
    tell: &mut dyn FnMut(&str),
) -> Result<Routed, Failure> {
    // An array that the tools cannot place is a finding, and the others are still of interest.
    Ok(match routed(model, shape, SEED, work, tell)? {
        Ok(done) => {
            let fmax = done.fastest().fmax_mhz;
            Routed::Done {
                lut4: done.synthesis.luts(),
                fmax_mhz: fmax,
                step_us: shape.mean_cycles(activity) / fmax,
            }
        }
        Err(error) => Routed::Failed {
            failure: error.to_string(),
        },
    })
}

/// What the tools make of one array on the usual board of its device; their files go to `work`.
fn routed(
    model: &Model,
    shape: &Shape,
    seed: u32,
    work: &Path,
    tell: &mut dyn FnMut(&str),
) -> Result<Result<Implementation, ToolError>, Failure> {
    let design = shape.design.clone();
    let board = Board::of_device(design.device.name).map_err(Failure::input)?;
    let core = Core::new(model.clone(), design).map_err(Failure::input)?;
    let (text, top) = (verilog(&core)?, &tern_hdl::verilog::top_of(&core.design));
    Ok(implement(&text, top, &board, &[seed], work, tell))
}

/// The result for people.
fn table(report: &Report, listed: &[usize], choice: &Choice, folder: &Path) -> String {
    let routed = report.arrays.iter().any(|point| point.routed.is_some());
    let more = if routed {
        format!(" {:>9} {:>9} {:>9}", "LUT4 used", "fmax/MHz", "step/µs")
    } else {
        String::new()
    };
    let mut text = format!(
        "{} on {}: at most {} of {} logic cells and {} block RAMs; cells, LUT4 and FF are estimates\n\n{:<8} {:>7} {:>4} {:>5} {:>11} {:>6} {:>6} {:>6} {:>6} {:>6} {:>4}{more}\n",
        report.model,
        report.device,
        report.cell_budget,
        report.device_cells,
        report.device_block_rams,
        "dataflow",
        "columns",
        "rows",
        "lanes",
        "cycles/step",
        "most",
        "η",
        "cells",
        "LUT4",
        "FF",
        "RAM"
    );
    for point in listed.iter().map(|at| &report.arrays[*at]) {
        text += &format!(
            "{:<8} {:>7} {:>4} {:>5} {:>11} {:>6} {:>6.3} {:>6} {:>6} {:>6} {:>4}",
            point.dataflow_name(),
            point.columns,
            point.rows,
            point.lanes,
            point.mean_cycles,
            point.cycles_per_step,
            point.efficiency,
            point.logic_cells,
            point.lut4,
            point.flip_flops,
            point.block_rams
        );
        match &point.routed {
            Some(Routed::Done {
                lut4,
                fmax_mhz,
                step_us,
            }) => text += &format!(" {lut4:>9} {fmax_mhz:>9.1} {step_us:>9.2}"),
            Some(Routed::Failed { failure }) => text += &format!("  {failure}"),
            None => {}
        }
        text += if point.recommended {
            "  recommended\n"
        } else {
            "\n"
        };
    }
    let (shown, all, options) = (listed.len(), report.arrays.len(), choice.options());
    text += &format!(
        "\n{shown} of {all} arrays; wrote all to explore.json and explore.svg in {}\nnext  gen-verilog{options}    # makes the recommended one\n",
        folder.display(),
    );
    let faster = report.arrays.last().filter(|point| !point.recommended);
    if faster.is_some_and(|point| point.dataflow == Dataflow::Events) {
        text +=
            &format!("      gen-verilog{options} --dataflow events    # the fastest on average\n");
    }
    text
}
