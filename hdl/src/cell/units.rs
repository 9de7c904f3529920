//! From the sums of a unit to its hidden state, and from those of a head row to its outputs.

use crate::cell::activation::Activation;
use crate::cell::bias::Bias;
use crate::cell::gru_cell::GruCell;
use crate::cell::lstm_cell::LstmCell;
use crate::cell::running_sum::RunningSum;
use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;
use tern_model::network::CellKind;

/// The way of a unit's four sums: bias, activation, cell; and of a head row's: bias.
///
/// ```text
/// result ─▶┌────────┐ sums ┌──────────────┐ gates ┌──────┐
///          │ Bias×4 ├──┬──▶│ Activation×4 ├──────▶│ Cell ├─▶ trit
/// word ───▶└────────┘  │   └──────────────┘       └──▲───┘
/// unit, layer, valid ──│─────────────────────────────┘
///                      └─▶ row
/// ```
///
/// The cell is an `LstmCell`, a `GruCell` or, where layers are of both kinds, both. Where the array sums changes, each bias is a
/// `RunningSum`.
///
/// Timing: `word` comes two cycles, `unit` and its flags one cycle before `result`; `row` follows `result` by one cycle, `trit` by
/// 10 + 2·M + R cycles, M = `Shape::product_cycles`, R = `Shape::hidden_cycles` - 1. One unit per cycle.
///
/// Contract: 1. `trit` and `row` are those of the number semantics.
///
/// Not here: the order of units (the drains), and where hidden states go.
#[derive(Clone, Debug, LogicBlock)]
pub struct Units {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Drops what is in flight.
    pub clear: Wire<In>,
    /// The four sums of a unit; those of a head row on three columns are 0, 1 and 3.
    pub result: Vec<Wire<In>>,
    /// Bias word of the result: hidden unit of any layer, then head row.
    pub word: Wire<In>,
    /// The bias word one cycle later.
    pub unit: Wire<In>,
    /// The unit's recurrent layer.
    pub layer: Wire<In>,
    /// The last part of the unit's candidate sum is the input's.
    pub swap: Wire<In>,
    /// Hidden unit valid.
    pub valid: Wire<In>,
    /// The unit has a state from the step before.
    pub warm: Wire<In>,
    /// The word's result is a change of the sum from before; only where the array sums changes, as the next.
    pub kept: Wire<In>,
    /// Keep the word's sum.
    pub keep: Wire<In>,
    /// Memories to write to, the four biases, then the LUTs; only in a core that loads its network, as the next four.
    pub load: Wire<In>,
    /// Address of the bias to write.
    pub bias_address: Wire<In>,
    /// The bias.
    pub bias_word: Wire<In>,
    /// Address of the LUT entry to write.
    pub entry_address: Wire<In>,
    /// The entry.
    pub entry_word: Wire<In>,
    /// New hidden state of a unit: a two-rail trit or, where hidden states are more, sign and magnitude.
    pub trit: Wire<Out>,
    /// New hidden state valid.
    pub trit_valid: Wire<Out>,
    /// Outputs of a head row, column 0 lowest.
    pub row: Wire<Out>,
    bias: Vec<Quiet<Bias>>,
    running: Vec<Quiet<RunningSum>>,
    gate_layer: Delay,
    gate: Vec<Quiet<Activation>>,
    lstm_cell: Vec<Quiet<LstmCell>>,
    gru_cell: Vec<Quiet<GruCell>>,
    swap_q: Vec<Reg>,
    sum: Vec<Wire<Local>>,
    preactivation: Wire<Local>,
    output_value: Wire<Local>,
    is_gru: Wire<Local>,
    state_load: Wire<Local>,
    candidate_load: Wire<Local>,
    only_gru: Const,
    gru_layer: Vec<Const>,
    row_place: Vec<Const>,
    _output: Slice,
    _unit: Slice,
    _plain: usize,
    _state_load: Slice,
    _candidate_load: Slice,
}

impl Units {
    /// The activation of a column's gate.
    fn gate(program: &Program, column: usize) -> Activation {
        let shape = &program.shape;
        let shift = |layer: usize| {
            let lut_shift = shape.layers[layer].lut_shift.get(column);
            lut_shift.map_or(0, |shift| shift + shape.section_shift(layer))
        };
        Activation::new(
            shape,
            (0..shape.layers.len()).map(shift),
            &program.images.gate_luts[column],
            Style::block(shape.placement.gate_lut),
        )
    }

    /// The units of a compiled network.
    pub fn new(program: &Program) -> Self {
        let shape = &program.shape;
        let (columns, split, loads) = (shape.design.columns, shape.split(), shape.loads());
        let (has_lstm, has_gru) = (shape.has(CellKind::Lstm), shape.has(CellKind::Gru));
        let (word, layer) = (
            index_bits(shape.bias_words()),
            index_bits(shape.layers.len()),
        );
        let gru: Vec<usize> = (0..shape.layers.len())
            .filter(|layer| shape.layers[*layer].cell == CellKind::Gru)
            .collect();
        let mixed = if has_lstm { gru.len() } else { 0 };
        let others = 4 + shape.gate_luts();
        let all = others + usize::from(has_lstm) + usize::from(has_gru);
        let bit = |offset| Slice { offset, width: 1 };
        let sums = |there: bool| 0..if there { 4 } else { 0 };
        Units {
            clock: Signal::default(),
            clear: Wire::new(1),
            result: (0..4).map(|_| Wire::new(shape.result_bits())).collect(),
            word: Wire::new(word),
            unit: Wire::new(word),
            layer: Wire::new(layer),
            swap: Wire::optional(split, 1),
            valid: Wire::new(1),
            warm: Wire::new(1),
            kept: Wire::optional(shape.events(), 1),
            keep: Wire::optional(shape.events(), 1),
            load: Wire::optional(loads, all),
            bias_address: Wire::optional(loads, word),
            bias_word: Wire::optional(loads, shape.bias_bits),
            entry_address: Wire::optional(loads, shape.table_address_bits()),
            entry_word: Wire::optional(loads, shape.table_bits()),
            trit: Wire::new(shape.hidden_bits()),
            trit_valid: Wire::new(1),
            row: Wire::new(columns * shape.output_bits()),
            bias: sums(!shape.events())
                .map(|sum| Quiet::new(Bias::new(program, sum)))
                .collect(),
            running: sums(shape.events())
                .map(|sum| Quiet::new(RunningSum::new(program, sum)))
                .collect(),
            gate_layer: Delay::new(layer, 2),
            gate: (0..shape.gate_luts())
                .map(|column| Quiet::new(Self::gate(program, column)))
                .collect(),
            lstm_cell: optional(has_lstm, || Quiet::new(LstmCell::new(program))),
            gru_cell: optional(has_gru, || Quiet::new(GruCell::new(program))),
            swap_q: optional(split, || Reg::new(1)),
            sum: (0..4)
                .map(|_| Wire::signed(shape.preactivation_bits()))
                .collect(),
            preactivation: Wire::signed(shape.preactivation_bits()),
            output_value: Wire::new(shape.output_bits()),
            is_gru: Wire::new(1),
            state_load: Wire::optional(loads && has_lstm, 1),
            candidate_load: Wire::optional(loads && has_gru, 1),
            only_gru: Const::new(usize::from(!has_lstm), 1),
            gru_layer: gru[..mixed].iter().map(|k| Const::new(*k, layer)).collect(),
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
            _plain: 4 - 2 * usize::from(split),
            _state_load: bit(others),
            _candidate_load: bit(others + usize::from(has_lstm)),
        }
    }
}

inputs!(Units: clear, result, word, unit, layer, swap, valid, warm, kept, keep, load, bias_address, bias_word, entry_address, entry_word);

impl Logic for Units {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_units");
        comment!("@about From the sums of a unit to its hidden state, and");
        comment!("@about from those of a head row to its outputs.");

        // Results and biases.
        for i in 0..self.bias.len() {
            clock!(self, clock, bias[i]);
            self.bias[i].word.next = self.word.val();
            self.bias[i].result.next = self.result[i].val();
            for _k in 0..self.load.count() {
                self.bias[i].load.next = self.load.val().get_bit(i);
                self.bias[i].load_address.next = self.bias_address.val();
                self.bias[i].load_word.next = self.bias_word.val();
            }
            self.sum[i].next = self.bias[i].preactivation.val();
        }
        for i in 0..self.swap_q.len() {
            clock!(self, clock, swap_q[i]);
            self.swap_q[i].d.next = self.swap.val();
            if self.swap_q[i].q.val().any() {
                self.bias[i + 2].result.next = self.result[i + 3].val();
                self.bias[i + 3].result.next = self.result[i + 2].val();
            }
        }
        for i in 0..self.running.len() {
            clock!(self, clock, running[i]);
            self.running[i].word.next = self.word.val();
            self.running[i].kept.next = self.kept.val();
            self.running[i].keep.next = self.keep.val();
            self.running[i].result.next = self.result[i].val();
            for _k in 0..self.load.count() {
                self.running[i].load.next = self.load.val().get_bit(i);
                self.running[i].load_address.next = self.bias_address.val();
                self.running[i].load_word.next = self.bias_word.val();
            }
            self.sum[i].next = self.running[i].preactivation.val();
        }

        // Gates.
        clock!(self, clock, gate_layer);
        self.gate_layer.d.next = self.layer.val();
        for i in 0..self.gate.len() {
            clock!(self, clock, gate[i]);
            self.gate[i].layer.next = self.gate_layer.q.val();
            self.gate[i].value.next = self.sum[i].val();
            for _k in 0..self.load.count() {
                self.gate[i].load.next = self.load.val().get_bit(i + 4);
                self.gate[i].load_address.next = self.entry_address.val();
                self.gate[i].load_word.next = self.entry_word.val();
            }
        }

        // Cells.
        self.is_gru.next = self.only_gru.val();
        for i in 0..self.gru_layer.len() {
            if self.layer.val() == self.gru_layer[i].val() {
                self.is_gru.next = true.into();
            }
        }
        self.trit.next = false.into();
        self.trit_valid.next = false.into();
        for i in 0..self.lstm_cell.len() {
            clock!(self, clock, lstm_cell[i]);
            self.lstm_cell[i].clear.next = self.clear.val();
            self.lstm_cell[i].unit.next = self.unit.val().index(self._unit).get_value_bits();
            self.lstm_cell[i].layer.next = self.layer.val();
            self.lstm_cell[i].valid.next = self.valid.val() & !self.is_gru.val();
            self.lstm_cell[i].warm.next = self.warm.val();
            for _k in 0..self.load.count() {
                self.state_load.next = self.load.val().index(self._state_load).get_value_bits();
                self.lstm_cell[i].load.next = self.state_load.val();
                self.lstm_cell[i].load_address.next = self.entry_address.val();
                self.lstm_cell[i].load_word.next = self.entry_word.val();
            }
            self.lstm_cell[i].input_gate.next = self.gate[i].out.val();
            self.lstm_cell[i].forget_gate.next = self.gate[i + 1].out.val();
            self.lstm_cell[i].candidate.next = self.gate[i + 2].out.val();
            self.lstm_cell[i].output_gate.next = self.gate[i + 3].out.val();
            self.trit.next = self.lstm_cell[i].trit.val();
            self.trit_valid.next = self.lstm_cell[i].trit_valid.val();
        }
        for i in 0..self.gru_cell.len() {
            clock!(self, clock, gru_cell[i]);
            self.gru_cell[i].clear.next = self.clear.val();
            self.gru_cell[i].unit.next = self.unit.val().index(self._unit).get_value_bits();
            self.gru_cell[i].layer.next = self.layer.val();
            self.gru_cell[i].valid.next = self.valid.val() & self.is_gru.val();
            self.gru_cell[i].warm.next = self.warm.val();
            for _k in 0..self.load.count() {
                self.candidate_load.next =
                    self.load.val().index(self._candidate_load).get_value_bits();
                self.gru_cell[i].load.next = self.candidate_load.val();
                self.gru_cell[i].load_address.next = self.entry_address.val();
                self.gru_cell[i].load_word.next = self.entry_word.val();
            }
            self.gru_cell[i].reset_gate.next = self.gate[i].out.val();
            self.gru_cell[i].update_gate.next = self.gate[i + 1].out.val();
            self.gru_cell[i].input_part.next = self.sum[i + 2].val();
            self.gru_cell[i].hidden_part.next = self.sum[i + 3].val();
            if self.gru_cell[i].trit_valid.val().any() {
                self.trit.next = self.gru_cell[i].trit.val();
                self.trit_valid.next = true.into();
            }
        }

        // Head rows.
        self.row.next = false.into();
        for i in 0..self._plain {
            self.preactivation.next = self.sum[i].val();
            self.output_value.next = self
                .preactivation
                .val()
                .index(self._output)
                .get_value_bits();
            self.row.next = self.row.val() | (self.output_value.val() << self.row_place[i].val());
        }
        for i in 0..self.swap_q.len() {
            self.preactivation.next = self.sum[i + 3].val();
            self.output_value.next = self
                .preactivation
                .val()
                .index(self._output)
                .get_value_bits();
            self.row.next =
                self.row.val() | (self.output_value.val() << self.row_place[i + 2].val());
        }
    }
}
