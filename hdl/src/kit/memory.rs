//! Memories with synchronous read, the shape that block RAM has.

use super::prelude::*;

/// Where a memory should live, as a synthesis attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Block,
    Logic,
}

/// A read-only memory: `data` is the word at `address` one cycle later.
///
/// Contents are part of the module (`initial` statements), so the Verilog stands alone.
#[derive(Clone, Debug, LogicBlock)]
pub struct Rom {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Word to read; beyond the last word it reads zero in simulation.
    pub address: Wire<In>,
    /// The word, one cycle after its address.
    pub data: Wire<Out>,
    _words: Vec<Vector>,
    _style: Style,
    _name: &'static str,
}

impl Rom {
    /// A memory of the given words (two's complement where negative), each `width` bits, in block RAM
    /// or, when `block` is false, in logic. `name` names its module.
    pub fn new(
        name: &'static str,
        width: usize,
        address_bits: usize,
        words: &[i128],
        block: bool,
    ) -> Self {
        assert!(
            words.len() <= 1 << address_bits,
            "{} words need more than {address_bits} address bits",
            words.len()
        );
        let words = words
            .iter()
            .map(|word| Vector::signed(*word, width as u32).fit(width as u32, false))
            .collect();
        let style = if block { Style::Block } else { Style::Logic };
        Rom {
            clock: Signal::default(),
            address: Wire::new(address_bits),
            data: Wire::new(width),
            _words: words,
            _style: style,
            _name: name,
        }
    }
}

impl Logic for Rom {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let address = self.address.val().integer() as usize;
            self.data.next = self
                ._words
                .get(address)
                .copied()
                .unwrap_or(Vector::unsigned(0, self.data.bits() as u32));
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let (width, address_bits) = (self.data.bits(), self.address.bits());
        let style = match self._style {
            Style::Block => "(* ram_style = \"block\" *) ",
            Style::Logic => "(* ram_style = \"logic\" *) ",
        };
        let mut text = format!(
            "// @name tern_rom_{}\n{style}reg [{}:0] mem [0:{}];\n",
            self._name,
            width - 1,
            (1usize << address_bits) - 1
        );
        let zero = Vector::unsigned(0, width as u32);
        let mut words = self._words.clone();
        words.resize(1 << address_bits, zero);
        let group = (GROUP_BITS / width).max(1);
        let mut loops = String::new();
        for (k, chunk) in words.chunks(group).enumerate() {
            let (first, bits) = (k * group, chunk.len() * width);
            text += &format!(
                "localparam [{}:0] words_{first} = {bits}'h{};\n",
                bits - 1,
                hexadecimal(chunk)
            );
            loops += &format!(
                "    for (word = 0; word < {}; word = word + 1) mem[{first} + word] = words_{first}[word*{width} +: {width}];\n",
                chunk.len()
            );
        }
        text += &format!("integer word;\ninitial begin\n{loops}end\n");
        text += "always @(posedge clock) data <= mem[address];\n";
        Verilog::Custom(text)
    }
}

/// Bits of one literal of initial contents: within the tools' limits (Verilator: 65536), and long enough that
/// Verilator keeps the loop instead of unrolling it (64 turns).
const GROUP_BITS: usize = 32768;

/// The words' bits as one number, the first word lowest.
fn hexadecimal(words: &[Vector]) -> String {
    let bits: Vec<bool> = words
        .iter()
        .flat_map(|word| (0..word.width() as usize).map(|k| word.get_bit(k).any()))
        .collect();
    let digit = |nibble: &[bool]| {
        nibble
            .iter()
            .rev()
            .fold(0, |sum, bit| sum << 1 | u32::from(*bit))
    };
    let digits = bits.chunks(4).rev().map(digit);
    digits
        .filter_map(|digit| char::from_digit(digit, 16))
        .collect()
}

/// A memory with one write port and one read port (simple dual port).
///
/// Timing: `read_data` is the word at `read_address` one cycle later; a word written in a cycle can be
/// read from the next cycle on. Not here: reading an address in the cycle it is written, which the
/// devices answer differently; the schedule never does it.
#[derive(Clone, Debug, LogicBlock)]
pub struct Ram {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// High in a cycle that writes.
    pub write: Wire<In>,
    /// Word to write.
    pub write_address: Wire<In>,
    /// Its value.
    pub write_data: Wire<In>,
    /// Word to read.
    pub read_address: Wire<In>,
    /// The word, one cycle after its address.
    pub read_data: Wire<Out>,
    _words: Vec<Vector>,
    _name: &'static str,
}

impl Ram {
    /// A memory of 2^`address_bits` words of `width` bits; `name` names its module.
    pub fn new(name: &'static str, width: usize, address_bits: usize) -> Self {
        Ram {
            clock: Signal::default(),
            write: Wire::new(1),
            write_address: Wire::new(address_bits),
            write_data: Wire::new(width),
            read_address: Wire::new(address_bits),
            read_data: Wire::new(width),
            _words: vec![Vector::unsigned(0, width as u32); 1 << address_bits],
            _name: name,
        }
    }
}

impl Logic for Ram {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.read_data.next = self._words[self.read_address.val().integer() as usize];
            if self.write.val().any() {
                self._words[self.write_address.val().integer() as usize] = self.write_data.val();
            }
        }
    }

    fn connect(&mut self) {
        self.read_data.connect();
    }

    fn hdl(&self) -> Verilog {
        let (width, depth) = (self.read_data.bits(), self._words.len());
        Verilog::Custom(format!(
            "// @name tern_ram_{}\nreg [{}:0] mem [0:{}];\nalways @(posedge clock) begin\n    if (write) mem[write_address] <= write_data;\n    read_data <= mem[read_address];\nend\n",
            self._name,
            width - 1,
            depth - 1
        ))
    }
}
