//! Streams beat by beat, for what is no whole step: a `tlast` inside one, or a reset anywhere.

use tern_sim::dut::{Beat, Dut, Inputs};

/// An input beat, and whether it ends a sequence.
pub type InputBeat = (Beat, bool);

/// How the ends of the streams stall.
pub trait Stalls {
    /// Whether the source may offer its next beat in this cycle.
    fn offers(&mut self) -> bool;
    /// Whether the sink is ready in this cycle.
    fn ready(&mut self) -> bool;
}

/// Neither end ever stalls.
pub struct Never;

impl Stalls for Never {
    fn offers(&mut self) -> bool {
        true
    }
    fn ready(&mut self) -> bool {
        true
    }
}

/// The sink is never ready.
pub struct Blocked;

impl Stalls for Blocked {
    fn offers(&mut self) -> bool {
        true
    }
    fn ready(&mut self) -> bool {
        false
    }
}

/// Both ends stall in half of the cycles.
pub struct Random(pub fastrand::Rng);

impl Stalls for Random {
    fn offers(&mut self) -> bool {
        self.0.bool()
    }
    fn ready(&mut self) -> bool {
        self.0.bool()
    }
}

/// One stream in, one out, over a number of cycles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// Input beats that were taken.
    pub taken: usize,
    /// Output beats that were sent, each with its `tlast`.
    pub sent: Vec<(Beat, bool)>,
    /// Whether an output beat waits for its transfer at the end.
    pub waiting: bool,
}

/// Offers `beats` one after the other for `cycles` cycles.
pub fn pass(
    dut: &mut dyn Dut,
    beats: &[InputBeat],
    cycles: u64,
    stalls: &mut dyn Stalls,
) -> Passage {
    let mut passage = Passage::default();
    let mut offered = false;
    for _ in 0..cycles {
        let beat = beats.get(passage.taken).copied();
        offered = beat.is_some() && (offered || stalls.offers());
        let (s_axis_tdata, s_axis_tlast) = beat.unwrap_or_default();
        let inputs = Inputs {
            s_axis_tdata,
            reset: false,
            s_axis_tvalid: offered,
            s_axis_tlast,
            m_axis_tready: stalls.ready(),
            ..Inputs::default()
        };
        let outputs = dut.cycle(&inputs);
        if offered && outputs.s_axis_tready {
            passage.taken += 1;
            offered = false;
        }
        passage.waiting = outputs.m_axis_tvalid && !inputs.m_axis_tready;
        if outputs.m_axis_tvalid && inputs.m_axis_tready {
            passage
                .sent
                .push((outputs.m_axis_tdata, outputs.m_axis_tlast));
        }
    }
    passage
}

/// Holds reset for `cycles` cycles, with a beat on offer and the sink ready.
pub fn reset(dut: &mut dyn Dut, cycles: u32) {
    for _ in 0..cycles {
        dut.cycle(&Inputs {
            reset: true,
            s_axis_tvalid: true,
            s_axis_tlast: true,
            m_axis_tready: true,
            ..Inputs::default()
        });
    }
}
