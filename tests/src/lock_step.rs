//! Two simulations of one core, compared in every cycle.

use tern_sim::dut::{Beat, Dut, Inputs, Outputs};

/// Two cores that get the same inputs and must give the same outputs, cycle by cycle from the first reset on. What a beat
/// carries while it is not valid may differ.
pub struct LockStep<A, B> {
    first: A,
    second: B,
    name: String,
    cycle: u64,
    reset: bool,
}

/// The outputs that a receiver may look at.
fn known(outputs: Outputs) -> Outputs {
    if outputs.m_axis_tvalid {
        return outputs;
    }
    Outputs {
        m_axis_tdata: Beat::default(),
        m_axis_tlast: false,
        ..outputs
    }
}

impl<A: Dut, B: Dut> LockStep<A, B> {
    /// Both cores, before their first cycle.
    pub fn new(first: A, second: B) -> Self {
        let name = format!("{} beside {}", first.name(), second.name());
        LockStep {
            first,
            second,
            name,
            cycle: 0,
            reset: false,
        }
    }
}

impl<A: Dut, B: Dut> Dut for LockStep<A, B> {
    fn name(&self) -> &str {
        &self.name
    }

    fn input_bits(&self) -> u32 {
        self.first.input_bits()
    }

    fn output_bits(&self) -> u32 {
        self.first.output_bits()
    }

    /// # Panics
    /// At the first output that differs.
    fn cycle(&mut self, inputs: &Inputs) -> Outputs {
        let (first, second) = (self.first.cycle(inputs), self.second.cycle(inputs));
        if self.reset {
            assert_eq!(
                known(first),
                known(second),
                "{} differ in cycle {} from power-up, inputs {inputs:?}",
                self.name,
                self.cycle
            );
        }
        self.reset |= inputs.reset;
        self.cycle += 1;
        first
    }
}
