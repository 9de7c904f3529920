//! For every rule a small block that breaks it, and a block that breaks none.

use super::check;
use crate::kit::prelude::*;

/// A block of inputs `a`, `b`, a signed input `s`, an output `y` and a submodule, for whose `update` the rules hold.
macro_rules! block {
    ($name: ident) => {
        #[derive(Clone, Debug, LogicBlock)]
        struct $name {
            a: Wire<In>,
            b: Wire<In>,
            s: Wire<In>,
            y: Wire<Out>,
            narrow: Signal<In, Bits<4>>,
            wide: Signal<Out, Bits<8>>,
            inner: Inner,
        }

        impl Default for $name {
            fn default() -> Self {
                $name {
                    a: Wire::new(4),
                    b: Wire::new(4),
                    s: Wire::signed(4),
                    y: Wire::new(8),
                    narrow: Signal::default(),
                    wide: Signal::default(),
                    inner: Inner::default(),
                }
            }
        }
    };
}

#[derive(Clone, Debug, LogicBlock)]
struct Inner {
    x: Wire<In>,
    z: Wire<Out>,
}

impl Default for Inner {
    fn default() -> Self {
        Inner {
            x: Wire::new(4),
            z: Wire::new(4),
        }
    }
}

impl Logic for Inner {
    #[hdl_gen]
    fn update(&mut self) {
        self.z.next = self.x.val();
    }
}

block!(Sound);

impl Logic for Sound {
    #[hdl_gen]
    fn update(&mut self) {
        self.inner.x.next = self.a.val() + self.inner.z.val();
        self.y.next = ((self.a.val() & self.b.val()) == self.b.val()).into();
        self.wide.next = 0.into();
    }
}

block!(BareComparison);

impl Logic for BareComparison {
    #[hdl_gen]
    fn update(&mut self) {
        self.inner.x.next = self.a.val();
        self.y.next = (self.a.val() & self.b.val() == self.b.val()).into();
        self.wide.next = 0.into();
    }
}

block!(Cast);

impl Logic for Cast {
    #[hdl_gen]
    fn update(&mut self) {
        self.inner.x.next = self.a.val();
        self.y.next = self.b.val();
        self.wide.next = bit_cast::<8, 4>(self.narrow.val());
    }
}

block!(MixedSigns);

impl Logic for MixedSigns {
    #[hdl_gen]
    fn update(&mut self) {
        self.inner.x.next = self.a.val();
        self.y.next = self.a.val() + self.s.val();
        self.wide.next = 0.into();
    }
}

/// A Rust constant, which Rust-HDL takes for a signal of the module.
const LIMIT: u64 = 3;

block!(Undeclared);

impl Logic for Undeclared {
    #[hdl_gen]
    fn update(&mut self) {
        self.inner.x.next = self.a.val();
        self.y.next = self.b.val();
        self.wide.next = 0.into();
        if self.narrow.val() == LIMIT {
            self.wide.next = 1.into();
        }
    }
}

block!(SubmoduleInput);

impl Logic for SubmoduleInput {
    #[hdl_gen]
    fn update(&mut self) {
        self.inner.x.next = self.a.val();
        self.y.next = self.inner.x.val();
        self.wide.next = 0.into();
    }
}

/// The lint's word on a block.
fn finding(mut block: impl Block) -> Result<(), String> {
    block.connect_all();
    check(&block)
}

#[test]
fn a_sound_block_passes() {
    assert_eq!(finding(Sound::default()), Ok(()));
}

#[test]
fn rule_1_a_bare_operand_of_a_comparison_is_refused() {
    let finding = finding(BareComparison::default()).unwrap_err();
    assert_eq!(finding, "top: a comparison's operand needs parentheses");
}

#[test]
fn rule_2_a_bit_cast_is_refused() {
    let finding = finding(Cast::default()).unwrap_err();
    assert_eq!(
        finding,
        "top: a bit_cast keeps bits in Verilog that it drops in Rust"
    );
}

#[test]
fn rule_3_mixed_signs_are_refused() {
    let finding = finding(MixedSigns::default()).unwrap_err();
    let start = "top: signed and unsigned in one expression: ";
    assert!(finding.starts_with(start), "{finding}");
}

#[test]
fn rule_4_a_name_that_is_not_declared_is_refused() {
    let finding = finding(Undeclared::default()).unwrap_err();
    assert_eq!(finding, "top: `LIMIT` is read but not declared");
}

#[test]
fn rule_5_reading_a_submodules_input_is_refused() {
    let finding = finding(SubmoduleInput::default()).unwrap_err();
    assert_eq!(finding, "top: `inner$x` is a submodule's input and is read");
}

/// A block with a submodule or a signal of a reserved name.
macro_rules! reserved {
    ($name: ident, $field: ident, $kind: ty) => {
        #[derive(Clone, Debug, LogicBlock)]
        struct $name {
            a: Wire<In>,
            $field: $kind,
            y: Wire<Out>,
        }

        impl Logic for $name {
            #[hdl_gen]
            fn update(&mut self) {
                self.y.next = self.a.val();
            }
        }
    };
}

reserved!(ReservedSignal, before, Wire<In>);
reserved!(ReservedSubmodule, cell, Nothing);
reserved!(LongerName, before_q, Wire<In>);

#[derive(Clone, Debug, Default, LogicBlock)]
struct Nothing {}

impl Logic for Nothing {
    #[hdl_gen]
    fn update(&mut self) {}
}

#[test]
fn rule_6_a_reserved_word_is_no_name() {
    let (a, y) = (Wire::new(4), Wire::new(4));
    let (before, before_q) = (Wire::new(1), Wire::new(1));
    let signal = ReservedSignal {
        a: a.clone(),
        before,
        y: y.clone(),
    };
    let refused = finding(signal).unwrap_err();
    assert_eq!(refused, "top: `before` is a reserved word");
    let longer = LongerName {
        a: a.clone(),
        before_q,
        y: y.clone(),
    };
    assert_eq!(finding(longer), Ok(()));
    let cell = Nothing::default();
    let refused = finding(ReservedSubmodule { a, cell, y }).unwrap_err();
    assert_eq!(refused, "top: `cell` is a reserved word");
}

/// A block with the registers `head` and one more.
macro_rules! registers {
    ($name: ident, $other: ident) => {
        #[derive(Clone, Debug, LogicBlock)]
        struct $name {
            clock: Signal<In, Clock>,
            a: Wire<In>,
            head: Reg,
            $other: Reg,
            y: Wire<Out>,
        }

        impl $name {
            fn new() -> Self {
                $name {
                    clock: Signal::default(),
                    a: Wire::new(4),
                    head: Reg::new(4),
                    $other: Reg::new(4),
                    y: Wire::new(4),
                }
            }
        }

        impl Logic for $name {
            #[hdl_gen]
            fn update(&mut self) {
                clock!(self, clock, head, $other);
                self.head.d.next = self.a.val();
                self.$other.d.next = self.head.q.val();
                self.y.next = self.$other.q.val();
            }
        }
    };
}

registers!(SpeltAlike, head_q);
registers!(SpeltApart, tail_q);

#[test]
fn rule_7_no_two_wires_are_spelt_alike() {
    let refused = finding(SpeltAlike::new()).unwrap_err();
    assert_eq!(refused, "top: two wires are spelt `head_d`");
    assert_eq!(finding(SpeltApart::new()), Ok(()));
}
