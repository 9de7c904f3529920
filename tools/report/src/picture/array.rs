//! The array in its real size: every column, row and lane.

use super::Picture;
use super::canvas::{Align, Canvas, WIDTH, picture};
use crate::error::Error;
use crate::facts::Core;
use crate::palette::Role;

/// Room above the array for its inputs, and below for what follows it.
const ABOVE: f64 = 58.0;
const BELOW: f64 = 84.0;
/// Height of all rows, if they are not too small or too large in it.
const ROWS: f64 = 220.0;
/// Room at the left for the rows' numbers.
const LEFT: f64 = 34.0;
/// Share of a PE's width that its weight memory takes.
const MEMORY: f64 = 0.22;

/// The array of a core.
pub fn draw(core: &Core) -> Result<Picture, Error> {
    let array = &core.array;
    let row = (ROWS / array.rows as f64).clamp(4.5, 34.0);
    let grid = row * array.rows as f64;
    let (events, lanes) = (array.dataflow == "events", array.lanes);
    let text = format!(
        "{} columns of {} processing elements, {lanes} lanes each: {} {} per clock cycle. Blue: the weight memory of an element, green: its lanes.",
        array.columns,
        array.rows,
        array.macs_per_cycle(),
        if events {
            "sums of events"
        } else {
            "ternary multiply-accumulates"
        },
    );
    picture("The array", text, ABOVE + grid + BELOW, |canvas| {
        let x = match events {
            true => "events: changed inputs and hidden states",
            false => "x and h: chunks of inputs and hidden states",
        };
        let middle = (LEFT + WIDTH) / 2.0;
        canvas.text(x, (middle, 12.0), Align::Middle, Role::Ink)?;
        arrow(canvas, middle, 22.0, 34.0)?;
        elements(canvas, core, row)?;
        let below = ABOVE + grid;
        arrow(canvas, middle, below + 4.0, below + 18.0)?;
        let boxes = boxes(core);
        let width = (WIDTH - LEFT) / boxes.len() as f64;
        for (k, (name, what)) in boxes.iter().enumerate() {
            let left = LEFT + width * k as f64;
            canvas.rectangle((left, below + 20.0), (width - 6.0, 46.0), Role::Kind(3))?;
            let center = left + width / 2.0 - 3.0;
            canvas.text(name, (center, below + 34.0), Align::Middle, Role::Ink)?;
            canvas.text(what, (center, below + 52.0), Align::Middle, Role::Ink)?;
        }
        Ok(())
    })
}

/// Columns with their sums' names, rows and lanes.
fn elements(canvas: &Canvas, core: &Core, row: f64) -> Result<(), Error> {
    let array = &core.array;
    let column = (WIDTH - LEFT) / array.columns as f64;
    let names = sums(core);
    for c in 0..array.columns {
        let left = LEFT + column * c as f64;
        let center = left + column / 2.0 - 3.0;
        let name = names.get(c).map_or("", String::as_str);
        canvas.text(name, (center, ABOVE - 12.0), Align::Middle, Role::Muted)?;
        for r in 0..array.rows {
            let at = (left, ABOVE + row * r as f64);
            let size = (column - 6.0, row - row.min(12.0) / 5.0);
            canvas.rectangle(at, (size.0 * MEMORY, size.1), Role::Kind(0))?;
            let lane = size.0 * (1.0 - MEMORY) / array.lanes as f64;
            for l in 0..array.lanes {
                let x = left + size.0 * MEMORY + lane * l as f64 + lane * 0.15;
                canvas.rectangle((x, at.1), (lane * 0.7, size.1), Role::Kind(2))?;
            }
        }
    }
    for r in [0, array.rows - 1] {
        let y = ABOVE + row * (r as f64 + 0.45);
        canvas.text(
            &(r + 1).to_string(),
            (LEFT - 8.0, y),
            Align::Right,
            Role::Muted,
        )?;
    }
    Ok(())
}

/// What each column sums: the gates of the kinds of cells that the network has.
fn sums(core: &Core) -> Vec<String> {
    let has = |kind: &str| core.network.layers.iter().any(|layer| layer.kind == kind);
    let names: &[&str] = match (has("lstm"), has("gru")) {
        (true, false) => &["gate i", "gate f", "gate g", "gate o"],
        (false, true) if core.array.columns == 3 => &["gate r", "gate z", "candidate"],
        (false, true) => &["gate r", "gate z", "candidate", "candidate"],
        (true, true) => &["i or r", "f or z", "g or n", "o or n"],
        (false, false) => &[],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What follows the array.
fn boxes(core: &Core) -> Vec<(&'static str, String)> {
    let units: usize = core.network.layers.iter().map(|layer| layer.units).sum();
    let cell = (units > 0).then(|| ("cell", format!("{units} units")));
    let hidden = (units > 0).then(|| ("hidden state", "to the array".to_owned()));
    let head = core.network.output_size;
    let head = head.map(|outputs| ("head", format!("{outputs} outputs")));
    [cell, hidden, head].into_iter().flatten().collect()
}

fn arrow(canvas: &Canvas, x: f64, from: f64, to: f64) -> Result<(), Error> {
    canvas.line(&[(x, from), (x, to)], Role::Muted, 1.5)?;
    canvas.line(
        &[(x - 4.0, to - 5.0), (x, to), (x + 4.0, to - 5.0)],
        Role::Muted,
        1.5,
    )
}
