//! Time per step over logic cells: every point of a sweep, and the fronts that no other point beats.

use plotters::prelude::*;

use super::{Point, Stage, Sweep, groups};
use crate::error::Error;
use crate::palette::{Role, variables};
use crate::picture::Picture;
use crate::picture::axes::{Axis, axes};
use crate::picture::canvas::{Align, Canvas, WIDTH, fitted, parts, picture, stroke, text_style};

/// Height of the chart in pixels.
const CHART: f64 = 320.0;
/// Height of a line of the legend.
const LINE: f64 = 19.0;
/// Between chart and legend.
const GAP: f64 = 14.0;
/// Radius of a dot.
const DOT: f64 = 4.5;

/// A point's place: logic cells and time.
type Place = (f64, f64);

/// Draws the points that have figures; nothing where none has.
///
/// # Errors
/// When the drawing library refuses.
pub fn front_picture(sweep: &Sweep) -> Result<Option<Picture>, Error> {
    if sweep.points.iter().all(|point| point.figures().is_none()) {
        return Ok(None);
    }
    let groups = groups(&sweep.points);
    let height = CHART + LINE * (groups.len() + 2) as f64 + GAP;
    let text = format!(
        "{} against logic cells of {} points; those on a line are beaten by none of their network and device in both. {}",
        quantity(sweep.stage),
        sweep
            .points
            .iter()
            .filter(|p| p.figures().is_some())
            .count(),
        match sweep.stage {
            Stage::Estimate =>
                "Cycles are exact where no stream stalls, of event arrays the mean; logic cells are estimates.",
            Stage::Route => "As placed and routed, each at its own highest clock frequency.",
        }
    );
    picture("Time and size", text, height, |canvas| {
        chart(canvas, sweep, &groups)?;
        legend(canvas, &groups)
    })
    .map(Some)
}

/// What the vertical axis shows, with its unit.
fn quantity(stage: Stage) -> &'static str {
    match stage {
        Stage::Estimate => "Clock cycles per time step",
        Stage::Route => "Time per step, µs",
    }
}

/// The picture as a file of its own.
pub fn standalone(picture: &Picture) -> String {
    let style = format!(
        "<style>{}svg{{background:var(--ground);font-family:system-ui,sans-serif}}</style>",
        variables()
    );
    let svg = picture
        .svg
        .replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1);
    match svg.split_once('>') {
        Some((tag, inside)) => format!("{tag}>{style}{inside}\n"),
        None => svg,
    }
}

fn place(point: &Point) -> Option<Place> {
    point
        .figures()
        .map(|figures| (figures.cells() as f64, figures.time()))
}

fn chart(canvas: &Canvas, sweep: &Sweep, groups: &[(&str, &str)]) -> Result<(), Error> {
    let places: Vec<Place> = sweep.points.iter().filter_map(place).collect();
    let range = |of: fn(&Place) -> f64| {
        let least = places.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = places.iter().map(of).fold(0.0, f64::max);
        least.max(1e-6) / 1.3..most.max(1e-6) * 1.3
    };
    let (cells, times) = (range(|place| place.0), range(|place| place.1));
    let (area, _) = canvas.area().split_vertically(parts(CHART));
    let x = Axis {
        name: match sweep.stage {
            Stage::Estimate => "logic cells, by estimate",
            Stage::Route => "logic cells",
        },
        range: cells,
    };
    let y = Axis {
        name: quantity(sweep.stage),
        range: times,
    };
    let mut chart = axes(&area, x, y)?;
    for (k, group) in groups.iter().enumerate() {
        let members = sweep.points.iter().filter(|point| point.group() == *group);
        let members: Vec<&Point> = members.collect();
        let mut front: Vec<Place> = members
            .iter()
            .filter(|point| point.front)
            .filter_map(|point| place(point))
            .collect();
        front.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Between two of the front no point is faster than the smaller one: a staircase.
        let stairs = front.windows(2).flat_map(|pair| {
            let (from, to) = (pair[0], pair[1]);
            [from, (to.0, from.1), to]
        });
        let stairs: Vec<Place> = stairs.collect();
        chart.draw_series([PathElement::new(stairs, stroke(Role::Muted, 1.5))])?;
        for point in &members {
            let Some(at) = place(point) else {
                continue;
            };
            let ring = match point.recommended {
                true => stroke(Role::Accent, 2.5),
                false => stroke(Role::Ink, if point.front { 1.5 } else { 0.5 }),
            };
            let radius = if point.recommended { DOT + 2.0 } else { DOT };
            chart.draw_series([
                Circle::new(at, parts(radius), Role::kind(k).mark().filled()),
                Circle::new(at, parts(radius), ring),
            ])?;
        }
        if let Some(smallest) = front.first() {
            let style = text_style(Role::Ink, Align::Left);
            let text = Text::new((k + 1).to_string(), (parts(8.0), -parts(10.0)), style);
            chart.draw_series([EmptyElement::at(*smallest) + text])?;
        }
    }
    Ok(())
}

/// What the numbers, colours and rings are.
fn legend(canvas: &Canvas, groups: &[(&str, &str)]) -> Result<(), Error> {
    let line = |k: usize| CHART + GAP + LINE * k as f64;
    let (dot, text) = (16.0, 30.0);
    let room = WIDTH - text - 4.0;
    for (k, (network, device)) in groups.iter().enumerate() {
        let name = format!("{}: {network} on {device}", k + 1);
        canvas.dot((dot, line(k)), DOT, Role::kind(k))?;
        ring(canvas, (dot, line(k)), DOT, Role::Ink, 0.5)?;
        let name = fitted(&name, room).unwrap_or_default();
        canvas.text(&name, (text, line(k)), Align::Left, Role::Ink)?;
    }
    let (taken, front) = (line(groups.len()), line(groups.len() + 1));
    ring(canvas, (dot, taken), DOT + 2.0, Role::Accent, 2.5)?;
    canvas.text("recommended", (text, taken), Align::Left, Role::Ink)?;
    let ends = [(dot - 8.0, front), (dot + 8.0, front)];
    canvas.line(&ends, Role::Muted, 1.5)?;
    let words = "Pareto front: no other is smaller and faster";
    canvas.text(words, (text, front), Align::Left, Role::Ink)
}

/// The outline of a circle.
fn ring(canvas: &Canvas, at: Place, radius: f64, role: Role, width: f64) -> Result<(), Error> {
    let place = (parts(at.0), parts(at.1));
    let circle = Circle::new(place, parts(radius), stroke(role, width));
    Ok(canvas.area().draw(&circle)?)
}
