//! States: sequences that run side by side.

use std::ptr;

use tern_model::engine;
use tern_model::network::Output;

use crate::array::{apart, array, array_mut, object, object_mut};
use crate::failure::{Failure, Status, guard};
use crate::network::Network;

/// Most sequences of a state, so that no size overflows.
const MOST_SEQUENCES: usize = 1 << 16;

/// `tern_state` in C.
pub struct State {
    running: engine::State,
    engine: engine::Engine,
    input_size: usize,
    output_size: usize,
    output: Output,
}

/// A state of `sequences` sequences at their start.
///
/// # Safety
/// `network` is null or a network that is not freed, `state` null or a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_state_new(
    network: *const Network,
    sequences: usize,
    state: *mut *mut State,
) -> Status {
    guard(|| {
        // SAFETY: the caller vouches for it.
        let place = unsafe { object_mut("state", state) }?;
        *place = ptr::null_mut();
        // SAFETY: the caller vouches for it.
        let network = unsafe { object("network", network) }?;
        if !(1..=MOST_SEQUENCES).contains(&sequences) {
            return Err(Failure::argument(format!(
                "sequences is {sequences}, expected 1 to {MOST_SEQUENCES}"
            )));
        }
        *place = Box::into_raw(Box::new(State {
            running: network.engine.state(sequences),
            engine: network.engine.clone(),
            input_size: network.input_size,
            output_size: network.output_size,
            output: network.output,
        }));
        Ok(())
    })
}

/// Frees a state; nothing where it is null.
///
/// # Safety
/// `state` is null or comes from this library and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_state_free(state: *mut State) {
    if !state.is_null() {
        // SAFETY: the caller vouches that it is one that `Box::into_raw` gave.
        drop(unsafe { Box::from_raw(state) });
    }
}

/// How many sequences run side by side; 0 where the state is null.
///
/// # Safety
/// `state` is null or a state that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_state_sequences(state: *const State) -> usize {
    // SAFETY: the caller vouches for it.
    unsafe { state.as_ref() }.map_or(0, |state| state.running.sequences())
}

/// Sets all sequences to their start.
///
/// # Safety
/// `state` is null or a state that is not freed and that no other thread uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_state_reset(state: *mut State) -> Status {
    guard(|| {
        // SAFETY: the caller vouches for it.
        unsafe { object_mut("state", state) }?.running.reset();
        Ok(())
    })
}

/// One time step of every sequence.
///
/// # Safety
/// `state` is null or a state that is not freed and that no other thread uses; `inputs` and `outputs` are null or the places of
/// as many integers, those of `outputs` used by nothing else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_state_step(
    state: *mut State,
    inputs: *const i32,
    input_count: usize,
    outputs: *mut i32,
    output_count: usize,
) -> Status {
    guard(|| {
        // SAFETY: the caller vouches for it.
        let state = unsafe { object_mut("state", state) }?;
        let sequences = state.running.sequences();
        count("input_count", input_count, sequences * state.input_size)?;
        count("output_count", output_count, sequences * state.output_size)?;
        apart(inputs, input_count, outputs, output_count)?;
        // SAFETY: the caller vouches for it, and the two are apart.
        let inputs = unsafe { array("inputs", inputs, input_count) }?;
        // SAFETY: as above.
        let outputs = unsafe { array_mut("outputs", outputs, output_count) }?;
        state.check(inputs)?;
        outputs.copy_from_slice(state.running.step(inputs)?);
        Ok(())
    })
}

/// Whole sequences of `steps` time steps, from their start.
///
/// # Safety
/// As [`tern_state_step`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_state_run(
    state: *mut State,
    steps: usize,
    inputs: *const i32,
    input_count: usize,
    outputs: *mut i32,
    output_count: usize,
) -> Status {
    guard(|| {
        // SAFETY: the caller vouches for it.
        let state = unsafe { object_mut("state", state) }?;
        let sequences = state.running.sequences();
        let (taken, given) = (sequences * state.input_size, sequences * state.output_size);
        let outputs_given = match state.output {
            Output::Every => steps,
            Output::Last => 1,
        };
        if steps == 0 {
            return Err(Failure::argument("steps is 0, expected 1 or more"));
        }
        count("input_count", input_count, steps.saturating_mul(taken))?;
        count(
            "output_count",
            output_count,
            outputs_given.saturating_mul(given),
        )?;
        apart(inputs, input_count, outputs, output_count)?;
        // SAFETY: the caller vouches for it, and the two are apart.
        let inputs = unsafe { array("inputs", inputs, input_count) }?;
        // SAFETY: as above.
        let outputs = unsafe { array_mut("outputs", outputs, output_count) }?;
        state.check(inputs)?;
        state.running.reset();
        let skipped = steps - outputs_given;
        let mut places = outputs.chunks_exact_mut(given);
        for (step, x) in inputs.chunks_exact(taken).enumerate() {
            let y = state.running.step(x)?;
            if step >= skipped
                && let Some(place) = places.next()
            {
                place.copy_from_slice(y);
            }
        }
        Ok(())
    })
}

impl State {
    /// Refuses inputs `[time][sequence][X]` of which one is none of the network's, before anything has changed.
    fn check(&self, inputs: &[i32]) -> Result<(), Failure> {
        let sequences = self.running.sequences();
        for (place, x) in inputs.chunks_exact(self.input_size).enumerate() {
            self.engine.validate_input(x).map_err(|error| {
                let (step, sequence) = (place / sequences, place % sequences);
                Failure::input(format!("time step {step}, sequence {sequence}: {error}"))
            })?;
        }
        Ok(())
    }
}

fn count(name: &str, value: usize, expected: usize) -> Result<(), Failure> {
    match value == expected {
        true => Ok(()),
        false => Err(Failure::argument(format!(
            "{name} is {value}, expected {expected}"
        ))),
    }
}
