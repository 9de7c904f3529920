//! Signals whose width is known at run time, on Rust-HDL's public traits.
//!
//! `Bits<N>` fixes a width at compile time; a generator that reads its sizes from a model file needs
//! widths that are constructor arguments. [`Wire`] and [`Const`] are Rust-HDL atoms of that kind, and
//! [`Vector`] is the value they carry, with the arithmetic of IEEE 1364-2005 section 5.4 (expression
//! bit lengths), so that the Rust simulation and the emitted Verilog compute the same.

mod constant;
mod memory;
mod quiet;
mod register;
mod vector;
mod wire;

pub use constant::Const;
pub use memory::{Access, Memory, Ram, Style};
pub use quiet::{Inputs, Port, Quiet};
pub use register::Reg;
pub use vector::{Slice, Sliced, Vector};
pub use wire::Wire;

/// Names that every hardware module imports: the kit and Rust-HDL's own prelude.
pub mod prelude {
    pub use super::{Access, Const, Memory, Quiet, Ram, Reg, Slice, Style, Vector, Wire};
    pub use crate::{comment, dff_setup, inputs};
    pub use rust_hdl::core::prelude::*;
}

/// Clocks the named registers and lets each keep its value unless `update` says otherwise.
#[macro_export]
macro_rules! dff_setup {
    ($self: ident, $clock: ident, $($dff: ident),+) => {
        $($self.$dff.clock.next = $self.$clock.val());+;
        $($self.$dff.d.next = $self.$dff.q.val());+;
    }
}

/// A comment in the generated Verilog; `@name` in it names the module.
#[macro_export]
macro_rules! comment {
    ($text: literal) => {};
}
