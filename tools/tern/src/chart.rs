//! What the charts have in common: logarithmic axes, grid and the shapes of SVG.

use svg::Document;
use svg::node::element::{Circle, Line, Rectangle, Text};

/// Size of a chart.
pub const WIDTH: f64 = 720.0;
/// See [`WIDTH`].
pub const HEIGHT: f64 = 460.0;
/// The plot inside the chart.
pub const LEFT: f64 = 72.0;
/// See [`LEFT`].
pub const RIGHT: f64 = WIDTH - 24.0;
/// See [`LEFT`].
pub const TOP: f64 = 44.0;
/// See [`LEFT`].
pub const BOTTOM: f64 = HEIGHT - 54.0;

/// Text and axes.
pub const INK: &str = "#222222";
/// What the chart is about.
pub const BEST: &str = "#1b5fa8";
/// What it is compared with.
pub const OTHER: &str = "#c6ccd4";
/// What cannot be passed.
pub const LIMIT: &str = "#b3352b";
const GRID: &str = "#e8e8e8";

/// A logarithmic axis: the values at both of its ends, which lie at `from` and `to` in the picture.
pub struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    /// From left to right.
    pub fn horizontal(low: f64, high: f64) -> Axis {
        Axis {
            low,
            high,
            from: LEFT,
            to: RIGHT,
        }
    }

    /// From bottom to top.
    pub fn vertical(low: f64, high: f64) -> Axis {
        Axis {
            low,
            high,
            from: BOTTOM,
            to: TOP,
        }
    }

    /// Where a value lies.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value / self.low).ln() / (self.high / self.low).ln();
        self.from + (self.to - self.from) * share
    }

    /// 1, 2 and 5 times the powers of ten.
    fn ticks(&self) -> impl Iterator<Item = f64> {
        let range = self.low..=self.high;
        let powers = (-3..10).map(|power| 10f64.powi(power));
        let all = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * power));
        all.filter(move |tick| range.contains(tick))
    }
}

/// An empty chart with its title, the axes' names, ticks and grid.
pub fn frame(title: &str, (x, x_name): (&Axis, &str), (y, y_name): (&Axis, &str)) -> Document {
    let turned = format!("translate(18 {}) rotate(-90)", (TOP + BOTTOM) / 2.0);
    let center = (LEFT + RIGHT) / 2.0;
    let mut chart = Document::new()
        .set("viewBox", (0, 0, WIDTH, HEIGHT))
        .set("font-family", "sans-serif")
        .add(rectangle(0.0, 0.0, WIDTH, HEIGHT, "#ffffff"))
        .add(text(title, LEFT, 22.0, 14, "start", INK))
        .add(text(x_name, center, HEIGHT - 12.0, 12, "middle", INK))
        .add(text(y_name, 0.0, 0.0, 12, "middle", INK).set("transform", turned));
    for tick in x.ticks() {
        let (at, name) = (x.at(tick), tick.to_string());
        chart = chart.add(line((at, TOP), (at, BOTTOM), GRID)).add(text(
            &name,
            at,
            BOTTOM + 18.0,
            11,
            "middle",
            INK,
        ));
    }
    for tick in y.ticks() {
        let (at, name) = (y.at(tick), tick.to_string());
        chart = chart.add(line((LEFT, at), (RIGHT, at), GRID)).add(text(
            &name,
            LEFT - 6.0,
            at + 4.0,
            11,
            "end",
            INK,
        ));
    }
    chart
        .add(line((LEFT, BOTTOM), (RIGHT, BOTTOM), INK))
        .add(line((LEFT, TOP), (LEFT, BOTTOM), INK))
}

/// Places for labels, none over another.
#[derive(Default)]
pub struct Labels {
    taken: Vec<[f64; 4]>,
}

/// Of a label's letters, in pixels.
const LETTER: (f64, f64) = (5.6, 11.0);

impl Labels {
    /// Keeps labels away from a place.
    pub fn avoid(&mut self, x: f64, y: f64, radius: f64) {
        self.taken
            .push([x - radius, y - radius, x + radius, y + radius]);
    }

    /// A label whose right lower corner, or left one where `to_right`, is at a point, if there is room for it.
    pub fn place(&mut self, content: &str, (x, y): (f64, f64), to_right: bool) -> Option<Text> {
        let width = LETTER.0 * content.chars().count() as f64;
        let left = if to_right { x } else { x - width };
        let wanted = [left, y - LETTER.1, left + width, y + 2.0];
        let inside = wanted[0] > LEFT && wanted[2] < RIGHT && wanted[1] > TOP && wanted[3] < BOTTOM;
        let apart = |other: &[f64; 4]| {
            let beside = other[2] < wanted[0] || wanted[2] < other[0];
            beside || other[3] < wanted[1] || wanted[3] < other[1]
        };
        if !inside || !self.taken.iter().all(apart) {
            return None;
        }
        self.taken.push(wanted);
        let anchor = if to_right { "start" } else { "end" };
        Some(label(content, x, y, anchor, BEST))
    }
}

/// A small line of text that covers what lies under it.
pub fn label(content: &str, x: f64, y: f64, anchor: &str, fill: &str) -> Text {
    let text = text(content, x, y, 10, anchor, fill).set("paint-order", "stroke");
    text.set("stroke", "#ffffff").set("stroke-width", 4)
}

/// A line of text; `anchor` says which of its ends, or its middle, is at x.
pub fn text(content: &str, x: f64, y: f64, size: usize, anchor: &str, fill: &str) -> Text {
    let text = Text::new(content).set("x", x).set("y", y);
    text.set("font-size", size)
        .set("text-anchor", anchor)
        .set("fill", fill)
}

/// A line between two points.
pub fn line(from: (f64, f64), to: (f64, f64), stroke: &str) -> Line {
    let line = Line::new().set("x1", from.0).set("y1", from.1);
    let line = line.set("x2", to.0).set("y2", to.1);
    line.set("stroke", stroke)
}

/// A filled circle.
pub fn dot(x: f64, y: f64, radius: f64, fill: &str) -> Circle {
    let dot = Circle::new().set("cx", x).set("cy", y);
    dot.set("r", radius).set("fill", fill)
}

/// A filled rectangle with its left upper corner at a point.
pub fn rectangle(x: f64, y: f64, width: f64, height: f64, fill: &str) -> Rectangle {
    let rectangle = Rectangle::new().set("x", x).set("y", y).set("width", width);
    rectangle.set("height", height).set("fill", fill)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_has_equal_ratios_at_equal_distances() {
        let axis = Axis::horizontal(10.0, 1000.0);
        assert_eq!([axis.at(10.0), axis.at(1000.0)], [LEFT, RIGHT]);
        assert!((axis.at(100.0) - (LEFT + RIGHT) / 2.0).abs() < 1e-9);
        let ticks: Vec<f64> = axis.ticks().collect();
        assert_eq!(ticks, [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]);
    }

    #[test]
    fn labels_leave_out_what_has_no_room() {
        let mut labels = Labels::default();
        let at = (RIGHT - 20.0, TOP + 50.0);
        assert!(labels.place("6 × 8", at, false).is_some());
        assert!(
            labels
                .place("7 × 8", (at.0 + 4.0, at.1 + 3.0), false)
                .is_none()
        );
        assert!(labels.place("7 × 8", (at.0, at.1 + 20.0), false).is_some());
        assert!(labels.place("over the edge", at, true).is_none());
        labels.avoid(at.0 - 10.0, at.1 + 60.0, 3.0);
        assert!(
            labels
                .place("on a dot", (at.0, at.1 + 62.0), false)
                .is_none()
        );
    }
}
