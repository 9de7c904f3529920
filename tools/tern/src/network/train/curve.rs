//! The learning curve of a run as a picture.

use svg::Document;
use svg::node::element::{Line, Path, Rectangle, Text, path::Data};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
/// Of the plot inside the picture.
const LEFT: f64 = 64.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = HEIGHT - 48.0;

const TRAIN: &str = "#9aa5b1";
const VALIDATION: &str = "#1b5fa8";
const INK: &str = "#222222";
const GRID: &str = "#e8e8e8";

/// What is drawn of an epoch: positive values.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Epoch, counted from 1.
    pub epoch: usize,
    /// In training.
    pub training: f64,
    /// On the validation part.
    pub validation: f64,
}

/// Draws training and validation values of `what` over the epochs, on a logarithmic scale.
pub fn draw(what: &str, epochs: &[Point]) -> String {
    let values = epochs.iter().flat_map(|e| [e.training, e.validation]);
    let low = values.clone().fold(f64::MAX, f64::min) * 0.95;
    let high = values.fold(0.0, f64::max) * 1.05;
    let last = epochs.last().map_or(2, |e| e.epoch.max(2)) as f64;
    let x = |epoch: usize| LEFT + (RIGHT - LEFT) * (epoch as f64 - 1.0) / (last - 1.0);
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * (value / low).ln() / (high / low).ln();

    let background = Rectangle::new()
        .set("width", WIDTH)
        .set("height", HEIGHT)
        .set("fill", "#ffffff");
    let mut picture = Document::new()
        .set("viewBox", (0, 0, WIDTH, HEIGHT))
        .set("font-family", "sans-serif")
        .add(background)
        .add(text(
            &format!("{what} over epochs"),
            LEFT,
            "start",
            22.0,
            INK,
        ));
    for tick in ticks(low, high) {
        let line = Line::new().set("x1", LEFT).set("x2", RIGHT);
        let line = line
            .set("y1", y(tick))
            .set("y2", y(tick))
            .set("stroke", GRID);
        let label = text(&tick.to_string(), LEFT - 8.0, "end", y(tick) + 4.0, INK);
        picture = picture.add(line).add(label);
    }
    let step = (last / 10.0).ceil() as usize;
    for epoch in (1..=last as usize).step_by(step) {
        let label = text(&epoch.to_string(), x(epoch), "middle", BOTTOM + 18.0, INK);
        picture = picture.add(label);
    }
    type Value = fn(&Point) -> f64;
    let curves: [(&str, &str, Value); 2] = [
        ("training", TRAIN, |e| e.training),
        ("validation", VALIDATION, |e| e.validation),
    ];
    for (index, (name, colour, value)) in curves.into_iter().enumerate() {
        let mut line = Data::new();
        for (k, epoch) in epochs.iter().enumerate() {
            let point = (x(epoch.epoch), y(value(epoch)));
            line = match k {
                0 => line.move_to(point),
                _ => line.line_to(point),
            };
        }
        let line = Path::new().set("d", line).set("fill", "none");
        let line = line.set("stroke", colour).set("stroke-width", 2);
        let name = text(
            name,
            RIGHT,
            "end",
            TOP + 16.0 * (index as f64 + 1.0),
            colour,
        );
        picture = picture.add(line).add(name);
    }
    format!("{picture}\n")
}

/// Round values between `low` and `high`, about ten at most.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let digits: &[f64] = match high / low {
        ratio if ratio > 8.0 => &[1.0, 2.0, 5.0],
        ratio if ratio > 2.0 => &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0],
        _ => &[
            1.0, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0,
        ],
    };
    let values = (-4..9).flat_map(|power| digits.iter().map(move |d| d * 10f64.powi(power)));
    values
        .filter(|value| (low..=high).contains(value))
        .collect()
}

fn text(content: &str, x: f64, anchor: &str, y: f64, colour: &str) -> Text {
    Text::new(content)
        .set("x", x)
        .set("y", y)
        .set("font-size", 12)
        .set("text-anchor", anchor)
        .set("fill", colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_holds_both_curves_within_its_plot() {
        for (count, scale) in [(1, 240.0), (2, 240.0), (30, 240.0), (30, 0.3)] {
            let epoch = |epoch: usize| Point {
                epoch,
                training: scale / epoch as f64,
                validation: 0.6 * scale / (epoch as f64).sqrt(),
            };
            let epochs: Vec<Point> = (1..=count).map(epoch).collect();
            let picture = draw("loss", &epochs);
            let points: Vec<f64> = picture
                .lines()
                .filter(|line| line.contains("<path"))
                .flat_map(|line| line.split('"').nth(1))
                .flat_map(|d| d.split(['M', 'L', ',', ' ']))
                .filter_map(|number| number.parse().ok())
                .collect();
            assert_eq!(points.len(), 4 * count, "{picture}");
            for point in points.chunks(2) {
                assert!((LEFT - 0.1..RIGHT + 0.1).contains(&point[0]), "{point:?}");
                assert!((TOP - 0.1..BOTTOM + 0.1).contains(&point[1]), "{point:?}");
            }
        }
    }
}
