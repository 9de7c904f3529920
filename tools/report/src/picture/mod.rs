//! The pictures of a page, in the colours of the palette.

mod activity;
mod array;
pub(crate) mod axes;
mod bars;
pub(crate) mod canvas;
mod floor_plan;
mod fmax;
mod memories;
mod path;
mod roofline;
mod scale;
mod step;
mod treemap;

pub use memories::colour;
pub use roofline::draw as roofline;
pub use scale::short;

use serde::Serialize;

use crate::error::Error;
use crate::facts::Core;

/// A picture with what it says in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// The heading above it.
    pub title: String,
    /// What it shows, also for those who do not see it.
    pub text: String,
    /// The SVG element.
    pub svg: String,
}

/// The pictures of a core; what was not measured has none.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pictures {
    array: Option<Picture>,
    step: Option<Picture>,
    memories: Option<Picture>,
    treemap: Option<Picture>,
    fmax: Option<Picture>,
    path: Option<Picture>,
    floor_plan: Option<Picture>,
    activity: Option<Picture>,
    histogram: Option<Picture>,
}

impl Pictures {
    /// Draws what is known of a core.
    ///
    /// # Errors
    /// When the drawing library refuses.
    pub fn of(core: &Core) -> Result<Pictures, Error> {
        let routed = core.routed.as_ref();
        let fastest = routed.and_then(|routed| {
            let mut seeds = routed.seeds.iter();
            seeds.find(|seed| seed.seed == routed.bitstream_seed)
        });
        let path = fastest.map(|seed| &seed.critical_path);
        let plan = routed.and_then(|routed| routed.floor_plan.as_ref());
        let activity = core.activity.as_ref();
        Ok(Pictures {
            array: Some(array::draw(core)?),
            step: core.step.as_ref().map(step::draw).transpose()?,
            memories: memories::draw(&core.memories)?,
            treemap: flat(core.logic.as_ref().map(treemap::draw))?,
            fmax: routed.map(fmax::draw).transpose()?,
            path: path.map(path::draw).transpose()?,
            floor_plan: flat(plan.map(|plan| floor_plan::draw(plan, path)))?,
            activity: activity.map(activity::lists).transpose()?,
            histogram: flat(activity.map(activity::histogram))?,
        })
    }
}

/// A picture that is there only where there is something to draw.
fn flat(drawn: Option<Result<Option<Picture>, Error>>) -> Result<Option<Picture>, Error> {
    drawn.transpose().map(Option::flatten)
}
