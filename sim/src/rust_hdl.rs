//! The core in Rust-HDL's own simulation.

use rust_hdl::core::prelude::{Clock, simulate};
use tern_hdl::TernCore;
use tern_hdl::kit::Vector;
use tern_model::Program;

use crate::dut::{Dut, Inputs, Outputs};

/// Sweeps over the hierarchy after which a core must have settled; each level of it takes one.
const MAX_SWEEPS: usize = 1000;

/// A core simulated by Rust-HDL, block by block; some ten thousand cycles a second.
pub struct RustHdl {
    core: Box<TernCore>,
    input_bits: u32,
    output_bits: u32,
}

impl RustHdl {
    /// The core of a compiled network.
    pub fn new(program: &Program) -> RustHdl {
        RustHdl {
            core: Box::new(TernCore::new(program)),
            input_bits: program.shape.input_stream_bits() as u32,
            output_bits: program.shape.output_stream_bits() as u32,
        }
    }

    fn settle(&mut self, clk: bool) {
        self.core.clock.next = Clock { clk };
        let settled = simulate(self.core.as_mut(), MAX_SWEEPS);
        assert!(settled, "the core has no combinational loop, so it settles");
    }
}

impl Dut for RustHdl {
    fn name(&self) -> &str {
        "rust-hdl"
    }

    fn input_bits(&self) -> u32 {
        self.input_bits
    }

    fn output_bits(&self) -> u32 {
        self.output_bits
    }

    fn cycle(&mut self, inputs: &Inputs) -> Outputs {
        self.core.reset.next = inputs.reset.into();
        self.core.s_axis_tdata.next = Vector::from_words(&inputs.s_axis_tdata, self.input_bits);
        self.core.s_axis_tvalid.next = inputs.s_axis_tvalid.into();
        self.core.s_axis_tlast.next = inputs.s_axis_tlast.into();
        self.core.m_axis_tready.next = inputs.m_axis_tready.into();
        self.settle(false);
        let outputs = Outputs {
            m_axis_tdata: self.core.m_axis_tdata.val().words(),
            s_axis_tready: self.core.s_axis_tready.val().any(),
            m_axis_tvalid: self.core.m_axis_tvalid.val().any(),
            m_axis_tlast: self.core.m_axis_tlast.val().any(),
        };
        self.settle(true);
        outputs
    }
}
