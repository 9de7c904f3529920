//! The memory map: every RAM of the device, and what is in it.

use super::Picture;
use super::canvas::{Align, Canvas, WIDTH, picture};
use crate::error::Error;
use crate::facts::{Home, Memories, Memory};
use crate::palette::Role;

/// Distance of the squares, and their size.
const PITCH: f64 = 22.0;
const SQUARE: f64 = 18.0;
/// Height of a line of text.
const LINE: f64 = 22.0;

/// Rows of RAMs of one kind: heading, colours of those that are taken, number of all.
struct Rows {
    heading: String,
    taken: Vec<Role>,
    all: usize,
}

impl Rows {
    fn of(memories: &Memories, home: Home, all: usize, name: &str) -> Rows {
        let kinds = memories.kinds.iter().enumerate();
        let kinds = kinds.filter(|(_, memory)| memory.home == home);
        let taken = kinds.flat_map(|(k, memory)| vec![Role::kind(k); memory.rams]);
        Rows {
            heading: format!("{} of {all} {name}", memories.rams(home)),
            taken: taken.collect(),
            all,
        }
    }

    /// Squares in a line: as many as fit, and smaller ones of a device with very many.
    fn line(&self) -> (usize, f64) {
        let size = if self.all > 120 { 0.6 } else { 1.0 };
        ((WIDTH / (PITCH * size)) as usize, size)
    }

    fn height(&self) -> f64 {
        let (line, size) = self.line();
        LINE + PITCH * size * self.taken.len().max(self.all).div_ceil(line) as f64
    }

    fn draw(&self, canvas: &Canvas, top: f64) -> Result<(), Error> {
        canvas.text(
            &self.heading,
            (0.0, top + LINE / 2.0),
            Align::Left,
            Role::Ink,
        )?;
        let (line, size) = self.line();
        for k in 0..self.taken.len().max(self.all) {
            let x = PITCH * size * (k % line) as f64 + 1.0;
            let y = top + LINE + PITCH * size * (k / line) as f64;
            let square = (SQUARE * size, SQUARE * size);
            match self.taken.get(k) {
                Some(role) => canvas.rectangle((x, y), square, *role)?,
                None => canvas.outline((x, y), square, Role::Line)?,
            }
        }
        Ok(())
    }
}

/// The RAMs of the device, in the colours of the kinds of memory; what is no FPGA has no map.
pub fn draw(memories: &Memories) -> Result<Option<Picture>, Error> {
    let Some(block_rams) = memories.device_block_rams else {
        return Ok(None);
    };
    let mut rows = vec![Rows::of(memories, Home::BlockRam, block_rams, "block RAMs")];
    if memories.device_single_port_rams > 0 {
        let all = memories.device_single_port_rams;
        rows.push(Rows::of(
            memories,
            Home::SinglePortRam,
            all,
            "single-port RAMs",
        ));
    }
    let used: Vec<&Memory> = memories
        .kinds
        .iter()
        .filter(|memory| memory.rams > 0)
        .collect();
    let parts = used
        .iter()
        .map(|memory| format!("{} {}", memory.name, memory.rams));
    let headings: Vec<&str> = rows.iter().map(|rows| rows.heading.as_str()).collect();
    let text = format!(
        "{} are taken: {}. Empty squares are free; the table has the colours.",
        headings.join(" and "),
        parts.collect::<Vec<_>>().join(", ")
    );
    let height = rows.iter().map(Rows::height).sum::<f64>() + 4.0;
    let drawn = picture("Memory map", text, height, |canvas| {
        let mut top = 0.0;
        for rows in &rows {
            rows.draw(canvas, top)?;
            top += rows.height();
        }
        Ok(())
    });
    drawn.map(Some)
}

/// The colour of the k-th kind of memory, as the style sheet has it.
pub fn colour(k: usize) -> String {
    Role::kind(k).variable()
}
