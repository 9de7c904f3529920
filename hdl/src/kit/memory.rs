//! Memories with synchronous read, the shape that block RAM has.

use rust_hdl::core::prelude::*;

use super::vector::Vector;
use super::wire::Wire;

/// Where a memory should live, as a synthesis attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Block RAM.
    Block,
    /// Look-up tables and registers.
    Logic,
    /// A large RAM of one port that has no initial contents: what it holds at first is not known.
    SinglePort,
}

impl Style {
    /// Block RAM or logic.
    pub fn block(block: bool) -> Style {
        if block { Style::Block } else { Style::Logic }
    }
}

/// Who writes a memory, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody: a ROM.
    Read,
    /// A write port with an address of its own.
    WritePort,
    /// The one address reads or writes, never both in a cycle.
    OnePort,
}

impl Access {
    /// A write port where the memory is loaded, otherwise none.
    pub fn loaded(loaded: bool) -> Access {
        if loaded {
            Access::WritePort
        } else {
            Access::Read
        }
    }
}

/// A memory with initial contents: `data` is the word at `address` one cycle later.
///
/// Contents are part of the module (`initial` statements), so the Verilog stands alone.
///
/// Not here: reading an address in the cycle it is written, which the devices answer differently: the simulation answers it
/// wrongly, and `no_rw_check` spares the logic that Yosys would make to give the word from before. With one port, `data`
/// means nothing after a cycle that writes.
#[derive(Clone, Debug, LogicBlock)]
pub struct Memory {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Word to read; beyond the last word it reads zero in simulation.
    pub address: Wire<In>,
    /// High in a cycle that writes; not in a ROM.
    pub write: Wire<In>,
    /// Word to write, where that has an address of its own.
    pub write_address: Wire<In>,
    /// Its value; not in a ROM.
    pub write_data: Wire<In>,
    /// The word, one cycle after its address.
    pub data: Wire<Out>,
    _words: Vec<Vector>,
    _style: Style,
    _access: Access,
}

impl Memory {
    /// A memory of the given words (two's complement where negative), each `width` bits, that lives where `style` says.
    pub fn new(
        width: usize,
        address_bits: usize,
        words: &[i128],
        style: Style,
        access: Access,
    ) -> Self {
        assert!(
            words.len() <= 1 << address_bits,
            "{} words need more than {address_bits} address bits",
            words.len()
        );
        let mut words: Vec<Vector> = words
            .iter()
            .map(|word| Vector::signed(*word, width as u32).fit(width as u32, false))
            .collect();
        words.resize(1 << address_bits, Vector::unsigned(0, width as u32));
        let writes = access != Access::Read;
        Memory {
            clock: Signal::default(),
            address: Wire::new(address_bits),
            write: Wire::optional(writes, 1),
            write_address: Wire::optional(access == Access::WritePort, address_bits),
            write_data: Wire::optional(writes, width),
            data: Wire::new(width),
            _words: words,
            _style: style,
            _access: access,
        }
    }

    /// Words of a literal of initial contents.
    fn group(&self) -> usize {
        (GROUP_BITS / self.data.bits()).clamp(1, self._words.len())
    }

    /// Parameters with the initial contents, and the statements that write them.
    fn initial(&self) -> (String, String) {
        let (width, group) = (self.data.bits(), self.group());
        let groups = self._words.chunks(group);
        let several = groups.len() > 1;
        let (mut constants, mut loops) = (String::new(), String::new());
        for (k, words) in groups.enumerate() {
            let name = if several {
                format!("WORDS_{k}")
            } else {
                "WORDS".to_owned()
            };
            let (first, count) = match several {
                true => (format!("{} + ", k * group), words.len().to_string()),
                false => (String::new(), "DEPTH".to_owned()),
            };
            let bits = words.len() * width;
            constants += &format!(
                "localparam [{count}*WIDTH-1:0] {name} = {bits}'h{};\n",
                hexadecimal(words)
            );
            loops += &format!(
                "    for (k = 0; k < {count}; k = k + 1)\n        mem[{first}k] = {name}[k*WIDTH +: WIDTH];\n"
            );
        }
        (
            constants,
            format!("integer k;\ninitial begin\n{loops}end\n"),
        )
    }
}

impl Logic for Memory {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let word = |address: &Wire<In>| address.val().integer() as usize;
            let written = match self._access {
                Access::Read => None,
                Access::WritePort => Some(word(&self.write_address)),
                Access::OnePort => Some(word(&self.address)),
            };
            let written = written.filter(|_| self.write.val().any());
            let read = word(&self.address);
            self.data.next = match written {
                Some(written) if written == read => !self._words[read],
                _ => self._words[read],
            };
            if let Some(word) = written {
                self._words[word] = self.write_data.val();
            }
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let (constants, initial) = match self._style {
            Style::SinglePort => (String::new(), String::new()),
            Style::Block | Style::Logic => self.initial(),
        };
        let (style, place) = match self._style {
            Style::Block => ("block", ""),
            Style::Logic => ("logic", "_in_logic"),
            Style::SinglePort => ("huge", "_single_port"),
        };
        let check = match self._access {
            Access::WritePort => ", no_rw_check",
            Access::Read | Access::OnePort => "",
        };
        let (kind, about, always) = match self._access {
            Access::Read => (
                "rom",
                "A ROM",
                "always @(posedge clock) data <= mem[address];\n",
            ),
            Access::WritePort => (
                "memory",
                "A memory with initial contents and a write port",
                "always @(posedge clock) begin\n    if (write) mem[write_address] <= write_data;\n    data <= mem[address];\nend\n",
            ),
            Access::OnePort => (
                "memory_one_port",
                "A memory of one port, which reads or writes",
                "always @(posedge clock) begin\n    if (write) mem[address] <= write_data;\n    else data <= mem[address];\nend\n",
            ),
        };
        Verilog::Custom(format!(
            "// @name tern_{kind}{place}: {about}: the word at an address one cycle later; word 0 is lowest in WORDS.\n{WIDTHS}\
             localparam WIDTH = {};\nlocalparam DEPTH = {};\n{constants}\
             (* ram_style = \"{style}\"{check} *) reg [WIDTH-1:0] mem [0:DEPTH-1];\n{initial}{always}",
            self.data.bits(),
            self._words.len(),
        ))
    }
}

/// Ports of memories whose widths are parameters.
const WIDTHS: &str = "\
// @width data WIDTH
// @width write_data WIDTH
// @width read_data WIDTH
// @width address $clog2(DEPTH)
// @width write_address $clog2(DEPTH)
// @width read_address $clog2(DEPTH)
";

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
/// devices answer differently; nobody uses what comes then, and the simulation answers it wrongly.
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
}

impl Ram {
    /// A memory of 2^`address_bits` words of `width` bits.
    pub fn new(width: usize, address_bits: usize) -> Self {
        Ram {
            clock: Signal::default(),
            write: Wire::new(1),
            write_address: Wire::new(address_bits),
            write_data: Wire::new(width),
            read_address: Wire::new(address_bits),
            read_data: Wire::new(width),
            _words: vec![Vector::unsigned(0, width as u32); 1 << address_bits],
        }
    }
}

impl Logic for Ram {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let word = |address: &Wire<In>| address.val().integer() as usize;
            let read = word(&self.read_address);
            self.read_data.next = self._words[read];
            if self.write.val().any() {
                let written = word(&self.write_address);
                if written == read {
                    self.read_data.next = !self._words[read];
                }
                self._words[written] = self.write_data.val();
            }
        }
    }

    fn connect(&mut self) {
        self.read_data.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "// @name tern_ram: A memory with a write port and a read port; a word comes one cycle after its address.\n{WIDTHS}\
             localparam WIDTH = {};\nlocalparam DEPTH = {};\n\
             (* no_rw_check *) reg [WIDTH-1:0] mem [0:DEPTH-1];\nalways @(posedge clock) begin\n    \
             if (write) mem[write_address] <= write_data;\n    read_data <= mem[read_address];\nend\n",
            self.read_data.bits(),
            self._words.len(),
        ))
    }
}
