//! Horizontal bars with an axis below them.

use super::canvas::{Align, Canvas, WIDTH, fitted};
use super::scale::{short, ticks};
use crate::error::Error;
use crate::palette::Role;

/// Height of a row.
pub const ROW: f64 = 26.0;
/// Height of axis and its name.
pub const AXIS: f64 = 40.0;
/// Room at the right for the last number.
const RIGHT: f64 = 14.0;

/// A plot from `left` to the right edge whose axis begins at 0.
pub struct Bars {
    /// Where 0 is.
    pub left: f64,
    /// The value at the right end.
    pub most: f64,
}

impl Bars {
    /// Where a value lies.
    pub fn at(&self, value: f64) -> f64 {
        self.left + (WIDTH - RIGHT - self.left) * value / self.most.max(f64::MIN_POSITIVE)
    }

    /// Grid, numbers and name of the axis, below the rows that end at `bottom`.
    pub fn axis(&self, canvas: &Canvas, top: f64, bottom: f64, name: &str) -> Result<(), Error> {
        for tick in ticks(self.most, 5) {
            let x = self.at(tick);
            canvas.line(&[(x, top), (x, bottom)], Role::Line, 1.0)?;
            canvas.text(&short(tick), (x, bottom + 11.0), Align::Middle, Role::Muted)?;
        }
        let middle = (self.left + WIDTH - RIGHT) / 2.0;
        canvas.text(name, (middle, bottom + 29.0), Align::Middle, Role::Muted)
    }

    /// The name of a row, left of the plot.
    pub fn name(&self, canvas: &Canvas, y: f64, name: &str) -> Result<(), Error> {
        match fitted(name, self.left - 8.0) {
            Some(name) => canvas.text(&name, (self.left - 8.0, y), Align::Right, Role::Ink),
            None => Ok(()),
        }
    }
}
