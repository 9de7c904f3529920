//! The two sums of a split column.

use crate::kit::prelude::*;

/// The two sums that a column with `split` gives.
///
/// Timing: combinational.
///
/// Contract: 1. `upper` and `lower` together are `pair`.
///
/// Not here: which part of a candidate's sum they are (`Schedule`).
#[derive(Clone, Debug, LogicBlock)]
pub struct Halves {
    /// A column's result.
    pub pair: Wire<In>,
    /// The sum completed first.
    pub upper: Wire<Out>,
    /// The sum completed last.
    pub lower: Wire<Out>,
    _upper: Slice,
    _lower: Slice,
}

impl Halves {
    /// The halves of a pair of sums of `width` bits each.
    pub fn new(width: usize) -> Self {
        Halves {
            pair: Wire::new(2 * width),
            upper: Wire::new(width),
            lower: Wire::new(width),
            _upper: Slice {
                offset: width,
                width,
            },
            _lower: Slice { offset: 0, width },
        }
    }
}

impl Logic for Halves {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@inline");
        self.upper.next = self.pair.val().index(self._upper).get_value_bits();
        self.lower.next = self.pair.val().index(self._lower).get_value_bits();
    }
}
