//! The points of a sweep as a table: all of them as CSV, the recommended ones for a terminal.

use std::path::Path;

use serde::Serialize;
use tern_gen_verilog::failure::Failure;
use tern_report::sweep::{Outcome, Point, Stage, Sweep, groups};

/// A line of the CSV file; what is not known is empty.
#[derive(Serialize)]
struct Row<'p> {
    point: &'p str,
    network: &'p str,
    device: &'p str,
    array: &'p str,
    dataflow: &'p str,
    seed: Option<u32>,
    result: &'static str,
    columns: Option<usize>,
    rows: Option<usize>,
    lanes: Option<usize>,
    skip: Option<&'p str>,
    mean_cycles: Option<f64>,
    most_cycles: Option<u64>,
    estimated_cells: Option<usize>,
    estimated_block_rams: Option<usize>,
    logic_cells: Option<usize>,
    lut4: Option<usize>,
    block_rams: Option<usize>,
    fmax_mhz: Option<f64>,
    step_us: Option<f64>,
    front: bool,
    recommended: bool,
    reason: Option<&'p str>,
}

impl<'p> Row<'p> {
    fn of(point: &'p Point) -> Row<'p> {
        let (result, reason) = match &point.outcome {
            Outcome::Done(_) => ("done", None),
            Outcome::Unfit { reason } => ("unfit", Some(reason.as_str())),
            Outcome::Failed { reason } => ("failed", Some(reason.as_str())),
        };
        let figures = point.figures();
        let routed = figures.and_then(|figures| figures.routed.as_ref());
        Row {
            point: &point.id,
            network: &point.network,
            device: &point.device,
            array: &point.array,
            dataflow: &point.dataflow,
            seed: point.seed,
            result,
            columns: figures.map(|f| f.columns),
            rows: figures.map(|f| f.rows),
            lanes: figures.map(|f| f.lanes),
            skip: figures.and_then(|f| f.skip.as_deref()),
            mean_cycles: figures.map(|f| f.mean_cycles),
            most_cycles: figures.map(|f| f.most_cycles),
            estimated_cells: figures.map(|f| f.estimated_cells),
            estimated_block_rams: figures.map(|f| f.estimated_block_rams),
            logic_cells: routed.map(|r| r.logic_cells),
            lut4: routed.map(|r| r.lut4),
            block_rams: routed.map(|r| r.block_rams),
            fmax_mhz: routed.map(|r| r.fmax_mhz),
            step_us: routed.map(|r| r.step_us),
            front: point.front,
            recommended: point.recommended,
            reason,
        }
    }
}

/// Every point, with a line of names above.
///
/// # Errors
/// When a value cannot be written as CSV.
pub fn csv(sweep: &Sweep) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(vec![]);
    for point in &sweep.points {
        writer.serialize(Row::of(point)).map_err(Failure::input)?;
    }
    let bytes = writer.into_inner().map_err(Failure::input)?;
    String::from_utf8(bytes).map_err(Failure::input)
}

/// One recommended point for each network and device, and how many there are.
pub fn text(sweep: &Sweep, folder: &Path) -> String {
    let (groups, route) = (groups(&sweep.points), sweep.stage == Stage::Route);
    let width = |of: &dyn Fn(&(&str, &str)) -> usize| groups.iter().map(of).max().unwrap_or(0);
    let networks = width(&|(network, _)| network.chars().count()).max(7);
    let devices = width(&|(_, device)| device.len()).max(6);
    let (cells, more) = match route {
        true => (
            "cells",
            format!(" {:>9} {:>9} {:>5}", "fmax/MHz", "step/µs", "seed"),
        ),
        false => ("cells est.", String::new()),
    };
    let mut text = format!(
        "{:<networks$}  {:<devices$}  {:<8} {:<9} {:>11} {cells:>10} {:>4}{more}\n",
        "network", "device", "dataflow", "array", "cycles/step", "RAM"
    );
    for (network, device) in &groups {
        text += &format!("{network:<networks$}  {device:<devices$}  ");
        let mut members = sweep
            .points
            .iter()
            .filter(|p| p.group() == (network, device));
        let taken = members.find(|point| point.recommended);
        let Some((point, figures)) = taken.and_then(|p| Some((p, p.figures()?))) else {
            text += "no point of it has figures\n";
            continue;
        };
        let array = format!("{}x{}x{}", figures.columns, figures.rows, figures.lanes);
        text += &format!(
            "{:<8} {array:<9} {:>11.1} {:>10} {:>4}",
            point.dataflow,
            figures.mean_cycles,
            figures.cells(),
            figures.block_rams()
        );
        if let Some(routed) = &figures.routed {
            let seed = point.seed.unwrap_or_default();
            text += &format!(
                " {:>9.1} {:>9.2} {seed:>5}",
                routed.fmax_mhz, routed.step_us
            );
        }
        text += "\n";
    }
    let count = |result: &str| {
        let rows = sweep.points.iter().map(Row::of);
        rows.filter(|row| row.result == result).count()
    };
    text + &format!(
        "\nrecommended of {} points: {} done, {} do not fit, {} failed; all in points.csv, pareto.svg and report.html in {}\n",
        sweep.points.len(),
        count("done"),
        count("unfit"),
        count("failed"),
        folder.display()
    )
}
