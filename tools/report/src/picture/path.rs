//! The slowest path from register to register, piece by piece.

use super::Picture;
use super::bars::{AXIS, Bars};
use super::canvas::{Align, WIDTH, fitted, picture};
use crate::error::Error;
use crate::facts::{CriticalPath, SegmentKind};
use crate::palette::Role;

const BAR: f64 = 36.0;
const LINE: f64 = 20.0;

/// The pieces in order: cells and wires, with their delay.
pub fn draw(path: &CriticalPath) -> Result<Picture, Error> {
    let text = format!(
        "{:.2} ns from {} in {} to {} in {}: {:.2} ns in cells, {:.2} ns on wires, {} between the ends.",
        path.delay_ns(),
        path.from,
        path.from_module,
        path.to,
        path.to_module,
        path.logic_ns,
        path.routing_ns,
        match path.levels {
            1 => "1 cell".to_owned(),
            levels => format!("{levels} cells"),
        }
    );
    let pieces = pieces(path);
    let top = 2.0 * LINE + 6.0;
    let bottom = top + BAR;
    picture("The slowest path", text, bottom + AXIS + LINE, |canvas| {
        let bars = Bars {
            left: 8.0,
            most: path.delay_ns(),
        };
        bars.axis(canvas, top, bottom, "delay, ns")?;
        let mut from = 0.0;
        for (kind, ns) in pieces {
            let at = bars.at(from);
            let size = (bars.at(from + ns) - at - 0.5, BAR);
            canvas.rectangle((at, top), size, colour(kind))?;
            from += ns;
        }
        let ends = [
            (format!("from {} ({})", path.from, path.from_module), 0.5),
            (format!("to {} ({})", path.to, path.to_module), 1.5),
        ];
        for (end, line) in ends {
            let end = fitted(&end, WIDTH - 8.0).unwrap_or_default();
            canvas.text(&end, (8.0, LINE * line), Align::Left, Role::Ink)?;
        }
        let y = bottom + AXIS + LINE / 2.0;
        for (k, (kind, name)) in [(SegmentKind::Logic, "cell"), (SegmentKind::Routing, "wire")]
            .into_iter()
            .enumerate()
        {
            let x = 8.0 + 90.0 * k as f64;
            canvas.rectangle((x, y - 7.0), (14.0, 14.0), colour(kind))?;
            canvas.text(name, (x + 20.0, y), Align::Left, Role::Ink)?;
        }
        Ok(())
    })
}

fn colour(kind: SegmentKind) -> Role {
    match kind {
        SegmentKind::Logic => Role::Kind(0),
        SegmentKind::Routing => Role::Kind(1),
    }
}

/// The segments, or both sums where they are not known.
fn pieces(path: &CriticalPath) -> Vec<(SegmentKind, f64)> {
    match path.segments.is_empty() {
        true => vec![
            (SegmentKind::Logic, path.logic_ns),
            (SegmentKind::Routing, path.routing_ns),
        ],
        false => path
            .segments
            .iter()
            .map(|segment| (segment.kind, segment.ns))
            .collect(),
    }
}
