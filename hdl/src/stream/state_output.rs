//! The output of a core without a head: the hidden state, chunk by chunk.

use crate::kit::prelude::*;
use crate::stream::elements::Elements;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Reads a finished step's hidden state from the hidden memory and sends it, one chunk per beat.
///
/// ```text
/// start ─▶[timer]─▶ read, chunk number ─▶ hidden memory ─▶ chunk ─▶[beat]─▶ m_axis
/// ```
///
/// It reads in cycles in which the array does not (`free`), so it costs the array nothing.
///
/// Timing: the first chunk is read `Shape::settle_cycles` + 1 cycles after `start`. `chunk` comes the cycle after `read`; a beat
/// is offered the cycle after that, and the next chunk is read when the beat has been taken: a beat in three cycles.
///
/// Contract:
/// 1. The handshake rules of the stream.
/// 2. After `start` every chunk is sent once, in order, `tlast` on the last one if the sequence ends.
/// 3. `busy` is high until the last chunk has been read; `Schedule` starts no later output before.
/// 4. The last chunk's elements are moved down to the lowest lanes, those above them zero.
/// 5. Where hidden states are more than trits, an integer is sent in two's complement, a trit as two rails.
///
/// Not here: the bank, which is the one the array reads old states from, and one beat per cycle: a step takes longer than
/// three cycles a chunk.
#[derive(Clone, Debug, LogicBlock)]
pub struct StateOutput {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop what is in flight.
    pub clear: Wire<In>,
    /// A step whose hidden state is an output has been issued.
    pub start: Wire<In>,
    /// That step ends its sequence.
    pub start_ending: Wire<In>,
    /// The array does not read the hidden memory.
    pub free: Wire<In>,
    /// Chunk read the cycle before.
    pub chunk: Wire<In>,
    /// Read the hidden memory in this cycle.
    pub read: Wire<Out>,
    /// Chunk to read.
    pub read_chunk: Wire<Out>,
    /// Chunks remain to be read.
    pub busy: Wire<Out>,
    /// Elements of a chunk.
    pub tdata: Wire<Out>,
    /// Output beat valid.
    pub tvalid: Wire<Out>,
    /// The output beat is the last of a sequence.
    pub tlast: Wire<Out>,
    /// Sink ready for the output beat.
    pub tready: Wire<In>,
    timer: Reg,
    settled: Reg,
    active: Reg,
    ending: Reg,
    next_chunk: Reg,
    arriving: Reg,
    arriving_last: Reg,
    arriving_partial: Reg,
    full: Reg,
    beat: Reg,
    beat_last: Reg,
    go: Wire<Local>,
    is_last: Wire<Local>,
    aligned: Wire<Local>,
    elements: Vec<Elements>,
    settle: Const,
    first_chunk: Const,
    last_chunk: Const,
    unused: Const,
    _partial: usize,
}

impl StateOutput {
    /// The hidden output of the shape.
    pub fn new(shape: &Shape) -> Self {
        let (word, chunk) = (shape.hidden_chunk_bits(), index_bits(shape.bank_words()));
        let top = shape.layers.len() - 1;
        let settle = shape.settle_cycles(top) - 1;
        let timer_bits = index_bits(settle + 1);
        let (lanes, bits) = (shape.design.lanes, shape.hidden_bits());
        let sent = shape.layers[top].element_bits();
        let used = (shape.layers[top].hidden_size - 1) % shape.design.lanes + 1;
        StateOutput {
            clock: Signal::default(),
            clear: Wire::new(1),
            start: Wire::new(1),
            start_ending: Wire::new(1),
            free: Wire::new(1),
            chunk: Wire::new(word),
            read: Wire::new(1),
            read_chunk: Wire::new(chunk),
            busy: Wire::new(1),
            tdata: Wire::new(shape.output_stream_bits()),
            tvalid: Wire::new(1),
            tlast: Wire::new(1),
            tready: Wire::new(1),
            timer: Reg::new(timer_bits),
            settled: Reg::new(1),
            active: Reg::new(1),
            ending: Reg::new(1),
            next_chunk: Reg::new(chunk),
            arriving: Reg::new(1),
            arriving_last: Reg::new(1),
            arriving_partial: Reg::new(1),
            full: Reg::new(1),
            beat: Reg::new(lanes * sent),
            beat_last: Reg::new(1),
            go: Wire::new(1),
            is_last: Wire::new(1),
            aligned: Wire::new(word),
            elements: optional(shape.has_hidden_planes(), || {
                Elements::new(lanes, bits, sent)
            }),
            settle: Const::new(settle, timer_bits),
            first_chunk: Const::new(shape.first_chunk(top), chunk),
            last_chunk: Const::new(shape.first_chunk(top + 1) - 1, chunk),
            unused: Const::new(word - bits * used, 8),
            _partial: usize::from(used < lanes),
        }
    }
}

inputs!(StateOutput: clear, start, start_ending, free, chunk, tready);

impl Logic for StateOutput {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_state_output");
        comment!("@about Sends the hidden state to the output stream, chunk");
        comment!("@about by chunk.");
        dff_setup!(
            self,
            clock,
            timer,
            settled,
            active,
            ending,
            next_chunk,
            arriving,
            arriving_last,
            arriving_partial,
            full,
            beat,
            beat_last
        );
        self.is_last.next = (self.next_chunk.q.val() == self.last_chunk.val()).into();
        self.go.next = self.active.q.val()
            & self.settled.q.val()
            & self.free.val()
            & !self.arriving.q.val()
            & !self.full.q.val();
        self.read.next = self.go.val();
        self.read_chunk.next = self.next_chunk.q.val();
        self.busy.next = self.active.q.val();

        self.arriving.d.next = self.go.val();
        self.arriving_last.d.next = self.is_last.val() & self.ending.q.val();
        self.arriving_partial.d.next = self.is_last.val();
        self.aligned.next = self.chunk.val();
        for _i in 0..self._partial {
            if self.arriving_partial.q.val().any() {
                self.aligned.next = self.chunk.val() >> self.unused.val();
            }
        }
        for i in 0..self.elements.len() {
            self.elements[i].chunk.next = self.aligned.val();
        }
        if self.go.val().any() {
            self.next_chunk.d.next = self.next_chunk.q.val() + true.into();
            if self.is_last.val().any() {
                self.next_chunk.d.next = self.first_chunk.val();
                self.active.d.next = false.into();
            }
        }
        self.settled.d.next = (!self.timer.q.val().any()).into();
        if self.timer.q.val().any() {
            self.timer.d.next = self.timer.q.val() - true.into();
        }
        if self.start.val().any() {
            self.timer.d.next = self.settle.val();
            self.settled.d.next = false.into();
            self.active.d.next = true.into();
            self.ending.d.next = self.start_ending.val();
        }

        if (self.full.q.val() & self.tready.val()).any() {
            self.full.d.next = false.into();
        }
        if self.arriving.q.val().any() {
            self.full.d.next = true.into();
            self.beat.d.next = self.aligned.val();
            for i in 0..self.elements.len() {
                self.beat.d.next = self.elements[i].out.val();
            }
            self.beat_last.d.next = self.arriving_last.q.val();
        }
        if self.clear.val().any() {
            self.active.d.next = false.into();
            self.next_chunk.d.next = self.first_chunk.val();
            self.arriving.d.next = false.into();
            self.full.d.next = false.into();
        }
        self.tdata.next = self.beat.q.val();
        self.tlast.next = self.beat_last.q.val();
        self.tvalid.next = self.full.q.val();
    }
}
