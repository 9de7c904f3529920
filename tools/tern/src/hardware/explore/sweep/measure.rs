//! What a point is and costs.

use std::path::Path;

use tern_compile::cycles::events::Activity;
use tern_compile::design::{Dataflow, Design, Skip, Streams, Weights};
use tern_compile::error::Error;
use tern_compile::shape::Shape;
use tern_model::network::Model;
use tern_report::sweep::{Figures, Outcome, Routed};
use tern_sim::eda::error::ToolErrorKind;

use super::file::Array;
use super::networks::Network;
use super::plan::Point;
use crate::hardware::explore::routed;

/// Does a point; the files of the tools go to `work`, and `tell` hears of each stage.
pub fn measure(
    point: &Point,
    network: &Network,
    work: &Path,
    tell: &mut dyn FnMut(&str),
) -> Outcome {
    let (model, activity) = (&network.model, network.activity.as_ref());
    let shape = match shape(point, model, activity) {
        Ok(shape) => shape,
        Err(reason) => return Outcome::Unfit { reason },
    };
    let mut figures = figures(&shape, activity);
    let Some(seed) = point.seed else {
        return Outcome::Done(figures);
    };
    match routed(model, &shape, seed, work, tell) {
        Ok(Ok(done)) => {
            let placed = done.fastest();
            figures.routed = Some(Routed {
                logic_cells: placed.logic_cells,
                lut4: done.synthesis.luts(),
                block_rams: placed.rams,
                fmax_mhz: placed.fmax_mhz,
                step_us: figures.mean_cycles / placed.fmax_mhz,
            });
            Outcome::Done(figures)
        }
        // The estimate let it pass, and the tools find that it does not fit.
        Ok(Err(error)) if error.kind() == ToolErrorKind::Input => Outcome::Unfit {
            reason: error.to_string(),
        },
        Ok(Err(error)) => Outcome::Failed {
            reason: error.to_string(),
        },
        Err(error) => Outcome::Failed {
            reason: error.to_string(),
        },
    }
}

fn figures(shape: &Shape, activity: Option<&Activity>) -> Figures {
    let design = &shape.design;
    let skip = match design.skip {
        Skip::Delta => "delta",
        Skip::Zero => "zero",
    };
    Figures {
        columns: design.columns,
        rows: design.rows,
        lanes: design.lanes,
        skip: shape.events().then(|| skip.to_owned()),
        mean_cycles: shape.mean_cycles(activity),
        most_cycles: shape.cycles_per_step(),
        estimated_cells: shape.cell_estimate(),
        estimated_block_rams: shape.block_rams(),
        routed: None,
    }
}

/// The core of a point, or why there is none.
fn shape(point: &Point, model: &Model, activity: Option<&Activity>) -> Result<Shape, String> {
    let device = point.device.name;
    match (point.array, point.dataflow) {
        (Array::Largest, Dataflow::Dense) => Design::largest(model, device)
            .and_then(|design| Shape::of(model, &design))
            .map_err(|error| error.to_string()),
        (Array::Largest, Dataflow::Events) => Design::new(1, 4, device)
            .and_then(|like| Design::largest_events(model, &like))
            .and_then(|design| Shape::of(model, &design))
            .map_err(|error| error.to_string()),
        (Array::Sized(rows, lanes), Dataflow::Dense) => {
            sized(point, model, rows, lanes, &|design| Ok(design))
        }
        (Array::Sized(rows, lanes), Dataflow::Events) => {
            let of = |skip| {
                sized(point, model, rows, lanes, &|design| {
                    design.with_events(skip)
                })
            };
            let changes = of(Skip::Delta);
            if activity.is_none() {
                return changes;
            }
            let cycles = |shape: &Shape| shape.mean_cycles(activity);
            match (of(Skip::Zero), changes) {
                (Ok(zero), Ok(delta)) if cycles(&zero) < cycles(&delta) => Ok(zero),
                (Ok(zero), Err(_)) => Ok(zero),
                (_, changes) => changes,
            }
        }
    }
}

/// An array of a size: of three columns where the network runs on them, with the network from a stream where it fits no other way.
fn sized(
    point: &Point,
    model: &Model,
    rows: usize,
    lanes: usize,
    dataflow: &dyn Fn(Design) -> Result<Design, Error>,
) -> Result<Shape, String> {
    let device = point.device;
    let weights = match device.single_port_rams {
        0 => vec![Weights::Fixed],
        _ => vec![Weights::Fixed, Weights::Stream],
    };
    let mut reason = None;
    for weights in weights {
        for columns in [3, 4] {
            let design = Design::new(rows, lanes, device.name).map(|design| Design {
                streams: match device.few_pins() {
                    true => Streams::Bytes,
                    false => Streams::Wide,
                },
                weights,
                ..design
            });
            let design = design.and_then(|design| design.with_columns(columns));
            let shape = design
                .and_then(dataflow)
                .and_then(|design| Shape::of(model, &design));
            // Why four columns with the network in the bitstream do not do is what a reader wants to know.
            let why = match shape {
                Ok(shape) => match shape.shortage() {
                    None => return Ok(shape),
                    Some(lack) => format!(
                        "needs {} {}, and {} may be taken",
                        lack.needed, lack.resource, lack.available
                    ),
                },
                Err(error) => error.to_string(),
            };
            if columns == 4 {
                reason.get_or_insert(why);
            }
        }
    }
    Err(reason.unwrap_or_default())
}
