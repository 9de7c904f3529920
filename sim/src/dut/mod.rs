//! A clocked core under test, and its simulations.

pub mod icarus;
pub mod netlist;
pub mod rust_hdl;
pub mod verilator;

/// `tdata` of one beat, up to 256 bits: bit `i` is bit `i % 64` of word `i / 64`; bits above the port's width are zero.
pub type Beat = [u64; 4];

/// The widest `tdata`, in bits.
pub const MAX_BEAT_BITS: u32 = 256;

/// The values of every input port of `tern_core`, or of another top module with its streams, but `clock`, in one clock cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Inputs {
    /// `s_axis_tdata`
    pub s_axis_tdata: Beat,
    /// `reset`, synchronous and active high
    pub reset: bool,
    /// `s_axis_tvalid`
    pub s_axis_tvalid: bool,
    /// `s_axis_tlast`
    pub s_axis_tlast: bool,
    /// `m_axis_tready`
    pub m_axis_tready: bool,
    /// `w_axis_tvalid`, where the core has a load port
    pub w_axis_tvalid: bool,
    /// `w_axis_tdata`, where the core has a load port
    pub w_axis_tdata: u8,
}

/// The values of every output port of `tern_core` in one clock cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Outputs {
    /// `m_axis_tdata`
    pub m_axis_tdata: Beat,
    /// `s_axis_tready`
    pub s_axis_tready: bool,
    /// `m_axis_tvalid`
    pub m_axis_tvalid: bool,
    /// `m_axis_tlast`
    pub m_axis_tlast: bool,
    /// `w_axis_tready`; low where the core has no load port
    pub w_axis_tready: bool,
}

/// A clocked core with the ports of `tern_core`, of whatever widths, simulated by whatever means.
///
/// ```text
///          cycle n                 cycle n+1
/// clock ___/```\___________/```\___
///              | inputs set    |
///              | logic settles |
///              |      outputs ^ sampled, then the rising edge
/// ```
/// A transfer happens in cycle n when valid (of its outputs or inputs) and ready are both high in cycle n.
pub trait Dut {
    /// What simulates the core, such as `verilator`; for messages.
    fn name(&self) -> &str;

    /// The width of `s_axis_tdata` in bits, at most 256.
    fn input_bits(&self) -> u32;

    /// The width of `m_axis_tdata` in bits, at most 256.
    fn output_bits(&self) -> u32;

    /// One clock cycle: applies `inputs`, lets the logic settle, samples the outputs, then clocks.
    fn cycle(&mut self, inputs: &Inputs) -> Outputs;

    /// What the simulation itself found wrong since it was last asked, such as an unknown value on a port.
    fn fault(&mut self) -> Option<String> {
        None
    }
}

impl<D: Dut + ?Sized> Dut for Box<D> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn input_bits(&self) -> u32 {
        (**self).input_bits()
    }

    fn output_bits(&self) -> u32 {
        (**self).output_bits()
    }

    fn cycle(&mut self, inputs: &Inputs) -> Outputs {
        (**self).cycle(inputs)
    }

    fn fault(&mut self) -> Option<String> {
        (**self).fault()
    }
}
