//! The core in Rust-HDL's own simulation.

use rust_hdl::core::prelude::{Atom, Block, Clock, Out, Probe, simulate};
use tern_compile::design::Streams;
use tern_compile::program::Program;
use tern_hdl::board::TernLink;
use tern_hdl::core::TernCore;
use tern_hdl::core::tern_bytes::TernBytes;
use tern_hdl::kit::{Vector, Wire};
use tern_hdl::stream::narrow::Narrow;
use tern_hdl::stream::widen::Widen;

use crate::dut::{Dut, Inputs, Outputs};
use crate::eda::error::ToolError;
use crate::wave::recorder::Recorder;
use crate::wave::waveform::Waveform;

/// Sweeps over the hierarchy after which a core must have settled; each level of it takes one.
const MAX_SWEEPS: usize = 1000;

/// A hardware module that can be simulated on its own: one with the ports of `tern_core`, of whatever widths.
pub trait Module {
    /// Bits of `s_axis_tdata` and of `m_axis_tdata`.
    fn widths(&self) -> [u32; 2];
    /// Applies a clock cycle's inputs.
    fn apply(&mut self, inputs: &Inputs);
    /// Sets the clock and lets the logic settle.
    fn settle(&mut self, clk: bool);
    /// The outputs as they are.
    fn outputs(&self) -> Outputs;
    /// Shows every signal of the module and of its parts to `probe`.
    fn show(&self, probe: &mut dyn Probe);
}

/// The load port of a module; `none` where there is none.
macro_rules! load_port {
    (none, $module: ident, $inputs: ident) => {};
    (none, $module: ident) => {
        false
    };
    (optional, $module: ident, $inputs: ident) => {
        if $module.w_axis_tdata.bits() > 0 {
            $module.w_axis_tdata.next = Vector::unsigned($inputs.w_axis_tdata.into(), 8);
            $module.w_axis_tvalid.next = $inputs.w_axis_tvalid.into();
        }
    };
    (optional, $module: ident) => {
        $module.w_axis_tready.bits() > 0 && $module.w_axis_tready.val().any()
    };
}

macro_rules! module {
    ($type: ty, $load: ident) => {
        impl Module for $type {
            fn widths(&self) -> [u32; 2] {
                [
                    self.s_axis_tdata.bits() as u32,
                    self.m_axis_tdata.bits() as u32,
                ]
            }

            fn apply(&mut self, inputs: &Inputs) {
                let width = self.s_axis_tdata.bits() as u32;
                self.reset.next = inputs.reset.into();
                self.s_axis_tdata.next = Vector::from_words(&inputs.s_axis_tdata, width);
                self.s_axis_tvalid.next = inputs.s_axis_tvalid.into();
                self.s_axis_tlast.next = inputs.s_axis_tlast.into();
                self.m_axis_tready.next = inputs.m_axis_tready.into();
                load_port!($load, self, inputs);
            }

            fn settle(&mut self, clk: bool) {
                self.clock.next = Clock { clk };
                let settled = simulate(self, MAX_SWEEPS);
                assert!(settled, "the core has no combinational loop, so it settles");
            }

            fn outputs(&self) -> Outputs {
                Outputs {
                    m_axis_tdata: self.m_axis_tdata.val().words(),
                    s_axis_tready: self.s_axis_tready.val().any(),
                    m_axis_tvalid: self.m_axis_tvalid.val().any(),
                    m_axis_tlast: self.m_axis_tlast.val().any(),
                    w_axis_tready: load_port!($load, self),
                }
            }

            fn show(&self, probe: &mut dyn Probe) {
                self.accept("top", probe);
            }
        }
    };
}

module!(TernCore, optional);
module!(TernBytes, optional);
module!(Widen, none);
module!(Narrow, none);

/// The pins of a board, as [`crate::serial::PINS`] has them.
impl Module for TernLink {
    fn widths(&self) -> [u32; 2] {
        [8, 8]
    }

    fn apply(&mut self, inputs: &Inputs) {
        self.locked.next = (!inputs.reset).into();
        self.uart_rx.next = (inputs.s_axis_tdata[0] & 1 != 0).into();
    }

    fn settle(&mut self, clk: bool) {
        self.clock.next = Clock { clk };
        let settled = simulate(self, MAX_SWEEPS);
        assert!(settled, "the link has no combinational loop, so it settles");
    }

    fn outputs(&self) -> Outputs {
        let pins = [
            &self.uart_tx,
            &self.led_alive,
            &self.led_busy,
            &self.led_error,
        ];
        let bit = |(place, pin): (usize, &Wire<Out>)| u64::from(pin.val().any()) << place;
        Outputs {
            m_axis_tdata: [pins.into_iter().enumerate().map(bit).sum(), 0, 0, 0],
            s_axis_tready: true,
            m_axis_tvalid: true,
            ..Outputs::default()
        }
    }

    fn show(&self, probe: &mut dyn Probe) {
        self.accept("top", probe);
    }
}

/// A core simulated by Rust-HDL, block by block; some ten thousand cycles per second.
pub struct RustHdl {
    module: Box<dyn Module>,
    recorder: Option<Recorder>,
}

impl RustHdl {
    /// The core of a compiled network, with the streams of its design.
    pub fn new(program: &Program) -> RustHdl {
        match program.shape.design.streams {
            Streams::Wide => RustHdl::of(TernCore::new(program)),
            Streams::Bytes => RustHdl::of(TernBytes::new(program)),
        }
    }

    /// A module on its own.
    pub fn of(module: impl Module + 'static) -> RustHdl {
        RustHdl {
            module: Box::new(module),
            recorder: None,
        }
    }

    /// From now on records the signals `names` in every cycle: paths below the module, such as `dense_0.schedule.done`.
    ///
    /// # Errors
    /// When the module has no signal of such a name.
    pub fn record(&mut self, names: &[&str]) -> Result<(), ToolError> {
        self.recorder = Some(Recorder::new(&*self.module, names)?);
        Ok(())
    }

    /// What was recorded, cycle by cycle.
    pub fn recorded(&self) -> Waveform {
        let recorder = self.recorder.as_ref();
        recorder.map_or_else(Waveform::default, Recorder::waveform)
    }
}

impl Dut for RustHdl {
    fn name(&self) -> &str {
        "rust-hdl"
    }

    fn input_bits(&self) -> u32 {
        self.module.widths()[0]
    }

    fn output_bits(&self) -> u32 {
        self.module.widths()[1]
    }

    fn cycle(&mut self, inputs: &Inputs) -> Outputs {
        self.module.apply(inputs);
        self.module.settle(false);
        let outputs = self.module.outputs();
        if let Some(recorder) = &mut self.recorder {
            recorder.sample(&*self.module);
        }
        self.module.settle(true);
        outputs
    }
}
