//! Histograms side by side.

use svg::Document;

use crate::chart::{BEST, INK, OTHER, line, rectangle, text};

/// Panels in a row.
const COLUMNS: usize = 2;
/// Size of a panel with its title and axis.
const PANEL: (f64, f64) = (340.0, 206.0);
/// Of the plot inside a panel.
const LEFT: f64 = 46.0;
const RIGHT: f64 = PANEL.0 - 14.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = PANEL.1 - 42.0;
/// Room that the label of a bar takes.
const LABEL: f64 = 34.0;
/// Height of the title.
const HEAD: f64 = 34.0;
/// Bars of a continuous histogram.
const BINS: usize = 61;
/// The most different values that have a bar each.
const FEW: usize = 9;

/// A histogram.
pub struct Panel {
    /// What is shown.
    pub title: String,
    values: Vec<f32>,
}

/// A bar: its middle, its width, both in units of the values, and its share of them.
#[derive(Debug, PartialEq)]
struct Bar {
    middle: f64,
    width: f64,
    share: f64,
}

impl Panel {
    /// A histogram of values.
    pub fn new(title: String, values: Vec<f32>) -> Panel {
        Panel { title, values }
    }

    /// Ends of the axis, which are as far from 0: beyond them lies one value in a thousand.
    fn end(&self) -> f64 {
        let mut magnitudes: Vec<f32> = self.values.iter().map(|value| value.abs()).collect();
        magnitudes.sort_by(f32::total_cmp);
        let last = magnitudes.len() * 999 / 1000;
        let end = magnitudes.get(last).map_or(1.0, |&end| f64::from(end));
        if end > 0.0 { end * 1.1 } else { 1.0 }
    }

    /// The different values, if they are few.
    fn distinct(&self) -> Option<Vec<f32>> {
        let mut seen: Vec<f32> = Vec::new();
        for &value in &self.values {
            if !seen.contains(&value) {
                seen.push(value);
                if seen.len() > FEW {
                    return None;
                }
            }
        }
        seen.sort_by(f32::total_cmp);
        Some(seen)
    }

    /// Bars of the values, and whether each stands for a single value.
    fn bars(&self) -> (Vec<Bar>, bool) {
        let all = self.values.len() as f64;
        let end = self.end();
        if let Some(distinct) = self.distinct() {
            let bar = |value: f32| {
                let count = self.values.iter().filter(|&&v| v == value).count();
                Bar {
                    middle: f64::from(value),
                    width: end / 24.0,
                    share: count as f64 / all,
                }
            };
            return (distinct.into_iter().map(bar).collect(), true);
        }
        let width = 2.0 * end / BINS as f64;
        let mut counts = [0u32; BINS];
        for &value in &self.values {
            let bin = ((f64::from(value) + end) / width).floor();
            if (0.0..BINS as f64).contains(&bin) {
                counts[bin as usize] += 1;
            }
        }
        let bar = |(bin, count)| Bar {
            middle: (bin as f64 + 0.5) * width - end,
            width,
            share: f64::from(count) / all,
        };
        (counts.into_iter().enumerate().map(bar).collect(), false)
    }
}

/// Draws histograms in rows: the share of the values over the value, whose name is `what`.
pub fn draw(title: &str, what: &str, panels: &[Panel]) -> String {
    let rows = panels.len().div_ceil(COLUMNS);
    let (width, height) = (PANEL.0 * COLUMNS as f64, HEAD + PANEL.1 * rows as f64);
    let mut picture = Document::new()
        .set("viewBox", (0, 0, width, height))
        .set("font-family", "sans-serif")
        .add(rectangle(0.0, 0.0, width, height, "#ffffff"))
        .add(text(title, 16.0, 22.0, 14, "start", INK));
    for (index, panel) in panels.iter().enumerate() {
        let left = PANEL.0 * (index % COLUMNS) as f64;
        let top = HEAD + PANEL.1 * (index / COLUMNS) as f64;
        picture = plot(picture, panel, what, (left, top));
    }
    format!("{picture}\n")
}

/// One histogram with its axes.
fn plot(mut picture: Document, panel: &Panel, what: &str, (left, top): (f64, f64)) -> Document {
    let (bars, single) = panel.bars();
    let end = panel.end();
    let highest = bars.iter().map(|bar| bar.share).fold(1e-9, f64::max);
    let x = |value: f64| left + LEFT + (RIGHT - LEFT) * (value + end) / (2.0 * end);
    let y = |share: f64| top + BOTTOM - (BOTTOM - TOP - 14.0) * share / highest;
    picture = picture.add(text(
        &panel.title,
        left + LEFT,
        top + 16.0,
        12,
        "start",
        INK,
    ));
    let step = step(end);
    let last = (end / step).floor() as i32;
    for tick in -last..=last {
        let value = f64::from(tick) * step;
        let digits = (-step.log10().floor()).max(0.0) as usize;
        let name = format!("{value:.digits$}");
        picture = picture
            .add(line(
                (x(value), top + BOTTOM),
                (x(value), top + BOTTOM + 4.0),
                INK,
            ))
            .add(text(
                &name,
                x(value),
                top + BOTTOM + 17.0,
                10,
                "middle",
                INK,
            ));
    }
    let percent = |share: f64| match share {
        share if share < 0.0995 => format!("{:.1} %", 100.0 * share),
        share => format!("{:.0} %", 100.0 * share),
    };
    let half = highest / 2.0;
    for share in [half, highest] {
        let at = y(share);
        picture = picture
            .add(line((left + LEFT, at), (left + RIGHT, at), OTHER))
            .add(text(
                &percent(share),
                left + LEFT - 4.0,
                at + 4.0,
                10,
                "end",
                INK,
            ));
    }
    for bar in &bars {
        let (width, height) = (x(bar.width) - x(0.0), y(0.0) - y(bar.share));
        let (left, top) = (x(bar.middle) - width / 2.0, y(bar.share));
        picture = picture.add(rectangle(left, top, width, height, BEST));
        let apart = |other: &Bar| (x(other.middle) - x(bar.middle)).abs() >= LABEL;
        if single && bars.iter().all(|other| other == bar || apart(other)) {
            let label = percent(bar.share);
            let above = y(bar.share) - 3.0;
            picture = picture.add(text(&label, x(bar.middle), above, 10, "middle", INK));
        }
    }
    let axis = y(0.0);
    let middle = left + (LEFT + RIGHT) / 2.0;
    picture = picture
        .add(text(what, middle, top + BOTTOM + 32.0, 11, "middle", INK))
        .add(text(
            "share",
            left + LEFT - 4.0,
            y(highest) - 10.0,
            10,
            "end",
            INK,
        ));
    picture.add(line((left + LEFT, axis), (left + RIGHT, axis), INK))
}

/// A round distance of ticks, at most four of which lie between 0 and `end`.
fn step(end: f64) -> f64 {
    let power = 10f64.powf((end / 4.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power);
    let fits = steps.into_iter().find(|step| end / step <= 4.0);
    fits.unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_a_bar_each_and_many_have_bins() {
        let trits = [-1.0, 0.0, 0.0, 1.0].repeat(50);
        let (bars, single) = Panel::new(String::new(), trits).bars();
        assert!(single);
        let found: Vec<(f64, f64)> = bars.iter().map(|bar| (bar.middle, bar.share)).collect();
        assert_eq!(found, [(-1.0, 0.25), (0.0, 0.5), (1.0, 0.25)]);

        let line: Vec<f32> = (0..=1000).map(|k| k as f32 / 500.0 - 1.0).collect();
        let (bars, single) = Panel::new(String::new(), line).bars();
        assert!(!single && bars.len() == BINS);
        let total: f64 = bars.iter().map(|bar| bar.share).sum();
        assert!(total > 0.999, "{total}");
        let middle = &bars[BINS / 2];
        assert!(middle.middle.abs() < 1e-9, "{middle:?}");
        assert!(
            (middle.share - 0.5 * middle.width).abs() < 2e-3,
            "{middle:?}"
        );
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(
            [0.11, 1.1, 3.9, 7.0, 100.0].map(step),
            [0.05, 0.5, 1.0, 2.0, 50.0]
        );
    }
}
