//! The exact cycle model: the cycle of every output beat when the streams never stall.
//!
//! Times are those of the schedule's decisions. The beat itself is in the array's first register one
//! cycle later; everything after it takes a fixed number of cycles.

pub mod events;
pub mod record;
pub mod steps;

use std::collections::BTreeSet;

use crate::shape::{PassSource, Shape};
use events::{Activity, EventModel, StepEvents};
use record::{Beat, Block, Place, Record};
use tern_model::network::Model;

/// From the decision on a block's last beat to the first cycle in which row 0 leaves the array, without the count
/// of products.
const SELECT: u64 = 6;
/// From a head row's leaving to its first output beat.
const HEAD_BEAT: u64 = 4;
/// From the decision on a step's last x beat to the first beat of the next step on the input stream.
const RELOAD: u64 = 3;
/// From a beat's read of the hidden memory to its output beat.
const COPY_BEAT: u64 = 2;
/// From a block's last beat to the cycle in which a chunk that row 0 completes can be read, without the
/// count, the cell's products and the hidden state's own cycles.
const SETTLE: usize = 17;

/// From the end of a block of events to the cycle in which the hidden state of its first unit is in memory, less one and without the
/// cell's products and the hidden state's own cycles.
const EVENT_SETTLE: usize = 14;

impl Shape {
    /// Cycles from a block's last beat to the first beat that can read the hidden state of row 0, in a dense array.
    fn state_cycles(&self) -> usize {
        SETTLE + self.count_cycles() + 2 * self.product_cycles() + self.hidden_cycles()
    }

    /// Least cycles from a section's last beat to the first beat that reads its hidden state, such that
    /// every chunk is in memory when its beat comes.
    fn own_settle_cycles(&self, layer: usize) -> usize {
        let (rows, blocks) = (self.design.rows, self.blocks(layer));
        let spacing = self.block_beats(layer).max(rows);
        let latency = self.state_cycles();
        let units = self.layers[layer].hidden_size;
        let wait = |chunk: usize| {
            let last_unit = ((chunk + 1) * self.design.lanes).min(units) - 1;
            let (block, row) = (last_unit / rows, last_unit % rows);
            (latency + row).saturating_sub((blocks - 1 - block) * spacing + chunk)
        };
        let chunks = 0..self.hidden_chunks(layer);
        chunks.map(wait).max().unwrap_or(0).max(2)
    }

    /// Cycles after a layer's last beat in which passes that wait for a hidden state do not begin.
    pub fn settle_cycles(&self, layer: usize) -> usize {
        if self.events() {
            let latency = EVENT_SETTLE + 2 * self.product_cycles() + self.hidden_cycles();
            return latency + self.last_unit_place(layer);
        }
        let last = self.layers.len() - 1;
        match last > 0 && self.waits(last, PassSource::Own) {
            true => (0..=last)
                .map(|layer| self.own_settle_cycles(layer))
                .max()
                .unwrap_or(2),
            false => self.own_settle_cycles(layer),
        }
    }

    /// Whether a section's pass must wait for a hidden state: for the one below always. Its own is long in
    /// memory when other layers come between, unless they are too short; those below the last have been waited
    /// for by the layer above.
    pub fn waits(&self, section: usize, source: PassSource) -> bool {
        let last = self.layers.len().saturating_sub(1);
        match source {
            PassSource::Input => false,
            PassSource::Below => true,
            PassSource::Own if section < last => false,
            PassSource::Own => {
                let others = (0..last).map(|l| self.blocks(l) * self.block_beats(l));
                others.sum::<usize>() < self.own_settle_cycles(section)
            }
        }
    }

    /// Cycles a time step takes when the streams never stall; of a core that sums events the most, when every element is one.
    pub fn cycles_per_step(&self) -> u64 {
        const STEPS: usize = 12;
        let ends = Timeline::longest(self, &[STEPS]).step_ends;
        ends[STEPS - 2] - ends[STEPS - 3]
    }

    /// Cycles a time step takes on average when the streams never stall: those of the network's activity on a core that sums events;
    /// where it is not known, the most.
    pub fn mean_cycles(&self, activity: Option<&Activity>) -> f64 {
        let recorded = activity.filter(|_| self.events());
        let cycles = recorded.and_then(|activity| activity.timeline(self).step_cycles());
        cycles.map_or(self.cycles_per_step() as f64, |cycles| cycles.mean)
    }

    /// Efficiency: ternary multiply-accumulates of a step over those the array could do in its time.
    /// A b-bit input counts b - 1 per weight; padding counts nothing.
    pub fn efficiency(&self) -> f64 {
        self.macs_per_step() as f64
            / (self.design.macs_per_cycle() as f64 * self.cycles_per_step() as f64)
    }
}

/// Cycles of a run; cycle 0 is the first after reset, in which the schedule empties the array.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Cycle in which each output beat is transferred.
    pub output_beats: Vec<u64>,
    /// Cycle in which the last recurrent beat of each step is decided.
    pub step_ends: Vec<u64>,
}

impl Timeline {
    /// The cycles of sequences that come one after the other; those of a core that sums events depend on what they hold.
    ///
    /// # Panics
    /// When an input does not pass [`Model::validate_input`].
    pub fn of(model: &Model, shape: &Shape, sequences: &[Vec<Vec<i32>>]) -> Timeline {
        match shape.events() {
            false => CycleModel::new(shape).run(&lengths(sequences)),
            true => EventModel::new(shape).run(&StepEvents::all_of(model, shape, sequences)),
        }
    }

    /// The same, and what the array does in each cycle.
    ///
    /// # Panics
    /// When an input does not pass [`Model::validate_input`].
    pub fn recorded(
        model: &Model,
        shape: &Shape,
        sequences: &[Vec<Vec<i32>>],
    ) -> (Timeline, Record) {
        match shape.events() {
            false => CycleModel::new(shape).record(&lengths(sequences)),
            true => EventModel::new(shape).record(&StepEvents::all_of(model, shape, sequences)),
        }
    }

    /// The cycles of sequences of the given numbers of steps, one after the other; of a core that sums events the latest, when every
    /// element is one.
    pub fn longest(shape: &Shape, lengths: &[usize]) -> Timeline {
        match shape.events() {
            false => CycleModel::new(shape).run(lengths),
            true => {
                let step = StepEvents::all(shape);
                let steps = |steps: &usize| vec![step.clone(); *steps];
                EventModel::new(shape).run(&lengths.iter().map(steps).collect::<Vec<_>>())
            }
        }
    }
}

fn lengths(sequences: &[Vec<Vec<i32>>]) -> Vec<usize> {
    sequences.iter().map(Vec::len).collect()
}

/// The schedule's waits, as times before which a beat may not go.
///
/// ```
/// use tern_compile::cycles::CycleModel;
/// use tern_compile::design::Design;
/// use tern_compile::program::Program;
/// use tern_model::network::CellKind;
/// use tern_model::random::{RandomSpec, random_model};
///
/// let model = random_model(&RandomSpec::hitnet(CellKind::Gru, 8, 16), 1);
/// let design = Design::new(4, 4, "simulation")?.with_columns(3)?;
/// let shape = Program::compile(&model, &design)?.shape;
/// let ends = CycleModel::new(&shape).run(&[10, 10]).step_ends;
/// assert_eq!(ends[9] - ends[8], shape.cycles_per_step());
/// # Ok::<(), tern_compile::error::Error>(())
/// ```
pub struct CycleModel<'s> {
    shape: &'s Shape,
    now: u64,
    ready: u64,
    settled: u64,
    drained: u64,
    head_free: u64,
    hidden_reads: BTreeSet<u64>,
    copy: Option<u64>,
    timeline: Timeline,
    steps: usize,
    record: Option<Record>,
}

impl<'s> CycleModel<'s> {
    /// A model of the shape, at reset.
    pub fn new(shape: &'s Shape) -> Self {
        CycleModel {
            shape,
            now: 1,
            ready: shape.input_chunks() as u64,
            settled: 0,
            drained: 0,
            head_free: 0,
            hidden_reads: BTreeSet::new(),
            copy: None,
            timeline: Timeline::default(),
            steps: 0,
            record: None,
        }
    }

    /// Runs sequences of the given numbers of steps, one after the other.
    pub fn run(mut self, sequences: &[usize]) -> Timeline {
        self.run_all(sequences);
        self.timeline
    }

    /// The same, and what the array does in each cycle.
    pub fn record(mut self, sequences: &[usize]) -> (Timeline, Record) {
        self.record = Some(Record::default());
        self.run_all(sequences);
        (self.timeline, self.record.unwrap_or_default())
    }

    fn run_all(&mut self, sequences: &[usize]) {
        for steps in sequences {
            for step in 0..*steps {
                let due = self.shape.every || step + 1 == *steps;
                self.step(step > 0, due);
                self.steps += 1;
            }
        }
        self.finish_copy();
    }

    /// One time step; `warm` steps read the hidden state, steps with an output `due` send it.
    fn step(&mut self, warm: bool, due: bool) {
        let shape = self.shape;
        for layer in 0..shape.layers.len() {
            self.blocks(layer, warm, layer + 1 == shape.layers.len());
            self.settled = self.now - 1 + shape.settle_cycles(layer) as u64;
        }
        if shape.layers.is_empty() {
            self.head(due);
            self.timeline.step_ends.push(self.now - 1);
        } else {
            self.timeline.step_ends.push(self.now - 1);
            match shape.outputs {
                Some(_) if due => self.head(true),
                None if due => self.copy = Some(self.settled + 1),
                _ => {}
            }
        }
    }

    /// The blocks of a recurrent layer; the step's output, if it is a hidden state, ends with the `last` one's.
    fn blocks(&mut self, layer: usize, warm: bool, last: bool) {
        for block in 0..self.shape.blocks(layer) {
            self.block(layer, block, warm, last);
        }
    }

    /// One block of a section.
    fn block(&mut self, section: usize, block: usize, warm: bool, last: bool) {
        let closing = block + 1 == self.shape.blocks(section);
        let passes = self.shape.passes(section);
        let last_input = passes
            .iter()
            .rposition(|pass| pass.source == PassSource::Input);
        for (k, pass) in passes.iter().enumerate() {
            let beats = self.shape.pass_beats(pass);
            let waits = self.shape.waits(section, pass.source);
            let part_end = self.shape.split()
                && passes
                    .get(k + 1)
                    .is_none_or(|next| next.source.part() != pass.source.part());
            for beat in 0..beats {
                let gap = beat >= pass.chunks;
                let wait = match pass.source {
                    PassSource::Input if gap => 0,
                    PassSource::Input => self.ready,
                    _ if waits => self.settled,
                    _ => 0,
                };
                let block_end = k + 1 == passes.len() && beat + 1 == beats;
                // A part that is held must not overwrite one that the head still sends.
                let holds = part_end && beat + 1 == pass.chunks;
                let wait = if holds {
                    wait.max(self.head_free)
                } else {
                    wait
                };
                self.issue(wait, block_end, closing && last);
                let place = Place {
                    step: self.steps,
                    section,
                    block,
                };
                self.note(place, (k, beat), block_end);
                let reads =
                    pass.source == PassSource::Below || (pass.source == PassSource::Own && warm);
                if reads && !gap {
                    self.hidden_reads.insert(self.now);
                }
                if closing && Some(k) == last_input && beat + 1 == pass.chunks {
                    let taken = self.now - 1;
                    self.ready = taken + RELOAD + self.shape.input_chunks() as u64;
                }
            }
        }
    }

    /// Issues a beat at the first cycle that all its waits allow; afterwards `now` is the cycle after it.
    fn issue(&mut self, wait: u64, block_end: bool, last_block: bool) {
        let mut at = self.now.max(wait);
        if block_end {
            at = at.max(self.drained).max(self.head_free);
            if last_block {
                at = at.max(self.finish_copy());
            }
            self.drained = at + self.shape.design.rows as u64;
        }
        self.now = at + 1;
    }

    /// From a block's last beat to the cycle in which row 0 leaves.
    fn leaving(&self) -> u64 {
        SELECT + self.shape.count_cycles() as u64
    }

    /// Records the beat that was issued: pass and beat of a block.
    fn note(&mut self, at: Place, (pass, element): (usize, usize), ends: bool) {
        let (cycle, leaving) = (self.now - 1, self.leaving());
        let Some(record) = &mut self.record else {
            return;
        };
        record.beats.push(Beat {
            cycle,
            step: at.step,
            section: at.section,
            block: at.block,
            pass,
            element,
        });
        if ends {
            let state = self.shape.state_cycles() as u64;
            let block = Block::new(self.shape, at, cycle, leaving, state);
            record.blocks.push(block);
        }
    }

    /// The head's blocks and, when the output is due, the beats they make.
    fn head(&mut self, due: bool) {
        let (rows, columns) = (self.shape.design.rows, self.shape.design.columns);
        let (section, outputs) = (self.shape.layers.len(), self.shape.outputs.unwrap_or(0));
        for block in 0..self.shape.blocks(section) {
            self.block(section, block, false, false);
            let mut leaves = self.now - 1 + self.leaving();
            let sent = (block * rows..(block + 1) * rows).take_while(|row| row * columns < outputs);
            for row in sent.filter(|_| due) {
                let beats = (outputs - row * columns).min(columns) as u64;
                let beats_at = (0..beats).map(|beat| leaves + HEAD_BEAT + beat);
                self.timeline.output_beats.extend(beats_at);
                leaves += HEAD_BEAT + beats;
            }
            if due {
                self.head_free = leaves;
            }
        }
    }

    /// Reads the chunks of the pending output in cycles in which the array reads none; returns the
    /// cycle after the last.
    fn finish_copy(&mut self) -> u64 {
        let Some(mut at) = self.copy.take() else {
            return 0;
        };
        let mut after = at;
        for _ in 0..self.shape.output_chunks() {
            while self.hidden_reads.contains(&at) {
                at += 1;
            }
            self.timeline.output_beats.push(at + COPY_BEAT);
            after = at + 1;
            at += COPY_BEAT + 1;
        }
        self.hidden_reads = self.hidden_reads.split_off(&after);
        after
    }
}
