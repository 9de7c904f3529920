//! What cores reach, under the roof that the block RAMs' ports put over them.

use plotters::prelude::*;

use super::Picture;
use super::axes::{Axis, axes};
use super::canvas::{Align, Canvas, parts, picture, stroke, text_style};
use super::scale::short;
use crate::error::Error;
use crate::facts::Core;
use crate::palette::Role;

const HEIGHT: f64 = 300.0;

/// Units of the vertical axis: what one multiply-accumulate per cycle is, and its name.
struct Unit {
    name: &'static str,
    routed: bool,
}

impl Unit {
    /// Throughput of so many multiply-accumulates per cycle: two operations each at the routed clock, in GOPS.
    fn of(&self, core: &Core, per_cycle: f64) -> f64 {
        match (&core.routed, self.routed) {
            (Some(routed), true) => 2.0 * per_cycle * routed.median_fmax_mhz / 1000.0,
            _ => per_cycle,
        }
    }
}

/// All cores of a report in one chart: in GOPS where all of them are routed.
pub fn draw(cores: &[Core]) -> Result<Picture, Error> {
    let routed = !cores.is_empty() && cores.iter().all(|core| core.routed.is_some());
    let unit = Unit {
        name: if routed {
            "GOPS"
        } else {
            "ternary MACs per clock cycle"
        },
        routed,
    };
    let text = cores
        .iter()
        .map(|core| sentence(core, &unit))
        .collect::<Vec<_>>();
    let text = format!(
        "{} {}",
        text.join(" "),
        match routed {
            true => "GOPS: two operations per ternary multiply-accumulate, at the median clock.",
            false =>
                "Not every core here is routed, so that no clock is known and throughput is per cycle.",
        }
    );
    picture("Roofline", text, HEIGHT, |canvas| {
        chart(canvas, cores, &unit)
    })
}

/// What the chart says of a core.
fn sentence(core: &Core, unit: &Unit) -> String {
    let (array, most) = (&core.array, core.array.macs_per_cycle());
    let done = match array.dataflow.as_str() {
        "events" => format!(
            "the work of {} {}, done or left out, on {most}",
            short(unit.of(core, reached(core))),
            unit.name
        ),
        _ => format!(
            "{} of at most {} {} on {most}",
            short(unit.of(core, reached(core))),
            short(unit.of(core, most as f64)),
            unit.name
        ),
    };
    match array.port_lanes {
        Some(ports) => format!(
            "{}: {done} of the {ports} lanes that the block RAMs' ports feed.",
            core.name
        ),
        None => format!("{}: {done} lanes; the device has no limit.", core.name),
    }
}

/// Multiply-accumulates of the network per cycle; an event array need not do them all.
fn reached(core: &Core) -> f64 {
    core.cycles.macs_per_step as f64 / core.cycles.mean().max(1.0)
}

fn chart(canvas: &Canvas, cores: &[Core], unit: &Unit) -> Result<(), Error> {
    let lanes = |core: &Core| core.array.macs_per_cycle() as f64;
    // Where the device has no limit, the roof ends a little above the core.
    let ports = |core: &Core| {
        core.array
            .port_lanes
            .map_or(2.0 * lanes(core), |ports| ports as f64)
    };
    let most = |of: &dyn Fn(&Core) -> f64| cores.iter().map(of).fold(1.0, f64::max);
    let least = |of: &dyn Fn(&Core) -> f64| cores.iter().map(of).fold(f64::INFINITY, f64::min);
    let (from, to) = (
        least(&lanes) / 4.0,
        1.6 * most(&|core| ports(core).max(lanes(core))),
    );
    let slowest = least(&|core| unit.of(core, reached(core).min(lanes(core) / 4.0)));
    let fastest = most(&|core| unit.of(core, reached(core).max(ports(core)).max(lanes(core))));
    let (low, high) = (slowest / 1.5, 1.6 * fastest);
    let x = Axis {
        name: "lanes: ternary MACs per clock cycle",
        range: from..to,
    };
    let y = Axis {
        name: unit.name,
        range: low..high,
    };
    let mut chart = axes(canvas.area(), x, y)?;
    for core in cores {
        let roof = [
            (from, unit.of(core, from)),
            (ports(core), unit.of(core, ports(core))),
        ];
        let limit = [roof[1], (ports(core), low)];
        chart.draw_series([PathElement::new(roof, stroke(Role::Ink, 1.5))])?;
        if core.array.port_lanes.is_some() {
            chart.draw_series([PathElement::new(limit, stroke(Role::Limit, 1.5))])?;
        }
    }
    for (k, core) in cores.iter().enumerate() {
        let (x, peak, at) = (
            lanes(core),
            unit.of(core, lanes(core)),
            unit.of(core, reached(core)),
        );
        let link = PathElement::new([(x, peak), (x, at)], stroke(Role::Accent, 1.5));
        chart.draw_series([link])?;
        let dot = |y: f64, role: Role| Circle::new((x, y), parts(5.0), role.mark().filled());
        chart.draw_series([dot(peak, Role::Muted), dot(at, Role::Accent)])?;
        let name = if cores.len() > 1 {
            (k + 1).to_string()
        } else {
            "this core".to_owned()
        };
        let style = text_style(Role::Accent, Align::Left);
        let text = EmptyElement::at((x, at)) + Text::new(name, (parts(9.0), parts(12.0)), style);
        chart.draw_series([text])?;
    }
    Ok(())
}
