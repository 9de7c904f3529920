//! Random cases on a core with counters.

use std::collections::BTreeMap;

use tern_compile::program::Program;
use tern_model::network::Model;
use tern_sim::error::SimError;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::verify::case::Case;
use tern_sim::verify::observe::observe;

use super::instrument::{MEMORY, instrument};
use super::points::points;
use crate::check::golden;
use crate::simulators;

/// How often each point was reached.
pub type Counted = BTreeMap<String, u64>;

/// Runs `cases` random cases of each network, drawn from `seed`, on the core of the networks, and adds to `counted`.
///
/// Errors: tools that are missing; a core that differs from the golden model.
pub fn count(
    models: &[Model],
    programs: &[Program],
    seed: u64,
    cases: usize,
    counted: &mut Counted,
) -> Result<u64, SimError> {
    let shape = &programs[0].shape;
    let (lanes, streams) = (shape.design.lanes, shape.design.streams);
    let top = tern_hdl::verilog::top_module(streams);
    let verilog = simulators::verilog(&programs[0]);
    let model = &models[0];
    let used = model.input_size % lanes * model.input_bits as usize;
    // A unit's gates come five cycles after its number, and its candidate's sum a product later.
    let places = points(
        &verilog,
        (used > 0).then_some(used),
        5 + shape.product_cycles(),
    );
    let simulator = simulators::build_top(&instrument(&verilog, top, &places), top)?;
    let mut run = 0;
    for (number, (model, program)) in (0..).zip(models.iter().zip(programs)) {
        let mut dut = simulator.instance();
        simulators::load(&mut dut, program)?;
        let mut driver = StreamDriver::new(dut, StreamFormat::of(model, lanes).on(streams))?;
        for case in Case::random(seed + number, cases, 3, 4) {
            let stimulus = case.stimulus(model);
            let observed = observe(&mut driver, &stimulus, &case)?;
            if observed.transcript.outputs != golden(model, &stimulus) {
                return Err(SimError::stream(format!(
                    "the core differs from golden: {case}"
                )));
            }
            run += 1;
        }
        let counts = driver.dut_mut().read_memory(MEMORY)?;
        for (place, count) in places.iter().zip(counts) {
            *counted.entry(place.point.clone()).or_default() += count as u64;
        }
    }
    Ok(run)
}
