//! The parts of a core and their widths, from a compiled network.

use super::TernCore;
use crate::cell::hidden::Hidden;
use crate::cell::units::Units;
use crate::core::dense::Dense;
use crate::events::Events;
use crate::kit::prelude::*;
use crate::stream::head::Head;
use crate::stream::loader::Loader;
use crate::stream::state_output::StateOutput;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;

impl TernCore {
    /// The core of a compiled network.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let chunk = index_bits(shape.bank_words());
        let (head, loads, events) = (shape.outputs.is_some(), shape.loads(), shape.events());
        let mut core = TernCore {
            clock: Signal::default(),
            reset: Wire::new(1),
            s_axis_tdata: Wire::new(shape.input_stream_bits()),
            s_axis_tvalid: Wire::new(1),
            s_axis_tready: Wire::new(1),
            s_axis_tlast: Wire::new(1),
            m_axis_tdata: Wire::new(shape.output_stream_bits()),
            m_axis_tvalid: Wire::new(1),
            m_axis_tready: Wire::new(1),
            m_axis_tlast: Wire::new(1),
            w_axis_tdata: Wire::optional(loads, 8),
            w_axis_tvalid: Wire::optional(loads, 1),
            w_axis_tready: Wire::optional(loads, 1),
            loader: optional(loads, || Quiet::new(Loader::new(shape))),
            dense: optional(!events, || Quiet::new(Dense::new(program))),
            events: optional(events, || Quiet::new(Events::new(program))),
            units: Quiet::new(Units::new(program)),
            hidden: optional(shape.has_hidden_memory(), || Quiet::new(Hidden::new(shape))),
            head: optional(head, || Quiet::new(Head::new(shape))),
            state_output: optional(!head, || Quiet::new(StateOutput::new(shape))),
            clear: Wire::new(1),
            tready: Wire::new(1),
            row_valid: Wire::new(1),
            row_last: Wire::new(1),
            row_ending: Wire::new(1),
            row_done: Wire::new(1),
            output_start: Wire::new(1),
            output_ending: Wire::new(1),
            output_busy: Wire::new(1),
            free: Wire::new(1),
            bank: Wire::new(1),
            bank_address: Wire::new(chunk + 1),
            chunk_address: Wire::new(chunk),
            bank_shift: Const::new(chunk, 8),
            _swaps: usize::from(shape.split()),
        };
        core.connect_all();
        core
    }
}
