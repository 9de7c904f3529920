//! A waveform as a picture (SVG).

use std::ops::Range;

use svg::Document;
use svg::node::element::{Line, Path, Rectangle, Text, path::Data};

use crate::wave::waveform::{Signal, Waveform};

/// How a signal is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A level.
    Bit,
    /// Unsigned numbers.
    Number,
    /// Two's complement numbers.
    Signed,
    /// Numbers whose highest bit is the sign, the others the magnitude.
    SignMagnitude,
    /// A two-rail trit: +, 0, −.
    Trit,
}

/// A row of the picture.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it says at the left.
    pub label: String,
    /// Signal of the top module.
    pub signal: String,
    /// How it is drawn.
    pub style: Style,
    /// Signal that must be high for the value to mean something.
    pub when: Option<&'static str>,
}

const ROW: usize = 26;
const LABELS: usize = 150;
const TOP: usize = 34;
/// Height of the legend.
const LEGEND: usize = 24;

/// Draws `rows` over the cycles `span`, `scale` pixels per cycle, with a legend below.
pub fn draw(waveform: &Waveform, rows: &[Row], span: Range<usize>, scale: usize) -> Document {
    let span = span.start..span.end.min(waveform.cycles);
    let (width, height) = (
        LABELS + scale * span.len() + 12,
        TOP + ROW * rows.len() + 10 + LEGEND,
    );
    let mut picture = Document::new()
        .set("viewBox", (0, 0, width, height))
        .set("font-family", "monospace")
        .add(
            Rectangle::new()
                .set("width", width)
                .set("height", height)
                .set("fill", "#ffffff"),
        );
    let x = |cycle: usize| LABELS + (cycle - span.start) * scale;
    let every = [1, 2, 5, 10, 20, 50, 100]
        .into_iter()
        .find(|n| n * scale >= 36)
        .unwrap_or(200);
    for cycle in span
        .clone()
        .filter(|cycle| (cycle - span.start) % every == 0)
    {
        let line = Line::new()
            .set("x1", x(cycle))
            .set("x2", x(cycle))
            .set("y1", TOP - 8)
            .set("y2", height - 6 - LEGEND);
        picture = picture.add(line.set("stroke", "#dddddd")).add(text(
            &(cycle - span.start).to_string(),
            x(cycle) + 2,
            TOP - 14,
            "#888888",
            11,
        ));
    }
    picture = picture.add(text("clock cycle", 8, TOP - 14, "#888888", 11));
    let legend = [
        ("level: high", "#cfe8d0", 8),
        ("number", "#e8f0fb", LABELS),
        ("trit +", trit_colour("+"), LABELS + 90),
        ("trit 0", trit_colour("0"), LABELS + 180),
        ("trit −", trit_colour("−"), LABELS + 270),
    ];
    for (name, fill, at) in legend {
        let base = height - LEGEND;
        picture = picture.add(bus(at, at + 16, base, fill));
        picture = picture.add(text(name, at + 22, base + 15, "#222222", 11));
    }
    for (k, row) in rows.iter().enumerate() {
        let base = TOP + ROW * k;
        picture = picture.add(text(&row.label, 8, base + 15, "#222222", 12));
        let Some(signal) = waveform.signal(&row.signal) else {
            continue;
        };
        let valid = |cycle: usize| {
            row.when
                .and_then(|name| waveform.signal(name))
                .is_none_or(|when| when.values[cycle] == 1)
        };
        let mut start = span.start;
        for cycle in span.clone() {
            let ends = cycle + 1 == span.end
                || signal.values[cycle + 1] != signal.values[cycle]
                || valid(cycle + 1) != valid(cycle);
            if ends {
                let (from, to) = (x(start), x(cycle + 1));
                if row.style == Style::Bit {
                    picture = picture.add(level(from, to, base, signal.values[cycle] == 1));
                } else if valid(cycle) {
                    let word = value(signal, cycle, row.style);
                    let fill = if row.style == Style::Trit {
                        trit_colour(&word)
                    } else {
                        "#e8f0fb"
                    };
                    picture = picture.add(bus(from, to, base, fill));
                    if word.chars().count() * 7 + 4 <= to - from {
                        picture = picture.add(text(&word, from + 4, base + 14, "#1b3a66", 11));
                    }
                }
                start = cycle + 1;
            }
        }
    }
    picture
}

fn value(signal: &Signal, cycle: usize, style: Style) -> String {
    match style {
        Style::Signed => signal.signed(cycle).to_string(),
        Style::SignMagnitude => {
            let (code, sign) = (signal.values[cycle], 1 << (signal.width - 1));
            match code >= sign {
                true => format!("−{}", code - sign),
                false => code.to_string(),
            }
        }
        Style::Trit => ["0", "+", "−", "0"][signal.values[cycle] as usize & 3].into(),
        Style::Bit | Style::Number => signal.values[cycle].to_string(),
    }
}

fn trit_colour(word: &str) -> &'static str {
    match word {
        "+" => "#bfe3c2",
        "−" => "#f3c1bb",
        _ => "#f1f1f1",
    }
}

fn level(from: usize, to: usize, base: usize, high: bool) -> Path {
    let y = if high { base + 3 } else { base + 18 };
    let fill = if high { "#cfe8d0" } else { "none" };
    let low = base + 18;
    let data = Data::new()
        .move_to((from, low))
        .line_to((from, y))
        .line_to((to, y))
        .line_to((to, low));
    Path::new()
        .set("d", data)
        .set("fill", fill)
        .set("stroke", "#2e7d32")
        .set("stroke-width", 1)
}

fn bus(from: usize, to: usize, base: usize, fill: &str) -> Rectangle {
    Rectangle::new()
        .set("x", from)
        .set("y", base + 3)
        .set("width", to - from)
        .set("height", 15)
        .set("fill", fill)
        .set("stroke", "#5b7fb5")
        .set("stroke-width", 0.6)
}

fn text(words: &str, x: usize, y: usize, fill: &str, size: usize) -> Text {
    Text::new(words)
        .set("x", x)
        .set("y", y)
        .set("fill", fill)
        .set("font-size", size)
}

#[cfg(test)]
mod tests {
    use super::{Signal, Style, value};

    #[test]
    fn signs_and_magnitudes_are_numbers() {
        let signal = Signal {
            width: 4,
            values: vec![0b0101, 0b1101, 0b1000, 0b0111],
        };
        let texts: Vec<String> = (0..4)
            .map(|cycle| value(&signal, cycle, Style::SignMagnitude))
            .collect();
        assert_eq!(texts, ["5", "−5", "−0", "7"]);
    }
}
