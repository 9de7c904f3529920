//! Which dataflow is faster for a network on its device, by the activity that the model's file carries.

use serde::Serialize;
use tern_compile::cycles::events::Activity;
use tern_compile::cycles::steps::StepCycles;
use tern_compile::design::{Dataflow, Design, Skip};
use tern_compile::error::Error;
use tern_compile::shape::Shape;

use crate::choice::Core;

/// The fastest array of a dataflow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fastest {
    /// PE columns.
    pub columns: usize,
    /// PE rows.
    pub rows: usize,
    /// Trits per PE and cycle.
    pub lanes: usize,
    /// What an event array leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<Skip>,
    /// Clock cycles of a time step; of an event array the most.
    pub cycles_per_step: u64,
    /// Clock cycles of a time step on average.
    pub mean_cycles: f64,
}

/// Both dataflows on one device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dataflows {
    /// The one of fewer cycles on average.
    pub faster: Dataflow,
    /// The fastest dense array; nothing where none fits.
    pub dense: Option<Fastest>,
    /// The fastest event array; nothing where none fits.
    pub events: Option<Fastest>,
}

impl Dataflows {
    /// Both, on the device of the core and beside its reserve; nothing where the file of its network carries no activity, or where the
    /// device is none that can be full.
    pub fn of(core: &Core, activity: Option<&Activity>) -> Option<Dataflows> {
        activity?;
        core.design.device.family?;
        let like = Design {
            dataflow: Dataflow::Dense,
            skip: Skip::default(),
            ..core.design.clone()
        };
        let fastest = |design: Result<Design, Error>| {
            let shape = Shape::of(&core.model, &design.ok()?).ok()?;
            Some(Fastest::of(&shape, activity))
        };
        let dense = fastest(Design::largest_like(&core.model, &like));
        let events = fastest(Design::largest_events(&core.model, &like));
        let mean =
            |fastest: &Option<Fastest>| fastest.as_ref().map_or(f64::INFINITY, |f| f.mean_cycles);
        let faster = match mean(&events) < mean(&dense) {
            true => Dataflow::Events,
            false => Dataflow::Dense,
        };
        Some(Dataflows {
            faster,
            dense,
            events,
        })
    }

    /// The other dataflow than the core's, beside it: for the summary.
    pub fn other(&self, shape: &Shape) -> Option<String> {
        let (dataflow, fastest) = match shape.events() {
            true => (Dataflow::Dense, self.dense.as_ref()?),
            false => (Dataflow::Events, self.events.as_ref()?),
        };
        let Fastest {
            columns,
            rows,
            lanes,
            cycles_per_step,
            mean_cycles,
            ..
        } = fastest;
        let name = dataflow.name();
        let cycles = match dataflow {
            Dataflow::Dense => format!("{cycles_per_step} cycles"),
            Dataflow::Events => {
                format!("{mean_cycles:.1} cycles on average, at most {cycles_per_step}")
            }
        };
        Some(format!(
            "{}, --dataflow {name}: {columns} x {rows} x {lanes} takes {cycles}",
            if dataflow == self.faster {
                "faster"
            } else {
                "slower"
            },
        ))
    }
}

impl Fastest {
    fn of(shape: &Shape, activity: Option<&Activity>) -> Fastest {
        let Design {
            columns,
            rows,
            lanes,
            skip,
            ..
        } = shape.design;
        Fastest {
            columns,
            rows,
            lanes,
            skip: shape.events().then_some(skip),
            cycles_per_step: shape.cycles_per_step(),
            mean_cycles: tenths(shape.mean_cycles(activity)),
        }
    }
}

/// The cycles of an event array's steps with the activity that its network's file carries.
pub fn recorded_cycles(shape: &Shape, activity: Option<&Activity>) -> Option<StepCycles> {
    let activity = activity.filter(|_| shape.events())?;
    let cycles = activity.timeline(shape).step_cycles()?;
    Some(StepCycles {
        mean: tenths(cycles.mean),
        ..cycles
    })
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
