//! What the array takes in this cycle, and what follows: the logic of `EventSchedule`.

use super::EventSchedule;
use crate::kit::prelude::*;

impl Logic for EventSchedule {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_event_schedule");
        comment!("@about Decides in every cycle which event the array takes,");
        comment!("@about and when a block ends.");
        dff_setup!(
            self,
            clock,
            at,
            at_next,
            next_q,
            address_q,
            input_q,
            own_q,
            closes_q,
            head_q,
            top_q,
            last_section_q,
            list_q,
            layer_q,
            words_q,
            tail_q,
            shift_q,
            blocks_q,
            last_block_q,
            first_block_q,
            kept_end_q,
            left_q,
            timer,
            busy,
            flush,
            warm_q,
            ending_q,
            bank_q,
            first_q
        );
        clock!(
            self,
            clock,
            ends_q,
            final_q,
            complete_q,
            pause_q,
            output_wait_q,
            event_q,
            address_out_q,
            last_q,
            done_q,
            done_head_q,
            done_first_q,
            done_closing_q,
            done_results_q,
            done_layer_q,
            done_warm_q,
            done_fresh_q,
            done_ending_q
        );

        // The event, and whether it is the pass's last.
        self.has.next = !self.ends_q.q.val()
            & !self.pause_q.q.val()
            & (self.complete_q.q.val() | !self.input_q.q.val());
        self.finished.next = self.complete_q.q.val() & self.ends_q.q.val() & !self.pause_q.q.val();
        self.early.next = self.complete_q.q.val()
            & self.final_q.q.val()
            & !self.ends_q.q.val()
            & !self.pause_q.q.val();
        // The output's waits are known a cycle before: a block that waits has been read for at least two.
        for i in 0..self.head_busy.len() {
            self.output_wait_q.d.next = self.head_q.q.val() & self.head_busy[i].q.val();
        }
        for _i in 0..self._headless {
            self.output_wait_q.d.next =
                self.top_q.q.val() & self.last_block_q.q.val() & self.output_busy.val();
        }
        self.held.next = self.busy.q.val() | self.output_wait_q.q.val();
        self.closing.next = self.closes_q.q.val() & self.finished.val() & !self.held.val();
        self.go.next = self.closing.val()
            | self.early.val()
            | (self.finished.val() & !self.closes_q.q.val())
            | self.flush.q.val();

        // What follows the pass.
        self.boundary.next = self.closes_q.q.val() & self.last_block_q.q.val();
        self.output_due.next = self.every_step.val() | self.ending_q.q.val();
        self.skip_head.next = self.boundary.val() & self.top_q.q.val() & !self.output_due.val();
        self.step_boundary.next =
            (self.boundary.val() & self.last_section_q.q.val()) | self.skip_head.val();
        self.target.next = self.next_q.q.val();
        if self.skip_head.val().any() {
            self.target.next = false.into();
        }
        self.passes.index.next = self.target.val();
        self.entry.next = self.passes.data.val();
        self.entry_closes.next = self.entry.val().index(self._closes).get_value_bits();
        self.entry_own.next = self.entry.val().index(self._own).get_value_bits();
        self.entry_base.next = self.entry.val().index(self._base).get_value_bits();
        self.next_first_block.next = self.first_block_q.q.val() & !self.closes_q.q.val();
        self.next_last_block.next = self.last_block_q.q.val();
        if self.closes_q.q.val().any() {
            self.next_last_block.next = (self.blocks_q.q.val() == self.one_block.val()).into();
        }
        if (self.boundary.val() | self.flush.q.val()).any() {
            self.next_first_block.next = true.into();
            self.next_last_block.next = self.entry.val().index(self._one_block).get_value_bits();
        }
        self.entry_list.next = self.entry.val().index(self._list).get_value_bits();
        self.entry_left.next = self.entry_own.val() & !self.warm_q.q.val();

        // Where the list of this pass ends and that of the next, and whether they are complete.
        self.limit.next = self.input_end.val();
        self.complete.next = self.input_ready.val();
        self.entry_limit.next = self.input_end.val();
        self.entry_complete.next = self.input_ready.val();
        for i in 0..self.layer_end.len() {
            if self.list_q.q.val().get_bit(i).any() {
                self.limit.next = self.layer_end[i].val();
                self.complete.next = self.layer_done.val().get_bit(i);
            }
            if self.entry_list.val().get_bit(i).any() {
                self.entry_limit.next = self.layer_end[i].val();
                self.entry_complete.next = self.layer_done.val().get_bit(i);
            }
        }
        if (self.own_q.q.val() & !self.first_block_q.q.val()).any() {
            self.limit.next = self.kept_end_q.q.val();
        }
        if (self.entry_own.val() & !self.next_first_block.val()).any() {
            self.entry_limit.next = self.kept_end_q.q.val();
        }

        // The next cycle: whether all has been read, and whether its event is the last.
        self.at_after.next = self.at_next.q.val() + true.into();
        self.base_after.next = self.entry_base.val() + true.into();
        self.ends_q.d.next = self.left_q.q.val() | (self.at.q.val() == self.limit.val()).into();
        self.final_q.d.next =
            !self.closes_q.q.val() & (self.at_next.q.val() == self.limit.val()).into();
        self.complete_q.d.next = self.complete.val();
        self.pause_q.d.next = self.flush.q.val();
        if self.has.val().any() {
            self.at.d.next = self.at_next.q.val();
            self.at_next.d.next = self.at_after.val();
            self.ends_q.d.next = (self.at_next.q.val() == self.limit.val()).into();
            self.final_q.d.next =
                !self.closes_q.q.val() & (self.at_after.val() == self.limit.val()).into();
        }
        if self.go.val().any() {
            self.at.d.next = self.entry_base.val();
            self.at_next.d.next = self.base_after.val();
            self.ends_q.d.next =
                self.entry_left.val() | (self.entry_base.val() == self.entry_limit.val()).into();
            self.final_q.d.next =
                !self.entry_closes.val() & (self.base_after.val() == self.entry_limit.val()).into();
            self.complete_q.d.next = self.entry_complete.val();
            self.left_q.d.next = self.entry_left.val();
            self.input_q.d.next = self.entry.val().index(self._input).get_value_bits();
            self.own_q.d.next = self.entry_own.val();
            self.closes_q.d.next = self.entry_closes.val();
            self.head_q.d.next = self.entry.val().index(self._head).get_value_bits();
            self.top_q.d.next = self.entry.val().index(self._top).get_value_bits();
            self.last_section_q.d.next =
                self.entry.val().index(self._last_section).get_value_bits();
            self.list_q.d.next = self.entry_list.val();
            self.layer_q.d.next = self.entry.val().index(self._layer).get_value_bits();
            self.words_q.d.next = self.entry.val().index(self._words).get_value_bits();
            self.tail_q.d.next = self.entry.val().index(self._tail).get_value_bits();
            self.shift_q.d.next = self.entry.val().index(self._shift).get_value_bits();
            self.first_block_q.d.next = self.next_first_block.val();
            self.last_block_q.d.next = self.next_last_block.val();
            if self.closes_q.q.val().any() {
                self.blocks_q.d.next = self.blocks_q.q.val() - true.into();
            }
            if (self.boundary.val() | self.flush.q.val()).any() {
                self.blocks_q.d.next = self.entry.val().index(self._blocks).get_value_bits();
                self.pause_q.d.next = true.into();
            }
            self.next_q.d.next = self.entry.val().index(self._after).get_value_bits();
            if (self.entry_closes.val() & !self.next_last_block.val()).any() {
                self.next_q.d.next = self.entry.val().index(self._again).get_value_bits();
            }
            self.address_q.d.next = self.address_q.q.val() + self.words_q.q.val();
            if (self.step_boundary.val() | self.flush.q.val()).any() {
                self.address_q.d.next = false.into();
            }
        }

        self.section_end.next = self.closing.val() & self.last_block_q.q.val();
        self.step_end.next = self.closing.val() & self.step_boundary.val();

        // What the step remembers.
        self.taken.next = false.into();
        if (self.go.val() & self.input_q.q.val() & !self.flush.q.val()).any() {
            self.ending_q.d.next = self.input_ending.val();
            self.taken.next = self.last_block_q.q.val();
        }
        self.begins.next = false.into();
        self.closes.next = false.into();
        if (self.closing.val() & self.first_block_q.q.val()).any() {
            self.begins.next = self.layer_q.q.val();
        }
        if (self.go.val() & self.own_q.q.val() & self.first_block_q.q.val()).any() {
            self.kept_end_q.d.next = self.limit.val();
        }
        if self.section_end.val().any() {
            self.closes.next = self.layer_q.q.val();
        }
        if self.closing.val().any() {
            self.first_q.d.next = false.into();
        }
        if self.step_end.val().any() {
            self.warm_q.d.next = !self.ending_q.q.val();
            self.bank_q.d.next = !self.bank_q.q.val();
            self.first_q.d.next = true.into();
        }

        // Waits that a block's end begins.
        self.busy.d.next = self.timer.q.val().any().into();
        if self.timer.q.val().any() {
            self.timer.d.next = self.timer.q.val() - true.into();
        }
        if (self.closing.val() | self.flush.q.val()).any() {
            self.timer.d.next = self.drain.val();
            self.busy.d.next = true.into();
        }
        for i in 0..self.head_busy.len() {
            dff_setup!(self, clock, head_busy[i]);
            if self.head_finished.val().any() {
                self.head_busy[i].d.next = false.into();
            }
            if (self.section_end.val() & self.head_q.q.val()).any() {
                self.head_busy[i].d.next = true.into();
            }
            if self.clear.val().any() {
                self.head_busy[i].d.next = false.into();
            }
        }

        // The beat.
        self.event_q.d.next = self.has.val();
        self.address_out_q.d.next = self.address_q.q.val();
        for i in 0..self.shift_out_q.len() {
            clock!(self, clock, shift_out_q[i]);
            self.shift_out_q[i].d.next = self.shift_q.q.val();
            self.shift.next = self.shift_out_q[i].q.val();
        }
        for i in 0..self.of_head_q.len() {
            clock!(self, clock, of_head_q[i]);
            self.of_head_q[i].d.next = self.head_q.q.val();
            self.of_head.next = self.of_head_q[i].q.val();
        }
        self.last_q.d.next = self.closing.val() | self.flush.q.val();
        self.done_q.d.next = self.closing.val();
        self.done_head_q.d.next = self.head_q.q.val();
        self.done_first_q.d.next = self.first_q.q.val();
        self.done_closing_q.d.next = self.last_block_q.q.val();
        self.done_results_q.d.next = self.full_results.val();
        for i in 0..self.full_row.len() {
            if self.head_q.q.val().any() {
                self.done_results_q.d.next = self.full_row[i].val();
            }
        }
        if self.last_block_q.q.val().any() {
            self.done_results_q.d.next = self.tail_q.q.val();
        }
        self.done_layer_q.d.next = self.layer_q.q.val();
        self.done_warm_q.d.next = self.warm_q.q.val();
        self.done_fresh_q.d.next = !self.warm_q.q.val();
        for _i in 0..self._against_zero {
            self.done_fresh_q.d.next =
                !self.warm_q.q.val() | (self.top_q.q.val() & self.ending_q.q.val());
        }
        self.done_ending_q.d.next = self.ending_q.q.val();
        self.flush.d.next = false.into();
        if self.clear.val().any() {
            self.flush.d.next = true.into();
            self.next_q.d.next = false.into();
            self.input_q.d.next = true.into();
            self.own_q.d.next = false.into();
            self.closes_q.d.next = false.into();
            self.list_q.d.next = false.into();
            self.left_q.d.next = true.into();
            self.complete_q.d.next = false.into();
            self.first_q.d.next = true.into();
            self.warm_q.d.next = false.into();
            self.bank_q.d.next = false.into();
            self.timer.d.next = false.into();
            self.busy.d.next = false.into();
            self.output_wait_q.d.next = false.into();
            self.event_q.d.next = false.into();
            self.last_q.d.next = false.into();
            self.done_q.d.next = false.into();
        }

        self.read_bank.next = self.bank_q.q.val() ^ self.own_q.q.val();
        self.read.next = (self.read_bank.val() << self.bank_shift.val()) | self.at.q.val();
        self.output_start.next = false.into();
        for _i in 0..self._headless {
            self.output_start.next =
                self.section_end.val() & self.top_q.q.val() & self.output_due.val();
        }
        self.output_ending.next = self.ending_q.q.val();
        self.bank.next = self.bank_q.q.val();
        self.is_event.next = self.event_q.q.val();
        self.address.next = self.address_out_q.q.val();
        self.last.next = self.last_q.q.val();
        self.done.next = self.done_q.q.val();
        self.done_head.next = self.done_head_q.q.val();
        self.done_first.next = self.done_first_q.q.val();
        self.done_closing.next = self.done_closing_q.q.val();
        self.done_results.next = self.done_results_q.q.val();
        self.done_layer.next = self.done_layer_q.q.val();
        self.done_warm.next = self.done_warm_q.q.val();
        self.done_fresh.next = self.done_fresh_q.q.val();
        self.done_ending.next = self.done_ending_q.q.val();
    }
}
