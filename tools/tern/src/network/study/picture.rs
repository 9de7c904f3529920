//! The study as a heat map: perplexity by quantizer of weights and of activations.

use svg::Document;
use tern_train::quantize::Quantizer;

use super::cell::Cell;
use super::table;
use crate::chart::{INK, rectangle, text};

/// Size of a cell.
const CELL: (f64, f64) = (84.0, 48.0);
/// Where the first cell lies.
const LEFT: f64 = 120.0;
const TOP: f64 = 92.0;
/// Between the columns without and those with slope.
const GAP: f64 = 18.0;
/// The ratio to the lowest perplexity from which all cells are as dark.
const DARKEST: f64 = 2.0;
/// Of the lowest perplexity and of the darkest cells.
const COLORS: [[f64; 3]; 2] = [[224.0, 236.0, 248.0], [27.0, 95.0, 168.0]];

/// Draws the table, darker where perplexity is higher, on a logarithmic scale that ends at twice the
/// lowest.
pub fn draw(title: &str, cells: &[Cell]) -> String {
    let columns = table::columns();
    let plain = columns.iter().filter(|(_, sloped)| !sloped).count();
    let x = |column: usize| {
        let gap = if column < plain { 0.0 } else { GAP };
        LEFT + CELL.0 * column as f64 + gap
    };
    let width = x(columns.len()) + 16.0;
    let bottom = TOP + CELL.1 * Quantizer::STUDIED.len() as f64;
    let height = bottom + 40.0;
    let figures = cells.iter().map(|cell| cell.figures.test_perplexity);
    let low = figures.fold(f64::MAX, f64::min);
    let shade = |value: f64| ((value / low).ln() / DARKEST.ln()).min(1.0);

    let background = rectangle(0.0, 0.0, width, height, "#ffffff");
    let (what, rest) = title.split_once("; ").unwrap_or((title, ""));
    let mut picture = Document::new()
        .set("viewBox", (0, 0, width, height))
        .set("font-family", "sans-serif")
        .add(background)
        .add(text(what, 16.0, 22.0, 14, "start", INK))
        .add(text(rest, 16.0, 40.0, 11, "start", INK));
    let middle = |from: usize, to: usize| (x(from) + x(to - 1) + CELL.0) / 2.0;
    for (name, from, to) in [
        ("activations", 0, plain),
        ("activations, sloped", plain, columns.len()),
    ] {
        let at = middle(from, to);
        picture = picture.add(text(name, at, TOP - 26.0, 12, "middle", INK));
    }
    for (column, (activations, _)) in columns.iter().enumerate() {
        let at = x(column) + CELL.0 / 2.0;
        picture = picture.add(text(activations, at, TOP - 8.0, 11, "middle", INK));
    }
    picture = picture.add(text("weights", LEFT - 8.0, TOP - 8.0, 12, "end", INK));
    for (row, weights) in Quantizer::STUDIED
        .map(Quantizer::name)
        .into_iter()
        .enumerate()
    {
        let y = TOP + CELL.1 * row as f64;
        let middle = y + CELL.1 / 2.0 + 4.0;
        picture = picture.add(text(weights, LEFT - 8.0, middle, 11, "end", INK));
        for (column, &key) in columns.iter().enumerate() {
            let Some(cell) = table::find(cells, weights, key) else {
                continue;
            };
            let value = cell.figures.test_perplexity;
            let shade = shade(value);
            let ink = if shade > 0.55 { "#ffffff" } else { INK };
            let (left, top) = (x(column) + 1.0, y + 1.0);
            let (width, height) = (CELL.0 - 2.0, CELL.1 - 2.0);
            let name = format!("{value:.2}");
            picture = picture
                .add(rectangle(left, top, width, height, &color(shade)))
                .add(text(
                    &name,
                    x(column) + CELL.0 / 2.0,
                    middle,
                    12,
                    "middle",
                    ink,
                ));
        }
    }
    let legend =
        "perplexity per token; colour from the lowest to twice the lowest, on a logarithmic scale:";
    picture = picture.add(text(legend, 16.0, bottom + 24.0, 11, "start", INK));
    for step in 0..10 {
        let left = x(columns.len()) - 12.0 * f64::from(10 - step);
        let shade = color(f64::from(step) / 9.0);
        picture = picture.add(rectangle(left, bottom + 14.0, 12.0, 12.0, &shade));
    }
    format!("{picture}\n")
}

/// The colour of a shade from 0 to 1.
fn color(shade: f64) -> String {
    let [low, high] = COLORS;
    let mix = |k: usize| (low[k] + shade * (high[k] - low[k])).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2))
}
