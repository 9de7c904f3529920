//! The input ring: one time step's input, chunk by chunk, plane by plane.

use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use crate::stream::plane::{Plane, SignMagnitude};
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Takes a step's beats from the stream and offers its chunks again and again, one trit plane at a time.
///
/// ```text
/// tdata ─▶ sign-magnitude ─▶[ stage ]─▶┌──────┐
///                                      │ load ├─▶[ chunk n ]─▶ … ─▶[ chunk 0 ]─┬─▶ trits
///             ┌───────────────────────▶└──────┘                                 │
///             └────── planes rotated by one ◀───────────────────────────────────┘
/// ```
///
/// Timing: `trits` is the chunk at the ring's head; `advance` moves the ring at the cycle's end. `taken`
/// comes two cycles before the step's last `advance`; `tready` rises the cycle after that. `ready` rises the
/// cycle after the step's last beat, its last chunk reaches the ring one cycle later, and the first `advance`
/// comes at the earliest in that cycle.
///
/// Contract:
/// 1. The handshake rules of the stream: a beat is taken when `tvalid` and `tready` are both high.
/// 2. A `tlast` before a step's last beat ends the sequence there: the elements that are missing count
///    as zero and the step runs as the sequence's last.
/// 3. `trits` runs through the chunks of plane 0, then of plane 1, and so on, and after the last plane
///    starts again at plane 0.
///
/// Not here: double buffering. A step loads while the array sums hidden states of the step before.
#[derive(Clone, Debug, LogicBlock)]
pub struct Input {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop the step and start loading.
    pub clear: Wire<In>,
    /// Elements of an input beat.
    pub tdata: Wire<In>,
    /// Input beat valid.
    pub tvalid: Wire<In>,
    /// The input beat is the last of a sequence.
    pub tlast: Wire<In>,
    /// Ready for an input beat.
    pub tready: Wire<Out>,
    /// The head chunk has been used: move the ring.
    pub advance: Wire<In>,
    /// The step's last chunk has been issued.
    pub taken: Wire<In>,
    /// Head chunk of the present plane.
    pub trits: Wire<Out>,
    /// The ring holds a whole step.
    pub ready: Wire<Out>,
    /// The ring's step ends its sequence.
    pub ending: Wire<Out>,
    ring: Vec<Reg>,
    convert: Vec<SignMagnitude>,
    plane: Vec<Plane>,
    stage: Reg,
    staged: Reg,
    open: Reg,
    padding: Reg,
    full: Reg,
    last: Reg,
    beat: Reg,
    taken_delay: Delay,
    elements: Wire<Local>,
    fresh: Wire<Local>,
    turned: Wire<Local>,
    accept: Wire<Local>,
    load: Wire<Local>,
    last_beat: Const,
    _elements: Slice,
    _ternary: usize,
}

impl Input {
    /// The input ring of the shape.
    pub fn new(shape: &Shape) -> Self {
        let (lanes, bits, chunks) = (shape.design.lanes, shape.input_bits, shape.input_chunks());
        let multi_bit = bits > 2;
        Input {
            clock: Signal::default(),
            clear: Wire::new(1),
            tdata: Wire::new(shape.input_stream_bits()),
            tvalid: Wire::new(1),
            tlast: Wire::new(1),
            tready: Wire::new(1),
            advance: Wire::new(1),
            taken: Wire::new(1),
            trits: Wire::new(2 * lanes),
            ready: Wire::new(1),
            ending: Wire::new(1),
            ring: (0..chunks).map(|_| Reg::new(lanes * bits)).collect(),
            convert: optional(multi_bit, || SignMagnitude::new(lanes, bits)),
            plane: optional(multi_bit, || Plane::new(lanes, bits)),
            stage: Reg::new(lanes * bits),
            staged: Reg::new(1),
            open: Reg::new(1),
            padding: Reg::new(1),
            full: Reg::new(1),
            last: Reg::new(1),
            beat: Reg::new(index_bits(chunks)),
            taken_delay: Delay::cleared(1, 2),
            elements: Wire::new(lanes * bits),
            fresh: Wire::new(lanes * bits),
            turned: Wire::new(lanes * bits),
            accept: Wire::new(1),
            load: Wire::new(1),
            last_beat: Const::new(chunks - 1, index_bits(chunks)),
            _elements: Slice {
                offset: 0,
                width: lanes * bits,
            },
            _ternary: usize::from(!multi_bit),
        }
    }
}

inputs!(Input: clear, tdata, tvalid, tlast, advance, taken);

impl Logic for Input {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_input");
        comment!("@about Takes the beats of a time step and offers its chunks");
        comment!("@about again and again, one trit plane at a time.");
        dff_setup!(self, clock, stage, staged, open, padding, full, last, beat);
        clock!(self, clock, taken_delay);
        self.taken_delay.clear.next = self.clear.val();
        self.taken_delay.d.next = self.taken.val();

        self.tready.next = self.open.q.val();
        self.accept.next = self.tvalid.val() & self.open.q.val();
        self.load.next = self.accept.val() | self.padding.q.val();
        self.ready.next = self.full.q.val();
        self.ending.next = self.last.q.val();

        self.elements.next = self.tdata.val().index(self._elements).get_value_bits();
        for i in 0..self.plane.len() {
            self.convert[i].elements.next = self.elements.val();
            self.fresh.next = self.convert[i].out.val();
        }
        for _i in 0..self._ternary {
            self.fresh.next = self.elements.val();
        }
        if self.padding.q.val().any() {
            self.fresh.next = false.into();
        }
        self.stage.d.next = self.fresh.val();
        self.staged.d.next = self.load.val();

        for i in 0..self.ring.len() {
            dff_setup!(self, clock, ring[i]);
        }
        for _i in 0..self._ternary {
            self.turned.next = self.ring[0].q.val();
            self.trits.next = self.ring[0].q.val();
        }
        for i in 0..self.plane.len() {
            self.plane[i].chunk.next = self.ring[0].q.val();
            self.turned.next = self.plane[i].rotated.val();
            self.trits.next = self.plane[i].trits.val();
        }
        if self.staged.q.val().any() | self.advance.val().any() {
            for i in 1..self.ring.len() {
                self.ring[i - 1].d.next = self.ring[i].q.val();
            }
            for i in (self.ring.len() - 1)..self.ring.len() {
                self.ring[i].d.next = self.turned.val();
            }
        }
        if self.staged.q.val().any() {
            for i in (self.ring.len() - 1)..self.ring.len() {
                self.ring[i].d.next = self.stage.q.val();
            }
        }

        if self.taken.val().any() {
            self.full.d.next = false.into();
        }
        if self.taken_delay.q.val().any() {
            self.open.d.next = true.into();
        }
        if self.accept.val().any() {
            self.last.d.next = self.tlast.val();
            self.open.d.next = !self.tlast.val();
            self.padding.d.next = self.tlast.val();
        }
        if self.load.val().any() {
            self.beat.d.next = self.beat.q.val() + true.into();
            if self.beat.q.val() == self.last_beat.val() {
                self.beat.d.next = false.into();
                self.open.d.next = false.into();
                self.padding.d.next = false.into();
                self.full.d.next = true.into();
            }
        }
        if self.clear.val().any() {
            self.beat.d.next = false.into();
            self.staged.d.next = false.into();
            self.open.d.next = true.into();
            self.padding.d.next = false.into();
            self.full.d.next = false.into();
        }
    }
}
