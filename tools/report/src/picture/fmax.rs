//! The clock frequency of each seed of the placer.

use super::Picture;
use super::bars::{AXIS, Bars, ROW};
use super::canvas::{Align, fitted, picture, width_of};
use super::scale::short;
use crate::error::Error;
use crate::facts::{Routed, Seed};
use crate::palette::Role;

const LEFT: f64 = 76.0;

/// A bar per seed, and the median.
pub fn draw(routed: &Routed) -> Result<Picture, Error> {
    let fastest = routed
        .seeds
        .iter()
        .map(|seed| seed.fmax_mhz)
        .fold(0.0, f64::max);
    let median = routed.median_fmax_mhz;
    let listed = |seed: &Seed| format!("seed {} {:.1} MHz", seed.seed, seed.fmax_mhz);
    let listed: Vec<String> = routed.seeds.iter().map(listed).collect();
    let text = format!(
        "Highest clock frequency: {}; median {median:.1} MHz.",
        listed.join(", ")
    );
    let bottom = ROW * (routed.seeds.len() + 1) as f64;
    picture("Clock frequency by seed", text, bottom + AXIS, |canvas| {
        let bars = Bars {
            left: LEFT,
            most: 1.1 * fastest,
        };
        bars.axis(canvas, ROW, bottom, "highest clock frequency, MHz")?;
        for (k, seed) in routed.seeds.iter().enumerate() {
            let top = ROW * (k + 1) as f64;
            bars.name(canvas, top + ROW / 2.0, &format!("seed {}", seed.seed))?;
            let size = (bars.at(seed.fmax_mhz) - LEFT, ROW - 8.0);
            canvas.rectangle((LEFT, top + 4.0), size, Role::Kind(0))?;
            if let Some(number) = fitted(&short(seed.fmax_mhz), size.0 - 8.0) {
                canvas.text(
                    &number,
                    (LEFT + 6.0, top + ROW / 2.0),
                    Align::Left,
                    Role::Ink,
                )?;
            }
        }
        let at = bars.at(median);
        canvas.line(&[(at, ROW - 6.0), (at, bottom)], Role::Limit, 2.0)?;
        let name = format!("median {} MHz", short(median));
        let end = (at + width_of(&name) / 2.0).min(super::canvas::WIDTH);
        canvas.text(&name, (end, ROW / 2.0 - 4.0), Align::Right, Role::Limit)
    })
}
