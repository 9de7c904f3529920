//! How much changes from step to step: by list, and how often how much.

use super::Picture;
use super::bars::{AXIS, Bars, ROW};
use super::canvas::{Align, WIDTH, picture};
use super::scale::{short, step};
use crate::error::Error;
use crate::facts::{Activity, Elements};
use crate::palette::Role;

const LEFT: f64 = 96.0;
/// Height of the histogram.
const PLOT: f64 = 170.0;
/// Bars of the histogram, at most.
const CLASSES: usize = 24;

/// A row per list: all elements, those that are not zero, those that change.
pub fn lists(activity: &Activity) -> Result<Picture, Error> {
    let said = |list: &Elements| {
        format!(
            "of {} {} {} change and {} are not zero",
            list.count,
            list.name,
            short(list.changed),
            short(list.nonzero)
        )
    };
    let said: Vec<String> = activity.elements.iter().map(said).collect();
    let text = format!(
        "In a time step {}, on average over {} steps.",
        said.join("; "),
        activity.steps
    );
    let row = 2.0 * ROW;
    let bottom = row * activity.elements.len() as f64;
    let most = activity.elements.iter().map(|list| list.count).max();
    picture("Activity", text, bottom + AXIS + ROW, |canvas| {
        let bars = Bars {
            left: LEFT,
            most: most.unwrap_or(1) as f64,
        };
        bars.axis(canvas, 0.0, bottom, "elements in a time step, on average")?;
        for (k, list) in activity.elements.iter().enumerate() {
            let top = row * k as f64;
            bars.name(canvas, top + row / 2.0, &list.name)?;
            let values = [
                (list.count as f64, Role::Kind(7)),
                (list.nonzero, Role::Kind(0)),
                (list.changed, Role::Accent),
            ];
            for (value, role) in values {
                let inset = if role == Role::Accent { 18.0 } else { 6.0 };
                let size = (bars.at(value) - LEFT, row - 2.0 * inset);
                canvas.rectangle((LEFT, top + inset), size, role)?;
            }
        }
        let legend = [
            ("all", Role::Kind(7)),
            ("not zero", Role::Kind(0)),
            ("changed", Role::Accent),
        ];
        let y = bottom + AXIS + ROW / 2.0;
        for (k, (name, role)) in legend.into_iter().enumerate() {
            let x = LEFT + 84.0 * k as f64;
            canvas.rectangle((x, y - 7.0), (14.0, 14.0), role)?;
            canvas.text(name, (x + 20.0, y), Align::Left, Role::Ink)?;
        }
        Ok(())
    })
}

/// How many steps have how many changed elements.
pub fn histogram(activity: &Activity) -> Result<Option<Picture>, Error> {
    let changed = &activity.changed_per_step;
    let (Some(most), Some(middle)) = (changed.last(), changed.get(changed.len() / 2)) else {
        return Ok(None);
    };
    let width = step(*most as f64 + 1.0, CLASSES).max(1.0);
    let mut classes = vec![0usize; (*most as f64 / width) as usize + 1];
    for count in changed {
        classes[(*count as f64 / width) as usize] += 1;
    }
    let highest = classes.iter().copied().max().unwrap_or(1) as f64;
    let text = format!(
        "Changed elements per time step in {} steps: half of the steps have {middle} or fewer, none has more than {most}.",
        changed.len()
    );
    let drawn = picture("How often how much changes", text, PLOT + AXIS, |canvas| {
        let bars = Bars {
            left: LEFT / 2.0,
            most: width * classes.len() as f64,
        };
        bars.axis(canvas, 16.0, PLOT, "changed elements in a time step")?;
        for share in [0.5, 1.0] {
            let y = PLOT - (PLOT - 24.0) * share;
            canvas.line(&[(bars.left, y), (WIDTH, y)], Role::Line, 1.0)?;
            let steps = short(highest * share);
            canvas.text(&steps, (bars.left - 6.0, y), Align::Right, Role::Muted)?;
        }
        canvas.text("time steps", (0.0, 8.0), Align::Left, Role::Muted)?;
        for (k, count) in classes.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (from, to) = (bars.at(width * k as f64), bars.at(width * (k + 1) as f64));
            let height = (PLOT - 24.0) * *count as f64 / highest;
            canvas.rectangle(
                (from + 0.5, PLOT - height),
                (to - from - 1.0, height),
                Role::Accent,
            )?;
        }
        Ok(())
    });
    drawn.map(Some)
}
