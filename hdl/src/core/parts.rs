//! The parts of a core and their widths, from a compiled network.

use super::TernCore;
use crate::array::Array;
use crate::cell::bias::Bias;
use crate::cell::gate::Gate;
use crate::cell::gru_cell::GruCell;
use crate::cell::hidden::Hidden;
use crate::cell::lstm_cell::LstmCell;
use crate::kit::prelude::*;
use crate::schedule::Schedule;
use crate::schedule::drain::Drain;
use crate::stream::head::Head;
use crate::stream::input::Input;
use crate::stream::loader::Loader;
use crate::stream::plane_of::PlaneOf;
use crate::stream::state_output::StateOutput;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;
use tern_model::network::CellKind;

impl TernCore {
    /// The core of a compiled network.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let (columns, trits, chunk) = (
            shape.design.columns,
            2 * shape.design.lanes,
            index_bits(shape.bank_words()),
        );
        let (head, split) = (shape.outputs.is_some(), shape.split());
        let gru: Vec<usize> = (0..shape.layers.len())
            .filter(|layer| shape.layers[*layer].cell == CellKind::Gru)
            .collect();
        let (has_lstm, has_gru) = (shape.has(CellKind::Lstm), shape.has(CellKind::Gru));
        let layer = index_bits(shape.layers.len());
        let mixed = if has_lstm { gru.len() } else { 0 };
        let loads = shape.loads();
        let planes = shape.has_hidden_planes();
        let schedule = Schedule::new(shape);
        let plane = schedule.plane.bits();
        let others = 4 + shape.gate_luts();
        let bit = |offset| Slice { offset, width: 1 };
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
            input_ring: Quiet::new(Input::new(shape)),
            schedule: Quiet::new(schedule),
            array: Quiet::new(Array::new(shape, &program.images.weights)),
            drain: Quiet::new(Drain::new(shape)),
            bias: (0..4)
                .map(|sum| Quiet::new(Bias::new(program, sum)))
                .collect(),
            gate: (0..shape.gate_luts())
                .map(|column| Quiet::new(Gate::new(program, column)))
                .collect(),
            lstm_cell: optional(has_lstm, || Quiet::new(LstmCell::new(program))),
            gru_cell: optional(has_gru, || Quiet::new(GruCell::new(program))),
            hidden: optional(!shape.layers.is_empty(), || Quiet::new(Hidden::new(shape))),
            head: optional(head, || Quiet::new(Head::new(shape))),
            state_output: optional(!head, || Quiet::new(StateOutput::new(shape))),
            input_beat: Reg::new(1),
            hidden_beat: Reg::new(1),
            act: Reg::new(trits),
            hidden_act: optional(planes, || Reg::new(shape.hidden_chunk_bits())),
            read_plane: optional(planes, || Reg::new(plane)),
            act_plane: optional(planes, || Reg::new(plane)),
            plane_of: optional(planes, || {
                PlaneOf::new(shape.design.lanes, shape.hidden_bits(), plane)
            }),
            swap: optional(split, || Reg::new(1)),
            preactivation: Wire::signed(shape.preactivation_bits()),
            output_value: Wire::new(shape.output_bits()),
            row: Wire::new(columns * shape.output_bits()),
            activations: Wire::new(trits),
            is_gru: Wire::new(1),
            trit: Wire::new(shape.hidden_bits()),
            trit_valid: Wire::new(1),
            bank: Wire::new(1),
            bank_address: Wire::new(chunk + 1),
            chunk_address: Wire::new(chunk),
            clear: Wire::new(1),
            load: Wire::optional(loads, others + usize::from(has_lstm) + usize::from(has_gru)),
            state_load: Wire::optional(loads && has_lstm, 1),
            candidate_load: Wire::optional(loads && has_gru, 1),
            only_gru: Const::new(usize::from(!has_lstm), 1),
            gru_layer: gru[..mixed].iter().map(|k| Const::new(*k, layer)).collect(),
            bank_shift: Const::new(chunk, 8),
            row_place: (0..columns)
                .map(|k| Const::new(k * shape.output_bits(), 8))
                .collect(),
            _output: Slice {
                offset: shape.head_shift(),
                width: shape.output_bits(),
            },
            _unit: Slice {
                offset: 0,
                width: index_bits(shape.units()),
            },
            _trits: usize::from(!shape.layers.is_empty() && !planes),
            _plain: 4 - 2 * usize::from(split),
            _state_load: bit(others),
            _candidate_load: bit(others + usize::from(has_lstm)),
        };
        core.connect_all();
        core
    }
}
