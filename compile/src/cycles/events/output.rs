//! The output stream: the rows of the head, or the chunks of a hidden state.

use crate::shape::Shape;

/// What is sent, and what it makes wait.
pub struct Output<'s> {
    shape: &'s Shape,
    /// Last cycle in which a block leaves the array, and the first.
    leaving: Vec<(u64, u64)>,
    /// Rows of the head to send: from which cycle on, the next one.
    rows: Option<(u64, usize)>,
    /// The head is busy until this cycle; none while that is not known.
    head_busy: Option<u64>,
    /// Chunks of the hidden state to read: the next cycle, how many are left.
    chunks: Option<(u64, usize)>,
}

/// From a block's end to its first number.
pub const NUMBER: u64 = 3;
/// From the number of the last sum of a head to the first cycle in which a row may be sent.
const ADDED: u64 = 4;
/// From a head row's number to its first output beat.
const ROW_BEAT: u64 = 4;
/// From a read of the hidden memory to its output beat.
const CHUNK_BEAT: u64 = 2;

impl<'s> Output<'s> {
    pub fn new(shape: &'s Shape) -> Self {
        Output {
            shape,
            leaving: vec![],
            rows: None,
            head_busy: Some(0),
            chunks: None,
        }
    }

    /// Whether beats are to come.
    pub fn is_busy(&self) -> bool {
        self.rows.is_some() || self.chunks.is_some()
    }

    /// Whether outputs of the head are to be sent, so that no block of it may end.
    pub fn head_is_busy(&self, now: u64) -> bool {
        self.head_busy.is_none_or(|until| now < until)
    }

    /// Whether the hidden state of an output is still being read.
    pub fn state_is_read(&self) -> bool {
        self.chunks.is_some()
    }

    /// A block of hidden units ends.
    pub fn unit_block(&mut self, now: u64, results: usize) {
        let first = now + NUMBER;
        self.leaving
            .push((first, first + self.shape.result_place(results - 1)));
    }

    /// A block of the head ends.
    pub fn head_block(&mut self, now: u64, results: usize, closing: bool) {
        let (rows, lanes) = (self.shape.design.rows, self.shape.design.lanes);
        let first = now + NUMBER;
        let last = first + ((rows - 1) * (lanes + 1) + results - 1) as u64;
        self.leaving.push((first, last));
        if closing {
            self.rows = Some((last + ADDED, 0));
            self.head_busy = None;
        }
    }

    /// A step whose hidden state is an output ends.
    pub fn state(&mut self, now: u64) {
        let top = self.shape.layers.len() - 1;
        let first = now + self.shape.settle_cycles(top) as u64 + 1;
        self.chunks = Some((first, self.shape.output_chunks()));
    }

    /// One clock cycle; adds the beats that it makes certain.
    pub fn cycle(&mut self, now: u64, beats: &mut Vec<u64>) {
        if let Some((from, row)) = self.rows
            && now >= from
            && !self.leaves(now)
        {
            self.send_row(now, row, beats);
        }
        if let Some((at, left)) = self.chunks
            && now == at
        {
            beats.push(now + CHUNK_BEAT);
            self.chunks = (left > 1).then_some((now + CHUNK_BEAT + 1, left - 1));
        }
        self.leaving.retain(|(_, last)| now <= *last);
    }

    fn send_row(&mut self, now: u64, row: usize, beats: &mut Vec<u64>) {
        let (columns, outputs) = (self.shape.design.columns, self.shape.outputs.unwrap_or(0));
        let count = (outputs - row * columns).min(columns) as u64;
        beats.extend((0..count).map(|beat| now + ROW_BEAT + beat));
        let next = now + ROW_BEAT + count;
        if row + 1 == self.shape.head_rows() {
            self.rows = None;
            self.head_busy = Some(next);
        } else {
            self.rows = Some((next, row + 1));
        }
    }

    /// Whether results of a block leave the array in a cycle.
    fn leaves(&self, now: u64) -> bool {
        self.leaving
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&now))
    }
}
