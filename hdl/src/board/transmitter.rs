//! The UART transmitter.

use crate::board::baud::Baud;
use crate::kit::prelude::*;

/// Turns bytes into the serial line: a start bit, 8 data bits from the lowest on, a stop bit.
///
/// ```text
/// data ──▶[ 1 · data · 0 ]──▶ tx        moves right at every carry of the phase, ones follow
///          [ count ]  [ phase + step ]
/// ```
///
/// Timing: `tx` falls the cycle after a byte was taken; a byte is ten bits, and the next one is taken in the last cycle of the
/// stop bit.
///
/// Contract:
/// 1. Every byte that is taken is sent once, in order; bits are as long as the rate says, on average exactly.
/// 2. The line is high when nothing is sent, and after a reset.
///
/// Not here: anything the other side says.
#[derive(Clone, Debug, LogicBlock)]
pub struct Transmitter {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drop the byte that is sent.
    pub reset: Wire<In>,
    /// The byte.
    pub data: Wire<In>,
    /// Byte valid.
    pub valid: Wire<In>,
    /// The byte is taken.
    pub ready: Wire<Out>,
    /// The line.
    pub tx: Wire<Out>,
    shift: Reg,
    count: Reg,
    phase: Reg,
    sum: Wire<Local>,
    tick: Wire<Local>,
    take: Wire<Local>,
    step: Const,
    bits: Const,
    idle: Const,
    mark: Const,
    one_bit: Const,
    high_bit: Const,
    stop: Const,
    _carry: Slice,
    _line: Slice,
}

impl Transmitter {
    /// A transmitter of that rate.
    pub fn new(baud: &Baud) -> Self {
        let bits = baud.phase_bits;
        Transmitter {
            clock: Signal::default(),
            reset: Wire::new(1),
            data: Wire::new(8),
            valid: Wire::new(1),
            ready: Wire::new(1),
            tx: Wire::new(1),
            shift: Reg::new(9),
            count: Reg::new(4),
            phase: Reg::new(bits),
            sum: Wire::new(bits + 1),
            tick: Wire::new(1),
            take: Wire::new(1),
            step: Const::new(baud.step, bits),
            bits: Const::new(10, 4),
            idle: Const::new(0x1ff, 9),
            mark: Const::new(0x100, 9),
            one_bit: Const::new(1, 1),
            high_bit: Const::new(1, 1),
            stop: Const::new(1, 4),
            _carry: Slice {
                offset: bits,
                width: 1,
            },
            _line: Slice {
                offset: 0,
                width: 1,
            },
        }
    }
}

impl Logic for Transmitter {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_transmitter");
        comment!("@about Turns bytes into the serial line.");
        dff_setup!(self, clock, shift, count);
        clock!(self, clock, phase);
        self.sum.next = self.phase.q.val() + self.step.val();
        self.tick.next = self.sum.val().index(self._carry).get_value_bits();
        self.phase.d.next = self.sum.val();
        self.take.next = false.into();
        if !self.count.q.val().any() {
            self.take.next = true.into();
            self.phase.d.next = false.into();
        } else if self.tick.val().any() {
            self.shift.d.next = (self.shift.q.val() >> self.one_bit.val()) | self.mark.val();
            self.count.d.next = self.count.q.val() - true.into();
            if self.count.q.val() == self.stop.val() {
                self.take.next = true.into();
            }
        }
        self.ready.next = self.take.val();
        if (self.take.val() & self.valid.val()).any() {
            self.shift.d.next = self.data.val() << self.high_bit.val();
            self.count.d.next = self.bits.val();
        }
        if self.reset.val().any() {
            self.shift.d.next = self.idle.val();
            self.count.d.next = false.into();
        }
        self.tx.next = self.shift.q.val().index(self._line).get_value_bits();
    }
}
