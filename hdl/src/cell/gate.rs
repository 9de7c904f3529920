//! The activation of one gate.

use crate::cell::clamp::LayerClamp;
use crate::kit::delay::Delay;
use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::program::Program;

/// `gate = lut[layer][clamp_A(preactivation >> s)]`.
///
/// ```text
/// preactivation ─▶ >> s, clamp ─▶[index]─▶ LUT ─▶[ ]─▶ gate
/// layer ─▶[2]─▶────────┴────────▶[     ]────┘
/// ```
///
/// Timing: `preactivation` comes two cycles after `layer`; `gate` follows it by 3 cycles. One unit per cycle.
///
/// Contract: 1. `gate` is `lookup(lut, z, s)` of the number semantics, from the layer's table, which is scaled up
/// to the core's fraction bits.
///
/// Not here: which gate it is; they differ in their images only. A GRU's candidate has its LUT in `GruCell`.
#[derive(Clone, Debug, LogicBlock)]
pub struct Gate {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Layer of the unit.
    pub layer: Wire<In>,
    /// Sum of result and bias, two cycles after the layer, scaled by 2^`Shape::section_shift`.
    pub preactivation: Wire<In>,
    /// Value of the gate's LUT, `F + 2` bits, two's complement.
    pub gate: Wire<Out>,
    /// Write `load_word` to the LUT; only in a core that loads its network, as the next two.
    pub load: Wire<In>,
    /// Address to write.
    pub load_address: Wire<In>,
    /// Entry to write.
    pub load_word: Wire<In>,
    layer_delay: Delay,
    index_layer: Reg,
    clamp: LayerClamp,
    index: Reg,
    lut: Memory,
    looked_up: Reg,
    entry: Wire<Local>,
    table_shift: Vec<Const>,
}

impl Gate {
    /// The gate of a column.
    pub fn new(program: &Program, column: usize) -> Self {
        let shape = &program.shape;
        let layered = shape.layers.len() > 1;
        let shift = |layer: usize| {
            let lut_shift = shape.layers[layer].lut_shift.get(column);
            lut_shift.map_or(0, |shift| shift + shape.section_shift(layer))
        };
        let clamps: Vec<(usize, usize)> = (0..shape.layers.len())
            .map(|layer| (shift(layer), shape.lut_bits))
            .collect();
        let (table, address) = (shape.table_bits(), shape.table_address_bits());
        let layer = index_bits(shape.layers.len());
        Gate {
            clock: Signal::default(),
            layer: Wire::new(layer),
            preactivation: Wire::signed(shape.preactivation_bits()),
            gate: Wire::signed(table),
            layer_delay: Delay::new(layer, 2),
            index_layer: Reg::new(layer),
            clamp: LayerClamp::new(shape.preactivation_bits(), &clamps, shape.lut_bits),
            index: Reg::new(shape.lut_bits),
            load: Wire::optional(shape.loads(), 1),
            load_address: Wire::optional(shape.loads(), shape.table_address_bits()),
            load_word: Wire::optional(shape.loads(), shape.table_bits()),
            lut: Memory::new(
                table,
                address,
                &program.images.gate_luts[column],
                Style::block(shape.placement.gate_lut),
                Access::loaded(shape.loads()),
            ),
            looked_up: Reg::new(table),
            entry: Wire::new(address),
            table_shift: optional(layered, || Const::new(shape.lut_bits, 8)),
        }
    }
}

inputs!(Gate: layer, preactivation, load, load_address, load_word);

impl Logic for Gate {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_gate");
        comment!("@about The activation of a gate: looked up by the shifted");
        comment!("@about and saturated preactivation.");
        dff_setup!(self, clock, index_layer, index, looked_up);
        clock!(self, clock, layer_delay);
        self.layer_delay.clear.next = false.into();
        self.layer_delay.d.next = self.layer.val();
        self.index_layer.d.next = self.layer_delay.q.val();
        self.clamp.layer.next = self.layer_delay.q.val();
        self.clamp.value.next = self.preactivation.val();
        self.index.d.next = self.clamp.out.val();
        self.entry.next = self.index.q.val();
        for i in 0..self.table_shift.len() {
            self.entry.next =
                (self.index_layer.q.val() << self.table_shift[i].val()) | self.index.q.val();
        }
        clock!(self, clock, lut);
        self.lut.address.next = self.entry.val();
        for _i in 0..self.load.count() {
            self.lut.write.next = self.load.val();
            self.lut.write_address.next = self.load_address.val();
            self.lut.write_data.next = self.load_word.val();
        }
        self.looked_up.d.next = self.lut.data.val();
        self.gate.next = self.looked_up.q.val();
    }
}
