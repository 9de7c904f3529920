//! One time step: which part of the core works in which clock cycle.

use super::Picture;
use super::bars::{AXIS, Bars, ROW};
use super::canvas::{Align, picture};
use crate::error::Error;
use crate::facts::{Lane, Step};
use crate::palette::Role;

/// Room at the left for the names.
const LEFT: f64 = 118.0;

/// The step, a row per part.
pub fn draw(step: &Step) -> Result<Picture, Error> {
    let share = |lane: &Lane| format!("{} {} cycles", lane.name, lane.cycles());
    let shares: Vec<String> = step.lanes.iter().map(share).collect();
    let text = format!(
        "Time step {} in {} clock cycles, simulated by {} on {}. Working: {}. Units of the step before may still leave in the first cycles, and inputs come while the step before is summed.",
        step.number,
        step.cycles,
        step.simulator,
        step.input,
        shares.join(", ")
    );
    let bottom = ROW * step.lanes.len() as f64;
    picture("One time step", text, bottom + AXIS, |canvas| {
        let bars = Bars {
            left: LEFT,
            most: step.cycles as f64,
        };
        bars.axis(canvas, 0.0, bottom, "clock cycle of the step")?;
        for (k, lane) in step.lanes.iter().enumerate() {
            let top = ROW * k as f64;
            canvas.text(
                &lane.name,
                (LEFT - 8.0, top + ROW / 2.0),
                Align::Right,
                Role::Ink,
            )?;
            for span in merged(lane, step.cycles) {
                let (from, to) = (bars.at(span.0 as f64), bars.at(span.1 as f64));
                let size = (to - from, ROW - 10.0);
                canvas.rectangle((from, top + 5.0), size, Role::Accent)?;
            }
        }
        Ok(())
    })
}

/// Spans without the gaps that are too short to be seen, in steps of many cycles.
fn merged(lane: &Lane, cycles: u64) -> Vec<(u64, u64)> {
    let gap = cycles / 2000;
    let mut spans: Vec<(u64, u64)> = vec![];
    for span in &lane.busy {
        match spans.last_mut() {
            Some(last) if span.from - last.1 <= gap => last.1 = span.to,
            _ => spans.push((span.from, span.to)),
        }
    }
    spans
}
