//! The arrays of a network on a device, as a picture: cycles per time step over logic cells.

use std::collections::BTreeSet;

use svg::Document;
use svg::node::element::{Path, path::Data};
use tern_compile::sizing::Candidate;

use super::report::{Point, Report, Routed};
use crate::chart::{self, Axis, BEST, BOTTOM, INK, LEFT, LIMIT, Labels, OTHER, RIGHT, TOP};

/// Draws all arrays that fit, those of the report joined by a line, and the device's limits.
pub fn draw(report: &Report, all: &[Candidate]) -> Document {
    let front = report.arrays;
    let sizes = all.iter().map(|candidate| candidate.cells as f64);
    let sizes = sizes.chain(front.iter().map(|point| point.logic_cells as f64));
    let cycles = all.iter().map(|candidate| candidate.cycles as f64);
    let cycles = cycles.chain(front.iter().map(|point| point.mean_cycles as f64));
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    // Room for the labels on the left and below, and for the limit on the right.
    let x = Axis::horizontal(
        0.75 * least(&mut sizes.into_iter()),
        1.06 * report.device_cells as f64,
    );
    let fewest = least(&mut cycles.clone());
    let most = cycles.fold(1.0, f64::max);
    let y = Axis::vertical(fewest / (most / fewest).max(2.0).powf(0.1), 1.15 * most);
    let title = format!(
        "{} on {}: arrays with at most {} block RAMs",
        report.model, report.device, report.device_block_rams
    );
    let mut picture = chart::frame(
        &title,
        (&x, "logic cells (estimate)"),
        (&y, "cycles per time step, of event arrays on average"),
    );
    picture = limits(picture, report, &x);
    let places: BTreeSet<(i64, i64)> = all
        .iter()
        .map(|candidate| (x.at(candidate.cells as f64), y.at(candidate.cycles as f64)))
        .map(|(x, y)| (x.round() as i64, y.round() as i64))
        .collect();
    for (x, y) in places {
        picture = picture.add(chart::dot(x as f64, y as f64, 1.5, OTHER));
    }
    let place = |point: &Point| {
        (
            x.at(point.logic_cells as f64),
            y.at(point.mean_cycles as f64),
        )
    };
    let mut line = Data::new();
    let mut fewest = None;
    for point in front {
        let (x, y) = place(point);
        // The recommended array is dense, and an event array may beat it.
        if fewest.is_some_and(|fewest| fewest <= point.mean_cycles) {
            picture = picture.add(chart::dot(x, y, 3.5, INK));
            continue;
        }
        // No array between two of the front takes fewer cycles than the smaller one: a staircase.
        line = match fewest {
            None => line.move_to((x, y)),
            Some(_) => line.horizontal_line_to(x).vertical_line_to(y),
        };
        fewest = Some(point.mean_cycles);
        picture = picture.add(chart::dot(x, y, 3.5, BEST));
    }
    let line = Path::new().set("d", line).set("fill", "none");
    picture = picture.add(line.set("stroke", BEST).set("stroke-width", 1.5));
    let mut labels = Labels::default();
    for point in front {
        let (x, y) = place(point);
        labels.avoid(x, y, 3.0);
    }
    for point in front.iter().rev() {
        let (x, y) = place(point);
        let below = labels.place(&name(point), (x - 5.0, y + 13.0), false);
        let above = || labels.place(&name(point), (x + 5.0, y - 5.0), true);
        if let Some(label) = below.or_else(above) {
            picture = picture.add(label);
        }
    }
    legend(picture)
}

/// Rows × lanes, what an event array sums, and what place and route made of them.
fn name(point: &Point) -> String {
    let size = format!("{} × {}", point.rows, point.lanes);
    let array = match point.skip {
        None => size,
        Some(_) => format!("{size} {}", point.dataflow_name()),
    };
    match &point.routed {
        Some(Routed::Done { step_us, .. }) => format!("{array}, {step_us:.2} µs"),
        Some(Routed::Failed { .. }) => format!("{array}, not routed"),
        None => array,
    }
}

/// The logic cells that the device has, and those that an array may take.
fn limits(mut picture: Document, report: &Report, x: &Axis) -> Document {
    let limits = [
        (report.cell_budget, "logic cells that an array may take"),
        (report.device_cells, "all logic cells"),
    ];
    for (cells, what) in limits {
        let x = x.at(cells as f64);
        let line = chart::line((x, TOP), (x, BOTTOM), LIMIT).set("stroke-dasharray", "5 4");
        let turned = format!("translate({} {}) rotate(-90)", x - 5.0, TOP + 6.0);
        let label = chart::text(what, 0.0, 0.0, 11, "end", LIMIT);
        picture = picture.add(line).add(label.set("transform", turned));
    }
    picture
}

/// What the dots are, in the corner that the front leaves free.
fn legend(picture: Document) -> Document {
    let rows = [
        (BEST, 3.5, "no other beats these; delta and zero sum events"),
        (INK, 3.5, "recommended, but another beats it"),
        (OTHER, 2.0, "others that fit, by estimate"),
    ];
    let rows = (0..).zip(rows);
    rows.fold(picture, |picture, (k, (color, radius, what))| {
        let y = TOP + 20.0 + 17.0 * f64::from(k);
        let x = LEFT + 0.42 * (RIGHT - LEFT);
        picture
            .add(chart::dot(x, y - 4.0, radius, color))
            .add(chart::text(what, x + 10.0, y, 11, "start", INK))
    })
}
