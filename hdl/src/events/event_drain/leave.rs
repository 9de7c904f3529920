//! From the end of a block to its results, and to the rows of the head: the logic of `EventDrain`.

use super::EventDrain;
use crate::kit::prelude::*;

impl Logic for EventDrain {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_event_drain");
        comment!("@about Numbers the results of a block as they leave the");
        comment!("@about event array, and sends those of the head.");
        dff_setup!(
            self, clock, done_q, head_1, first_1, closing_1, results_1, layer_1, warm_1, fresh_1,
            ending_1
        );
        dff_setup!(
            self, clock, fire, place, pause, left, numbering, count, head_q, warm_q, fresh_q,
            layer_q
        );
        clock!(
            self,
            clock,
            unit_q,
            unit_layer_q,
            unit_valid_q,
            unit_warm_q,
            unit_fresh_q
        );
        self.done_q.d.next = self.done.val();
        self.head_1.d.next = self.head.val();
        self.first_1.d.next = self.first.val();
        self.closing_1.d.next = self.closing.val();
        self.results_1.d.next = self.results.val();
        self.layer_1.d.next = self.layer.val();
        self.warm_1.d.next = self.warm.val();
        self.fresh_1.d.next = self.fresh.val();
        self.ending_1.d.next = self.ending.val();

        // Results leave `lanes` in a row, then none for a cycle.
        self.active.next = self.fire.q.val() & !self.pause.q.val();
        self.numbered.next = self.active.val() & self.numbering.q.val();
        self.word.next = self.count.q.val();
        self.kept.next = self.keeps.val() & self.warm_q.q.val();
        self.keep.next = self.numbered.val();
        if self.active.val().any() {
            self.place.d.next = self.place.q.val() + true.into();
            if self.place.q.val() == self.last_lane.val() {
                self.place.d.next = false.into();
                self.pause.d.next = true.into();
            }
        }
        if self.pause.q.val().any() {
            self.pause.d.next = false.into();
        }
        if self.numbered.val().any() {
            self.count.d.next = self.count.q.val() + true.into();
            self.left.d.next = self.left.q.val() - true.into();
            if !self.left.q.val().any() {
                self.fire.d.next = false.into();
            }
        }

        // The rows of the array add to the same outputs of the head.
        for i in 0..self.row.len() {
            dff_setup!(
                self,
                clock,
                start[i],
                results_q[i],
                row[i],
                closing_q[i],
                ending_q[i]
            );
            clock!(self, clock, added[i]);
            self.added[i].clear.next = self.clear.val();
            self.added[i].d.next = false.into();
            self.last_row[i].next = (self.row[i].q.val() == self.last_array_row[i].val()).into();
            if self.head_q.q.val().any() {
                self.kept.next = self.row[i].q.val().any().into();
                if !self.row[i].q.val().any() {
                    self.kept.next = self.head_keeps[i].val() & self.warm_q.q.val();
                }
                if (self.numbered.val() & (!self.left.q.val().any()).into()).any() {
                    self.numbering.d.next = false.into();
                    self.fire.d.next = !self.last_row[i].val();
                    self.added[i].d.next = self.last_row[i].val() & self.closing_q[i].q.val();
                }
                if self.pause.q.val().any() {
                    self.row[i].d.next = self.row[i].q.val() + true.into();
                    self.numbering.d.next = true.into();
                    self.left.d.next = self.results_q[i].q.val();
                    self.count.d.next = self.start[i].q.val();
                }
            }
        }
        if self.done_q.q.val().any() {
            self.fire.d.next = true.into();
            self.numbering.d.next = true.into();
            self.place.d.next = false.into();
            self.pause.d.next = false.into();
            self.left.d.next = self.results_1.q.val();
            self.head_q.d.next = self.head_1.q.val();
            self.warm_q.d.next = self.warm_1.q.val();
            self.fresh_q.d.next = self.fresh_1.q.val();
            self.layer_q.d.next = false.into();
            for i in 0..self.layer_of.len() {
                if self.layer_1.q.val().get_bit(i).any() {
                    self.layer_q.d.next = self.layer_of[i].val();
                }
            }
            if self.first_1.q.val().any() {
                self.count.d.next = false.into();
            }
            for i in 0..self.row.len() {
                self.row[i].d.next = false.into();
                self.results_q[i].d.next = self.results_1.q.val();
                self.start[i].d.next = self.count.q.val();
                self.closing_q[i].d.next = self.closing_1.q.val();
                if self.head_1.q.val().any() {
                    self.ending_q[i].d.next = self.ending_1.q.val();
                }
            }
        }

        // The head's rows are sent.
        self.row_valid.next = false.into();
        self.row_last.next = false.into();
        self.row_ending.next = false.into();
        for i in 0..self.sending.len() {
            dff_setup!(
                self,
                clock,
                sending[i],
                ready[i],
                send_word[i],
                row_last_q[i]
            );
            clock!(self, clock, row_valid_q[i]);
            self.send[i].next =
                self.sending[i].q.val() & self.ready[i].q.val() & !self.fire.q.val();
            self.row_valid_q[i].d.next = self.send[i].val();
            if self.send[i].val().any() {
                self.word.next = self.send_word[i].q.val();
                self.kept.next = true.into();
                self.ready[i].d.next = false.into();
                self.row_last_q[i].d.next =
                    (self.send_word[i].q.val() == self.last_head_row[i].val()).into();
            }
            self.finished.next = self.row_done.val() & self.row_last_q[i].q.val();
            if self.row_done.val().any() {
                self.send_word[i].d.next = self.send_word[i].q.val() + true.into();
                self.ready[i].d.next = true.into();
                if self.row_last_q[i].q.val().any() {
                    self.sending[i].d.next = false.into();
                }
            }
            if self.added[i].q.val().any() {
                self.sending[i].d.next = true.into();
                self.ready[i].d.next = true.into();
                self.send_word[i].d.next = self.first_head_row[i].val();
            }
            if self.clear.val().any() {
                self.sending[i].d.next = false.into();
                self.row_valid_q[i].d.next = false.into();
            }
            self.row_valid.next = self.row_valid_q[i].q.val();
            self.row_last.next = self.row_last_q[i].q.val();
            self.row_ending.next = self.ending_q[i].q.val();
        }

        self.unit_q.d.next = self.count.q.val();
        self.unit_layer_q.d.next = self.layer_q.q.val();
        self.unit_valid_q.d.next = self.numbered.val() & !self.head_q.q.val();
        self.unit_warm_q.d.next = self.warm_q.q.val();
        self.unit_fresh_q.d.next = self.fresh_q.q.val();
        if self.clear.val().any() {
            self.done_q.d.next = false.into();
            self.fire.d.next = false.into();
            self.unit_valid_q.d.next = false.into();
        }
        self.unit.next = self.unit_q.q.val();
        self.unit_layer.next = self.unit_layer_q.q.val();
        self.unit_valid.next = self.unit_valid_q.q.val();
        self.unit_warm.next = self.unit_warm_q.q.val();
        self.unit_fresh.next = self.unit_fresh_q.q.val();
    }
}
