//! What an array does in one time step, cycle by cycle: the cycle model's record, and what each lane adds.

use serde_json::{Value, json};
use tern_compile::cycles::Timeline;
use tern_compile::cycles::record::Beat;
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_compile::shape::{PassSource, Shape};
use tern_model::golden::Golden;
use tern_model::network::{Gate, Layer, Lstm, Model};

use crate::network::Network;

/// The step of the last run on the array of a design file: its first and last cycle, passes, beats and blocks. Cycles are those
/// of the cycle model, in which a sequence begins after reset.
///
/// Of a beat `adds` has a character per column, row and lane: what the lane adds, `+`, `-` or `0`; of an event array times
/// the event's value.
pub fn step(network: &Network, design: &str, step: usize) -> Result<Value, String> {
    let (model, sequence) = (network.model, network.last()?);
    let design = Design::from_json(design).map_err(|error| error.to_string())?;
    let [Layer::Lstm(lstm), Layer::Linear(_)] = &model.layers[..] else {
        return Err(format!(
            "the array is shown at work for one LSTM layer below a head, and the model {} has others",
            model.name
        ));
    };
    if step + 1 >= sequence.len() {
        return Err(format!(
            "time step is {step}, expected one before the last of {}",
            sequence.len()
        ));
    }
    let program = Program::compile(model, &design).map_err(|error| error.to_string())?;
    let shape = &program.shape;
    let (timeline, record) = Timeline::recorded(model, shape, std::slice::from_ref(sequence));
    let first = step
        .checked_sub(1)
        .map_or(0, |before| timeline.step_ends[before] + 1);
    let last = timeline.step_ends[step];
    let values = Values::of(model, sequence, step + 1);
    let work = Work {
        shape,
        lstm,
        values: &values,
    };

    // Rows that are still at work on the step before, and units that are still on their way.
    let early = first.saturating_sub(design.rows as u64);
    let beats = record
        .beats
        .iter()
        .filter(|beat| (early..=last).contains(&beat.cycle));
    let beats: Vec<Value> = beats.map(|beat| work.beat(beat)).collect();
    let alive = |until: &u64| *until >= first;
    let blocks = record.blocks.iter();
    let blocks = blocks.filter(|b| b.end <= last && b.states.last().is_some_and(alive));
    let blocks: Vec<Value> = blocks
        .map(|b| json!({ "end": b.end, "step": b.step, "block": b.block, "leaves": b.leaves, "states": b.states }))
        .collect();
    Ok(json!({
        "design": design,
        "first": first,
        "last": last,
        "units": lstm.hidden_size,
        "blocks_per_step": shape.blocks(0),
        "passes": work.passes(),
        "beats": beats,
        "blocks": blocks,
    }))
}

/// Inputs and hidden states, from before the first step on.
struct Values {
    inputs: Vec<Vec<i64>>,
    hidden: Vec<Vec<i64>>,
}

impl Values {
    fn of(model: &Model, sequence: &[Vec<i32>], steps: usize) -> Values {
        let mut golden = Golden::new(model);
        let mut values = Values {
            inputs: vec![vec![0; model.input_size]; 2],
            hidden: vec![vec![0; golden.layers()[0].output().len()]; 2],
        };
        for x in &sequence[..steps] {
            golden.step(x);
            values.inputs.push(model.input_values(x));
            values.hidden.push(golden.layers()[0].output().to_vec());
        }
        values
    }

    /// What a step sums of a source, and what the step before summed.
    fn pair(&self, step: usize, source: PassSource) -> [&[i64]; 2] {
        match source {
            PassSource::Input => [&self.inputs[step + 2], &self.inputs[step + 1]],
            _ => [&self.hidden[step + 1], &self.hidden[step]],
        }
    }
}

/// The array with its weights and what comes to it.
struct Work<'w> {
    shape: &'w Shape,
    lstm: &'w Lstm,
    values: &'w Values,
}

impl Work<'_> {
    /// The passes of a block: what they sum, and by how many bits it is shifted.
    fn passes(&self) -> Vec<Value> {
        let source = |source| match source {
            PassSource::Input => "x",
            _ => "h",
        };
        if self.shape.events() {
            let passes = self.shape.event_passes(0).into_iter();
            return passes
                .map(|pass| json!({ "source": source(pass.source) }))
                .collect();
        }
        let passes = self.shape.passes(0).into_iter();
        let pass = |pass: tern_compile::shape::Pass| {
            json!({
                "source": source(pass.source),
                "plane": pass.plane,
                "weight": pass.weight,
                "chunks": pass.chunks,
            })
        };
        passes.map(pass).collect()
    }

    fn beat(&self, beat: &Beat) -> Value {
        let Beat {
            cycle,
            step,
            block,
            pass,
            element,
            ..
        } = *beat;
        match self.shape.events() {
            true => {
                let (index, value) = self.event(beat);
                let source = self.shape.event_passes(0)[pass].source;
                let adds = self.adds(|row, lane| {
                    let unit =
                        (block * self.shape.design.rows + row) * self.shape.design.lanes + lane;
                    (unit, source, index, value)
                });
                json!({ "cycle": cycle, "step": step, "block": block, "pass": pass, "element": element,
                    "index": index, "value": value, "adds": adds })
            }
            false => {
                let of = self.shape.passes(0)[pass];
                let [values, _] = self.values.pair(step, of.source);
                let adds = self.adds(|row, lane| {
                    let unit = block * self.shape.design.rows + row;
                    let index = element * self.shape.design.lanes + lane;
                    let value = values.get(index).filter(|_| element < of.chunks);
                    let value = value.map_or(0, |v| v.signum() * (v.abs() >> of.plane & 1));
                    (unit, of.source, index, value)
                });
                json!({ "cycle": cycle, "step": step, "block": block, "pass": pass, "element": element, "adds": adds })
            }
        }
    }

    /// The element that is an event, and its difference or value.
    fn event(&self, beat: &Beat) -> (usize, i64) {
        let source = self.shape.event_passes(0)[beat.pass].source;
        let [now, before] = self.values.pair(beat.step, source);
        let differences =
            now.iter()
                .zip(before)
                .map(|(now, before)| match self.shape.sums_changes() {
                    true => now - before,
                    false => *now,
                });
        let mut events = differences.enumerate().filter(|(_, value)| *value != 0);
        events
            .nth(beat.element)
            .expect("the cycle model lists the same events")
    }

    /// What each lane adds, column by column and row by row, of a unit, a source's element and its value.
    fn adds(&self, at: impl Fn(usize, usize) -> (usize, PassSource, usize, i64)) -> String {
        let design = &self.shape.design;
        let mut adds = String::with_capacity(design.macs_per_cycle());
        for gate in Gate::ORDER {
            for row in 0..design.rows {
                for lane in 0..design.lanes {
                    let (unit, source, index, value) = at(row, lane);
                    adds.push(
                        match self.weight(gate, unit, source, index) * value.signum() {
                            0 => '0',
                            1 => '+',
                            _ => '-',
                        },
                    );
                }
            }
        }
        adds
    }

    /// The weight of an element for a gate of a unit; 0 beyond the network.
    fn weight(&self, gate: Gate, unit: usize, source: PassSource, index: usize) -> i64 {
        if unit >= self.lstm.hidden_size {
            return 0;
        }
        let row = match source {
            PassSource::Input => self.lstm.weight_ih_row(gate, unit),
            _ => self.lstm.weight_hh_row(gate, unit),
        };
        row.get(index).map_or(0, |weight| i64::from(*weight))
    }
}
