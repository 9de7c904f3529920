//! The arrays of a network on a device, as a picture: cycles a step over LUT4s.

use std::collections::BTreeSet;

use svg::Document;
use svg::node::element::{Circle, Line, Path, Rectangle, Text, path::Data};
use tern_model::Candidate;

use super::Report;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 460.0;
/// Of the plot inside the picture.
const LEFT: f64 = 72.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = HEIGHT - 54.0;

const BEST: &str = "#1b5fa8";
const OTHER: &str = "#c6ccd4";
const LIMIT: &str = "#b3352b";
const INK: &str = "#222222";
const GRID: &str = "#e8e8e8";

/// The scales of both axes: LUT4s linear, cycles logarithmic.
struct Scales {
    luts: f64,
    cycles: (f64, f64),
}

impl Scales {
    fn x(&self, luts: usize) -> f64 {
        LEFT + (RIGHT - LEFT) * luts as f64 / self.luts
    }

    fn y(&self, cycles: f64) -> f64 {
        let (low, high) = self.cycles;
        BOTTOM - (BOTTOM - TOP) * (cycles.ln() - low.ln()) / (high.ln() - low.ln())
    }
}

/// Draws all arrays that fit, those of the report joined by a line, and the device's limits.
pub fn draw(report: &Report, all: &[Candidate]) -> Document {
    let cycles = || all.iter().map(|candidate| candidate.cycles);
    let exact = report.arrays.iter().map(|point| point.cycles_per_step);
    let low = cycles()
        .min()
        .unwrap_or(1)
        .min(exact.min().unwrap_or(1) as usize);
    let high = cycles().max().unwrap_or(1);
    let scales = Scales {
        luts: 1.04 * report.device_lut4 as f64,
        cycles: (0.8 * low.max(1) as f64, 1.25 * high as f64),
    };
    let mut picture = Document::new()
        .set("viewBox", (0, 0, WIDTH, HEIGHT))
        .set("font-family", "sans-serif")
        .add(rectangle(0.0, 0.0, WIDTH, HEIGHT, "#ffffff"));
    picture = axes(picture, report, &scales);
    let places: BTreeSet<(i64, i64)> = all
        .iter()
        .map(|candidate| {
            let (x, y) = (scales.x(candidate.luts), scales.y(candidate.cycles as f64));
            (x.round() as i64, y.round() as i64)
        })
        .collect();
    for (x, y) in places {
        picture = picture.add(dot(x as f64, y as f64, 1.5, OTHER));
    }
    let mut line = Data::new();
    for (k, point) in report.arrays.iter().enumerate() {
        let (x, y) = (scales.x(point.lut4), scales.y(point.cycles_per_step as f64));
        // No array between two of the front takes fewer cycles than the smaller one: a staircase.
        line = match k {
            0 => line.move_to((x, y)),
            _ => line.horizontal_line_to(x).vertical_line_to(y),
        };
        picture = picture.add(dot(x, y, 3.5, BEST));
    }
    let line = Path::new().set("d", line).set("fill", "none");
    picture = picture.add(line.set("stroke", BEST).set("stroke-width", 1.5));
    labelled(picture, report, &scales)
}

/// Title, grid, ticks, the names of the axes and the limits in LUT4s.
fn axes(mut picture: Document, report: &Report, scales: &Scales) -> Document {
    let title = format!(
        "{} on {}: arrays with at most {} block RAMs",
        report.model, report.device, report.device_block_rams
    );
    picture = picture
        .add(text(&title, LEFT, 22.0, 14, "start", INK))
        .add(text(
            "LUT4 (estimate)",
            (LEFT + RIGHT) / 2.0,
            HEIGHT - 12.0,
            12,
            "middle",
            INK,
        ))
        .add(text("cycles a time step", 0.0, 0.0, 12, "middle", INK).set(
            "transform",
            format!("translate(18 {}) rotate(-90)", (TOP + BOTTOM) / 2.0),
        ));
    let step = nice(scales.luts / 8.0);
    let mut luts = 0;
    while (luts as f64) <= scales.luts {
        let x = scales.x(luts);
        picture = picture.add(line(x, TOP, x, BOTTOM, GRID)).add(text(
            &luts.to_string(),
            x,
            BOTTOM + 18.0,
            11,
            "middle",
            INK,
        ));
        luts += step;
    }
    let (low, high) = scales.cycles;
    let ticks = (0..10).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)));
    for cycles in ticks.filter(|cycles| (low..=high).contains(cycles)) {
        let y = scales.y(cycles);
        picture = picture.add(line(LEFT, y, RIGHT, y, GRID)).add(text(
            &cycles.to_string(),
            LEFT - 6.0,
            y + 4.0,
            11,
            "end",
            INK,
        ));
    }
    let limits = [
        (report.lut4_budget, "85 % of the LUT4s", TOP + 12.0),
        (report.device_lut4, "all LUT4s", TOP + 28.0),
    ];
    for (luts, what, y) in limits {
        let x = scales.x(luts);
        picture = picture
            .add(line(x, TOP, x, BOTTOM, LIMIT).set("stroke-dasharray", "5 4"))
            .add(text(what, x - 5.0, y, 11, "end", LIMIT));
    }
    picture
        .add(line(LEFT, BOTTOM, RIGHT, BOTTOM, INK))
        .add(line(LEFT, TOP, LEFT, BOTTOM, INK))
}

/// Rows × lanes of the front's arrays, where there is room for them.
fn labelled(mut picture: Document, report: &Report, scales: &Scales) -> Document {
    let mut taken: Option<(f64, f64)> = None;
    for point in report.arrays.iter().rev() {
        let (x, y) = (scales.x(point.lut4), scales.y(point.cycles_per_step as f64));
        let room = taken.is_none_or(|(left, above)| left - x > 48.0 || above - y < -14.0);
        if room {
            let label = format!("{} × {}", point.rows, point.lanes);
            picture = picture.add(text(&label, x - 5.0, y + 15.0, 10, "end", BEST));
            taken = Some((x, y));
        }
    }
    picture.add(text(
        "rows × lanes",
        LEFT + 8.0,
        BOTTOM - 8.0,
        11,
        "start",
        BEST,
    ))
}

/// The next 1, 2 or 5 times a power of ten.
fn nice(least: f64) -> usize {
    let powers = (0..9).flat_map(|power| [1, 2, 5].map(|digit| digit * 10usize.pow(power)));
    let mut enough = powers.filter(|step| *step as f64 >= least);
    enough.next().unwrap_or(1)
}

fn text(content: &str, x: f64, y: f64, size: usize, anchor: &str, fill: &str) -> Text {
    let text = Text::new(content).set("x", x).set("y", y);
    text.set("font-size", size)
        .set("text-anchor", anchor)
        .set("fill", fill)
}

fn line(x1: f64, y1: f64, x2: f64, y2: f64, stroke: &str) -> Line {
    let line = Line::new().set("x1", x1).set("y1", y1).set("x2", x2);
    line.set("y2", y2).set("stroke", stroke)
}

fn dot(x: f64, y: f64, radius: f64, fill: &str) -> Circle {
    let dot = Circle::new().set("cx", x).set("cy", y);
    dot.set("r", radius).set("fill", fill)
}

fn rectangle(x: f64, y: f64, width: f64, height: f64, fill: &str) -> Rectangle {
    let rectangle = Rectangle::new().set("x", x).set("y", y).set("width", width);
    rectangle.set("height", height).set("fill", fill)
}
