//! What a build of a simulator may vary.

/// What a build may vary.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// Name of the top module; `tern_core` unless told.
    pub top: &'a str,
    /// Whether instances can write a waveform. (VCD: the FST writer needs `lz4.h`, which the wheel does not bring.)
    pub trace: bool,
    /// Whether to optimize less, which halves the time to build: for a netlist, where it costs a sixth of the speed, and for
    /// a core that is simulated for seconds only.
    pub quick: bool,
    /// More arguments for Verilator, such as defines.
    pub arguments: &'a [&'a str],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            top: "tern_core",
            trace: false,
            quick: false,
            arguments: &[],
        }
    }
}
