//! One time step of a core, cycle by cycle, in Rust-HDL's simulation.

use std::path::Path;

use tern_compile::cycles::Timeline;
use tern_gen_verilog::choice::Core;
use tern_gen_verilog::failure::Failure;
use tern_hdl::core::TernCore;
use tern_model::network::Sequence;
use tern_model::random::random_sequence;
use tern_report::facts::{Lane, Span, Step};
use tern_sim::dut::rust_hdl::RustHdl;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;
use tern_sim::wave::waveform::Waveform;

use crate::input;

/// Time steps that are simulated; the last of them is drawn.
const STEPS: usize = 4;
/// Seed of random inputs.
const SEED: u64 = 1;
/// The reset's cycle before the first, the cycle after a decision, and the next one.
const BEGIN: usize = 3;

/// What is fed in: its name and the first steps of it.
pub fn input(
    core: &Core,
    file: Option<&Path>,
    measured: Option<(String, Sequence)>,
) -> Result<(String, Sequence), Failure> {
    let named = match (file, measured) {
        (Some(file), _) => {
            let sequence = input::read(file, &core.model)?.sequence;
            Some((file.display().to_string(), sequence))
        }
        (None, first) => {
            first.map(|(name, sequence)| (format!("the first sequence of {name}"), sequence))
        }
    };
    let (name, mut sequence) = named.unwrap_or_else(|| {
        let sequence = random_sequence(&core.model, STEPS, SEED);
        (format!("random inputs of seed {SEED}"), sequence)
    });
    sequence.truncate(STEPS);
    Ok((name, sequence))
}

/// The last step of a sequence; none of a core that takes no input before a network is loaded.
pub fn of(core: &Core, (name, sequence): &(String, Sequence)) -> Result<Option<Step>, Failure> {
    let shape = &core.program.shape;
    if shape.weights_in_single_port_rams() {
        return Ok(None);
    }
    let parts = parts(core);
    let mut signals: Vec<&str> = parts.iter().flat_map(|part| part.signals()).collect();
    signals.sort_unstable();
    signals.dedup();
    let mut dut = RustHdl::of(TernCore::new(&core.program));
    dut.record(&signals).map_err(Failure::input)?;
    let format = StreamFormat::of(&core.model, core.design.lanes);
    let mut driver = StreamDriver::new(dut, format).map_err(Failure::input)?;
    let sequences = std::slice::from_ref(sequence);
    let run = driver.run(sequences, StallPattern::none(0));
    run.map_err(Failure::input)?;
    let waveform = driver.dut_mut().recorded();
    let number = sequence.len() - 1;
    let ends = Timeline::of(&core.model, shape, sequences).step_ends;
    let after = match number.checked_sub(1) {
        Some(before) => ends[before] as usize + BEGIN,
        None => 1,
    };
    // The head of the step before is still summed, where there is an output in every step.
    let array = parts[1].cycles(&waveform);
    let begin = array.into_iter().find(|cycle| *cycle >= after);
    let begin = begin.unwrap_or(after);
    let lanes = parts.iter().map(|part| part.lane(&waveform, begin));
    // A part that rests all the time, such as the input stream in a last step, has no lane.
    let lanes: Vec<Lane> = lanes.filter(|lane| !lane.busy.is_empty()).collect();
    let ends = lanes.iter().filter_map(|lane| lane.busy.last());
    Ok(Some(Step {
        input: name.clone(),
        simulator: "rust-hdl".to_owned(),
        number,
        cycles: ends.map(|span| span.to).max().unwrap_or(0),
        lanes,
    }))
}

/// When a part of the core works.
enum When {
    /// While any of these signals is high.
    Any(&'static [&'static str]),
    /// While both are high.
    Both(&'static str, &'static str),
    /// From each cycle of the first to that of the second which belongs to it.
    Between(&'static str, &'static str),
}

/// A part of the core.
struct Part {
    name: &'static str,
    when: When,
}

fn parts(core: &Core) -> Vec<Part> {
    let shape = &core.program.shape;
    let part = |name, when| Part { name, when };
    let input = When::Both("s_axis_tvalid", "s_axis_tready");
    let mut parts = vec![part("input stream", input)];
    match shape.events() {
        true => parts.push(part(
            "array: events",
            When::Any(&["events_0.schedule.is_event"]),
        )),
        false => {
            parts.push(part(
                "array: x",
                When::Any(&["dense_0.schedule.input_beat"]),
            ));
            if !shape.layers.is_empty() {
                parts.push(part(
                    "array: h",
                    When::Any(&["dense_0.schedule.hidden_beat"]),
                ));
            }
        }
    }
    parts.push(part("drain", When::Any(&["units.valid", "row_valid"])));
    if !shape.layers.is_empty() {
        parts.push(part(
            "cell",
            When::Between("units.valid", "units.trit_valid"),
        ));
        parts.push(part("hidden state", When::Any(&["units.trit_valid"])));
    }
    parts.push(part("output stream", When::Any(&["m_axis_tvalid"])));
    parts
}

impl Part {
    fn signals(&self) -> Vec<&'static str> {
        match self.when {
            When::Any(signals) => signals.to_vec(),
            When::Both(a, b) | When::Between(a, b) => vec![a, b],
        }
    }

    /// The cycles of the recording in which it works.
    fn cycles(&self, waveform: &Waveform) -> Vec<usize> {
        let high = |name: &str, cycle: usize| {
            let signal = waveform.signal(name);
            signal.is_some_and(|signal| signal.values[cycle] == 1)
        };
        let mut inside = 0;
        let mut works = |cycle: usize| match self.when {
            When::Any(signals) => signals.iter().any(|name| high(name, cycle)),
            When::Both(a, b) => high(a, cycle) && high(b, cycle),
            When::Between(enters, leaves) => {
                inside += i64::from(high(enters, cycle));
                let works = inside > 0;
                inside -= i64::from(high(leaves, cycle));
                works
            }
        };
        (0..waveform.cycles).filter(|cycle| works(*cycle)).collect()
    }

    /// When it works, from the cycle `begin` of the recording on.
    fn lane(&self, waveform: &Waveform, begin: usize) -> Lane {
        let mut busy: Vec<Span> = vec![];
        let cycles = self.cycles(waveform).into_iter();
        for at in cycles.filter_map(|cycle| cycle.checked_sub(begin)) {
            let at = at as u64;
            match busy.last_mut() {
                Some(span) if span.to == at => span.to += 1,
                _ => busy.push(Span {
                    from: at,
                    to: at + 1,
                }),
            }
        }
        Lane {
            name: self.name.to_owned(),
            busy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SEED, STEPS, of};
    use tern_compile::cycles::events::StepEvents;
    use tern_compile::design::Design;
    use tern_gen_verilog::choice::Core;
    use tern_model::network::{CellKind, Output};
    use tern_model::random::{RandomSpec, random_model, random_sequence};
    use tern_report::facts::Step;

    const DENSE: &str = r#"{"columns": 4, "rows": 2, "lanes": 2, "device": "ice40-hx8k"}"#;

    /// A step of a network of 6 units on 5 inputs of 3 bits.
    fn step(design: &str, output: Output) -> (Core, Step) {
        let spec = RandomSpec {
            input_bits: 3,
            output,
            head: Some(3),
            ..RandomSpec::fixed_point(CellKind::Lstm, 5, 6)
        };
        let model = random_model(&spec, 11);
        let design = Design::from_json(design).expect("a design");
        let core = Core::new(model, design).expect("it fits");
        let sequence = random_sequence(&core.model, STEPS, SEED);
        let step = of(&core, &("random".to_owned(), sequence));
        let step = step.expect("a simulation").expect("a step");
        (core, step)
    }

    fn busy(step: &Step, name: &str) -> (u64, u64, u64) {
        let lane = step
            .lanes
            .iter()
            .find(|lane| lane.name == name)
            .expect("a lane");
        let (first, last) = (lane.busy[0], lane.busy[lane.busy.len() - 1]);
        (lane.cycles(), first.from, last.to)
    }

    #[test]
    fn a_dense_step_has_every_beat_of_the_schedule() {
        for output in [Output::Last, Output::Every] {
            let (core, step) = step(DENSE, output);
            let shape = &core.program.shape;
            assert_eq!((step.number, shape.blocks(0)), (3, 3));
            // Two planes of three chunks of x, then three chunks of h, for each block of units.
            let (x, first, _) = busy(&step, "array: x");
            assert_eq!((x, first), (3 * 2 * 3, 0), "{step:?}");
            let (h, _, h_end) = busy(&step, "array: h");
            let head = shape.blocks(1) * shape.block_beats(1);
            assert_eq!(h, (3 * 3 + head) as u64, "{step:?}");
            assert!(h_end >= x + h, "one beat per cycle at most: {step:?}");
            let (_, _, answered) = busy(&step, "output stream");
            assert_eq!(step.cycles, answered, "the answer is the last that comes");
            // The last units of the step before may still leave in its first cycles.
            let (units, ..) = busy(&step, "hidden state");
            assert!((6..12).contains(&units), "{step:?}");
        }
    }

    #[test]
    fn an_event_step_sums_each_event_once_per_block() {
        let design = r#"{"columns": 4, "rows": 1, "lanes": 4, "device": "ice40-hx8k", "dataflow": "events"}"#;
        let (core, step) = step(design, Output::Last);
        let (events, first, _) = busy(&step, "array: events");
        let shape = &core.program.shape;
        let sequence = random_sequence(&core.model, STEPS, SEED);
        let steps = StepEvents::of(&core.model, shape, &sequence);
        let count = |events: &[bool]| events.iter().filter(|event| **event).count();
        let inputs = count(&steps[3].input);
        let [before, last] = [2, 3].map(|step| count(&steps[step].hidden[0]));
        // Each block sums inputs and hidden states of the step before, the head the last hidden state.
        let expected = shape.blocks(0) * (inputs + before) + shape.blocks(1) * last;
        assert_eq!((events, first), (expected as u64, 0), "{step:?}");
    }

    #[test]
    fn the_core_behind_byte_streams_has_the_same_step() {
        let bytes = DENSE.replace('}', r#", "streams": "bytes"}"#);
        let step = |design: &str| step(design, Output::Last).1;
        assert_eq!(step(DENSE), step(&bytes));
    }
}
