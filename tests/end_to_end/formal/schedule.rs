//! The schedule and the drain of the dense array.

use tern_compile::bits::index_bits;
use tern_hdl::schedule::Schedule;
use tern_hdl::schedule::drain::Drain;
use tern_model::random::RandomSpec;

use super::{Proof, alone, layers, shape, trits};

#[test]
fn drain_selects_every_row_once() {
    let rows = 3;
    let shape = shape(layers(), rows);
    Proof {
        name: "drain",
        design: alone(Drain::new(&shape)),
        properties: include_str!("../../formal/drain.v"),
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
        properties: include_str!("../../formal/schedule.v"),
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
