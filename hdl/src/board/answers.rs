//! What the device answers to a request.

use crate::kit::prelude::*;
use tern_compile::link::IDENTITY_BYTES;

/// Bytes of the check sum.
const CHECK_SUM_BYTES: usize = 4;

/// Does what a request says and builds the answer to it.
///
/// ```text
///             ┌─ repeat ─▶ again
/// request ─▶[ number ]─┬─ commit, discard, restart ─▶
///                      └─▶[ stage ]─ kind, number, status, data, check sum ─▶ value ─▶ finish
/// ```
///
/// Timing: what a request changes, it changes in the cycle after `good`; each byte of the answer takes 9 cycles.
///
/// Contract:
/// 1. A request with the number of the one before is answered by the same frame and has no other effect.
/// 2. Any other request is answered by a frame with its number: I by the identity; X and Y by Y with a status and what the outbox
///    holds; W and R by W and R with a status.
/// 3. X, Y and W are answered by E with a code, and have no other effect: 3 if there has been no R since the reset; X and W also 4
///    if the place in `flags` is not the number of frames of both kinds since R, 1 if a W has no load stream, and 2 if the inbox
///    does not accept them.
/// 4. A request that comes before the answer to the one before has left is dropped. While `building` is high the check sum is the
///    answer's, so that a frame of which a byte comes then is dropped at its end.
/// 5. `dropped` counts the frames that were dropped, modulo 256.
///
/// Not here: waiting for the core; an answer has what is there.
#[derive(Clone, Debug, LogicBlock)]
pub struct Answers {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Forget everything.
    pub reset: Wire<In>,
    /// A request has come.
    pub good: Wire<In>,
    /// A frame has come that is none.
    pub bad: Wire<In>,
    /// The request's first byte.
    pub kind: Wire<In>,
    /// Its second byte.
    pub number: Wire<In>,
    /// Its third byte.
    pub flags: Wire<In>,
    /// It asks who the core is.
    pub identify: Wire<In>,
    /// It brings input.
    pub feed: Wire<In>,
    /// It brings a network.
    pub load: Wire<In>,
    /// It is a reset.
    pub restart: Wire<In>,
    /// The inbox accepts the frame.
    pub accepts: Wire<In>,
    /// The inbox has room for another one.
    pub room: Wire<In>,
    /// Bytes in the outbox.
    pub count: Wire<In>,
    /// The newest of them ends a sequence.
    pub last: Wire<In>,
    /// Byte of the outbox.
    pub stored: Wire<In>,
    /// The encoder is sending.
    pub sending: Wire<In>,
    /// The frame goes to the core.
    pub commit: Wire<Out>,
    /// The frame does not go to the core.
    pub discard: Wire<Out>,
    /// The core is reset.
    pub core_reset: Wire<Out>,
    /// The outbox gives the identity.
    pub from_identity: Wire<Out>,
    /// Bytes that are still to come from the outbox.
    pub left: Wire<Out>,
    /// The outbox goes on.
    pub take: Wire<Out>,
    /// An answer begins.
    pub start: Wire<Out>,
    /// Byte of the answer.
    pub value: Wire<Out>,
    /// Byte of the answer valid.
    pub byte_valid: Wire<Out>,
    /// The answer is complete.
    pub finish: Wire<Out>,
    /// The answer before is sent again.
    pub again: Wire<Out>,
    /// A frame was dropped.
    pub dropped: Wire<Out>,
    /// The answer is complete but for the encoder.
    pub ends: Wire<Out>,
    /// An answer is being built, which has the check sum for itself.
    pub building: Wire<Out>,
    /// Byte for the check sum.
    pub crc_data: Wire<Out>,
    /// Byte for the check sum valid.
    pub crc_valid: Wire<Out>,
    /// The check sum moves on by a byte.
    pub crc_drain: Wire<Out>,
    /// The check sum takes a byte.
    pub crc_busy: Wire<In>,
    /// The lowest byte of the check sum.
    pub crc_low: Wire<In>,
    known: Reg,
    number_q: Reg,
    started: Reg,
    place: Reg,
    kind_q: Reg,
    error: Reg,
    code: Reg,
    ending: Reg,
    identity_q: Reg,
    left_q: Reg,
    stage: Reg,
    restart_q: Reg,
    value_q: Reg,
    byte_valid_q: Reg,
    finish_q: Reg,
    drops: Reg,
    idle: Wire<Local>,
    fresh: Wire<Local>,
    refused: Wire<Local>,
    why: Wire<Local>,
    brings: Wire<Local>,
    in_place: Wire<Local>,
    status: Wire<Local>,
    push: Wire<Local>,
    drop: Wire<Local>,
    to_line: Wire<Local>,
    kind_stage: Const,
    number_stage: Const,
    status_stage: Const,
    data_stage: Const,
    check_sum_stage: Const,
    identity_left: Const,
    check_sum_left: Const,
    output_kind: Const,
    error_kind: Const,
    no_stream: Const,
    no_room: Const,
    not_started: Const,
    out_of_place: Const,
    room_bit: Const,
    _place: Slice,
    _loads: usize,
}

impl Answers {
    /// A machine before the first request; `loads` where the core has a load stream.
    pub fn new(loads: bool) -> Self {
        let letter = |letter: u8| Const::new(letter.into(), 8);
        let (wire, small) = (|| Wire::new(1), |value| Const::new(value, 3));
        Answers {
            clock: Signal::default(),
            reset: Wire::new(1),
            good: Wire::new(1),
            bad: Wire::new(1),
            kind: Wire::new(8),
            number: Wire::new(8),
            flags: Wire::new(8),
            identify: Wire::new(1),
            feed: Wire::new(1),
            load: Wire::new(1),
            restart: Wire::new(1),
            accepts: Wire::new(1),
            room: Wire::new(1),
            count: Wire::new(9),
            last: Wire::new(1),
            stored: Wire::new(8),
            sending: Wire::new(1),
            commit: Wire::new(1),
            discard: Wire::new(1),
            core_reset: Wire::new(1),
            from_identity: Wire::new(1),
            left: Wire::new(9),
            take: Wire::new(1),
            start: Wire::new(1),
            value: Wire::new(8),
            byte_valid: Wire::new(1),
            finish: Wire::new(1),
            again: Wire::new(1),
            dropped: Wire::new(1),
            ends: Wire::new(1),
            building: Wire::new(1),
            crc_data: Wire::new(8),
            crc_valid: Wire::new(1),
            crc_drain: Wire::new(1),
            crc_busy: Wire::new(1),
            crc_low: Wire::new(8),
            known: Reg::new(1),
            number_q: Reg::new(8),
            started: Reg::new(1),
            place: Reg::new(7),
            kind_q: Reg::new(8),
            error: Reg::new(1),
            code: Reg::new(3),
            ending: Reg::new(1),
            identity_q: Reg::new(1),
            left_q: Reg::new(9),
            stage: Reg::new(3),
            restart_q: Reg::new(1),
            value_q: Reg::new(8),
            byte_valid_q: Reg::new(1),
            finish_q: Reg::new(1),
            drops: Reg::new(8),
            idle: wire(),
            fresh: wire(),
            refused: wire(),
            why: Wire::new(3),
            brings: wire(),
            in_place: wire(),
            status: Wire::new(8),
            push: wire(),
            drop: wire(),
            to_line: Wire::new(8),
            kind_stage: small(1),
            number_stage: small(2),
            status_stage: small(3),
            data_stage: small(4),
            check_sum_stage: small(5),
            identity_left: Const::new(IDENTITY_BYTES - 1, 9),
            check_sum_left: Const::new(CHECK_SUM_BYTES, 9),
            output_kind: letter(b'Y'),
            error_kind: letter(b'E'),
            no_stream: small(1),
            no_room: small(2),
            not_started: small(3),
            out_of_place: small(4),
            room_bit: Const::new(1, 2),
            _place: Slice {
                offset: 0,
                width: 7,
            },
            _loads: usize::from(!loads),
        }
    }
}

impl Logic for Answers {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_answers");
        comment!("@about Does what a request says and builds the answer.");
        dff_setup!(self, clock, known, number_q, started, place, kind_q);
        dff_setup!(self, clock, error, code, ending, identity_q, left_q);
        dff_setup!(self, clock, stage, drops);
        clock!(self, clock, restart_q, value_q, byte_valid_q, finish_q);
        self.building.next = self.stage.q.val().any().into();
        self.idle.next = !(self.building.val() | self.sending.val() | self.finish_q.q.val());

        // Whether the request is done: the last reason counts.
        self.brings.next = self.feed.val() | self.load.val();
        self.in_place.next =
            (self.flags.val().index(self._place).get_value_bits() == self.place.q.val()).into();
        self.refused.next = self.brings.val() & !self.accepts.val();
        self.why.next = self.no_room.val();
        for _i in 0..self._loads {
            if self.load.val().any() {
                self.refused.next = true.into();
                self.why.next = self.no_stream.val();
            }
        }
        if (self.brings.val() & !self.in_place.val()).any() {
            self.refused.next = true.into();
            self.why.next = self.out_of_place.val();
        }
        if !(self.started.q.val() | self.identify.val() | self.restart.val()).any() {
            self.refused.next = true.into();
            self.why.next = self.not_started.val();
        }

        self.fresh.next = self.good.val() & self.idle.val();
        self.again.next = false.into();
        if self.number.val() == self.number_q.q.val() {
            self.again.next = self.good.val() & self.idle.val() & self.known.q.val();
            self.fresh.next = self.good.val() & self.idle.val() & !self.known.q.val();
        }
        self.commit.next = self.fresh.val() & self.brings.val() & !self.refused.val();
        self.discard.next = (self.good.val() | self.bad.val()) & !self.commit.val();
        self.restart_q.d.next = self.fresh.val() & self.restart.val();
        self.core_reset.next = self.restart_q.q.val();
        self.drop.next = self.bad.val() | (self.good.val() & !self.idle.val());
        self.dropped.next = self.drop.val();
        if self.drop.val().any() {
            self.drops.d.next = self.drops.q.val() + true.into();
        }

        // The answer, byte by byte.
        self.status.next = (self.room.val() << self.room_bit.val()) | self.ending.q.val();
        if self.error.q.val().any() {
            self.status.next = self.code.q.val();
        }
        if self.identity_q.q.val().any() {
            self.status.next = self.drops.q.val();
        }
        self.push.next = self.stage.q.val().any().into();
        if self.crc_busy.val().any() {
            self.push.next = false.into();
        }
        self.ends.next = false.into();
        self.take.next = false.into();
        self.crc_drain.next = false.into();
        self.to_line.next = self.stored.val();
        if self.stage.q.val() == self.kind_stage.val() {
            self.to_line.next = self.kind_q.q.val();
            if self.push.val().any() {
                self.stage.d.next = self.number_stage.val();
            }
        }
        if self.stage.q.val() == self.number_stage.val() {
            self.to_line.next = self.number_q.q.val();
            if self.push.val().any() {
                self.stage.d.next = self.status_stage.val();
            }
        }
        if self.stage.q.val() == self.status_stage.val() {
            self.to_line.next = self.status.val();
            if self.push.val().any() {
                self.stage.d.next = self.data_stage.val();
            }
        }
        if self.stage.q.val() == self.data_stage.val() {
            if !self.left_q.q.val().any() {
                self.push.next = false.into();
                self.stage.d.next = self.check_sum_stage.val();
                self.left_q.d.next = self.check_sum_left.val();
            } else if self.push.val().any() {
                self.take.next = !self.identity_q.q.val();
                self.left_q.d.next = self.left_q.q.val() - true.into();
            }
        }
        if self.stage.q.val() == self.check_sum_stage.val() {
            self.to_line.next = self.crc_low.val();
            self.crc_drain.next = true.into();
            if !self.left_q.q.val().any() {
                self.push.next = false.into();
                if !self.crc_busy.val().any() {
                    self.ends.next = true.into();
                    self.stage.d.next = false.into();
                }
            } else if self.push.val().any() {
                self.left_q.d.next = self.left_q.q.val() - true.into();
            }
        }
        self.crc_data.next = self.to_line.val();
        self.crc_valid.next = self.push.val();
        self.value_q.d.next = self.to_line.val();
        self.byte_valid_q.d.next = self.push.val();
        self.finish_q.d.next = self.ends.val() & !self.reset.val();
        self.value.next = self.value_q.q.val();
        self.byte_valid.next = self.byte_valid_q.q.val();
        self.finish.next = self.finish_q.q.val();
        self.from_identity.next = self.identity_q.q.val();
        self.left.next = self.left_q.q.val();

        // A new request.
        self.start.next = self.fresh.val();
        if self.fresh.val().any() {
            self.known.d.next = true.into();
            self.number_q.d.next = self.number.val();
            self.stage.d.next = self.kind_stage.val();
            self.kind_q.d.next = self.kind.val();
            self.identity_q.d.next = self.identify.val();
            self.left_q.d.next = self.count.val();
            self.ending.d.next = self.last.val();
            self.error.d.next = self.refused.val();
            self.code.d.next = self.why.val();
            if self.feed.val().any() {
                self.kind_q.d.next = self.output_kind.val();
            }
            if (self.load.val() | self.restart.val() | self.refused.val()).any() {
                self.left_q.d.next = false.into();
                self.ending.d.next = false.into();
            }
            if self.identify.val().any() {
                self.left_q.d.next = self.identity_left.val();
            }
            if self.refused.val().any() {
                self.kind_q.d.next = self.error_kind.val();
            }
            if self.restart.val().any() {
                self.started.d.next = true.into();
                self.place.d.next = false.into();
            }
        }
        if self.commit.val().any() {
            self.place.d.next = self.place.q.val() + true.into();
        }
        if self.reset.val().any() {
            self.known.d.next = false.into();
            self.started.d.next = false.into();
            self.stage.d.next = false.into();
            self.drops.d.next = false.into();
            self.restart_q.d.next = false.into();
        }
    }
}
