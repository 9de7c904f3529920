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
    /// Wherever the synthesizer puts it, without initial contents.
    Any,
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

/// A memory: `data` is the word at `address` one cycle later; what is written in a cycle can be read from the next one on.
///
/// Initial contents are part of the module (`initial` statements), so the Verilog stands alone.
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

    /// A memory of 2^`address_bits` words of `width` bits with a write port, without initial contents: nothing may depend on a
    /// word that was not written. In Rust-HDL's simulation the words begin as zero.
    pub fn blank(width: usize, address_bits: usize) -> Self {
        Self::new(width, address_bits, &[], Style::Any, Access::WritePort)
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
            Style::SinglePort | Style::Any => (String::new(), String::new()),
            Style::Block | Style::Logic => self.initial(),
        };
        let (style, place) = match self._style {
            Style::Block => (Some("ram_style = \"block\""), ""),
            Style::Logic => (Some("ram_style = \"logic\""), "_in_logic"),
            Style::SinglePort => (Some("ram_style = \"huge\""), "_single_port"),
            Style::Any => (None, "_blank"),
        };
        let check = match self._access {
            Access::WritePort => Some("no_rw_check"),
            Access::Read | Access::OnePort => None,
        };
        let attributes: Vec<&str> = style.into_iter().chain(check).collect();
        let (kind, about, always) = match self._access {
            Access::Read => (
                "rom",
                "A ROM",
                "always @(posedge clock) data <= mem[address];\n",
            ),
            Access::WritePort => (
                "memory",
                "A memory with a write port",
                "always @(posedge clock) begin\n    if (write) mem[write_address] <= write_data;\n    data <= mem[address];\nend\n",
            ),
            Access::OnePort => (
                "memory_one_port",
                "A memory of one port, which reads or writes",
                "always @(posedge clock) begin\n    if (write) mem[address] <= write_data;\n    else data <= mem[address];\nend\n",
            ),
        };
        Verilog::Custom(format!(
            "// @name tern_{kind}{place}: {about}: the word at an address one cycle later{}.\n{WIDTHS}\
             localparam WIDTH = {};\nlocalparam DEPTH = {};\n{constants}\
             {}reg [WIDTH-1:0] mem [0:DEPTH-1];\n{initial}{always}",
            if constants.is_empty() {
                ""
            } else {
                "; word 0 is lowest in WORDS"
            },
            self.data.bits(),
            self._words.len(),
            match attributes.is_empty() {
                true => String::new(),
                false => format!("(* {} *) ", attributes.join(", ")),
            },
        ))
    }
}

/// Ports of memories whose widths are parameters.
const WIDTHS: &str = "\
// @width data WIDTH
// @width write_data WIDTH
// @width address $clog2(DEPTH)
// @width write_address $clog2(DEPTH)
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
