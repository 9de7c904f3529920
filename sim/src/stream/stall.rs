//! When the two ends of the stream are not ready.

/// How the source and the sink stall; the four combinations are the standard stimulus of the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StallPattern {
    /// The source pauses between beats at random.
    pub idle_source: bool,
    /// The sink is not ready at random, and at times only after valid has been high for a while.
    pub back_pressured_sink: bool,
    /// Seed of the pauses and of every bit that the core must not look at.
    pub seed: u64,
}

impl StallPattern {
    /// Neither end ever stalls: the condition under which the cycle model holds.
    pub fn none(seed: u64) -> StallPattern {
        StallPattern {
            idle_source: false,
            back_pressured_sink: false,
            seed,
        }
    }

    /// Whether neither end stalls.
    pub fn is_none(&self) -> bool {
        *self == StallPattern::none(self.seed)
    }

    /// The ends that stall, as text: `none`, `source`, `sink` or `both`.
    pub fn name(&self) -> &'static str {
        match (self.idle_source, self.back_pressured_sink) {
            (false, false) => "none",
            (true, false) => "source",
            (false, true) => "sink",
            (true, true) => "both",
        }
    }

    /// The four combinations, the ones easier to follow first.
    pub fn all(seed: u64) -> [StallPattern; 4] {
        [(false, false), (true, false), (false, true), (true, true)].map(
            |(idle_source, back_pressured_sink)| StallPattern {
                idle_source,
                back_pressured_sink,
                seed,
            },
        )
    }
}

/// How long a pause lasts: mostly none or a few cycles, seldom dozens.
fn pause(random: &mut fastrand::Rng) -> u32 {
    match random.u8(0..32) {
        0 => random.u32(20..60),
        1..16 => random.u32(1..7),
        _ => 0,
    }
}

/// When the source has a beat to offer. It never waits for ready and never withdraws a beat.
pub(super) struct SourceStalls {
    idle: bool,
    cycles_left: u32,
}

impl SourceStalls {
    pub(super) fn new(pattern: &StallPattern, random: &mut fastrand::Rng) -> SourceStalls {
        let mut source = SourceStalls {
            idle: pattern.idle_source,
            cycles_left: 0,
        };
        source.after_transfer(random);
        source
    }

    /// Whether the next beat is offered in this cycle.
    pub(super) fn offers(&mut self) -> bool {
        let offers = self.cycles_left == 0;
        self.cycles_left = self.cycles_left.saturating_sub(1);
        offers
    }

    pub(super) fn after_transfer(&mut self, random: &mut fastrand::Rng) {
        self.cycles_left = if self.idle { pause(random) } else { 0 };
    }
}

/// When the sink is ready. A stalled sink counts its pause only while valid is high, so that a core whose valid waits for
/// ready hangs.
pub(super) struct SinkStalls {
    back_pressured: bool,
    cycles_left: u32,
}

impl SinkStalls {
    pub(super) fn new(pattern: &StallPattern, random: &mut fastrand::Rng) -> SinkStalls {
        let cycles_left = if pattern.back_pressured_sink {
            pause(random)
        } else {
            0
        };
        SinkStalls {
            back_pressured: pattern.back_pressured_sink,
            cycles_left,
        }
    }

    /// Whether the sink is ready in this cycle.
    pub(super) fn ready(&self) -> bool {
        self.cycles_left == 0
    }

    /// Ends a cycle in which the core's valid was `valid`.
    pub(super) fn after_cycle(&mut self, valid: bool, random: &mut fastrand::Rng) {
        if !self.back_pressured {
            return;
        }
        if self.cycles_left > 0 {
            self.cycles_left -= u32::from(valid);
        } else if valid || random.u8(0..8) == 0 {
            self.cycles_left = pause(random); // after a transfer, or withdrawing ready before one
        }
    }
}
