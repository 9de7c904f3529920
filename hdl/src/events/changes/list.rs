//! From an element to its place in a list: the logic of `Changes`.

use super::Changes;
use crate::kit::prelude::*;

impl Logic for Changes {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_changes");
        comment!("@about Lists the inputs and hidden states that are not as in");
        comment!("@about the step before, or not zero.");
        dff_setup!(
            self,
            clock,
            unit,
            place,
            layer,
            bank,
            open,
            input_fresh,
            input_bank,
            input_write_end,
            scanned,
            scanned_ending,
            ready_q,
            input_end_q,
            ending_q,
            done_q
        );
        clock!(
            self,
            clock,
            lists,
            valid_1,
            value_1,
            place_1,
            bank_1,
            input_1,
            input_last_1,
            ending_1,
            layer_1,
            layer_last_1,
            valid_2,
            value_2,
            place_2,
            bank_2,
            input_2,
            input_last_2,
            ending_2,
            layer_2,
            layer_last_2
        );

        // The element: a hidden state, or else an input.
        self.from_input.next = self.valid.val() & self.open.q.val() & !self.trit_valid.val();
        self.take.next = self.from_input.val();
        for i in 0..self.plus.len() {
            self.plus[i].next = self.trit.val().index(self._plus).get_value_bits();
            self.minus[i].next = self.trit.val().index(self._minus).get_value_bits();
            self.state.next =
                (self.minus[i].val() << true.into()) | self.plus[i].val() | self.minus[i].val();
        }
        for i in 0..self.elements.len() {
            self.elements[i].chunk.next = self.trit.val();
            self.state.next = self.elements[i].out.val();
        }
        self.ends_layer.next = false.into();
        for i in 0..self.last_unit.len() {
            self.ends_layer.next =
                self.ends_layer.val() | (self.unit.q.val() == self.last_unit[i].val()).into();
        }
        self.valid_1.d.next = self.trit_valid.val() | self.from_input.val();
        self.input_1.d.next = self.from_input.val();
        self.input_last_1.d.next = self.from_input.val() & self.last.val();
        self.ending_1.d.next = self.ending.val();
        self.value_1.d.next = self.element.val();
        self.place_1.d.next = self.index.val();
        self.bank_1.d.next = self.input_bank.q.val();
        self.layer_1.d.next = self.layer.q.val();
        self.layer_last_1.d.next = false.into();
        for i in 0..self.kept_place.len() {
            self.kept_place[i].next = self.index.val();
            self.fresh_1[i].d.next = self.input_fresh.q.val();
        }
        if self.trit_valid.val().any() {
            self.value_1.d.next = self.state.val();
            self.place_1.d.next = self.place.q.val();
            self.bank_1.d.next = self.bank.q.val();
            for i in 0..self.kept_place.len() {
                self.kept_place[i].next = self.unit.q.val();
                self.fresh_1[i].d.next = self.trit_fresh.val();
            }
            self.unit.d.next = self.unit.q.val() + true.into();
            self.place.d.next = self.place.q.val() + true.into();
            if self.ends_layer.val().any() {
                self.layer_last_1.d.next = self.layer.q.val();
                self.layer.d.next = self.layer.q.val() << true.into();
                self.place.d.next = false.into();
            }
            for i in (self.last_unit.len() - 1)..self.last_unit.len() {
                if self.unit.q.val() == self.last_unit[i].val() {
                    self.unit.d.next = self.first_unit.val();
                    self.layer.d.next = true.into();
                    self.bank.d.next = !self.bank.q.val();
                }
            }
        }

        // What it was, and the event.
        self.past.next = false.into();
        self.value_bits.next = self.value_1.q.val();
        for i in 0..self.kept.len() {
            clock!(self, clock, kept[i], kept_place_1[i], fresh_1[i]);
            self.kept_place_1[i].d.next = self.kept_place[i].val();
            self.kept[i].address.next = self.kept_place[i].val();
            self.kept[i].write.next = self.valid_1.q.val();
            self.kept[i].write_address.next = self.kept_place_1[i].q.val();
            self.kept[i].write_data.next = self.value_bits.val();
            self.kept_value[i].next = self.kept[i].data.val();
            if !self.fresh_1[i].q.val().any() {
                self.past.next = self.kept_value[i].val();
            }
        }
        self.present.next = self.value_1.q.val();
        self.difference.next = self.present.val() - self.past.val();
        self.difference_bits.next = self.difference.val();
        self.valid_2.d.next = self.valid_1.q.val();
        self.value_2.d.next = self.difference_bits.val();
        self.place_2.d.next = self.place_1.q.val();
        self.bank_2.d.next = self.bank_1.q.val();
        self.input_2.d.next = self.input_1.q.val();
        self.input_last_2.d.next = self.input_last_1.q.val();
        self.ending_2.d.next = self.ending_1.q.val();
        self.layer_2.d.next = self.layer_1.q.val();
        self.layer_last_2.d.next = self.layer_last_1.q.val();

        // Its place in the list.
        self.is_event.next = self.valid_2.q.val() & self.value_2.q.val().any().into();
        self.write_word.next = self.input_write_end.q.val();
        self.done_q.d.next =
            (self.done_q.q.val() & !self.layer_close.val()) | self.layer_last_2.q.val();
        for i in 0..self.end_q.len() {
            dff_setup!(self, clock, end_q[i]);
            if (!self.input_2.q.val() & self.layer_2.q.val().get_bit(i)).any() {
                self.write_word.next = self.end_q[i].q.val();
                if self.is_event.val().any() {
                    self.end_q[i].d.next = self.end_q[i].q.val() + true.into();
                }
            }
            if self.layer_begin.val().get_bit(i).any() {
                self.end_q[i].d.next = self.base[i].val();
            }
            self.layer_end[i].next = self.end_q[i].q.val();
        }
        if (self.is_event.val() & self.input_2.q.val()).any() {
            self.input_write_end.d.next = self.input_write_end.q.val() + true.into();
        }
        self.write_bank.next = self.bank_2.q.val();
        self.lists.write.next = self.is_event.val();
        self.lists.write_address.next =
            (self.write_bank.val() << self.bank_shift.val()) | self.write_word.val();
        self.lists.write_data.next =
            (self.value_2.q.val() << self.value_shift.val()) | self.place_2.q.val();
        self.lists.address.next = self.read.val();
        self.data.next = self.lists.data.val();

        // The list of a step's inputs is complete: it is offered when the one before has been taken.
        if (self.from_input.val() & self.last.val()).any() {
            self.open.d.next = false.into();
        }
        if self.input_last_2.q.val().any() {
            self.scanned.d.next = true.into();
            self.scanned_ending.d.next = self.ending_2.q.val();
        }
        if self.input_taken.val().any() {
            self.ready_q.d.next = false.into();
        }
        self.hand_over.next = self.scanned.q.val() & !self.ready_q.q.val();
        if self.hand_over.val().any() {
            self.ready_q.d.next = true.into();
            self.input_end_q.d.next = self.input_write_end.q.val();
            self.ending_q.d.next = self.scanned_ending.q.val();
            self.scanned.d.next = false.into();
            self.input_write_end.d.next = false.into();
            self.input_bank.d.next = !self.input_bank.q.val();
            self.input_fresh.d.next = self.scanned_ending.q.val();
            self.open.d.next = true.into();
        }
        if self.clear.val().any() {
            self.unit.d.next = self.first_unit.val();
            self.place.d.next = false.into();
            self.layer.d.next = true.into();
            self.bank.d.next = false.into();
            self.open.d.next = true.into();
            self.input_fresh.d.next = true.into();
            self.input_bank.d.next = false.into();
            self.input_write_end.d.next = false.into();
            self.scanned.d.next = false.into();
            self.ready_q.d.next = false.into();
            self.done_q.d.next = self.all_layers.val();
            self.valid_1.d.next = false.into();
            self.input_last_1.d.next = false.into();
            self.layer_last_1.d.next = false.into();
            self.valid_2.d.next = false.into();
            self.input_last_2.d.next = false.into();
            self.layer_last_2.d.next = false.into();
        }
        self.input_ready.next = self.ready_q.q.val();
        self.input_end.next = self.input_end_q.q.val();
        self.input_ending.next = self.ending_q.q.val();
        self.layer_done.next = self.done_q.q.val();
    }
}
