//! The arrays that fit a device, and the best of them.

pub mod bound;
pub mod budget;
mod cycles;
mod estimate;
mod events;
mod single_port;
mod soft_memory;

use self::budget::Shortage;
use crate::cycles::events::Activity;
use crate::design::{Dataflow, Design, Skip, Streams, Weights};
use crate::error::{Error, ErrorKind};
use crate::program::{resized, shape_of};
use crate::shape::Shape;
use tern_model::network::Model;

/// Largest arrays that are tried.
const MAX_SIDE: usize = 64;
/// An array as fast as the fastest to this share of its cycles is preferred where it is smaller.
const AS_FAST: f64 = 0.01;
/// Cycles are estimated to this share: arrays within it of the fastest are counted exactly.
const NEARLY: f64 = 0.05;

/// An array that a network fits on a device, with what it needs there by estimate.
///
/// ```
/// use tern_compile::sizing::Candidate;
/// use tern_model::network::CellKind;
/// use tern_model::random::{RandomSpec, random_model};
///
/// let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 20, 64), 1);
/// let all = Candidate::all(&model, "ice40-hx8k")?;
/// // Each takes more logic cells than the one before, and at least a tenth fewer cycles.
/// let front = Candidate::front(&all, 0.1);
/// assert!(front.is_sorted_by(|small, large| small.cells < large.cells && large.cycles < small.cycles));
/// # Ok::<(), tern_compile::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Structure of the core.
    pub shape: Shape,
    /// Cycles of a time step by estimate, of an event array on average; `Shape::mean_cycles` runs the schedule and is exact.
    pub cycles: usize,
    /// Logic cells.
    pub cells: usize,
}

impl Candidate {
    /// Every dense array of the model that fits the named device, in the order of rows and lanes.
    ///
    /// # Errors
    /// When the device is not known, the core does not run the model, or no array of it fits.
    pub fn all(model: &Model, device: &str) -> Result<Vec<Candidate>, Error> {
        Self::like(model, &Design::new(1, 2, device)?)
    }

    /// Every array of the model with device, reserve, dataflow and skip of `like`, whose sizes do not matter.
    ///
    /// Three columns where the network runs on them, otherwise four. A network too large for the block RAMs of a device that has
    /// single-port RAMs is loaded from a stream, since only a load can fill these. Streams are bytes where the usual board's package
    /// has no pins for more. Cycles of event arrays are those of the activity that the model's file carries; without it the most.
    ///
    /// # Errors
    /// Those of [`Candidate::all`], and when the model's activity cannot be read.
    pub fn like(model: &Model, like: &Design) -> Result<Vec<Candidate>, Error> {
        let fixed = Self::with_weights(model, like, Weights::Fixed);
        match fixed.is_err() && like.device.single_port_rams > 0 {
            true => Self::with_weights(model, like, Weights::Stream)
                .map_err(|error| single_port::too_deep(model, like).unwrap_or(error)),
            false => fixed,
        }
    }

    fn with_weights(
        model: &Model,
        like: &Design,
        weights: Weights,
    ) -> Result<Vec<Candidate>, Error> {
        let device = like.device;
        let activity = Activity::recorded(model)?;
        let streams = match device.few_pins() {
            true => Streams::Bytes,
            false => Streams::Wide,
        };
        let four = Design {
            rows: 1,
            lanes: least_lanes(like),
            columns: 4,
            weights,
            streams,
            ..like.clone()
        };
        let three = four.clone().with_columns(3);
        let smallest = match three.and_then(|three| shape_of(model, &three)) {
            Ok((shape, _)) => shape,
            Err(_) => shape_of(model, &four)?.0,
        };
        let mut nearest: Option<(Shape, Shortage)> = None;
        let mut all = vec![];
        for shape in every_size(&smallest).filter_map(|design| resized(&smallest, design).ok()) {
            match shape.shortage() {
                None => all.push(Candidate {
                    cycles: shape.step_estimate(activity.as_ref()),
                    cells: shape.cell_estimate(),
                    shape,
                }),
                Some(lack) => {
                    let less = |(_, least): &(Shape, Shortage)| lack.excess() < least.excess();
                    if nearest.as_ref().is_none_or(less) {
                        nearest = Some((shape, lack));
                    }
                }
            }
        }
        match nearest {
            Some((shape, lack)) if all.is_empty() => Err(Error::new(
                ErrorKind::Device,
                format!(
                    "no array for the network fits device {device}: the one that lacks least (rows {}, lanes {}) needs {} {}, and {} may be taken",
                    shape.design.rows,
                    shape.design.lanes,
                    lack.needed,
                    lack.resource,
                    lack.available
                ),
            )),
            _ => Ok(all),
        }
    }

    /// Those of the candidates that no other beats, from the smallest to the fastest: each next one takes
    /// fewer cycles by the share `step` at least.
    pub fn front(candidates: &[Candidate], step: f64) -> Vec<Candidate> {
        let mut by_size: Vec<&Candidate> = candidates.iter().collect();
        by_size.sort_by_key(|candidate| (candidate.cells, candidate.cycles));
        let mut front: Vec<Candidate> = Vec::new();
        for candidate in by_size {
            let limit = front
                .last()
                .map_or(f64::INFINITY, |last| (1.0 - step) * last.cycles as f64);
            if (candidate.cycles as f64) < limit {
                front.push(candidate.clone());
            }
        }
        front
    }
}

/// The designs of every size that an array of the network's core may have, on as many columns.
fn every_size(shape: &Shape) -> impl Iterator<Item = Design> {
    let results = (0..shape.sections()).map(|section| shape.result_rows(section));
    let rows = 1..=results.max().unwrap_or(1).min(MAX_SIDE);
    let least = least_lanes(&shape.design);
    let sizes = rows.flat_map(move |rows| (least..=MAX_SIDE).map(move |lanes| (rows, lanes)));
    sizes.map(|(rows, lanes)| Design {
        rows,
        lanes,
        ..shape.design.clone()
    })
}

/// The fewest lanes that an array of the design's dataflow may have.
fn least_lanes(design: &Design) -> usize {
    match design.dataflow {
        Dataflow::Dense => 2,
        Dataflow::Events => 4,
    }
}

/// Those that take the fewest cycles, or more by at most the share `more`.
fn within(candidates: Vec<Candidate>, more: f64) -> Vec<Candidate> {
    let fewest = candidates.iter().map(|candidate| candidate.cycles).min();
    let limit = (1.0 + more) * fewest.unwrap_or(0) as f64;
    let fast = |candidate: &Candidate| candidate.cycles as f64 <= limit;
    candidates.into_iter().filter(fast).collect()
}

impl Design {
    /// The dense array of the fewest logic cells among those that run the model on the named device in the fewest cycles or in at
    /// most 1 % more; one whose PEs read one RAM port each rather than one of fewer, wider PEs, which is harder to route.
    ///
    /// # Errors
    /// When the device is not known, the core does not run the model, or no array of it fits.
    pub fn largest(model: &Model, device: &str) -> Result<Design, Error> {
        Self::largest_like(model, &Design::new(1, 2, device)?)
    }

    /// The same with device, reserve, dataflow and skip of `like`, as [`Candidate::like`] has them.
    ///
    /// # Errors
    /// Those of [`Candidate::like`].
    pub fn largest_like(model: &Model, like: &Design) -> Result<Design, Error> {
        let activity = Activity::recorded(model)?;
        let exact = |candidate: Candidate| Candidate {
            cycles: candidate.shape.mean_cycles(activity.as_ref()).round() as usize,
            ..candidate
        };
        let nearly = within(Candidate::like(model, like)?, NEARLY);
        let fast = within(nearly.into_iter().map(exact).collect(), AS_FAST);
        let best = fast.into_iter().min_by_key(|candidate| {
            let ports = candidate.shape.design.ports_of_a_pe();
            (ports, candidate.cells, candidate.cycles)
        });
        let none = || {
            Error::new(
                ErrorKind::Device,
                format!("no array fits device {}", like.device),
            )
        };
        best.map(|best| Design {
            prefix: like.prefix.clone(),
            ..best.shape.design
        })
        .ok_or_else(none)
    }

    /// The event array of the fewest cycles, with device and reserve of `like`: of changes, or of what is not zero where that is
    /// faster by the activity that the model's file carries.
    ///
    /// # Errors
    /// Those of [`Candidate::like`].
    pub fn largest_events(model: &Model, like: &Design) -> Result<Design, Error> {
        let activity = Activity::recorded(model)?;
        let of = |skip| {
            // Sizes do not matter.
            let least = Design {
                columns: 4,
                lanes: 4,
                ..like.clone()
            };
            Self::largest_like(model, &least.with_events(skip)?)
        };
        let changes = of(Skip::Delta)?;
        if activity.is_none() {
            return Ok(changes);
        }
        let cycles = |design: &Design| -> Result<f64, Error> {
            Ok(Shape::of(model, design)?.mean_cycles(activity.as_ref()))
        };
        let nonzero = of(Skip::Zero)?;
        match cycles(&nonzero)? < cycles(&changes)? {
            true => Ok(nonzero),
            false => Ok(changes),
        }
    }

    /// RAM ports of full width that one PE's weight word takes.
    fn ports_of_a_pe(&self) -> usize {
        let widths = self.device.ram_shapes.iter().map(|(_, bits)| *bits);
        (2 * self.lanes).div_ceil(widths.max().unwrap_or(1))
    }
}
