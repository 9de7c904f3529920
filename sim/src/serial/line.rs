//! The other end of a serial line: bytes in and out, bit by bit, in the cycles of the device's clock.

use std::collections::VecDeque;

use crate::dut::{Dut, Inputs};

/// Bits of a byte on the line: a start bit, eight data bits, a stop bit.
const FRAME_BITS: u64 = 10;
/// Parts of a clock cycle in which times are counted.
const PARTS: f64 = 65536.0;

/// What the pins of the board showed in a cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    /// The line to the host.
    pub tx: bool,
    /// The LED that blinks.
    pub alive: bool,
    /// The LED of requests.
    pub busy: bool,
    /// The LED of dropped frames.
    pub error: bool,
}

/// A host at the pins of a simulated board.
///
/// ```text
/// send ─▶[ queue ]─▶ start, 8 bits, stop ─▶ rx ┌───────┐ tx ─▶ sampled in the middle ─▶[ received ]
///                                          ───▶│ board ├──▶
/// ```
pub struct Line<D> {
    board: D,
    /// A bit of what is sent, in parts of a cycle.
    send_bit: u64,
    /// A bit of what comes, in parts of a cycle.
    receive_bit: u64,
    queue: VecDeque<u8>,
    /// The byte that is being sent with its start and stop bit, and the time since it began.
    sending: Option<(u16, u64)>,
    /// The bits that came of a byte, and the time since it began.
    receiving: Option<(u16, u64)>,
    received: VecDeque<u8>,
    /// A stop bit was low: no byte begins before the line has been high.
    broken: bool,
    /// Cycles for which the line is held low.
    held_low: u64,
    reset: bool,
    pins: Pins,
    cycles: u64,
}

impl<D: Dut> Line<D> {
    /// A host that sends at a bit of `send` cycles and receives at one of `receive`, both at least 1.
    pub fn new(board: D, send: f64, receive: f64) -> Line<D> {
        Line {
            board,
            send_bit: (send.max(1.0) * PARTS) as u64,
            receive_bit: (receive.max(1.0) * PARTS) as u64,
            queue: VecDeque::new(),
            sending: None,
            receiving: None,
            received: VecDeque::new(),
            broken: false,
            held_low: 0,
            reset: false,
            pins: Pins {
                tx: true,
                ..Pins::default()
            },
            cycles: 0,
        }
    }

    /// Sends at bits of another length, in cycles, from the next byte on.
    pub fn set_send_bit(&mut self, cycles: f64) {
        self.send_bit = (cycles.max(1.0) * PARTS) as u64;
    }

    /// Puts bytes into the queue of what is sent.
    pub fn send(&mut self, bytes: &[u8]) {
        self.queue.extend(bytes);
    }

    /// Whether everything has been sent.
    pub fn is_sent(&self) -> bool {
        self.queue.is_empty() && self.sending.is_none()
    }

    /// Bytes that have come, oldest first; they are the caller's then.
    pub fn take(&mut self, most: usize) -> Vec<u8> {
        let count = most.min(self.received.len());
        self.received.drain(..count).collect()
    }

    /// Whether bytes have come.
    pub fn has_received(&self) -> bool {
        !self.received.is_empty()
    }

    /// Holds the line low for so many cycles, from now on and whatever is being sent: a break.
    pub fn hold_low(&mut self, cycles: u64) {
        self.held_low = cycles;
    }

    /// Whether the board's clock is not stable: what holds it in reset.
    pub fn set_reset(&mut self, reset: bool) {
        self.reset = reset;
    }

    /// The pins in the last cycle.
    pub fn pins(&self) -> Pins {
        self.pins
    }

    /// Cycles since the beginning.
    pub fn cycles(&self) -> u64 {
        self.cycles
    }

    /// The board alone.
    pub fn into_board(self) -> D {
        self.board
    }

    /// One clock cycle.
    pub fn cycle(&mut self) {
        let rx = self.next_bit();
        let inputs = Inputs {
            s_axis_tdata: [u64::from(rx), 0, 0, 0],
            reset: self.reset,
            ..Inputs::default()
        };
        let out = self.board.cycle(&inputs).m_axis_tdata[0];
        let bit = |place: u32| out >> place & 1 != 0;
        self.pins = Pins {
            tx: bit(0),
            alive: bit(1),
            busy: bit(2),
            error: bit(3),
        };
        self.sample();
        self.cycles += 1;
    }

    /// The line to the board in this cycle.
    fn next_bit(&mut self) -> bool {
        if self.sending.is_none() {
            let byte = self.queue.pop_front();
            self.sending = byte.map(|byte| (u16::from(byte) << 1 | 1 << 9, 0));
        }
        let mut level = true;
        if let Some((bits, time)) = &mut self.sending {
            level = *bits >> (*time / self.send_bit).min(FRAME_BITS - 1) & 1 != 0;
            *time += PARTS as u64;
            if *time >= FRAME_BITS * self.send_bit {
                self.sending = None;
            }
        }
        if self.held_low > 0 {
            self.held_low -= 1;
            level = false;
        }
        level
    }

    /// Looks at the line from the board.
    fn sample(&mut self) {
        self.broken &= !self.pins.tx;
        match &mut self.receiving {
            None if !self.pins.tx && !self.broken => self.receiving = Some((0, 0)),
            None => {}
            Some((bits, time)) => {
                let before = (*time + self.receive_bit / 2) / self.receive_bit;
                *time += PARTS as u64;
                let now = (*time + self.receive_bit / 2) / self.receive_bit;
                if now == before {
                    return;
                }
                *bits |= u16::from(self.pins.tx) << before;
                if now == FRAME_BITS {
                    let (bits, _) = self.receiving.take().unwrap_or_default();
                    // A byte whose stop bit is low is none.
                    match bits >> (FRAME_BITS - 1) & 1 != 0 {
                        true => self.received.push_back((bits >> 1) as u8),
                        false => self.broken = true,
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Pins};
    use crate::dut::{Dut, Inputs, Outputs};

    /// A board that is a wire.
    struct Wire;

    impl Dut for Wire {
        fn name(&self) -> &str {
            "wire"
        }

        fn input_bits(&self) -> u32 {
            8
        }

        fn output_bits(&self) -> u32 {
            8
        }

        fn cycle(&mut self, inputs: &Inputs) -> Outputs {
            Outputs {
                m_axis_tdata: [inputs.s_axis_tdata[0] | 0b100, 0, 0, 0],
                ..Outputs::default()
            }
        }
    }

    #[test]
    fn bytes_come_back_at_any_rate_within_a_few_percent() {
        for (send, receive) in [
            (8.0, 8.0),
            (8.0, 8.2),
            (8.3, 8.1),
            (104.17, 102.0),
            (4.0, 4.0),
        ] {
            let mut line = Line::new(Wire, send, receive);
            let bytes: Vec<u8> = (0..=255).collect();
            line.send(&bytes);
            while !line.is_sent() {
                line.cycle();
            }
            (0..20).for_each(|_| line.cycle());
            assert_eq!(line.take(1000), bytes, "{send} {receive}");
            let cycles = 2560.0 * send;
            assert!((line.cycles() as f64 - cycles).abs() < 1000.0, "{send}");
            assert!(
                line.pins()
                    == Pins {
                        tx: true,
                        busy: true,
                        ..Pins::default()
                    }
            );
        }
    }

    #[test]
    fn a_break_is_no_byte() {
        let mut line = Line::new(Wire, 8.0, 8.0);
        line.hold_low(200);
        (0..400).for_each(|_| line.cycle());
        line.send(b"a");
        (0..100).for_each(|_| line.cycle());
        assert_eq!(line.take(10), b"a");
    }
}
