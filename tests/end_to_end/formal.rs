//! Properties of the generated modules, proven for all inputs and all cycles; each proof fails on a module broken on purpose.

use rust_hdl::core::prelude::{Block, generate_verilog_unchecked};
use tern_compile::bits::index_bits;
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_hdl::array::pe::Pe;
use tern_hdl::array::product::Product;
use tern_hdl::cell::hidden::Hidden;
use tern_hdl::cell::rounding::Rounding;
use tern_hdl::schedule::Schedule;
use tern_hdl::schedule::drain::Drain;
use tern_hdl::stream::head::Head;
use tern_hdl::stream::input::Input;
use tern_hdl::stream::narrow::Narrow;
use tern_hdl::stream::state_output::StateOutput;
use tern_hdl::stream::widen::Widen;
use tern_model::network::{CellKind, Output};
use tern_model::random::RandomSpec;
use tern_sim::formal::prove::{Properties, Verdict, prove};
use tern_tests::family::{Biases, Family};

const HANDSHAKE: &str = include_str!("../formal/handshake.v");

/// A proof, and a change of the design that it must notice.
struct Proof<'a> {
    name: &'a str,
    design: String,
    properties: &'a str,
    defines: &'a [(&'a str, usize)],
    /// What is replaced in the module, by what.
    broken: (&'a str, &'a str),
    /// The assertion that then fails.
    fails: &'a str,
}

impl Proof<'_> {
    fn verdict(&self, design: &str) -> Verdict {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let properties = Properties {
            name: self.name,
            design,
            properties: &[HANDSHAKE, self.properties],
            defines: self.defines,
        };
        prove(&properties, folder.path()).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The assertions hold and the cover points are reached; on the broken design one named assertion fails.
    fn check(&self) {
        let sound = self.verdict(&self.design);
        assert_eq!(sound.failed, Vec::<String>::new(), "{}", self.name);
        assert_eq!(sound.unreached, Vec::<String>::new(), "{}", self.name);
        let covers = self.properties.matches("cover(").count();
        assert!(
            sound.reached >= covers,
            "{} of {covers} covers of {}",
            sound.reached,
            self.name
        );
        let (from, to) = self.broken;
        let module = self
            .design
            .find(&format!("module tern_{} ", self.name))
            .unwrap_or(0);
        let at = module
            + self.design[module..]
                .find(from)
                .unwrap_or_else(|| panic!("no `{from}`"));
        let mut design = self.design.clone();
        design.replace_range(at..at + from.len(), to);
        let failed = self.verdict(&design).failed;
        assert!(
            failed.iter().any(|what| what.contains(self.fails)),
            "{}: {failed:?}",
            self.name
        );
    }
}

/// The Verilog of a block alone.
fn alone(mut block: impl Block) -> String {
    block.connect_all();
    tern_hdl::verilog::emit(&block).expect("a sound block")
}

/// The shape of a small core.
fn shape(spec: RandomSpec, rows: usize) -> Shape {
    let family = Family {
        spec,
        columns: 4,
        rows,
        lanes: 2,
        skip: None,
        device: "ice40-hx8k",
        threshold: 1,
        biases: Biases::Narrow { limit: 9, step: 1 },
    };
    let program = Program::compile(&family.model(1), &family.design()).expect("it fits");
    program.shape
}

fn trits() -> RandomSpec {
    RandomSpec {
        output: Output::Every,
        ..RandomSpec::hitnet(CellKind::Lstm, 3, 3)
    }
}

#[test]
fn skid_loses_nothing() {
    Proof {
        name: "skid",
        design: alone(Widen::new(2)),
        properties: include_str!("../formal/skid.v"),
        defines: &[],
        broken: (
            "held_q <= there & ~m_axis_tready",
            "held_q <= there & m_axis_tready",
        ),
        fails: "properties.",
    }
    .check();
}

#[test]
fn widen_puts_bytes_in_their_place() {
    Proof {
        name: "widen",
        design: alone(Widen::new(3)),
        properties: include_str!("../formal/widen.v"),
        defines: &[("BYTES", 3)],
        broken: ("filling_q <= skid_m_axis_tlast", "filling_q <= 1'b0"),
        fails: "properties.",
    }
    .check();
}

#[test]
fn narrow_sends_bytes_in_their_turn() {
    Proof {
        name: "narrow",
        design: alone(Narrow::new(3)),
        properties: include_str!("../formal/narrow.v"),
        defines: &[("BYTES", 3)],
        broken: ("last_q & is_last", "last_q"),
        fails: "tlast_on_the_last_byte",
    }
    .check();
}

#[test]
fn state_output_sends_every_chunk_once() {
    let shape = shape(trits(), 2);
    Proof {
        name: "state_output",
        design: alone(StateOutput::new(&shape)),
        properties: include_str!("../formal/state_output.v"),
        defines: &[
            ("CHUNKS", shape.hidden_chunks(0)),
            ("FIRST", shape.first_chunk(0)),
            ("LANES", 2),
            ("INDEX_BITS", index_bits(shape.bank_words())),
            ("DATA_BITS", shape.output_stream_bits()),
            ("PARTIAL", 1),
        ],
        broken: ("& ~arriving_q & ~full_q", "& ~arriving_q"),
        fails: "properties.",
    }
    .check();
}

#[test]
fn product_is_that_of_trits() {
    Proof {
        name: "product",
        design: alone(Product::new(2)),
        properties: include_str!("../formal/product.v"),
        defines: &[("LANES", 2)],
        broken: (
            "weight[2*lane+1] & act[2*lane+1]",
            "weight[2*lane+1] & act[2*lane]",
        ),
        fails: "product_of_trits",
    }
    .check();
}

#[test]
fn processing_element_sums_exactly() {
    // Sizes that fill the lanes, so that a sum may reach every value that its width is made for.
    let shape = shape(RandomSpec::hitnet(CellKind::Lstm, 4, 4), 2);
    let chunks = shape.input_chunks() + shape.hidden_chunks(0);
    let zero = format!("sum_q <= {}'d0", shape.sum_bits());
    Proof {
        name: "pe",
        design: alone(Pe::new(&shape, false)),
        properties: include_str!("../formal/pe.v"),
        defines: &[
            ("LANES", 2),
            ("RESULT_BITS", shape.result_bits()),
            ("CHUNKS", chunks),
        ],
        broken: (&zero, "sum_q <= total"),
        fails: "sum_is_exact",
    }
    .check();
}

/// Two layers of three units and a head, on inputs of three bits in three chunks.
fn layers() -> RandomSpec {
    RandomSpec {
        input_bits: 3,
        cells: vec![(CellKind::Lstm, 3), (CellKind::Lstm, 3)],
        head: Some(6),
        output: Output::Every,
        ..RandomSpec::hitnet(CellKind::Lstm, 5, 3)
    }
}

#[test]
fn input_ring_uses_every_beat() {
    let shape = shape(layers(), 2);
    Proof {
        name: "input",
        design: alone(Input::new(&shape)),
        properties: include_str!("../formal/input.v"),
        defines: &[
            ("CHUNKS", shape.input_chunks()),
            ("LANES", 2),
            ("BITS", shape.input_bits),
        ],
        broken: ("padding_q <= tlast", "padding_q <= 1'b0"),
        fails: "properties.",
    }
    .check();
}

#[test]
fn hidden_memory_keeps_every_unit() {
    let integers = RandomSpec {
        hidden_bits: vec![2, 4],
        ..layers()
    };
    for spec in [layers(), integers] {
        let shape = shape(spec, 2);
        Proof {
            name: "hidden",
            design: alone(Hidden::new(&shape)),
            properties: include_str!("../formal/hidden.v"),
            defines: &[
                ("FIRST", shape.layers[0].hidden_size),
                ("SECOND", shape.layers[1].hidden_size),
                ("LANES", 2),
                ("BITS", shape.hidden_bits()),
                ("CHUNK_BITS", index_bits(shape.bank_words())),
            ],
            broken: ("| layer_end", "| step_end"),
            fails: "each_unit_in_its_place",
        }
        .check();
    }
}

/// A layer of 4 bits and one of trits, on values of 12 bits of which the layers' own lack 2.
#[test]
fn rounding_is_that_of_the_equations() {
    let spec = RandomSpec {
        gate_frac: 3,
        state_bits: 6,
        hidden_bits: vec![4, 2],
        ..layers()
    };
    let shape = shape(spec, 2);
    let [integer, ternary] = shape.layers.as_slice() else {
        panic!("two layers");
    };
    let value_bits = 12;
    let shift = integer.hidden_round.expect("a rounding shift") + 2;
    Proof {
        name: "rounding",
        design: alone(Rounding::new(&shape, value_bits, &|_| 2)),
        properties: include_str!("../formal/rounding.v"),
        defines: &[
            ("VALUE_BITS", value_bits),
            ("BITS", shape.hidden_bits()),
            ("SHIFT", shift),
            ("THETA", ternary.threshold.expect("a threshold") << 2),
        ],
        broken: ("+ half_bits", "- half_bits"),
        fails: "integer_is_rounded_and_saturated",
    }
    .check();
}

#[test]
fn drain_selects_every_row_once() {
    let rows = 3;
    let shape = shape(layers(), rows);
    Proof {
        name: "drain",
        design: alone(Drain::new(&shape)),
        properties: include_str!("../formal/drain.v"),
        defines: &[
            ("ROWS", rows),
            ("ROW_BITS", index_bits(rows)),
            ("WORD_BITS", index_bits(shape.bias_words())),
            ("DELAY", 4 + shape.count_cycles()),
        ],
        broken: ("fire_q <= 1'b0", "fire_q <= 1'b1"),
        fails: "head_rows_wait",
    }
    .check();
}

#[test]
fn head_sends_every_output_once() {
    let shape = shape(layers(), 2);
    let columns = shape.design.columns;
    let outputs = shape.outputs.expect("a head");
    Proof {
        name: "head",
        design: alone(Head::new(&shape)),
        properties: include_str!("../formal/head.v"),
        defines: &[
            ("COLUMNS", columns),
            ("LAST", (outputs - 1) % columns + 1),
            ("BITS", shape.output_bits()),
        ],
        broken: ("(busy_q & tready)", "(busy_q)"),
        fails: "offer_holds",
    }
    .check();
}

/// A head's blocks wait for the output stream, those of a core without one for the copy of the hidden state.
#[test]
fn schedule_with_a_head_stays_in_its_memories_and_ends() {
    let spec = RandomSpec {
        head: Some(5),
        ..trits()
    };
    schedule(spec, (" busy_q <= 1'b1", " busy_q <= 1'b0"));
}

#[test]
fn schedule_stays_in_its_memories_and_ends() {
    let broken = (
        "blocked = (position_takes_input & ~input_ready)",
        "blocked = (1'b0)",
    );
    schedule(trits(), broken);
}

fn schedule(spec: RandomSpec, broken: (&str, &str)) {
    let rows = 2;
    let shape = shape(spec, rows);
    // A step whose streams stall takes the same cycles of those in which they do not, but for waits that overlap.
    let cycles = 2 * shape.cycles_per_step() as usize;
    Proof {
        name: "schedule",
        design: alone(Schedule::new(&shape)),
        properties: include_str!("../formal/schedule.v"),
        defines: &[
            ("WORDS", shape.weight_words()),
            ("CHUNKS", shape.bank_words()),
            ("CHUNK_BITS", index_bits(shape.bank_words())),
            ("ADDRESS_BITS", index_bits(shape.weight_words())),
            ("CYCLES", cycles),
            ("ROWS", rows),
            ("ROW_BITS", index_bits(rows)),
            ("BEATS", shape.input_chunks() * (shape.input_bits - 1)),
        ],
        broken,
        fails: "properties.",
    }
    .check();
}

#[test]
fn readable_text_is_equivalent_to_the_text_of_rust_hdl() {
    fn texts(name: &str, bits: [usize; 2], broken: (&str, &str), mut block: impl Block) {
        block.connect_all();
        let raw = generate_verilog_unchecked(&block).replace("module top(", "module raw_top(");
        let readable = tern_hdl::verilog::emit(&block).expect("a sound block");
        let readable = readable.replace(&format!("module tern_{name} "), "module readable_top ");
        Proof {
            name,
            design: readable + &raw,
            properties: include_str!("../formal/equivalent.v"),
            defines: &[("INPUT_BITS", bits[0]), ("OUTPUT_BITS", bits[1])],
            broken,
            fails: "same_outputs",
        }
        .check();
    }
    let (from, to) = ("full_q <= 1'b1", "full_q <= 1'b0");
    texts("widen", [8, 24], (from, to), Widen::new(3));
    let (from, to) = ("busy_q <= s_axis_tvalid", "busy_q <= 1'b1");
    texts("narrow", [24, 8], (from, to), Narrow::new(3));
}
