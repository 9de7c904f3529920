//! The memories of a core and where they live.

use serde::Serialize;

use super::Shape;
use tern_model::network::CellKind;

/// Memories that may live in block RAM or in logic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Placement {
    /// The four bias memories in block RAM.
    pub bias: bool,
    /// The LUT of an LSTM's cell state in block RAM.
    pub state_lut: bool,
    /// The LUT of a GRU's candidate in block RAM.
    pub candidate_lut: bool,
    /// The gate LUTs in block RAM.
    pub gate_lut: bool,
}

/// Where a memory lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Block RAM.
    Block,
    /// Look-up tables and flip-flops.
    Logic,
    /// Single-port RAM, one for each memory.
    SinglePort,
}

impl Home {
    fn block(block: bool) -> Home {
        if block { Home::Block } else { Home::Logic }
    }
}

/// One kind of memory of a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryShape {
    /// Name, as in the Verilog module's.
    pub name: &'static str,
    /// How many there are.
    pub count: usize,
    /// Words of each.
    pub words: usize,
    /// Bits of a word.
    pub bits: usize,
    /// Where it lives.
    pub home: Home,
}

/// Tables of so few words are smaller in logic than in a block RAM.
const LOGIC_WORDS: usize = 16;

impl MemoryShape {
    /// Block RAMs they take together on the shape's device.
    pub fn rams(&self, shape: &Shape) -> usize {
        self.count * shape.design.device.rams(self.words, self.bits)
    }
}

impl Shape {
    /// Bits of a LUT's word: a gate, or a candidate with its sign.
    pub fn table_bits(&self) -> usize {
        self.gate_frac() + 2
    }

    /// Address bits of a LUT memory: the layer, where there are several, above the index.
    pub fn table_address_bits(&self) -> usize {
        let layers = self.layers.len().next_power_of_two();
        self.lut_bits + layers.trailing_zeros() as usize
    }

    /// Columns whose sums go through a LUT of their own: four gates, or a GRU's r and z.
    pub fn gate_luts(&self) -> usize {
        match (self.has(CellKind::Lstm), self.has(CellKind::Gru)) {
            (true, _) => 4,
            (false, true) => 2,
            (false, false) => 0,
        }
    }

    /// Words and bits of every memory, whether it may live in logic, and how many there are.
    pub fn memories(&self) -> Vec<MemoryShape> {
        let memory = |name, count, words, bits, home| MemoryShape {
            name,
            count,
            words,
            bits,
            home,
        };
        let of = |cell| usize::from(self.has(cell));
        let (lstm, gru) = (of(CellKind::Lstm), of(CellKind::Gru));
        let (pes, gates, trits) = (self.design.pes(), self.gate_luts(), 2 * self.design.lanes);
        let (weights, units, biases) = (self.weight_words(), self.units(), self.bias_words());
        let (tables, table) = (1 << self.table_address_bits(), self.table_bits());
        let (hidden, state) = (usize::from(self.has_hidden_memory()), self.state_bits());
        let (events, kept) = (usize::from(self.events()), usize::from(self.sums_changes()));
        let list_bits = if self.events() {
            self.list_word_bits()
        } else {
            0
        };
        let elements = self.listed_elements();
        let (sums, sum) = (2 * biases.next_power_of_two(), self.preactivation_bits());
        let chunk = self.hidden_chunk_bits();
        let home = match self.weights_in_single_port_rams() {
            true => Home::SinglePort,
            false => Home::Block,
        };
        let (block, place) = (Home::block, self.placement);
        let candidate = block(place.candidate_lut);
        let all = [
            memory("weight", pes, weights, trits, home),
            memory("hidden", hidden, 2 * self.bank_words(), chunk, Home::Block),
            memory("state", lstm + gru, units, state, Home::Block),
            memory(
                "list",
                events,
                2 * self.list_words(),
                list_bits,
                Home::Block,
            ),
            memory("kept", kept, elements, self.element_bits(), Home::Block),
            memory("sum", 4 * events, sums, sum, Home::Block),
            memory(
                "bias",
                4 - 4 * events,
                biases,
                self.bias_bits,
                block(place.bias),
            ),
            memory("state_lut", lstm, tables, table, block(place.state_lut)),
            memory("candidate_lut", gru, tables, table, candidate),
            memory("gate_lut", gates, tables, table, block(place.gate_lut)),
        ];
        all.into_iter().filter(|memory| memory.count > 0).collect()
    }

    /// Block RAMs of all memories that are placed there.
    pub fn block_rams(&self) -> usize {
        let memories = self.memories().into_iter();
        let block = memories.filter(|memory| memory.home == Home::Block);
        block.map(|memory| memory.rams(self)).sum()
    }

    /// Puts biases, then the LUTs of states and candidates, then the gate LUTs into block RAM while the
    /// design has some left and logic would not be smaller. A core that loads its network has them all in block RAM.
    pub(crate) fn place_memories(&mut self) {
        if self.loads() {
            self.placement = Placement {
                bias: true,
                state_lut: true,
                candidate_lut: true,
                gate_lut: true,
            };
            return;
        }
        self.placement = Placement::default();
        let budget = self.design.block_ram_budget();
        let large = 1 << self.table_address_bits() > LOGIC_WORDS && self.gate_frac() > 0;
        let mut used = self.block_rams();
        let all = self.memories();
        let mut place = |name: &str, wanted: bool| {
            let memory = all.iter().find(|memory| memory.name == name);
            let rams = memory.map_or(0, |memory| memory.rams(self));
            let fits = wanted && memory.is_some() && used + rams <= budget;
            used += if fits { rams } else { 0 };
            fits
        };
        self.placement = Placement {
            bias: place("bias", self.bias_words() > LOGIC_WORDS),
            state_lut: place("state_lut", large),
            candidate_lut: place("candidate_lut", large),
            gate_lut: place("gate_lut", large),
        };
    }
}
