//! Signals whose width is known at run time, on Rust-HDL's public traits.
//!
//! `Bits<N>` fixes a width at compile time; a generator that reads its sizes from a model file needs
//! widths that are constructor arguments. [`Wire`] and [`Const`] are Rust-HDL atoms of that kind, and
//! [`Vector`] is the value they carry, with the arithmetic of IEEE 1364-2005 section 5.4 (expression
//! bit lengths), so that the Rust simulation and the emitted Verilog compute the same.
//!
//! # Parts that not every core has
//!
//! Rust-HDL translates the body of `update`, where an `if` is a multiplexer. What is decided when the Verilog is generated is
//! therefore a loop that runs once or not at all:
//!
//! ```text
//! head: kit::optional(shape.outputs.is_some(), || Head::new(shape)),    // a Vec of one part or none
//! for i in 0..self.head.len() { self.head[i].row.next = self.row.val(); }
//! for _i in 0..self.load.count() { … }                                  // the port `load` is there ([`Wire::optional`])
//! for _i in 0..self._clears { … }                                       // a property of the shape: a field of 0 or 1
//! ```
//!
//! An index is a literal or a loop's variable, so the last element of a `Vec` is reached by a loop from `len() - 1` to `len()`.
//! `false.into()` and `true.into()` are the constants `1'b0` and `1'b1`, extended to the width of what they are assigned to.

mod constant;
pub(crate) mod delay;
pub(crate) mod lookup;
mod memory;
mod quiet;
mod register;
mod vector;
mod wire;

pub use constant::Const;
pub use memory::{Access, Memory, Style};
pub use quiet::{Inputs, Port, Quiet};
pub use register::Reg;
pub use vector::{Slice, Sliced, Vector};
pub use wire::Wire;

/// Names that every hardware module imports: the kit and Rust-HDL's own prelude.
pub mod prelude {
    pub use super::{Access, Const, Memory, Quiet, Reg, Slice, Style, Vector, Wire, optional};
    pub use crate::{clock, comment, dff_setup, inputs};
    #[doc(no_inline)]
    pub use rust_hdl::core::prelude::*;
}

/// A part where there is one: a `Vec` of one element or none.
pub fn optional<P>(there: bool, part: impl FnOnce() -> P) -> Vec<P> {
    there.then(part).into_iter().collect()
}

/// Clocks the named parts, which may be elements of a `Vec`: `clock!(self, clock, lut, stage[i])`.
#[macro_export]
macro_rules! clock {
    ($self: ident, $clock: ident, $($part: ident $([$index: expr])?),+ $(,)?) => {
        $($self.$part$([$index])?.clock.next = $self.$clock.val();)+
    }
}

/// Clocks the named registers and lets each keep its value unless `update` says otherwise.
#[macro_export]
macro_rules! dff_setup {
    ($self: ident, $clock: ident, $($dff: ident $([$index: expr])?),+ $(,)?) => {
        $($self.$dff$([$index])?.clock.next = $self.$clock.val();)+
        $($self.$dff$([$index])?.d.next = $self.$dff$([$index])?.q.val();)+
    }
}

/// A comment in the generated Verilog, above what is assigned next. `@name` in it names the module, `@about` says what it is.
///
/// At most 60 characters: a longer call is broken into lines, and Rust-HDL copies it so.
#[macro_export]
macro_rules! comment {
    ($text: literal) => {};
}
