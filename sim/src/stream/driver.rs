//! The stream driver: feeds sequences to a core, collects its outputs, and checks the handshake.
//!
//! ```text
//!                 s_axis  +-----------+  m_axis
//! source (pauses) ------> |    Dut    | ------> sink (pauses) -> monitor -> Transcript
//!                         +-----------+
//! ```
//! Cycle 0 is the first cycle after reset.

use super::format::{StreamFormat, random_beat};
use super::monitor::Monitor;
use super::stall::{SinkStalls, SourceStalls, StallPattern};
use crate::dut::{Beat, Dut, Inputs, MAX_BEAT_BITS};
use crate::error::SimError;

/// Cycles without a transfer after which a run is given up.
const WATCHDOG_CYCLES: u64 = 200_000;

/// Cycles after the last expected output in which another one would be noticed.
const DRAIN_CYCLES: u64 = 32;

/// What a run showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The outputs: `outputs[sequence][output][value]`, one output per step or per sequence as the format says.
    pub outputs: Vec<Vec<Vec<i32>>>,
    /// The cycle of every input beat's transfer.
    pub input_cycles: Vec<u64>,
    /// The cycle of every output beat's transfer.
    pub output_cycles: Vec<u64>,
}

/// Gets the number of time steps of a sequence that have gone in, each time that one more has.
pub type Watcher = Box<dyn FnMut(usize)>;

/// A core with a source and a sink on its streams.
pub struct StreamDriver<D> {
    watcher: Option<Watcher>,
    pub(super) dut: D,
    format: StreamFormat,
    pub(super) cycle: u64,
    watchdog_cycles: u64,
}

/// An input beat, with the place it has in the run.
struct InputBeat {
    tdata: Beat,
    tlast: bool,
    sequence: usize,
    step: usize,
}

/// An output beat to come: how many input beats it needs, and whether it ends its sequence.
struct OutputBeat {
    needs: usize,
    tlast: bool,
    sequence: usize,
    step: usize,
}

impl<D: Dut> StreamDriver<D> {
    /// Puts streams of `format` on `dut` and resets it for one cycle. Fails if the widths are not those of the format.
    pub fn new(dut: D, format: StreamFormat) -> Result<StreamDriver<D>, SimError> {
        for (port, width, layout) in [
            ("s_axis_tdata", dut.input_bits(), format.input),
            ("m_axis_tdata", dut.output_bits(), format.output),
        ] {
            let expected = layout.port_bits() as u32;
            if width != expected || width > MAX_BEAT_BITS {
                let name = dut.name();
                let rule =
                    format!("expected {expected} for this network and at most {MAX_BEAT_BITS}");
                return Err(SimError::stream(format!(
                    "port {port} of the core in {name} is {width} bits wide, {rule}"
                )));
            }
        }
        let mut driver = StreamDriver {
            watcher: None,
            dut,
            format,
            cycle: 0,
            watchdog_cycles: WATCHDOG_CYCLES,
        };
        driver.reset(1);
        Ok(driver)
    }

    /// The same driver, giving up after `cycles` without a transfer (200 000 unless told).
    pub fn with_watchdog(self, cycles: u64) -> StreamDriver<D> {
        StreamDriver {
            watchdog_cycles: cycles,
            ..self
        }
    }

    /// From now on tells `watcher` of each time step that has gone in.
    pub fn watch(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
    }

    /// Holds reset for `cycles` cycles; the next cycle is cycle 0.
    pub fn reset(&mut self, cycles: u32) {
        for _ in 0..cycles {
            self.dut.cycle(&Inputs {
                reset: true,
                ..Inputs::default()
            });
        }
        self.cycle = 0;
    }

    /// The core, for its memories.
    pub fn dut_mut(&mut self) -> &mut D {
        &mut self.dut
    }

    /// The number of the next cycle.
    pub fn cycle(&self) -> u64 {
        self.cycle
    }

    /// Feeds `sequences[sequence][step][X]` back to back, each ended by tlast, and waits for all their outputs.
    ///
    /// Errors: a fault of the simulation, a broken rule of the handshake, a tlast at the wrong place, an output beat too many or before its input, and
    /// no transfer for the watchdog's cycles. Values of `x` must be within range.
    pub fn run(
        &mut self,
        sequences: &[Vec<Vec<i32>>],
        pattern: StallPattern,
    ) -> Result<Transcript, SimError> {
        self.feed(sequences, true, pattern)
    }

    /// Feeds `steps[step][X]` without tlast: the sequence stays open, to be continued, ended by [`Self::run`], or reset.
    pub fn run_open(
        &mut self,
        steps: &[Vec<i32>],
        pattern: StallPattern,
    ) -> Result<Transcript, SimError> {
        self.feed(&[steps.to_vec()], false, pattern)
    }

    fn feed(
        &mut self,
        sequences: &[Vec<Vec<i32>>],
        closed: bool,
        pattern: StallPattern,
    ) -> Result<Transcript, SimError> {
        let mut random = fastrand::Rng::with_seed(pattern.seed);
        let (inputs, outputs) = self.plan(sequences, closed, &mut random);
        let (mut source, mut sink) = (
            SourceStalls::new(&pattern, &mut random),
            SinkStalls::new(&pattern, &mut random),
        );
        let mut monitor = Monitor::default();
        let mut transcript = Transcript::default();
        let mut received: Vec<Beat> = Vec::with_capacity(outputs.len());
        let (mut offered, mut quiet, mut drained) = (false, 0, 0);
        while drained < DRAIN_CYCLES {
            let sent = transcript.input_cycles.len();
            offered = offered || (sent < inputs.len() && source.offers());
            let mut now = match inputs.get(sent).filter(|_| offered) {
                Some(beat) => Inputs {
                    s_axis_tdata: beat.tdata,
                    s_axis_tlast: beat.tlast,
                    s_axis_tvalid: true,
                    ..Inputs::default()
                },
                None => Inputs {
                    s_axis_tdata: random_beat(self.format.input.port_bits() as u32, &mut random),
                    s_axis_tlast: random.bool(),
                    ..Inputs::default()
                },
            };
            now.m_axis_tready = sink.ready() || drained > 0;
            let seen = self.dut.cycle(&now);
            if let Some(fault) = self.dut.fault() {
                return Err(SimError::stream(fault));
            }
            quiet += 1;
            if monitor.check(self.cycle, now.m_axis_tready, &seen)? {
                check_output(
                    self.cycle,
                    outputs.get(received.len()),
                    sent,
                    seen.m_axis_tlast,
                )?;
                received.push(seen.m_axis_tdata);
                transcript.output_cycles.push(self.cycle);
                quiet = 0;
            }
            if offered && seen.s_axis_tready {
                transcript.input_cycles.push(self.cycle);
                source.after_transfer(&mut random);
                offered = false;
                quiet = 0;
                self.tell(&inputs, sent);
            }
            sink.after_cycle(seen.m_axis_tvalid, &mut random);
            let done =
                transcript.input_cycles.len() == inputs.len() && received.len() == outputs.len();
            drained += u64::from(done);
            if !done && quiet >= self.watchdog_cycles {
                return Err(self.stuck(&inputs, sent, outputs.get(received.len())));
            }
            self.cycle += 1;
        }
        transcript.outputs = self.collect(sequences.len(), &outputs, &received);
        Ok(transcript)
    }

    /// Every input beat and every output beat to come, in order.
    fn plan(
        &self,
        sequences: &[Vec<Vec<i32>>],
        closed: bool,
        noise: &mut fastrand::Rng,
    ) -> (Vec<InputBeat>, Vec<OutputBeat>) {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for (sequence, steps) in sequences.iter().enumerate() {
            for (step, x) in steps.iter().enumerate() {
                let ends = closed && step + 1 == steps.len();
                let beats = self.format.pack(x, noise);
                let last_beat = beats.len() - 1;
                let place = |(number, tdata)| InputBeat {
                    tdata,
                    tlast: ends && number == last_beat,
                    sequence,
                    step,
                };
                inputs.extend(beats.into_iter().enumerate().map(place));
                if ends || self.format.every {
                    let count = self.format.output.beats();
                    let place = |beat| OutputBeat {
                        needs: inputs.len(),
                        tlast: ends && beat + 1 == count,
                        sequence,
                        step,
                    };
                    outputs.extend((0..count).map(place));
                }
            }
        }
        (inputs, outputs)
    }

    /// Tells of a time step whose last beat is `inputs[sent]`.
    fn tell(&mut self, inputs: &[InputBeat], sent: usize) {
        let place = |beat: &InputBeat| (beat.sequence, beat.step);
        let next = inputs.get(sent + 1).map(place);
        if let (Some(tell), Some(beat)) = (&mut self.watcher, inputs.get(sent))
            && next != Some(place(beat))
        {
            tell(beat.step + 1);
        }
    }

    fn stuck(&self, inputs: &[InputBeat], sent: usize, output: Option<&OutputBeat>) -> SimError {
        let waiting = match (inputs.get(sent), output) {
            (_, Some(beat)) if beat.needs <= sent => {
                format!(
                    "sequence {}, step {} waits for an output beat",
                    beat.sequence, beat.step
                )
            }
            (Some(beat), _) => format!(
                "sequence {}, step {} waits for s_axis_tready",
                beat.sequence, beat.step
            ),
            (None, _) => "the run waits for an output beat".to_owned(),
        };
        let (name, cycles, cycle) = (self.dut.name(), self.watchdog_cycles, self.cycle);
        SimError::stream(format!(
            "no transfer for {cycles} cycles in {name} at cycle {cycle}: {waiting}"
        ))
    }

    fn collect(
        &self,
        sequences: usize,
        outputs: &[OutputBeat],
        received: &[Beat],
    ) -> Vec<Vec<Vec<i32>>> {
        let mut collected = vec![Vec::new(); sequences];
        let size = self.format.output.beats().max(1);
        for (places, beats) in outputs.chunks(size).zip(received.chunks(size)) {
            collected[places[0].sequence].push(self.format.unpack(beats));
        }
        collected
    }
}

/// Checks an output beat's transfer after `sent` input beats against the one that is due.
fn check_output(
    cycle: u64,
    due: Option<&OutputBeat>,
    sent: usize,
    tlast: bool,
) -> Result<(), SimError> {
    let fault = match due {
        None => "which no input asked for".to_owned(),
        Some(beat) if beat.needs > sent => {
            format!(
                "before the input of sequence {}, step {} was complete",
                beat.sequence, beat.step
            )
        }
        Some(beat) if beat.tlast != tlast => {
            let (is, expected) = (u8::from(tlast), u8::from(beat.tlast));
            format!(
                "with m_axis_tlast {is}, expected {expected} in sequence {}, step {}",
                beat.sequence, beat.step
            )
        }
        Some(_) => return Ok(()),
    };
    Err(SimError::stream(format!(
        "an output beat came in cycle {cycle} {fault}"
    )))
}
