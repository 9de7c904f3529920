//! The streams: no beat is lost, doubled or out of its turn.

use tern_compile::bits::index_bits;
use tern_hdl::stream::head::Head;
use tern_hdl::stream::input::Input;
use tern_hdl::stream::narrow::Narrow;
use tern_hdl::stream::state_output::StateOutput;
use tern_hdl::stream::widen::Widen;

use super::{Proof, alone, layers, shape, trits};

#[test]
fn skid_loses_nothing() {
    Proof {
        name: "skid",
        design: alone(Widen::new(2)),
        properties: include_str!("../../formal/skid.v"),
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
        properties: include_str!("../../formal/widen.v"),
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
        properties: include_str!("../../formal/narrow.v"),
        defines: &[("BYTES", 3)],
        broken: ("last_q & is_last", "last_q"),
        fails: "tlast_on_the_last_byte",
    }
    .check();
}

#[test]
fn input_ring_uses_every_beat() {
    let shape = shape(layers(), 2);
    Proof {
        name: "input",
        design: alone(Input::new(&shape)),
        properties: include_str!("../../formal/input.v"),
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
fn state_output_sends_every_chunk_once() {
    let shape = shape(trits(), 2);
    Proof {
        name: "state_output",
        design: alone(StateOutput::new(&shape)),
        properties: include_str!("../../formal/state_output.v"),
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
fn head_sends_every_output_once() {
    let shape = shape(layers(), 2);
    let columns = shape.design.columns;
    let outputs = shape.outputs.expect("a head");
    Proof {
        name: "head",
        design: alone(Head::new(&shape)),
        properties: include_str!("../../formal/head.v"),
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
