//! The UART receiver.

use crate::board::baud::Baud;
use crate::kit::prelude::*;

/// Turns the serial line into bytes: 8 data bits, no parity, one stop bit.
///
/// ```text
/// rx ─▶[ ]─▶[ ]──┬──────────────▶[ shift ]──▶ data
///                └▶[ count ]◀─ tick ─[ phase + step ]     tick: the middle of a bit
/// ```
///
/// A fractional divider adds `step` to the phase in every cycle; a carry is the middle of a bit, as the phase begins at half of
/// its range when a start bit does.
///
/// Timing: `valid` is high for one cycle, half a bit after the stop bit began.
///
/// Contract:
/// 1. A byte is given once, in the order of its line, at any rate within 2 % of the nominal one, if a bit is at least 8 cycles.
/// 2. A start bit that is over before its middle is none.
/// 3. A stop bit that is low gives no byte but `broken` for one cycle, and nothing more begins until the line has been high.
///
/// Not here: what the bytes are.
#[derive(Clone, Debug, LogicBlock)]
pub struct Receiver {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Wait for a line that is high, then for a start bit.
    pub reset: Wire<In>,
    /// The line; asynchronous.
    pub rx: Wire<In>,
    /// The byte.
    pub data: Wire<Out>,
    /// Byte valid.
    pub valid: Wire<Out>,
    /// A stop bit was low.
    pub broken: Wire<Out>,
    rx_0: Reg,
    rx_1: Reg,
    phase: Reg,
    count: Reg,
    busy: Reg,
    hold: Reg,
    shift: Reg,
    valid_q: Reg,
    broken_q: Reg,
    line: Wire<Local>,
    sum: Wire<Local>,
    tick: Wire<Local>,
    step: Const,
    half: Const,
    stop_bit: Const,
    one_bit: Const,
    top_bit: Const,
    _carry: Slice,
}

impl Receiver {
    /// A receiver of that rate.
    pub fn new(baud: &Baud) -> Self {
        let bits = baud.phase_bits;
        Receiver {
            clock: Signal::default(),
            reset: Wire::new(1),
            rx: Wire::new(1),
            data: Wire::new(8),
            valid: Wire::new(1),
            broken: Wire::new(1),
            rx_0: Reg::new(1),
            rx_1: Reg::new(1),
            phase: Reg::new(bits),
            count: Reg::new(4),
            busy: Reg::new(1),
            hold: Reg::new(1),
            shift: Reg::new(8),
            valid_q: Reg::new(1),
            broken_q: Reg::new(1),
            line: Wire::new(1),
            sum: Wire::new(bits + 1),
            tick: Wire::new(1),
            step: Const::new(baud.step, bits),
            half: Const::new(1 << (bits - 1), bits),
            stop_bit: Const::new(9, 4),
            one_bit: Const::new(1, 3),
            top_bit: Const::new(7, 3),
            _carry: Slice {
                offset: bits,
                width: 1,
            },
        }
    }
}

impl Logic for Receiver {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_receiver");
        comment!("@about Turns the serial line into bytes.");
        dff_setup!(self, clock, count, busy, hold, shift);
        clock!(self, clock, rx_0, rx_1, phase, valid_q, broken_q);
        self.rx_0.d.next = self.rx.val();
        self.rx_1.d.next = self.rx_0.q.val();
        self.line.next = self.rx_1.q.val();
        self.sum.next = self.phase.q.val() + self.step.val();
        self.tick.next = self.sum.val().index(self._carry).get_value_bits() & self.busy.q.val();
        self.valid_q.d.next = false.into();
        self.broken_q.d.next = false.into();

        // A start bit begins at half a bit, so that carries are in the middle.
        self.phase.d.next = self.half.val();
        if self.busy.q.val().any() {
            self.phase.d.next = self.sum.val();
        }
        if self.line.val().any() {
            self.hold.d.next = false.into();
        }
        if !(self.line.val() | self.busy.q.val() | self.hold.q.val()).any() {
            self.busy.d.next = true.into();
            self.count.d.next = false.into();
        }
        if self.tick.val().any() {
            self.count.d.next = self.count.q.val() + true.into();
            self.shift.d.next = (self.shift.q.val() >> self.one_bit.val())
                | (self.line.val() << self.top_bit.val());
            if !self.count.q.val().any() {
                self.busy.d.next = !self.line.val();
            }
            if self.count.q.val() == self.stop_bit.val() {
                self.busy.d.next = false.into();
                self.shift.d.next = self.shift.q.val();
                self.valid_q.d.next = self.line.val();
                self.broken_q.d.next = !self.line.val();
                self.hold.d.next = !self.line.val();
            }
        }
        if self.reset.val().any() {
            self.busy.d.next = false.into();
            self.hold.d.next = true.into();
            self.valid_q.d.next = false.into();
            self.broken_q.d.next = false.into();
        }
        self.data.next = self.shift.q.val();
        self.valid.next = self.valid_q.q.val();
        self.broken.next = self.broken_q.q.val();
    }
}
