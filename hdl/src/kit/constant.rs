//! A named constant of run-time width.

use rust_hdl::core::prelude::*;
use rust_hdl::core::signal::get_signal_id;

use super::vector::Vector;

/// An unsigned constant; emitted as a sized `localparam`.
///
/// There is no signed constant on purpose: Yosys and the simulators read a signed `localparam`
/// differently in a comparison, so a signed bound is assigned to a signed local wire first.
#[derive(Clone, Debug)]
pub struct Const {
    value: Vector,
    id: usize,
}

impl Const {
    /// The constant `value` in `width` (1..=64) bits.
    ///
    /// # Panics
    /// When `value` does not fit.
    pub fn new(value: usize, width: usize) -> Self {
        assert!(
            width >= clog2_of(value),
            "constant {value} does not fit {width} bits"
        );
        Const {
            value: Vector::unsigned(value as u128, width as u32),
            id: get_signal_id(),
        }
    }

    /// The constant's value.
    #[inline]
    pub fn val(&self) -> Vector {
        self.value
    }
}

fn clog2_of(value: usize) -> usize {
    (usize::BITS - value.leading_zeros()) as usize
}

macro_rules! sized_literal {
    ($value: expr, $width: expr, $($n: literal)*) => {
        match $width {
            $($n => Bits::<$n>::from($value).into(),)*
            width => unreachable!("constants are at most 64 bits wide, not {width}"),
        }
    };
}

impl Atom for Const {
    fn bits(&self) -> usize {
        self.value.width() as usize
    }
    fn connected(&self) -> bool {
        true
    }
    fn changed(&self) -> bool {
        false
    }
    fn kind(&self) -> AtomKind {
        AtomKind::Constant
    }
    fn descriptor(&self) -> TypeDescriptor {
        TypeDescriptor {
            name: "const".into(),
            kind: TypeKind::Bits(self.bits()),
        }
    }
    fn vcd(&self) -> VCDValue {
        VCDValue::Vector(vec![vcd::Value::V0; self.bits()])
    }
    fn id(&self) -> usize {
        self.id
    }
    fn verilog(&self) -> VerilogLiteral {
        let value = self.value.words()[0];
        sized_literal!(value, self.bits(),
            1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
            33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64)
    }
    fn constraints(&self) -> Vec<PinConstraint> {
        vec![]
    }
}

impl Logic for Const {
    fn update(&mut self) {}
}

impl Block for Const {
    fn connect_all(&mut self) {}
    fn update_all(&mut self) {}
    fn has_changed(&self) -> bool {
        false
    }
    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_atom(name, self);
    }
}
