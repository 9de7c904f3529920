//! The parts of a core and their widths, from a compiled network.

use super::TernCore;
use crate::array::Array;
use crate::bias::Bias;
use crate::copy::Copy;
use crate::drain::Drain;
use crate::gate::Gate;
use crate::gru_cell::GruCell;
use crate::head::Head;
use crate::hidden::Hidden;
use crate::input::Input;
use crate::kit::prelude::*;
use crate::loader::Loader;
use crate::lstm_cell::LstmCell;
use crate::schedule::Schedule;
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
        let head = usize::from(shape.outputs.is_some());
        let split = usize::from(shape.split());
        let gru: Vec<usize> = (0..shape.layers.len())
            .filter(|layer| shape.layers[*layer].cell == CellKind::Gru)
            .collect();
        let has_lstm = usize::from(shape.has(CellKind::Lstm));
        let has_gru = usize::from(!gru.is_empty());
        let recurrent = usize::from(!shape.layers.is_empty());
        let layer = index_bits(shape.layers.len());
        let mixed = has_lstm * gru.len();
        let loads = shape.loads();
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
            loader: (0..usize::from(loads))
                .map(|_| Quiet::new(Loader::new(shape)))
                .collect(),
            input_ring: Quiet::new(Input::new(shape)),
            schedule: Quiet::new(Schedule::new(shape)),
            array: Quiet::new(Array::new(shape, &program.images.weights)),
            drain: Quiet::new(Drain::new(shape)),
            bias: (0..4)
                .map(|sum| Quiet::new(Bias::new(program, sum)))
                .collect(),
            gate: (0..shape.gate_luts())
                .map(|column| Quiet::new(Gate::new(program, column)))
                .collect(),
            lstm_cell: (0..has_lstm)
                .map(|_| Quiet::new(LstmCell::new(program)))
                .collect(),
            gru_cell: (0..has_gru)
                .map(|_| Quiet::new(GruCell::new(program)))
                .collect(),
            hidden: (0..recurrent)
                .map(|_| Quiet::new(Hidden::new(shape)))
                .collect(),
            head: (0..head).map(|_| Quiet::new(Head::new(shape))).collect(),
            copy: (0..1 - head)
                .map(|_| Quiet::new(Copy::new(shape)))
                .collect(),
            input_beat: Reg::new(1),
            hidden_beat: Reg::new(1),
            act: Reg::new(trits),
            swap: (0..split).map(|_| Reg::new(1)).collect(),
            preactivation: Wire::signed(shape.preactivation_bits()),
            output_value: Wire::new(shape.output_bits()),
            row: Wire::new(columns * shape.output_bits()),
            is_gru: Wire::new(1),
            trit: Wire::new(2),
            trit_valid: Wire::new(1),
            bank: Wire::new(1),
            bank_address: Wire::new(chunk + 1),
            chunk_address: Wire::new(chunk),
            clear: Wire::new(1),
            load: Wire::optional(loads, others + has_lstm + has_gru),
            state_load: Wire::optional(loads && has_lstm > 0, 1),
            candidate_load: Wire::optional(loads && has_gru > 0, 1),
            nought: Const::new(0, 1),
            one: Const::new(1, 1),
            only_gru: Const::new(1 - has_lstm, 1),
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
            _plain: 4 - 2 * split,
            _split: split,
            _gates: shape.gate_luts(),
            _lstm: has_lstm,
            _gru: has_gru,
            _mixed: mixed,
            _recurrent: recurrent,
            _head: head,
            _headless: 1 - head,
            _loads: usize::from(loads),
            _state_load: bit(others),
            _candidate_load: bit(others + has_lstm),
        };
        core.connect_all();
        core
    }
}
