//! The parts of a schedule and their widths, from the shape of a core.

use super::Schedule;
use crate::kit::prelude::*;
use crate::schedule::descriptor::{Descriptors, Number};
use crate::schedule::position::Position;
use tern_compile::bits::index_bits;
use tern_compile::shape::Shape;

impl Schedule {
    /// The schedule of the shape.
    pub fn new(shape: &Shape) -> Self {
        let program = Descriptors::of(shape);
        let bits = |number: Number| program.bits(number);
        let (chunk, address) = (bits(Number::Chunk), index_bits(shape.weight_words()));
        let (rows, layer) = (bits(Number::Tail), bits(Number::Layer));
        let drain = shape.design.rows;
        let planes = shape.has_hidden_planes();
        let (settle_bits, drain_bits) = (bits(Number::Settle), index_bits(drain + 1));
        let flag = || Wire::new(1);
        let input = || Wire::new(1);
        let local = || Wire::new(1);
        let bit = || Reg::new(1);
        Schedule {
            clock: Signal::default(),
            clear: input(),
            input_ready: input(),
            input_ending: input(),
            drain_finished: input(),
            output_busy: input(),
            taken: flag(),
            output_start: flag(),
            output_ending: flag(),
            bank: flag(),
            input_beat: flag(),
            hidden_beat: flag(),
            fresh: flag(),
            chunk: Wire::new(chunk),
            plane: Wire::optional(planes, bits(Number::Plane)),
            address: Wire::new(address),
            shift: flag(),
            last: flag(),
            part_last: flag(),
            done: flag(),
            done_head: flag(),
            done_first: flag(),
            done_rows: Wire::new(rows),
            done_layer: Wire::new(layer),
            done_swap: flag(),
            done_warm: flag(),
            done_ending: flag(),
            position: Position::new(shape),
            warm_q: bit(),
            ending_q: bit(),
            bank_q: bit(),
            settle_timer: Reg::new(settle_bits),
            drain_timer: Reg::new(drain_bits),
            settle_wait: bit(),
            completed_q: bit(),
            layer_completed_q: bit(),
            settle_q: Reg::new(settle_bits),
            busy: bit(),
            head_busy: bit(),
            flush: bit(),
            input_beat_q: bit(),
            hidden_beat_q: bit(),
            first_q: bit(),
            bank_out_q: bit(),
            fresh_q: bit(),
            chunk_out_q: Reg::new(chunk),
            plane_out_q: optional(planes, || Reg::new(bits(Number::Plane))),
            address_out_q: Reg::new(address),
            shift_q: bit(),
            last_q: bit(),
            done_q: bit(),
            part_last_q: bit(),
            done_head_q: bit(),
            done_first_q: bit(),
            done_rows_q: Reg::new(rows),
            done_layer_q: Reg::new(layer),
            done_swap_q: bit(),
            done_warm_q: bit(),
            done_ending_q: bit(),
            blocked: local(),
            held: local(),
            head_waits: local(),
            go: local(),
            take: local(),
            sequence_end: local(),
            output_due: local(),
            completed: local(),
            layer_completed: local(),
            rows: Const::new(drain.saturating_sub(3), drain_bits),
            rows_wait: Const::new(usize::from(drain > 1), 1),
            rows_wait_more: Const::new(usize::from(drain > 2), 1),
            every_step: Const::new(usize::from(shape.every), 1),
            _headless: usize::from(shape.outputs.is_none()),
            _linear: usize::from(shape.layers.is_empty()),
            _split: usize::from(shape.split()),
        }
    }
}
