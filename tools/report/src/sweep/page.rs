//! The page of a sweep: what to take, the picture, and every point with its facts.

use minijinja::{Environment, context};
use serde::Serialize;

use super::{Outcome, Point, Stage, Sweep, front_picture, groups};
use crate::error::Error;
use crate::palette::variables;
use crate::picture::short;

const TEMPLATES: [(&str, &str); 3] = [
    ("sweep.html", include_str!("../templates/sweep.html")),
    ("parts.html", include_str!("../templates/parts.html")),
    ("style.css", include_str!("../templates/style.css")),
];

/// A tile at the top of the page.
#[derive(Serialize)]
struct Tile {
    label: &'static str,
    value: usize,
    note: &'static str,
}

/// A point as a row of a table: its cells, or why it has none.
#[derive(Serialize)]
struct Row<'p> {
    point: &'p Point,
    cells: Vec<String>,
    reason: Option<&'p str>,
    failed: bool,
}

impl<'p> Row<'p> {
    fn of(point: &'p Point, stage: Stage) -> Row<'p> {
        let (reason, failed) = match &point.outcome {
            Outcome::Done(_) => (None, false),
            Outcome::Unfit { reason } => (Some(reason.as_str()), false),
            Outcome::Failed { reason } => (Some(reason.as_str()), true),
        };
        Row {
            point,
            cells: cells(point, stage).unwrap_or_default(),
            reason,
            failed,
        }
    }
}

/// The columns of figures of a stage, with units.
fn columns(stage: Stage) -> Vec<&'static str> {
    let more: &[&str] = match stage {
        Stage::Estimate => &["cells, estimated", "RAMs"],
        Stage::Route => &["cells", "RAMs", "MHz", "µs per step"],
    };
    let first = ["size", "cycles", "at most"];
    first.into_iter().chain(more.iter().copied()).collect()
}

fn cells(point: &Point, stage: Stage) -> Option<Vec<String>> {
    let figures = point.figures()?;
    let mut cells = vec![
        format!("{} × {} × {}", figures.columns, figures.rows, figures.lanes),
        short(figures.mean_cycles),
        figures.most_cycles.to_string(),
        figures.cells().to_string(),
        figures.block_rams().to_string(),
    ];
    if stage == Stage::Route {
        let of = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), short);
        let routed = figures.routed.as_ref();
        cells.push(of(routed.map(|routed| routed.fmax_mhz)));
        cells.push(of(routed.map(|routed| routed.step_us)));
    }
    Some(cells)
}

/// The page, one self-contained file.
///
/// # Errors
/// When the picture cannot be drawn or a template cannot be filled.
pub fn page(sweep: &Sweep) -> Result<String, Error> {
    let mut environment = Environment::new();
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let count = |of: &dyn Fn(&Outcome) -> bool| {
        sweep
            .points
            .iter()
            .filter(|point| of(&point.outcome))
            .count()
    };
    let tiles = [
        Tile {
            label: "points",
            value: sweep.points.len(),
            note: "network × device × array × dataflow × seed",
        },
        Tile {
            label: "with figures",
            value: count(&|outcome| matches!(outcome, Outcome::Done(_))),
            note: match sweep.stage {
                Stage::Estimate => "from the cycle model and by estimate",
                Stage::Route => "placed and routed",
            },
        },
        Tile {
            label: "do not fit",
            value: count(&|outcome| matches!(outcome, Outcome::Unfit { .. })),
            note: "each with its reason below",
        },
        Tile {
            label: "failed",
            value: count(&|outcome| matches!(outcome, Outcome::Failed { .. })),
            note: "tried again by the next run",
        },
    ];
    let rows = |keep: &dyn Fn(&Point) -> bool| -> Vec<Row> {
        let kept = sweep.points.iter().filter(|point| keep(point));
        kept.map(|point| Row::of(point, sweep.stage)).collect()
    };
    let without: Vec<(&str, &str)> = groups(&sweep.points)
        .into_iter()
        .filter(|group| {
            let mut members = sweep.points.iter().filter(|point| point.group() == *group);
            members.all(|point| point.figures().is_none())
        })
        .collect();
    let page = environment.get_template("sweep.html")?.render(context! {
        sweep,
        tiles,
        colours => variables(),
        columns => columns(sweep.stage),
        recommended => rows(&|point| point.recommended),
        rows => rows(&|_| true),
        without,
        picture => front_picture(sweep)?,
    });
    Ok(page?)
}
