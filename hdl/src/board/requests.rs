//! Frames that are checked before anything is done with them.

use crate::kit::prelude::*;
use tern_compile::link::MAX_DATA;

/// Bytes of a check sum.
const CHECK_SUM: usize = 4;
/// Bit 8 of the count says that no more may follow.
const _: () = assert!(MAX_DATA + CHECK_SUM == 1 << 8);

/// Takes the bytes of a frame apart and says, at its end, whether it is a request.
///
/// ```text
/// value ─┬─ 0 ─▶[ kind ]
///        ├─ 1 ─▶[ number ]
///        ├─ 2 ─▶[ flags ]
///        └─ 3.. ─▶[ count ], data        kind, count, sound, check_sum_right ─▶ good or bad
/// ```
///
/// Timing: `good` or `bad` is high the cycle after the frame's end; `kind`, `number` and `flags` stay until the next frame begins.
///
/// Contract:
/// 1. `good` follows a frame whose check sum is right, whose kind is one of I, X, Y, W and R, and which has 6 bytes, or for X
///    and W 8 to 259.
/// 2. `bad` follows every other frame that has a byte, and a frame that was given up.
/// 3. `data` with `data_valid` gives the bytes after the flags, the check sum among them, and no more than 256.
///
/// Not here: the check sum, which the link computes, and what the device does with a request, and whether it is a new one.
#[derive(Clone, Debug, LogicBlock)]
pub struct Requests {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Forget the frame that has begun.
    pub reset: Wire<In>,
    /// Byte of the frame.
    pub value: Wire<In>,
    /// Byte of the frame valid.
    pub byte_valid: Wire<In>,
    /// The frame ends.
    pub finish: Wire<In>,
    /// Its blocks are complete.
    pub sound: Wire<In>,
    /// The frame is given up.
    pub abort: Wire<In>,
    /// The check sum of the frame's bytes is right.
    pub check_sum_right: Wire<In>,
    /// Byte after the flags.
    pub data: Wire<Out>,
    /// Byte after the flags valid.
    pub data_valid: Wire<Out>,
    /// The frame was a request.
    pub good: Wire<Out>,
    /// The frame was none.
    pub bad: Wire<Out>,
    /// Its first byte.
    pub kind: Wire<Out>,
    /// Its second byte.
    pub number: Wire<Out>,
    /// Its third byte.
    pub flags: Wire<Out>,
    /// The frame's data end a sequence.
    pub ends: Wire<Out>,
    /// The request asks who the core is.
    pub identify: Wire<Out>,
    /// The request brings input.
    pub feed: Wire<Out>,
    /// The request brings a network.
    pub load: Wire<Out>,
    /// The request is a reset.
    pub restart: Wire<Out>,
    stage: Reg,
    kind_q: Reg,
    number_q: Reg,
    flags_q: Reg,
    count: Reg,
    long: Reg,
    good_q: Reg,
    bad_q: Reg,
    is_identify: Wire<Local>,
    is_feed: Wire<Local>,
    is_output: Wire<Local>,
    is_load: Wire<Local>,
    is_restart: Wire<Local>,
    brings: Wire<Local>,
    asks: Wire<Local>,
    whole: Wire<Local>,
    begun: Wire<Local>,
    code_identify: Const,
    code_feed: Const,
    code_output: Const,
    code_load: Const,
    code_restart: Const,
    kind_stage: Const,
    number_stage: Const,
    flags_stage: Const,
    data_stage: Const,
    check_sum: Const,
    short: Const,
}

impl Requests {
    /// A machine between two frames.
    pub fn new() -> Self {
        let code = |letter: u8| Const::new(letter.into(), 8);
        let wire = || Wire::new(1);
        Requests {
            clock: Signal::default(),
            reset: Wire::new(1),
            value: Wire::new(8),
            byte_valid: Wire::new(1),
            finish: Wire::new(1),
            sound: Wire::new(1),
            abort: Wire::new(1),
            check_sum_right: Wire::new(1),
            data: Wire::new(8),
            data_valid: Wire::new(1),
            good: Wire::new(1),
            bad: Wire::new(1),
            kind: Wire::new(8),
            number: Wire::new(8),
            flags: Wire::new(8),
            ends: Wire::new(1),
            identify: Wire::new(1),
            feed: Wire::new(1),
            load: Wire::new(1),
            restart: Wire::new(1),
            stage: Reg::new(2),
            kind_q: Reg::new(8),
            number_q: Reg::new(8),
            flags_q: Reg::new(8),
            count: Reg::new(9),
            long: Reg::new(1),
            good_q: Reg::new(1),
            bad_q: Reg::new(1),
            is_identify: wire(),
            is_feed: wire(),
            is_output: wire(),
            is_load: wire(),
            is_restart: wire(),
            brings: wire(),
            asks: wire(),
            whole: wire(),
            begun: wire(),
            code_identify: code(b'I'),
            code_feed: code(b'X'),
            code_output: code(b'Y'),
            code_load: code(b'W'),
            code_restart: code(b'R'),
            kind_stage: Const::new(0, 2),
            number_stage: Const::new(1, 2),
            flags_stage: Const::new(2, 2),
            data_stage: Const::new(3, 2),
            check_sum: Const::new(CHECK_SUM, 9),
            short: Const::new(CHECK_SUM - 1, 9),
        }
    }
}

impl Logic for Requests {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_requests");
        comment!("@about Checks frames before anything is done with them.");
        dff_setup!(self, clock, stage, kind_q, number_q, flags_q, count, long);
        clock!(self, clock, good_q, bad_q);
        self.begun.next = self.stage.q.val().any().into();

        self.is_identify.next = (self.kind_q.q.val() == self.code_identify.val()).into();
        self.is_feed.next = (self.kind_q.q.val() == self.code_feed.val()).into();
        self.is_output.next = (self.kind_q.q.val() == self.code_output.val()).into();
        self.is_load.next = (self.kind_q.q.val() == self.code_load.val()).into();
        self.is_restart.next = (self.kind_q.q.val() == self.code_restart.val()).into();
        // A request without a payload has its check sum from the flags on.
        self.asks.next = false.into();
        if self.count.q.val() == self.short.val() {
            self.asks.next = self.is_identify.val() | self.is_output.val() | self.is_restart.val();
        }
        self.brings.next = false.into();
        if self.count.q.val() > self.check_sum.val() {
            self.brings.next = self.is_feed.val() | self.is_load.val();
        }
        self.whole.next = self.sound.val()
            & self.check_sum_right.val()
            & !self.long.q.val()
            & (self.asks.val() | self.brings.val());
        self.good_q.d.next = self.finish.val() & self.whole.val();
        self.bad_q.d.next =
            (self.finish.val() & self.begun.val() & !self.whole.val()) | self.abort.val();

        self.data.next = self.value.val();
        self.data_valid.next = false.into();
        if self.byte_valid.val().any() {
            if self.stage.q.val() == self.kind_stage.val() {
                self.kind_q.d.next = self.value.val();
                self.stage.d.next = self.number_stage.val();
            }
            if self.stage.q.val() == self.number_stage.val() {
                self.number_q.d.next = self.value.val();
                self.stage.d.next = self.flags_stage.val();
            }
            if self.stage.q.val() == self.flags_stage.val() {
                self.flags_q.d.next = self.value.val();
                self.stage.d.next = self.data_stage.val();
            }
            if self.stage.q.val() == self.data_stage.val() {
                if self.count.q.val().get_bit(8).any() {
                    self.long.d.next = true.into();
                } else {
                    self.data_valid.next = true.into();
                    self.count.d.next = self.count.q.val() + true.into();
                }
            }
        }
        if (self.finish.val() | self.abort.val() | self.reset.val()).any() {
            self.stage.d.next = false.into();
            self.count.d.next = false.into();
            self.long.d.next = false.into();
        }
        if self.reset.val().any() {
            self.good_q.d.next = false.into();
            self.bad_q.d.next = false.into();
        }
        self.good.next = self.good_q.q.val();
        self.bad.next = self.bad_q.q.val();
        self.kind.next = self.kind_q.q.val();
        self.number.next = self.number_q.q.val();
        self.flags.next = self.flags_q.q.val();
        self.ends.next = self.flags_q.q.val().get_bit(7);
        self.identify.next = self.is_identify.val();
        self.feed.next = self.is_feed.val();
        self.load.next = self.is_load.val();
        self.restart.next = self.is_restart.val();
    }
}
