//! Activation functions: a table per layer.

use crate::cell::clamp::LayerClamp;
use crate::cell::multiplier::Multiplier;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;
use tern_model::network::CellKind;

/// `out = lut[layer][clamp_A(value >> s)]`.
///
/// ```text
/// value ─▶ >> s, clamp ─▶[index]─▶ LUT ─▶[ ]─▶ out
/// layer ──────┴─────────▶[     ]────┘
/// ```
///
/// Timing: `out` follows `value` and `layer` by 3 cycles. One value per cycle.
///
/// Contract: 1. `out` is `lookup(lut, value, s)` of the number semantics, from the layer's table, which is scaled up
/// to the core's fraction bits.
///
/// Not here: which function it is: the gates, an LSTM's cell state and a GRU's candidate have one each, which differ in
/// shifts and images only.
#[derive(Clone, Debug, LogicBlock)]
pub struct Activation {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Layer of the value.
    pub layer: Wire<In>,
    /// Value, two's complement.
    pub value: Wire<In>,
    /// Entry of the LUT, `F + 2` bits, two's complement.
    pub out: Wire<Out>,
    /// Write `load_word` to the LUT; only in a core that loads its network, as the next two.
    pub load: Wire<In>,
    /// Address to write.
    pub load_address: Wire<In>,
    /// Entry to write.
    pub load_word: Wire<In>,
    clamp: LayerClamp,
    index: Reg,
    index_layer: Reg,
    entry: Wire<Local>,
    lut: Memory,
    looked_up: Reg,
    table_shift: Vec<Const>,
}

impl Activation {
    fn value_bits(shape: &Shape) -> usize {
        let candidate = Multiplier::bits(shape.gate_frac() + 1, shape.candidate_bits());
        let of_cell = |kind, bits| if shape.has(kind) { bits } else { 0 };
        shape
            .preactivation_bits()
            .max(of_cell(CellKind::Lstm, shape.state_bits()))
            .max(of_cell(CellKind::Gru, candidate))
    }

    /// The activation of a core's values by the tables `lut`, with the shift `s` of each layer. Values have as many bits as the
    /// widest need, so that one module serves all.
    pub fn new(
        shape: &Shape,
        shifts: impl Iterator<Item = usize>,
        lut: &[i128],
        style: Style,
    ) -> Self {
        let value_bits = Self::value_bits(shape);
        let clamps: Vec<(usize, usize)> = shifts.map(|shift| (shift, shape.lut_bits)).collect();
        let (table, address) = (shape.table_bits(), shape.table_address_bits());
        let (layer, loads) = (index_bits(clamps.len()), shape.loads());
        Activation {
            clock: Signal::default(),
            layer: Wire::new(layer),
            value: Wire::signed(value_bits),
            out: Wire::signed(table),
            load: Wire::optional(loads, 1),
            load_address: Wire::optional(loads, address),
            load_word: Wire::optional(loads, table),
            clamp: LayerClamp::new(value_bits, &clamps, shape.lut_bits),
            index: Reg::new(shape.lut_bits),
            index_layer: Reg::new(layer),
            entry: Wire::new(address),
            lut: Memory::new(table, address, lut, style, Access::loaded(loads)),
            looked_up: Reg::new(table),
            table_shift: optional(clamps.len() > 1, || Const::new(shape.lut_bits, 8)),
        }
    }
}

inputs!(Activation: layer, value, load, load_address, load_word);

impl Logic for Activation {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_activation");
        comment!("@about An activation function: a table, looked up by the");
        comment!("@about shifted and saturated value.");
        dff_setup!(self, clock, index, index_layer, looked_up);
        clock!(self, clock, lut);
        self.clamp.layer.next = self.layer.val();
        self.clamp.value.next = self.value.val();
        self.index.d.next = self.clamp.out.val();
        self.index_layer.d.next = self.layer.val();
        self.entry.next = self.index.q.val();
        for i in 0..self.table_shift.len() {
            self.entry.next =
                (self.index_layer.q.val() << self.table_shift[i].val()) | self.index.q.val();
        }
        self.lut.address.next = self.entry.val();
        for _i in 0..self.load.count() {
            self.lut.write.next = self.load.val();
            self.lut.write_address.next = self.load_address.val();
            self.lut.write_data.next = self.load_word.val();
        }
        self.looked_up.d.next = self.lut.data.val();
        self.out.next = self.looked_up.q.val();
    }
}
