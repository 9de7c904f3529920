//! The input of an event array, element by element.

use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Takes a step's beats from the stream and gives its elements one after the other.
///
/// ```text
/// tdata ─▶[ beat: lanes elements ]─▶ lowest element, in two's complement ─▶ element
///                └──── moves down ◀──── take
/// ```
///
/// Timing: `element` and `index` are those of the register; `take` moves on at the cycle's end. A beat is taken in a cycle in which
/// there is no element.
///
/// Contract:
/// 1. The handshake rules of the stream: a beat is taken when `tvalid` and `tready` are both high; `tready` depends on registers alone.
/// 2. A `tlast` before a step's last beat ends the sequence there: the elements that are missing are zero.
/// 3. Each step gives `input_size` elements in order, in two's complement, the most negative code read as the one above it, and
///    trit code `11` as zero. Padding is left out.
///
/// Not here: what an element was in the step before (`Changes`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Scan {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop the step and start with a new one.
    pub clear: Wire<In>,
    /// Elements of an input beat.
    pub tdata: Wire<In>,
    /// Input beat valid.
    pub tvalid: Wire<In>,
    /// The input beat is the last of a sequence.
    pub tlast: Wire<In>,
    /// Ready for an input beat.
    pub tready: Wire<Out>,
    /// The element is taken in this cycle.
    pub take: Wire<In>,
    /// There is an element.
    pub valid: Wire<Out>,
    /// Its number in the step.
    pub index: Wire<Out>,
    /// Its value, two's complement.
    pub element: Wire<Out>,
    /// The element is the step's last.
    pub last: Wire<Out>,
    /// The step ends its sequence, when the element is the step's last.
    pub ending: Wire<Out>,
    open: Reg,
    beat: Reg,
    lane: Reg,
    index_q: Reg,
    ending_q: Reg,
    elements: Wire<Local>,
    code: Wire<Local>,
    extended: Wire<Local>,
    low: Wire<Local>,
    high: Wire<Local>,
    is_last: Wire<Local>,
    element_bits: Const,
    last_lane: Const,
    last_index: Const,
    least: Vec<Const>,
    _elements: Slice,
    _code: Slice,
    _low: Slice,
    _high: Slice,
    _ternary: usize,
}

impl Scan {
    /// The scan of the shape's input.
    pub fn new(shape: &Shape) -> Self {
        let (lanes, bits, size) = (shape.design.lanes, shape.input_bits, shape.input_size);
        let (lane, index) = (index_bits(lanes), index_bits(size));
        let bit = |offset| Slice { offset, width: 1 };
        Scan {
            clock: Signal::default(),
            clear: Wire::new(1),
            tdata: Wire::new(shape.input_stream_bits()),
            tvalid: Wire::new(1),
            tlast: Wire::new(1),
            tready: Wire::new(1),
            take: Wire::new(1),
            valid: Wire::new(1),
            index: Wire::new(index),
            element: Wire::signed(shape.element_bits()),
            last: Wire::new(1),
            ending: Wire::new(1),
            open: Reg::new(1),
            beat: Reg::new(lanes * bits),
            lane: Reg::new(lane),
            index_q: Reg::new(index),
            ending_q: Reg::new(1),
            elements: Wire::new(lanes * bits),
            code: Wire::new(bits),
            extended: Wire::signed(bits),
            low: Wire::new(1),
            high: Wire::new(1),
            is_last: Wire::new(1),
            element_bits: Const::new(bits, 8),
            last_lane: Const::new(lanes - 1, lane),
            last_index: Const::new(size - 1, index),
            least: optional(bits > 2, || Const::new(1 << (bits - 1), bits)),
            _elements: Slice {
                offset: 0,
                width: lanes * bits,
            },
            _code: Slice {
                offset: 0,
                width: bits,
            },
            _low: bit(0),
            _high: bit(1),
            _ternary: usize::from(bits == 2),
        }
    }
}

inputs!(Scan: clear, tdata, tvalid, tlast, take);

impl Logic for Scan {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_scan");
        comment!("@about Takes the beats of a time step and gives its");
        comment!("@about elements one after the other.");
        dff_setup!(self, clock, open, beat, lane, index_q, ending_q);
        self.tready.next = self.open.q.val();
        self.is_last.next = (self.index_q.q.val() == self.last_index.val()).into();
        self.elements.next = self.tdata.val().index(self._elements).get_value_bits();
        if self.take.val().any() {
            self.beat.d.next = self.beat.q.val() >> self.element_bits.val();
            self.lane.d.next = self.lane.q.val() + true.into();
            self.index_q.d.next = self.index_q.q.val() + true.into();
            if (self.lane.q.val() == self.last_lane.val()) & !self.ending_q.q.val().any() {
                self.open.d.next = true.into();
            }
            if self.is_last.val().any() {
                self.open.d.next = true.into();
                self.index_q.d.next = false.into();
            }
        }
        if (self.open.q.val() & self.tvalid.val()).any() {
            self.open.d.next = false.into();
            self.beat.d.next = self.elements.val();
            self.lane.d.next = false.into();
            self.ending_q.d.next = self.tlast.val();
        }
        if self.clear.val().any() {
            self.open.d.next = true.into();
            self.index_q.d.next = false.into();
        }

        self.code.next = self.beat.q.val().index(self._code).get_value_bits();
        self.low.next = self.code.val().index(self._low).get_value_bits();
        for i in 0..self.least.len() {
            if self.code.val() == self.least[i].val() {
                self.low.next = true.into();
            }
            self.extended.next = self.code.val() | self.low.val();
        }
        self.high.next = self.code.val().index(self._high).get_value_bits();
        for _i in 0..self._ternary {
            self.code.next = self.high.val() & !self.low.val();
            self.extended.next =
                (self.code.val() << true.into()) | (self.low.val() ^ self.high.val());
        }
        self.valid.next = !self.open.q.val();
        self.index.next = self.index_q.q.val();
        self.element.next = self.extended.val();
        self.last.next = self.is_last.val();
        self.ending.next = self.ending_q.q.val();
    }
}
