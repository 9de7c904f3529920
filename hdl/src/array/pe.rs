//! The processing element.

use crate::array::count::Count;
use crate::array::product::Product;
use crate::array::wide_count::WideCount;
use crate::kit::prelude::*;
use tern_compile::bits::signed_bits;
use tern_compile::shape::Shape;

/// A processing element, output-stationary: it adds up the products of one output.
///
/// `sum' = (sum + Σ weight·act) >> stride`, where `shift` is set, and the bits shifted out are kept below the sum.
///
/// ```text
/// act ────▶┌─────────┐   ┌────────┐    ┌───────┐         ┌──────┐
///          │ Product ├─▶ [plus    ├──▶ │ Count ├─▶[tally]│ sum  ├──▶[held]──▶ result
/// weight ─▶└─────────┘   [minus]  │    └───────┘     +──▶│ >>   │     ▲
///                        └────────┘                  ▲   └──┬───┘    last
///                                                    └──────┘ ◀─ shift, last
/// ```
///
/// With `split` it also keeps the sum completed before the last one, for the candidate of a GRU on three columns,
/// whose two parts are completed one after the other.
///
/// Timing: `act` and `weight` of a chunk arrive together; `shift` and `last` of that chunk two cycles
/// later, three where products are counted in two; `result` is valid the cycle after `last` and holds until the next `last`. One chunk per cycle.
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
    /// Shift the sum after this chunk.
    pub shift: Wire<In>,
    /// This chunk completes the sum.
    pub last: Wire<In>,
    /// The last completed sum, two's complement, with the bits shifted out at its low end; with `split` the sum
    /// completed before it above it.
    pub result: Wire<Out>,
    product: Product,
    counter: Vec<Count>,
    wide_counter: Vec<WideCount>,
    plus: Reg,
    minus: Reg,
    tally: Reg,
    sum: Reg,
    low: Vec<Reg>,
    held: Reg,
    earlier: Vec<Reg>,
    total: Wire<Local>,
    extended: Wire<Local>,
    bits: Wire<Local>,
    shifted_out: Vec<Wire<Local>>,
    stride: Vec<Const>,
    low_top: Const,
    low_bits: Const,
    result_bits: Vec<Const>,
    _upper: Slice,
    _shifted: Slice,
    _clears: usize,
}

impl Pe {
    /// A PE of the shape's lanes and widths, for one sum per block or, with `split`, for two.
    pub fn new(shape: &Shape, split: bool) -> Self {
        let (lanes, sum, low) = (shape.design.lanes, shape.sum_bits(), shape.low_bits());
        let (shifts, wide, stride) = (low > 0, shape.count_cycles() > 1, shape.stride());
        Pe {
            clock: Signal::default(),
            act: Wire::new(2 * lanes),
            weight: Wire::new(2 * lanes),
            shift: Wire::new(1),
            last: Wire::new(1),
            result: Wire::new((1 + usize::from(split)) * shape.result_bits()),
            product: Product::new(lanes),
            counter: optional(!wide, || Count::new(lanes)),
            wide_counter: optional(wide, || WideCount::new(lanes)),
            plus: Reg::new(lanes),
            minus: Reg::new(lanes),
            tally: Reg::signed(signed_bits(lanes)),
            sum: Reg::signed(sum),
            low: optional(shifts, || Reg::new(low)),
            held: Reg::new(shape.result_bits()),
            earlier: optional(split, || Reg::new(shape.result_bits())),
            total: Wire::signed(sum),
            extended: Wire::signed(sum + stride),
            bits: Wire::new(sum),
            shifted_out: optional(shifts, || Wire::new(stride)),
            stride: optional(shifts, || Const::new(stride, 8)),
            low_top: Const::new(low.saturating_sub(stride), 8),
            low_bits: Const::new(low, 8),
            result_bits: optional(split, || Const::new(shape.result_bits(), 8)),
            _upper: Slice {
                offset: stride,
                width: sum,
            },
            _shifted: Slice {
                offset: 0,
                width: stride,
            },
            _clears: usize::from(shape.clears_low_bits()),
        }
    }
}

inputs!(Pe: act, weight, shift, last);

impl Logic for Pe {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_pe");
        comment!("@about A processing element: adds up the products of one");
        comment!("@about output.");
        dff_setup!(self, clock, plus, minus, tally, sum, held);
        self.product.act.next = self.act.val();
        self.product.weight.next = self.weight.val();
        self.plus.d.next = self.product.plus.val();
        self.minus.d.next = self.product.minus.val();
        for i in 0..self.counter.len() {
            self.counter[i].plus.next = self.plus.q.val();
            self.counter[i].minus.next = self.minus.q.val();
            self.tally.d.next = self.counter[i].count.val();
        }
        for i in 0..self.wide_counter.len() {
            clock!(self, clock, wide_counter[i]);
            self.wide_counter[i].plus.next = self.plus.q.val();
            self.wide_counter[i].minus.next = self.minus.q.val();
            self.tally.d.next = self.wide_counter[i].count.val();
        }
        self.total.next = self.sum.q.val() + self.tally.q.val();
        self.extended.next = self.total.val();
        self.sum.d.next = self.total.val();
        self.bits.next = self.total.val();
        if self.last.val().any() {
            self.held.d.next = self.bits.val();
        }
        for i in 0..self.low.len() {
            dff_setup!(self, clock, low[i]);
            self.shifted_out[i].next = self.extended.val().index(self._shifted).get_value_bits();
            if self.shift.val().any() {
                self.sum.d.next = self.extended.val().index(self._upper).get_value_bits();
                self.low[i].d.next = (self.low[i].q.val() >> self.stride[i].val())
                    | (self.shifted_out[i].val() << self.low_top.val());
            }
            if self.last.val().any() {
                self.held.d.next = (self.bits.val() << self.low_bits.val()) | self.low[i].q.val();
                for _k in 0..self._clears {
                    self.low[i].d.next = false.into();
                }
            }
        }
        if self.last.val().any() {
            self.sum.d.next = false.into();
        }
        self.result.next = self.held.q.val();
        for i in 0..self.earlier.len() {
            dff_setup!(self, clock, earlier[i]);
            if self.last.val().any() {
                self.earlier[i].d.next = self.held.q.val();
            }
            self.result.next =
                (self.earlier[i].q.val() << self.result_bits[i].val()) | self.held.q.val();
        }
    }
}
