//! `tern explore`: which arrays a network can have on a device, and what they cost.

mod picture;
mod report;

use std::path::{Path, PathBuf};

use clap::Args;
use tern_compile::device::Device;
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_compile::sizing::Candidate;
use tern_gen_verilog::artifacts::verilog;
use tern_gen_verilog::choice::{Choice, Core};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::{default_folder, lock};
use tern_gen_verilog::outputs::keep_apart;
use tern_model::file::write_atomic;
use tern_model::network::Model;
use tern_sim::synth::board::Board;
use tern_sim::synth::implement::implement;

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
    /// Folder for explore.json and explore.svg [default: build/<name of the model>/explore]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
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
    let reserve = explore.reserve.into();
    let all =
        Candidate::beside(&model, device.name, reserve).map_err(|error| match &explore.model {
            Some(path) => Failure::input(format!("{}: {error}", path.display())),
            None => Failure::input(format!("the bundled model: {error}")),
        })?;
    let folder = match &explore.out {
        Some(folder) => folder.clone(),
        None => default_folder(&model.name).join("explore"),
    };
    let outputs = [REPORT, PICTURE].map(|name| ("--out", folder.join(name)));
    keep_apart(&outputs, &choice.inputs())?;
    let _lock = lock(&folder)?;
    let mut front = front(&all);
    let taken = choice.core()?.program.shape;
    recommend(&mut front, &taken);
    let mut points: Vec<Point> = front
        .iter()
        .map(|shape| point(shape, taken.design == shape.design))
        .collect();
    let listed = few(&points, LISTED);
    if explore.route {
        let bar = progress::bar("routing", listed.len());
        for &at in &listed {
            let (shape, point) = (&front[at], &mut points[at]);
            let name = array(point);
            let work = folder.join("work").join(&name);
            let mut tell = |stage: &str| bar.set_message(format!("{name}: {stage}"));
            point.routed = Some(route(&model, shape, &work, &mut tell)?);
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
    for (name, text) in [(REPORT, json), (PICTURE, svg)] {
        let path = folder.join(name);
        write_atomic(&path, format!("{text}\n").as_bytes())
            .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    }
    console::answer(|| table(&report, &listed, &choice, &folder), || value)
}

/// The front of the candidates by their exact cycles, which the sizing estimates.
fn front(candidates: &[Candidate]) -> Vec<Shape> {
    let estimated = Candidate::front(candidates, STEP);
    let exact = |candidate: Candidate| Candidate {
        cycles: candidate.shape.cycles_per_step() as usize,
        ..candidate
    };
    let exact: Vec<Candidate> = estimated.into_iter().map(exact).collect();
    let front = Candidate::front(&exact, STEP).into_iter();
    front.map(|candidate| candidate.shape).collect()
}

/// Puts the array that `gen-verilog` takes among the others, in the place of those that are neither smaller nor faster.
fn recommend(front: &mut Vec<Shape>, taken: &Shape) {
    front.retain(|shape| {
        let faster = shape.cycles_per_step() < taken.cycles_per_step();
        faster || shape.cell_estimate() < taken.cell_estimate()
    });
    let place = front.partition_point(|shape| shape.cycles_per_step() > taken.cycles_per_step());
    front.insert(place, taken.clone());
}

/// An array by its size.
fn array(point: &Point) -> String {
    format!("{}x{}x{}", point.columns, point.rows, point.lanes)
}

fn point(shape: &Shape, recommended: bool) -> Point {
    let cycles = shape.cycles_per_step();
    let most = shape.design.macs_per_cycle() as f64 * cycles as f64;
    Point {
        columns: shape.design.columns,
        rows: shape.design.rows,
        lanes: shape.design.lanes,
        cycles_per_step: cycles,
        efficiency: shape.macs_per_step() as f64 / most,
        logic_cells: shape.cell_estimate(),
        lut4: shape.lut_estimate(),
        flip_flops: shape.ff_estimate(),
        block_rams: shape.block_rams(),
        recommended,
        routed: None,
    }
}

/// Synthesizes, places and routes one array on the usual board of its device.
fn route(
    model: &Model,
    shape: &Shape,
    work: &Path,
    tell: &mut dyn FnMut(&str),
) -> Result<Routed, Failure> {
    let design = shape.design.clone();
    let board = Board::of_device(design.device.name).map_err(Failure::input)?;
    let core = Core {
        program: Program::compile(model, &design).map_err(Failure::input)?,
        model: model.clone(),
        design,
    };
    let (text, top) = (verilog(&core)?, &tern_hdl::verilog::top_of(&core.design));
    // An array that the tools cannot place is a finding, and the others are still of interest.
    Ok(match implement(&text, top, &board, &[SEED], work, tell) {
        Ok(done) => {
            let fmax = done.fastest().fmax_mhz;
            Routed::Done {
                lut4: done.synthesis.luts(),
                fmax_mhz: fmax,
                step_us: shape.cycles_per_step() as f64 / fmax,
            }
        }
        Err(error) => Routed::Failed {
            failure: error.to_string(),
        },
    })
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
        "{} on {}: at most {} of {} logic cells and {} block RAMs; cells, LUT4 and FF are estimates\n\n{:>7} {:>4} {:>5} {:>11} {:>6} {:>6} {:>6} {:>6} {:>4}{more}\n",
        report.model,
        report.device,
        report.cell_budget,
        report.device_cells,
        report.device_block_rams,
        "columns",
        "rows",
        "lanes",
        "cycles/step",
        "η",
        "cells",
        "LUT4",
        "FF",
        "RAM"
    );
    for point in listed.iter().map(|at| &report.arrays[*at]) {
        text += &format!(
            "{:>7} {:>4} {:>5} {:>11} {:>6.3} {:>6} {:>6} {:>6} {:>4}",
            point.columns,
            point.rows,
            point.lanes,
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
    let (shown, all) = (listed.len(), report.arrays.len());
    text + &format!(
        "\n{shown} of {all} arrays; wrote all to explore.json and explore.svg in {}\nnext  gen-verilog{}    # makes the recommended one\n",
        folder.display(),
        choice.options()
    )
}
