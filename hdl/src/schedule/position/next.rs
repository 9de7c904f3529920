//! Which beat follows: the logic of `Position`.

use super::Position;
use crate::kit::prelude::*;

impl Logic for Position {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_position");
        comment!("@about Where in the time step the array is: walks through");
        comment!("@about the passes, blocks and chunks.");
        dff_setup!(
            self,
            clock,
            next_q,
            left_q,
            chunk_q,
            blocks_q,
            last_block_q,
            hidden_q,
            takes_input_q,
            fresh_q,
            waits_q,
            head_q,
            top_q,
            ends_block_q,
            ends_part_q,
            swap_q,
            last_plane_q,
            first_plane_q,
            shifts_q,
            last_section_q,
            gaps_q,
            tail_q,
            layer_q,
            settle_q
        );
        dff_setup!(
            self,
            clock,
            gap_q,
            shift_q,
            pass_end_q,
            part_end_q,
            block_end_q,
            closing_q,
            skip_q,
            last_input_q,
            input_q,
            input_start_q,
            state_q
        );

        // The pass that follows this one.
        self.skip.next = self.skip_q.q.val();
        for _i in 0..self._late {
            self.skip.next = self.top_q.q.val() & self.closing_q.q.val() & !self.head_due.val();
        }
        self.final_beat.next =
            self.closing_q.q.val() & (self.last_section_q.q.val() | self.skip.val());
        self.target.next = self.next_q.q.val();
        if self.skip.val().any() {
            self.target.next = false.into();
        }
        self.passes.index.next = self.target.val();
        self.entry.next = self.passes.data.val();
        self.entry_ends_block.next = self.entry.val().index(self._ends_block).get_value_bits();
        self.entry_later_plane.next = self.entry.val().index(self._later_plane).get_value_bits();

        // The next beat, in this pass or the one that follows.
        self.next_left.next = self.left_q.q.val() - true.into();
        self.next_chunk.next = self.chunk_q.q.val() + true.into();
        self.next_pass_end.next = (self.left_q.q.val() == self.one_beat.val()).into();
        self.next_gaps.next = self.gaps_q.q.val();
        self.next_hidden.next = self.hidden_q.q.val();
        self.next_ends_block.next = self.ends_block_q.q.val();
        self.next_ends_part.next = self.ends_part_q.q.val();
        self.next_last_plane.next = self.last_plane_q.q.val();
        self.next_shifts.next = self.shifts_q.q.val();
        self.next_top.next = self.top_q.q.val();
        self.next_blocks.next = self.blocks_q.q.val();
        self.next_last_block.next = self.last_block_q.q.val();
        if self.pass_end_q.q.val().any() {
            self.next_left.next = self.entry.val().index(self._left).get_value_bits();
            self.next_chunk.next = self.entry.val().index(self._chunk).get_value_bits();
            self.next_pass_end.next = self.entry.val().index(self._one_beat).get_value_bits();
            self.next_gaps.next = self.entry.val().index(self._gaps).get_value_bits();
            self.next_hidden.next = self.entry.val().index(self._hidden).get_value_bits();
            self.next_ends_block.next = self.entry_ends_block.val();
            self.next_ends_part.next = self.entry.val().index(self._ends_part).get_value_bits();
            self.next_last_plane.next = self.entry.val().index(self._last_plane).get_value_bits();
            self.next_top.next = self.entry.val().index(self._top).get_value_bits();
            self.next_shifts.next = self.entry.val().index(self._shifts).get_value_bits();
        }
        if self.block_end_q.q.val().any() {
            self.next_blocks.next = self.blocks_q.q.val() - true.into();
            self.next_last_block.next = (self.blocks_q.q.val() == self.one_block.val()).into();
        }
        if self.closing_q.q.val().any() {
            self.next_blocks.next = self.entry.val().index(self._blocks).get_value_bits();
            self.next_last_block.next = self.entry.val().index(self._one_block).get_value_bits();
        }
        self.next_last_chunk.next = self.next_pass_end.val();
        self.next_gap.next = false.into();
        for _i in 0..self._with_gaps {
            self.next_last_chunk.next = (self.next_left.val() == self.next_gaps.val()).into();
            self.next_gap.next = (self.next_left.val() < self.next_gaps.val()).into();
        }

        if self.go.val().any() {
            self.left_q.d.next = self.next_left.val();
            self.chunk_q.d.next = self.next_chunk.val();
            self.blocks_q.d.next = self.next_blocks.val();
            self.last_block_q.d.next = self.next_last_block.val();
            self.gaps_q.d.next = self.next_gaps.val();
            self.ends_block_q.d.next = self.next_ends_block.val();
            self.ends_part_q.d.next = self.next_ends_part.val();
            self.last_plane_q.d.next = self.next_last_plane.val();
            self.shifts_q.d.next = self.next_shifts.val();
            self.gap_q.d.next = self.next_gap.val();
            self.hidden_q.d.next = self.next_hidden.val();
            self.takes_input_q.d.next = !self.next_hidden.val() & !self.next_gap.val();
            self.shift_q.d.next =
                self.next_shifts.val() & (self.next_last_chunk.val() | self.next_gap.val());
            self.pass_end_q.d.next = self.next_pass_end.val();
            self.part_end_q.d.next = self.next_last_chunk.val() & self.next_ends_part.val();
            self.block_end_q.d.next = self.next_pass_end.val() & self.next_ends_block.val();
            self.closing_q.d.next =
                self.next_pass_end.val() & self.next_ends_block.val() & self.next_last_block.val();
            self.last_input_q.d.next = self.next_last_chunk.val()
                & self.next_last_plane.val()
                & self.next_last_block.val();
            self.skip_q.d.next = false.into();
            for _i in 0..self._skips {
                self.skip_q.d.next = self.next_pass_end.val()
                    & self.next_ends_block.val()
                    & self.next_last_block.val()
                    & self.next_top.val()
                    & !self.head_due.val();
            }
            self.first_plane_q.d.next = false.into();
            if self.pass_end_q.q.val().any() {
                self.fresh_q.d.next = self.entry.val().index(self._fresh).get_value_bits();
                self.waits_q.d.next = self.entry.val().index(self._waits).get_value_bits();
                self.head_q.d.next = self.entry.val().index(self._head).get_value_bits();
                self.top_q.d.next = self.next_top.val();
                self.swap_q.d.next = self.entry.val().index(self._swap).get_value_bits();
                self.last_section_q.d.next =
                    self.entry.val().index(self._last_section).get_value_bits();
                self.tail_q.d.next = self.entry.val().index(self._tail).get_value_bits();
                self.layer_q.d.next = self.entry.val().index(self._layer).get_value_bits();
                self.settle_q.d.next = self.entry.val().index(self._settle).get_value_bits();
                self.first_plane_q.d.next =
                    self.entry.val().index(self._first_plane).get_value_bits();
                self.next_q.d.next = self.entry.val().index(self._after).get_value_bits();
                if (self.entry_ends_block.val() & !self.next_last_block.val()).any() {
                    self.next_q.d.next = self.entry.val().index(self._again).get_value_bits();
                }
            }
        }

        // Trit planes of hidden states.
        for i in 0..self.plane_q.len() {
            dff_setup!(self, clock, plane_q[i], step_q[i], last_chunk_q[i]);
            if self.go.val().any() {
                self.last_chunk_q[i].d.next = self.next_last_chunk.val();
                if self.pass_end_q.q.val().any() {
                    self.plane_q[i].d.next = self.entry.val().index(self._plane).get_value_bits();
                    self.step_q[i].d.next = self.entry.val().index(self._step).get_value_bits();
                }
            }
            self.plane.next = self.plane_q[i].q.val();
        }

        // Weight words.
        self.input_start.next = self.input_start_q.q.val();
        if self.first_plane_q.q.val().any() {
            self.input_start.next = self.input_q.q.val();
        }
        if self.go.val().any() {
            self.input_start_q.d.next = self.input_start.val();
            if !self.gap_q.q.val().any() {
                if self.hidden_q.q.val().any() {
                    self.state_q.d.next = self.state_q.q.val() + true.into();
                    for i in 0..self.step_q.len() {
                        if self.last_chunk_q[i].q.val().any() {
                            self.state_q.d.next = self.state_q.q.val() + self.step_q[i].q.val();
                        }
                    }
                } else {
                    self.input_q.d.next = self.input_q.q.val() + true.into();
                }
            }
            if (self.pass_end_q.q.val() & self.entry_later_plane.val()).any() {
                self.input_q.d.next = self.input_start.val();
            }
            if self.final_beat.val().any() {
                self.input_q.d.next = false.into();
                self.state_q.d.next = self.state_base.val();
            }
        }
        if self.clear.val().any() {
            self.next_q.d.next = false.into();
            self.hidden_q.d.next = true.into();
            self.fresh_q.d.next = false.into();
            self.waits_q.d.next = false.into();
            self.gap_q.d.next = false.into();
            self.takes_input_q.d.next = false.into();
            self.pass_end_q.d.next = true.into();
            self.part_end_q.d.next = false.into();
            self.block_end_q.d.next = false.into();
            self.closing_q.d.next = true.into();
            self.last_section_q.d.next = true.into();
            self.last_input_q.d.next = false.into();
        }

        self.is_hidden.next = self.hidden_q.q.val();
        self.takes_input.next = self.takes_input_q.q.val();
        self.is_fresh.next = self.fresh_q.q.val();
        self.waits.next = self.waits_q.q.val();
        self.is_head.next = self.head_q.q.val();
        self.in_gap.next = self.gap_q.q.val();
        self.chunk.next = self.chunk_q.q.val();
        self.address.next = self.input_q.q.val();
        if self.hidden_q.q.val().any() {
            self.address.next = self.state_q.q.val();
        }
        self.shift.next = self.shift_q.q.val();
        self.part_end.next = self.part_end_q.q.val();
        self.swap.next = self.swap_q.q.val();
        self.block_end.next = self.block_end_q.q.val();
        self.rows.next = self.full_rows.val();
        if self.closing_q.q.val().any() {
            self.rows.next = self.tail_q.q.val();
        }
        self.layer_end.next = self.closing_q.q.val() & !self.head_q.q.val();
        self.state_end.next = self.closing_q.q.val() & self.top_q.q.val();
        self.step_end.next = self.final_beat.val();
        self.last_input.next = self.last_input_q.q.val();
        self.layer.next = self.layer_q.q.val();
        self.settle.next = self.settle_q.q.val();
    }
}
