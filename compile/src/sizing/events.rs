//! LUT4s and flip-flops of the front of a core that sums events, as `estimate` has those of the rest.

use crate::bits::index_bits;
use crate::device::DeviceFamily;
use crate::shape::Shape;

/// LUT4s of lists and schedule, beside what grows with their widths.
const FRONT: usize = 40;
/// The same of flip-flops.
const FRONT_REGISTERS: usize = 20;

impl Shape {
    /// Bits of all lanes: the addend, the sum and what is held of it.
    fn event_lane_bits(&self) -> (usize, usize) {
        let lanes = self.design.macs_per_cycle();
        (lanes * self.event_value_bits(), lanes * self.sum_bits())
    }

    /// A LUT4 for each bit of an addend, of a sum and of one that is held; the negated value in each row; and the lists: the input beat
    /// that moves down, the difference where changes are listed, and the ends of all lists twice. Two bits share a carry cell of an ECP5.
    pub(super) fn event_luts(&self) -> usize {
        let (addends, held) = self.event_lane_bits();
        let added = match self.design.device.family {
            Some(DeviceFamily::Ecp5) => {
                self.design.macs_per_cycle() * self.sum_bits().next_multiple_of(2)
            }
            _ => held,
        };
        let event = match self.sums_changes() {
            true => 4 * self.event_bits(),
            false => self.event_bits(),
        };
        let rows = self.design.rows * self.event_value_bits();
        let beat = self.design.lanes * self.input_bits;
        let ends = (self.layers.len() + 6) * index_bits(self.list_words());
        addends + added + held + rows + beat + 2 * ends + event + FRONT
    }

    /// Flip-flops of the lanes, each behind a LUT4 of its own.
    pub(super) fn event_lane_flip_flops(&self) -> usize {
        let (addends, sums) = self.event_lane_bits();
        addends + 2 * sums
    }

    /// Those of the lanes, of what travels down the rows, of the lists and of the schedule.
    pub(super) fn event_flip_flops(&self) -> usize {
        let (value, address) = (self.event_value_bits(), index_bits(self.weight_words()));
        let take = if self.outputs.is_some() {
            self.design.rows
        } else {
            0
        };
        let row = 3 * value + address + take + 1;
        let beat = self.design.lanes * self.input_bits;
        let ends = (self.layers.len() + 6) * index_bits(self.list_words());
        let elements = match self.sums_changes() {
            true => 2 * self.list_word_bits() + self.element_bits(),
            false => self.list_word_bits(),
        };
        self.event_lane_flip_flops()
            + self.design.rows * row
            + beat
            + ends
            + elements
            + FRONT_REGISTERS
    }
}
