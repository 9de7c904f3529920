//! A Rust-HDL signal with a width that is a constructor argument.

use std::marker::PhantomData;

use rust_hdl::core::prelude::*;
use rust_hdl::core::signal::get_signal_id;

use super::vector::Vector;

/// A port or local signal of run-time width; the counterpart of `Signal<D, Bits<N>>`.
#[derive(Clone, Debug)]
pub struct Wire<D: Direction> {
    /// The value assigned in `update`; truncated to the wire's width when read.
    pub next: Vector,
    val: Vector,
    changed: bool,
    claimed: bool,
    id: usize,
    direction: PhantomData<D>,
}

impl<D: Direction> Wire<D> {
    /// An unsigned wire of `width` bits, zero at start.
    pub fn new(width: usize) -> Self {
        Self::with(Vector::unsigned(0, width as u32))
    }

    /// A two's complement wire of `width` bits, zero at start.
    pub fn signed(width: usize) -> Self {
        Self::with(Vector::signed(0, width as u32))
    }

    /// An unsigned wire of `width` bits where there is one: otherwise a wire of no bits, which is no part of the
    /// hardware and must not be used.
    pub fn optional(there: bool, width: usize) -> Self {
        if there {
            Self::new(width)
        } else {
            Self::of(Vector::unsigned(0, 0))
        }
    }

    /// 1 where the wire is there, 0 where it is an [`Self::optional`] one that is not: the bound of a loop around what it needs.
    pub fn count(&self) -> usize {
        usize::from(self.bits() > 0)
    }

    fn with(zero: Vector) -> Self {
        assert!(
            (1..=Vector::MAX_WIDTH).contains(&zero.width()),
            "a wire is 1 to {} bits wide",
            Vector::MAX_WIDTH
        );
        Self::of(zero)
    }

    fn of(zero: Vector) -> Self {
        Wire {
            next: zero,
            val: zero,
            changed: false,
            claimed: false,
            id: get_signal_id(),
            direction: PhantomData,
        }
    }

    #[inline]
    fn assigned(&self) -> Vector {
        self.next.fit(self.val.width(), self.val.is_signed())
    }

    /// Whether the next update changes the wire.
    #[inline]
    pub(super) fn would_change(&self) -> bool {
        !self.assigned().identical(&self.val)
    }
}

impl Wire<In> {
    /// The settled value.
    #[inline]
    pub fn val(&self) -> Vector {
        self.val
    }
}

impl Wire<Out> {
    /// The value as assigned so far in this update, as `Signal<Out, _>` reads.
    #[inline]
    pub fn val(&self) -> Vector {
        self.assigned()
    }
}

impl Wire<Local> {
    /// The value as assigned so far in this update: a local signal is a blocking variable.
    #[inline]
    pub fn val(&self) -> Vector {
        self.assigned()
    }
}

impl<D: Direction> Atom for Wire<D> {
    fn bits(&self) -> usize {
        self.val.width() as usize
    }
    fn connected(&self) -> bool {
        self.claimed
    }
    fn changed(&self) -> bool {
        self.changed
    }
    fn kind(&self) -> AtomKind {
        D::KIND
    }
    fn descriptor(&self) -> TypeDescriptor {
        let kind = if self.val.is_signed() {
            TypeKind::Signed(self.bits())
        } else {
            TypeKind::Bits(self.bits())
        };
        TypeDescriptor {
            name: "wire".into(),
            kind,
        }
    }
    fn vcd(&self) -> VCDValue {
        let bit = |k| {
            if self.val.get_bit(k).any() {
                vcd::Value::V1
            } else {
                vcd::Value::V0
            }
        };
        VCDValue::Vector((0..self.bits()).rev().map(bit).collect())
    }
    fn id(&self) -> usize {
        self.id
    }
    fn verilog(&self) -> VerilogLiteral {
        false.into()
    }
    fn constraints(&self) -> Vec<PinConstraint> {
        vec![]
    }
}

impl<D: Direction> Logic for Wire<D> {
    fn update(&mut self) {}
    fn connect(&mut self) {
        self.claimed = true;
    }
}

impl<D: Direction> Block for Wire<D> {
    fn connect_all(&mut self) {}
    #[inline]
    fn update_all(&mut self) {
        if self.bits() == 0 {
            return;
        }
        let next = self.assigned();
        self.changed = !next.identical(&self.val);
        if self.changed {
            self.val = next;
        }
    }
    fn has_changed(&self) -> bool {
        self.changed
    }
    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        if self.bits() > 0 {
            probe.visit_atom(name, self);
        }
    }
}
