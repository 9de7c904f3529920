//! The processing element.

use crate::count::Count;
use crate::kit::prelude::*;
use crate::product::Product;
use tern_model::{Shape, signed_bits};

/// A processing element, output-stationary: it adds up the products of one output.
///
/// `sum' = (sum + Σ weight·act) >> shift`, and the bits shifted out are kept below the sum.
///
/// ```text
/// act ────▶┌─────────┐   ┌────────┐    ┌───────┐         ┌──────┐
///          │ Product ├─▶ [plus    ├──▶ │ Count ├─▶[tally]│ sum  ├──▶[held]──▶ result
/// weight ─▶└─────────┘   [minus]  │    └───────┘     +──▶│ >>   │     ▲
///                        └────────┘                  ▲   └──┬───┘    last
///                                                    └──────┘ ◀─ shift, last
/// ```
///
/// Timing: `act` and `weight` of a chunk arrive together; `shift` and `last` of that chunk two cycles
/// later; `result` is valid the cycle after `last` and holds until the next `last`. A chunk a cycle.
///
/// Contract:
/// 1. After `last`, `result` is the exact weighted sum of all chunks since the last `last`.
/// 2. A zero weight or a zero activation adds nothing, so padded lanes and idle beats are harmless.
/// 3. `last` starts the next sum at zero in the same cycle: no cycle is lost between sums.
/// 4. The sum never overflows: its width comes from `Shape::sum_bits`.
///
/// Not here: the weight memory (the column's) and any multiplier (there is none).
#[derive(Clone, Debug, LogicBlock)]
pub struct Pe {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Activations of a chunk.
    pub act: Wire<In>,
    /// Weights of the chunk.
    pub weight: Wire<In>,
    /// Halve the sum's weight after this chunk.
    pub shift: Wire<In>,
    /// This chunk completes the sum.
    pub last: Wire<In>,
    /// The last completed sum, two's complement, with the bits shifted out at its low end.
    pub result: Wire<Out>,
    product: Product,
    counter: Count,
    plus: Reg,
    minus: Reg,
    tally: Reg,
    sum: Reg,
    low: Vec<Reg>,
    held: Reg,
    total: Wire<Local>,
    extended: Wire<Local>,
    bits: Wire<Local>,
    nought: Const,
    one: Const,
    low_top: Const,
    low_bits: Const,
    _upper: Slice,
    _shifts: usize,
}

impl Pe {
    /// A PE of the shape's lanes and widths.
    pub fn new(shape: &Shape) -> Self {
        let (lanes, sum, low) = (shape.design.lanes, shape.sum_bits(), shape.low_bits());
        let shifts = usize::from(low > 0);
        Pe {
            clock: Signal::default(),
            act: Wire::new(2 * lanes),
            weight: Wire::new(2 * lanes),
            shift: Wire::new(1),
            last: Wire::new(1),
            result: Wire::new(shape.result_bits()),
            product: Product::new(lanes),
            counter: Count::new(lanes),
            plus: Reg::new(lanes),
            minus: Reg::new(lanes),
            tally: Reg::signed(signed_bits(lanes)),
            sum: Reg::signed(sum),
            low: (0..shifts).map(|_| Reg::new(low)).collect(),
            held: Reg::new(shape.result_bits()),
            total: Wire::signed(sum),
            extended: Wire::signed(sum + 1),
            bits: Wire::new(sum),
            nought: Const::new(0, sum),
            one: Const::new(1, 1),
            low_top: Const::new(low.saturating_sub(1), 8),
            low_bits: Const::new(low, 8),
            _upper: Slice {
                offset: 1,
                width: sum,
            },
            _shifts: shifts,
        }
    }
}

impl Logic for Pe {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_pe");
        dff_setup!(self, clock, plus, minus, tally, sum, held);
        self.product.act.next = self.act.val();
        self.product.weight.next = self.weight.val();
        self.plus.d.next = self.product.plus.val();
        self.minus.d.next = self.product.minus.val();
        self.counter.plus.next = self.plus.q.val();
        self.counter.minus.next = self.minus.q.val();
        self.tally.d.next = self.counter.count.val();
        self.total.next = self.sum.q.val() + self.tally.q.val();
        self.extended.next = self.total.val();
        self.sum.d.next = self.total.val();
        self.bits.next = self.total.val();
        if self.last.val().any() {
            self.held.d.next = self.bits.val();
        }
        for i in 0..self._shifts {
            self.low[i].clock.next = self.clock.val();
            self.low[i].d.next = self.low[i].q.val();
            if self.shift.val().any() {
                self.sum.d.next = self.extended.val().index(self._upper).get_value_bits();
                self.low[i].d.next = (self.low[i].q.val() >> self.one.val())
                    | (self.bits.val().get_bit(0) << self.low_top.val());
            }
            if self.last.val().any() {
                self.held.d.next = (self.bits.val() << self.low_bits.val()) | self.low[i].q.val();
            }
        }
        if self.last.val().any() {
            self.sum.d.next = self.nought.val();
        }
        self.result.next = self.held.q.val();
    }
}
