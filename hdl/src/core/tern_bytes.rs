//! The top module for few pins: a core between two byte-wide AXI4-Streams.

use crate::core::TernCore;
use crate::kit::prelude::*;
use crate::stream::narrow::Narrow;
use crate::stream::widen::Widen;
use tern_compile::program::Program;

/// A [`TernCore`] whose beats travel byte by byte.
///
/// ```text
///             ┌───────┐ beats ┌──────────┐ beats ┌────────┐
/// s_axis ─8─▶ │ Widen ├──────▶│ TernCore ├──────▶│ Narrow ├─8─▶ m_axis
///             └───────┘       └──────────┘       └────────┘
/// ```
///
/// Timing: one byte per cycle on either stream. The cycles of the core inside are those of `tern_compile::cycles::CycleModel` only
/// while its own streams never stall, which bytes cannot promise: a step whose input has more bytes than the core has
/// cycles for it waits for them.
///
/// Contract:
/// 1. Input and output are the bytes of the beats of [`TernCore`], byte 0 of a beat first.
/// 2. `tlast` is on the last byte of a beat that has it. One before the last byte of an input beat ends the beat there,
///    its missing bytes zero, and the sequence with it (contract 6 of [`TernCore`]).
/// 3. On both streams the handshake rules of [`TernCore`]; `s_axis_tready` depends on registers alone.
/// 4. `reset`, at any cycle and for at least one, drops everything, in the converters too.
///
/// Not here: the network, which is in [`TernCore`] as it is without the converters.
#[derive(Clone, Debug, LogicBlock)]
pub struct TernBytes {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Synchronous, active high.
    pub reset: Wire<In>,
    /// Input byte.
    pub s_axis_tdata: Wire<In>,
    /// Input byte valid.
    pub s_axis_tvalid: Wire<In>,
    /// Ready for an input byte.
    pub s_axis_tready: Wire<Out>,
    /// The input byte is the last of a sequence.
    pub s_axis_tlast: Wire<In>,
    /// Output byte.
    pub m_axis_tdata: Wire<Out>,
    /// Output byte valid.
    pub m_axis_tvalid: Wire<Out>,
    /// Sink ready for the output byte.
    pub m_axis_tready: Wire<In>,
    /// The output byte is the last of a sequence.
    pub m_axis_tlast: Wire<Out>,
    /// Byte of a network; the three ports exist where the design's weights are a stream.
    pub w_axis_tdata: Wire<In>,
    /// Byte of a network valid.
    pub w_axis_tvalid: Wire<In>,
    /// Ready for a byte of a network.
    pub w_axis_tready: Wire<Out>,
    widen: Widen,
    core: TernCore,
    narrow: Narrow,
}

impl TernBytes {
    /// The core of a compiled network behind byte streams.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let mut top = TernBytes {
            clock: Signal::default(),
            reset: Wire::new(1),
            s_axis_tdata: Wire::new(8),
            s_axis_tvalid: Wire::new(1),
            s_axis_tready: Wire::new(1),
            s_axis_tlast: Wire::new(1),
            m_axis_tdata: Wire::new(8),
            m_axis_tvalid: Wire::new(1),
            m_axis_tready: Wire::new(1),
            m_axis_tlast: Wire::new(1),
            w_axis_tdata: Wire::optional(shape.loads(), 8),
            w_axis_tvalid: Wire::optional(shape.loads(), 1),
            w_axis_tready: Wire::optional(shape.loads(), 1),
            widen: Widen::new(shape.input_stream_bits() / 8),
            core: TernCore::new(program),
            narrow: Narrow::new(shape.output_stream_bits() / 8),
        };
        top.connect_all();
        top
    }
}

impl Logic for TernBytes {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_bytes");
        comment!("@about A core whose streams are bytes.");
        clock!(self, clock, widen, core, narrow);
        self.widen.reset.next = self.reset.val();
        self.core.reset.next = self.reset.val();
        self.narrow.reset.next = self.reset.val();

        self.widen.s_axis_tdata.next = self.s_axis_tdata.val();
        self.widen.s_axis_tvalid.next = self.s_axis_tvalid.val();
        self.widen.s_axis_tlast.next = self.s_axis_tlast.val();
        self.s_axis_tready.next = self.widen.s_axis_tready.val();

        self.core.s_axis_tdata.next = self.widen.m_axis_tdata.val();
        self.core.s_axis_tvalid.next = self.widen.m_axis_tvalid.val();
        self.core.s_axis_tlast.next = self.widen.m_axis_tlast.val();
        self.widen.m_axis_tready.next = self.core.s_axis_tready.val();

        self.narrow.s_axis_tdata.next = self.core.m_axis_tdata.val();
        self.narrow.s_axis_tvalid.next = self.core.m_axis_tvalid.val();
        self.narrow.s_axis_tlast.next = self.core.m_axis_tlast.val();
        self.core.m_axis_tready.next = self.narrow.s_axis_tready.val();

        self.m_axis_tdata.next = self.narrow.m_axis_tdata.val();
        self.m_axis_tvalid.next = self.narrow.m_axis_tvalid.val();
        self.m_axis_tlast.next = self.narrow.m_axis_tlast.val();
        self.narrow.m_axis_tready.next = self.m_axis_tready.val();

        for _i in 0..self.w_axis_tdata.count() {
            self.core.w_axis_tdata.next = self.w_axis_tdata.val();
            self.core.w_axis_tvalid.next = self.w_axis_tvalid.val();
            self.w_axis_tready.next = self.core.w_axis_tready.val();
        }
    }
}
