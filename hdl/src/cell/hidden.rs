//! The hidden memory: the hidden state in chunks, two banks.

use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

/// Collects hidden states into chunks and keeps those of two time steps.
///
/// ```text
/// trit ─▶[pack: lanes]─▶ memory: bank 0 | bank 1 ─▶ chunk
/// ```
///
/// A hidden state is a two-rail trit or, where any layer has integers, sign and magnitude of `Shape::hidden_bits` bits.
///
/// Timing: the chunk that a trit completes can be read from the next cycle on; `chunk` follows
/// `read_address` by one cycle.
///
/// Contract:
/// 1. Unit u of a layer is lane `u mod lanes` of the layer's chunk `u / lanes`; a last chunk that is not full
///    lies in the highest lanes. Layers follow each other, each with a chunk of its own to begin with.
/// 2. Steps alternate between the banks, starting with bank 1 after `clear`.
///
/// Not here: which bank is read when (`Schedule`), and what the lanes below a last chunk hold: old trits, whose
/// weights are zero.
#[derive(Clone, Debug, LogicBlock)]
pub struct Hidden {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Start over: first unit, bank 1.
    pub clear: Wire<In>,
    /// Hidden state of the next unit: a trit, or sign and magnitude.
    pub trit: Wire<In>,
    /// Hidden state valid.
    pub trit_valid: Wire<In>,
    /// Bank (highest bit) and chunk to read.
    pub read_address: Wire<In>,
    /// The chunk, one cycle later.
    pub chunk: Wire<Out>,
    memory: Memory,
    pack: Reg,
    lane: Reg,
    write_chunk: Reg,
    bank: Reg,
    write_bank: Wire<Local>,
    shifted: Wire<Local>,
    filled: Wire<Local>,
    layer_end: Wire<Local>,
    step_end: Wire<Local>,
    trit_bits: Const,
    top: Const,
    bank_shift: Const,
    last_lane: Const,
    end_chunk: Vec<Const>,
    end_lane: Vec<Const>,
}

impl Hidden {
    /// The hidden memory of the shape.
    pub fn new(shape: &Shape) -> Self {
        let (lanes, bits) = (shape.design.lanes, shape.hidden_bits());
        let word = shape.hidden_chunk_bits();
        let chunk_bits = index_bits(shape.bank_words());
        let layers = shape.layers.len();
        let end_lane = |layer: usize| (shape.layers[layer].hidden_size - 1) % lanes;
        Hidden {
            clock: Signal::default(),
            clear: Wire::new(1),
            trit: Wire::new(bits),
            trit_valid: Wire::new(1),
            read_address: Wire::new(chunk_bits + 1),
            chunk: Wire::new(word),
            memory: Memory::blank(word, chunk_bits + 1),
            pack: Reg::new(word),
            lane: Reg::new(index_bits(lanes)),
            write_chunk: Reg::new(chunk_bits),
            bank: Reg::new(1),
            write_bank: Wire::new(1),
            shifted: Wire::new(word),
            filled: Wire::new(word),
            layer_end: Wire::new(1),
            step_end: Wire::new(1),
            trit_bits: Const::new(bits, index_bits(bits + 1)),
            top: Const::new(word - bits, 8),
            bank_shift: Const::new(chunk_bits, 8),
            last_lane: Const::new(lanes - 1, index_bits(lanes)),
            end_chunk: (1..=layers)
                .map(|layer| Const::new(shape.first_chunk(layer) - 1, chunk_bits))
                .collect(),
            end_lane: (0..layers)
                .map(|layer| Const::new(end_lane(layer), index_bits(lanes)))
                .collect(),
        }
    }
}

inputs!(Hidden: clear, trit, trit_valid, read_address);

impl Logic for Hidden {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_hidden");
        comment!("@about Collects hidden states into chunks and keeps those");
        comment!("@about of two time steps.");
        dff_setup!(self, clock, pack, lane, write_chunk, bank);
        clock!(self, clock, memory);
        self.memory.address.next = self.read_address.val();
        self.chunk.next = self.memory.data.val();

        self.shifted.next = self.trit.val();
        self.filled.next =
            (self.pack.q.val() >> self.trit_bits.val()) | (self.shifted.val() << self.top.val());
        self.layer_end.next = false.into();
        self.step_end.next = false.into();
        for i in 0..self.end_chunk.len() {
            self.step_end.next = ((self.write_chunk.q.val() == self.end_chunk[i].val())
                & (self.lane.q.val() == self.end_lane[i].val()))
            .into();
            self.layer_end.next = self.layer_end.val() | self.step_end.val();
        }
        self.memory.write.next = false.into();
        self.memory.write_data.next = self.filled.val();
        self.write_bank.next = !self.bank.q.val();
        self.memory.write_address.next =
            (self.write_bank.val() << self.bank_shift.val()) | self.write_chunk.q.val();
        if self.trit_valid.val().any() {
            self.pack.d.next = self.filled.val();
            self.lane.d.next = self.lane.q.val() + true.into();
            if (self.lane.q.val() == self.last_lane.val()) | self.layer_end.val().any() {
                self.memory.write.next = true.into();
                self.lane.d.next = false.into();
                self.write_chunk.d.next = self.write_chunk.q.val() + true.into();
            }
            if self.step_end.val().any() {
                self.write_chunk.d.next = false.into();
                self.bank.d.next = !self.bank.q.val();
            }
        }
        if self.clear.val().any() {
            self.lane.d.next = false.into();
            self.write_chunk.d.next = false.into();
            self.bank.d.next = false.into();
        }
    }
}
