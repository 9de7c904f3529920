//! The link: a core behind a serial line, as `docs/link.md` describes it.

mod answers;
pub mod baud;
mod crc;
mod decoder;
mod encoder;
mod inbox;
mod outbox;
mod receiver;
mod requests;
pub mod top;
mod transmitter;
mod wake;

use crate::core::tern_bytes::TernBytes;
use crate::kit::prelude::*;
use answers::Answers;
use baud::Baud;
use crc::Crc;
use decoder::Decoder;
use encoder::Encoder;
use inbox::Inbox;
use outbox::Outbox;
use receiver::Receiver;
use requests::Requests;
use tern_compile::link::Identity;
use tern_compile::program::Program;
use transmitter::Transmitter;
use wake::Wake;

/// A core behind a serial line.
///
/// ```text
///        ┌──────────┐ bytes ┌─────────┐ frames ┌──────────┐ requests ┌─────────┐ bytes ┌─────────┐ ┌─────────────┐
/// rx ───▶│ Receiver ├──────▶│ Decoder ├───────▶│ Requests ├─────────▶│ Answers ├──────▶│ Encoder ├▶│ Transmitter ├─▶ tx
///        └──────────┘       └─────────┘        └────┬─────┘          └──┬───▲──┘       └─────────┘ └─────────────┘
/// locked ─▶[ Wake ]─▶ reset        [ Crc ]      data │            commit │   │ bytes
///                                                ┌──▼────────────────────▼┐ ┌┴───────┐
///                                                │ Inbox ├▶│ TernBytes ├─▶│ │ Outbox │
///                                                └────────────────────────┘ └────────┘
/// ```
///
/// Timing: an answer of n bytes begins 9·n cycles after the end of its request, at the earliest.
///
/// Contract:
/// 1. A request is answered once each time it comes, by a frame with its number, and the device sends nothing else.
/// 2. What the core gets is the data of the X frames in the order of their numbers, each once, whatever the line loses, alters,
///    doubles or adds.
/// 3. Bytes before the first zero, a break and any garbage have no effect but that they are counted; the request after the next
///    zero is answered.
/// 4. `led_alive` changes about every half of a second; `led_busy` and `led_error` are high from a request and from a dropped
///    frame for at most a second.
///
/// Not here: the PLL, and the pins' polarities, which the board's top module has.
#[derive(Clone, Debug, LogicBlock)]
pub struct TernLink {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// The clock is stable; asynchronous.
    pub locked: Wire<In>,
    /// Serial line from the host.
    pub uart_rx: Wire<In>,
    /// Serial line to the host.
    pub uart_tx: Wire<Out>,
    /// Blinks.
    pub led_alive: Wire<Out>,
    /// Requests come.
    pub led_busy: Wire<Out>,
    /// Frames were dropped.
    pub led_error: Wire<Out>,
    wake: Wake,
    receiver: Receiver,
    decoder: Decoder,
    crc: Crc,
    requests: Requests,
    inbox: Inbox,
    core: TernBytes,
    outbox: Outbox,
    answers: Answers,
    encoder: Encoder,
    transmitter: Transmitter,
    busy: Reg,
    error: Reg,
    clear: Wire<Local>,
}

/// Why there is no link of that clock and rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateError {
    /// The clock, in Hz.
    pub clock_hz: u32,
    /// The rate, in bits per second.
    pub baud: u32,
}

impl std::fmt::Display for RateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`baud` is {} at a clock of {} Hz, expected at least 1 and at most {}",
            self.baud,
            self.clock_hz,
            self.clock_hz / baud::MIN_CYCLES_PER_BIT
        )
    }
}

impl std::error::Error for RateError {}

impl TernLink {
    /// The core of a compiled network behind a line of the identity's rate.
    ///
    /// # Errors
    /// When a bit of the line would have too few cycles of the clock.
    pub fn new(program: &Program, identity: &Identity) -> Result<Self, RateError> {
        let (clock_hz, rate) = (identity.clock_hz, identity.baud);
        let baud = Baud::new(clock_hz, rate).ok_or(RateError {
            clock_hz,
            baud: rate,
        })?;
        let (hold, blink) = times(clock_hz);
        let mut link = TernLink {
            clock: Signal::default(),
            locked: Wire::new(1),
            uart_rx: Wire::new(1),
            uart_tx: Wire::new(1),
            led_alive: Wire::new(1),
            led_busy: Wire::new(1),
            led_error: Wire::new(1),
            wake: Wake::new(hold, blink),
            receiver: Receiver::new(&baud),
            decoder: Decoder::new(),
            crc: Crc::new(),
            requests: Requests::new(),
            inbox: Inbox::new(),
            core: TernBytes::new(program),
            outbox: Outbox::new(identity),
            answers: Answers::new(program.shape.loads()),
            encoder: Encoder::new(),
            transmitter: Transmitter::new(&baud),
            busy: Reg::new(1),
            error: Reg::new(1),
            clear: Wire::new(1),
        };
        link.connect_all();
        Ok(link)
    }
}

/// Bits of the counters for at least 10 µs of reset and for 0.7 to 1.4 s between two edges of the same sense.
fn times(clock_hz: u32) -> (usize, usize) {
    let bits = |cycles: u32| (u32::BITS - cycles.leading_zeros()) as usize;
    let hold = bits(clock_hz / 100_000).max(4);
    (hold, bits(clock_hz / 3 * 2).max(hold + 2))
}

impl Logic for TernLink {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_link");
        comment!("@about A core behind a serial line.");
        dff_setup!(self, clock, busy, error);
        clock!(self, clock, wake, receiver, decoder, requests, inbox, core);
        clock!(self, clock, crc, outbox, answers, encoder, transmitter);
        self.wake.locked.next = self.locked.val();
        self.receiver.reset.next = self.wake.reset.val();
        self.decoder.reset.next = self.wake.reset.val();
        self.requests.reset.next = self.wake.reset.val();
        self.answers.reset.next = self.wake.reset.val();
        self.encoder.reset.next = self.wake.reset.val();
        self.transmitter.reset.next = self.wake.reset.val();
        self.clear.next = self.wake.reset.val() | self.answers.core_reset.val();
        self.inbox.reset.next = self.clear.val();
        self.core.reset.next = self.clear.val();
        self.outbox.reset.next = self.clear.val();

        // From the line to requests.
        self.receiver.rx.next = self.uart_rx.val();
        self.decoder.data.next = self.receiver.data.val();
        self.decoder.valid.next = self.receiver.valid.val();
        self.decoder.broken.next = self.receiver.broken.val();
        self.requests.value.next = self.decoder.value.val();
        self.requests.byte_valid.next = self.decoder.byte_valid.val();
        self.requests.finish.next = self.decoder.finish.val();
        self.requests.sound.next = self.decoder.sound.val();
        self.requests.abort.next = self.decoder.abort.val();
        self.answers.good.next = self.requests.good.val();
        self.answers.bad.next = self.requests.bad.val();
        self.answers.kind.next = self.requests.kind.val();
        self.answers.number.next = self.requests.number.val();
        self.answers.flags.next = self.requests.flags.val();
        self.answers.identify.next = self.requests.identify.val();
        self.answers.feed.next = self.requests.feed.val();
        self.answers.load.next = self.requests.load.val();
        self.answers.restart.next = self.requests.restart.val();

        // One check sum serves the frame that comes and the answer that is built.
        self.requests.check_sum_right.next = self.crc.good.val();
        self.answers.crc_busy.next = self.crc.busy.val();
        self.answers.crc_low.next = self.crc.low.val();
        self.crc.data.next = self.decoder.value.val();
        self.crc.valid.next = self.decoder.byte_valid.val();
        self.crc.drain.next = self.answers.crc_drain.val();
        self.crc.clear.next =
            self.decoder.finish.val() | self.decoder.abort.val() | self.wake.reset.val();
        if self.answers.building.val().any() {
            self.crc.data.next = self.answers.crc_data.val();
            self.crc.valid.next = self.answers.crc_valid.val();
            self.crc.clear.next = self.answers.ends.val();
        }
        if self.answers.start.val().any() {
            self.crc.clear.next = true.into();
        }

        // From requests to the core.
        self.inbox.data.next = self.requests.data.val();
        self.inbox.data_valid.next = self.requests.data_valid.val();
        self.inbox.last.next = self.requests.ends.val();
        self.inbox.weights.next = self.requests.load.val();
        self.inbox.commit.next = self.answers.commit.val();
        self.inbox.discard.next = self.answers.discard.val();
        self.answers.accepts.next = self.inbox.accepts.val();
        self.answers.room.next = self.inbox.room.val();
        self.core.s_axis_tdata.next = self.inbox.tdata.val();
        self.core.s_axis_tvalid.next = self.inbox.s_axis_tvalid.val();
        self.core.s_axis_tlast.next = self.inbox.s_axis_tlast.val();
        self.inbox.s_axis_tready.next = self.core.s_axis_tready.val();
        self.inbox.w_axis_tready.next = false.into();
        for _i in 0..self.core.w_axis_tdata.count() {
            self.core.w_axis_tdata.next = self.inbox.tdata.val();
            self.core.w_axis_tvalid.next = self.inbox.w_axis_tvalid.val();
            self.inbox.w_axis_tready.next = self.core.w_axis_tready.val();
        }

        // From the core to answers, and to the line.
        self.outbox.m_axis_tdata.next = self.core.m_axis_tdata.val();
        self.outbox.m_axis_tvalid.next = self.core.m_axis_tvalid.val();
        self.outbox.m_axis_tlast.next = self.core.m_axis_tlast.val();
        self.core.m_axis_tready.next = self.outbox.m_axis_tready.val();
        self.outbox.identity.next = self.answers.from_identity.val();
        self.outbox.left.next = self.answers.left.val();
        self.outbox.take.next = self.answers.take.val();
        self.answers.count.next = self.outbox.count.val();
        self.answers.last.next = self.outbox.last.val();
        self.answers.stored.next = self.outbox.value.val();
        self.answers.sending.next = self.encoder.busy.val();
        self.encoder.start.next = self.answers.start.val();
        self.encoder.value.next = self.answers.value.val();
        self.encoder.byte_valid.next = self.answers.byte_valid.val();
        self.encoder.finish.next = self.answers.finish.val();
        self.encoder.again.next = self.answers.again.val();
        self.transmitter.data.next = self.encoder.data.val();
        self.transmitter.valid.next = self.encoder.valid.val();
        self.encoder.ready.next = self.transmitter.ready.val();
        self.uart_tx.next = self.transmitter.tx.val();

        // What a person sees lasts until the second edge of the slow wave.
        if self.wake.tick.val().any() {
            self.busy.d.next = false.into();
            self.error.d.next = false.into();
        }
        if self.requests.good.val().any() {
            self.busy.d.next = true.into();
        }
        if self.answers.dropped.val().any() {
            self.error.d.next = true.into();
        }
        if self.wake.reset.val().any() {
            self.busy.d.next = false.into();
            self.error.d.next = false.into();
        }
        self.led_alive.next = self.wake.blink.val();
        self.led_busy.next = self.busy.q.val();
        self.led_error.next = self.error.q.val();
    }
}
