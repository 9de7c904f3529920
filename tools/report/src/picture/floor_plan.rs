//! Where the modules of a routed core are on the device.

use std::collections::BTreeMap;

use super::Picture;
use super::canvas::{Align, Canvas, WIDTH, fitted, picture};
use crate::error::Error;
use crate::facts::{CriticalPath, FloorPlan, Point, Tile};
use crate::palette::{KINDS, Role};

const LINE: f64 = 20.0;
/// Modules with a colour of their own; the others share one, and RAMs have the last.
const NAMED: usize = KINDS - 2;
const OTHERS: Role = Role::Kind((KINDS - 2) as u8);
const RAM: Role = Role::Kind((KINDS - 1) as u8);

/// The tiles of the device with the path that limits its clock, and the names of the modules below.
pub fn draw(plan: &FloorPlan, path: Option<&CriticalPath>) -> Result<Option<Picture>, Error> {
    let most = |of: fn(&Tile) -> u32| plan.tiles.iter().map(of).max();
    let (Some(columns), Some(rows)) = (most(|tile| tile.x), most(|tile| tile.y)) else {
        return Ok(None);
    };
    let (columns, rows) = (f64::from(columns + 1), f64::from(rows + 1));
    let size = (WIDTH / columns).min(440.0 / rows);
    let legend = Legend::of(plan);
    let listed: Vec<String> = legend
        .rows
        .iter()
        .map(|(name, cells)| format!("{name} {cells}"))
        .collect();
    let unplaced = match plan.unplaced {
        0 => String::new(),
        1 => " One constant or end of a carry chain has no place of its own.".to_owned(),
        count => format!(" {count} constants and ends of carry chains have no place of their own."),
    };
    let text = format!(
        "{} logic cells in {} tiles, seed {}: {}.{unplaced} Red: the slowest path.",
        plan.logic,
        plan.tiles
            .iter()
            .filter(|tile| !tile.logic.is_empty())
            .count(),
        plan.seed,
        listed.join(", ")
    );
    let bottom = size * rows + 8.0;
    let lines = (legend.rows.len() + 1).div_ceil(2) as f64;
    let drawn = picture("Floor plan", text, bottom + LINE * lines, |canvas| {
        canvas.outline(
            (0.5, 0.5),
            (size * columns - 1.0, size * rows - 1.0),
            Role::Line,
        )?;
        let place = |x: f64, y: f64| (size * x, size * (rows - 1.0 - y));
        for run in runs(plan, &legend) {
            let at = place(f64::from(run.from), f64::from(run.y));
            let width = size * f64::from(run.to - run.from);
            canvas.rectangle(at, (width - size * 0.1, size * 0.9), run.role)?;
        }
        if let Some(path) = path {
            let tiles = path.segments.iter().filter_map(|segment| segment.at);
            let center = |Point { x, y }| {
                let (x, y) = place(f64::from(x), f64::from(y));
                (x + size / 2.0, y + size / 2.0)
            };
            let points: Vec<(f64, f64)> = tiles.map(center).collect();
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                canvas.line(&points, Role::Limit, 2.0)?;
                canvas.dot(*first, 4.0, Role::Limit)?;
                canvas.dot(*last, 4.0, Role::Limit)?;
            }
        }
        legend.draw(canvas, bottom)
    });
    drawn.map(Some)
}

/// The modules with a colour of their own, and those that share one.
struct Legend {
    rows: Vec<(String, usize)>,
}

impl Legend {
    fn of(plan: &FloorPlan) -> Legend {
        let mut cells: BTreeMap<&str, usize> = BTreeMap::new();
        for (module, count) in plan.tiles.iter().flat_map(|tile| &tile.logic) {
            *cells.entry(module).or_default() += count;
        }
        let mut rows: Vec<(String, usize)> = cells
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count))
            .collect();
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let others: usize = rows.iter().skip(NAMED).map(|(_, count)| count).sum();
        rows.truncate(NAMED);
        if others > 0 {
            rows.push(("other modules".to_owned(), others));
        }
        Legend { rows }
    }

    fn role(&self, module: &str) -> Role {
        let place = self
            .rows
            .iter()
            .take(NAMED)
            .position(|(name, _)| name == module);
        place.map_or(OTHERS, Role::kind)
    }

    fn draw(&self, canvas: &Canvas, top: f64) -> Result<(), Error> {
        let named = self.rows.iter().map(|(name, cells)| {
            let role = if name == "other modules" {
                OTHERS
            } else {
                self.role(name)
            };
            (format!("{name}, {cells}"), role)
        });
        for (k, (name, role)) in named.chain([("RAM".to_owned(), RAM)]).enumerate() {
            let (x, y) = (WIDTH / 2.0 * (k % 2) as f64, top + LINE * (k / 2) as f64);
            canvas.rectangle((x, y + 3.0), (14.0, 14.0), role)?;
            let name = fitted(&name, WIDTH / 2.0 - 24.0).unwrap_or_default();
            canvas.text(&name, (x + 20.0, y + LINE / 2.0), Align::Left, Role::Ink)?;
        }
        Ok(())
    }
}

/// Neighbours in a row of tiles with the same colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    y: u32,
    from: u32,
    to: u32,
    role: Role,
}

fn runs(plan: &FloorPlan, legend: &Legend) -> Vec<Run> {
    let mut tiles: Vec<&Tile> = plan.tiles.iter().collect();
    tiles.sort_by_key(|tile| (tile.y, tile.x));
    let mut runs: Vec<Run> = vec![];
    for Tile { x, y, logic, .. } in tiles {
        let largest = logic.iter().max_by_key(|(_, count)| **count);
        let role = largest.map_or(RAM, |(module, _)| legend.role(module));
        match runs.last_mut() {
            Some(run) if (run.y, run.to, run.role) == (*y, *x, role) => run.to += 1,
            _ => runs.push(Run {
                y: *y,
                from: *x,
                to: x + 1,
                role,
            }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::{Legend, OTHERS, RAM, Run, runs};
    use crate::facts::{FloorPlan, Tile};
    use crate::palette::Role;

    #[test]
    fn neighbours_of_a_colour_are_one_rectangle() {
        let tile = |x, y, logic: &[(&str, usize)], rams| Tile {
            x,
            y,
            logic: logic
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect(),
            rams,
        };
        let plan = FloorPlan {
            seed: 1,
            logic: 20,
            unplaced: 0,
            tiles: vec![
                tile(2, 1, &[("a", 5), ("b", 3)], 0),
                tile(1, 1, &[("a", 8)], 0),
                tile(3, 1, &[("b", 4)], 0),
                tile(5, 1, &[], 1),
                tile(1, 2, &[("a", 1)], 0),
            ],
        };
        let legend = Legend::of(&plan);
        assert_eq!(legend.rows, [("a".to_owned(), 14), ("b".to_owned(), 7)]);
        assert_eq!(legend.role("z"), OTHERS);
        let run = |y, from, to, role| Run { y, from, to, role };
        assert_eq!(
            runs(&plan, &legend),
            [
                run(1, 1, 3, Role::kind(0)),
                run(1, 3, 4, Role::kind(1)),
                run(1, 5, 6, RAM),
                run(2, 1, 2, Role::kind(0)),
            ]
        );
    }
}
