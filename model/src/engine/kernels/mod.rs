//! Products of a matrix and a vector, once per instruction set.
//!
//! Each module has one `run`: a whole [`step`](super::step::step) with the module's products, compiled for its instructions.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

use super::instructions::InstructionSet;
use super::layer::Layer;
use super::state::Lane;

/// Takes all lanes, whose inputs are in place, through a step.
///
/// # Panics
/// When the machine lacks the instructions.
pub(super) fn run(set: InstructionSet, layers: &[Layer], lanes: &mut [Lane]) {
    assert!(set.is_available(), "{set:?} is not available");
    match set {
        InstructionSet::Portable => portable::run(layers, lanes),
        // SAFETY: the machine has the instructions, as asserted.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => unsafe { avx2::run(layers, lanes) },
        // SAFETY: the machine has the instructions, as asserted.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => unsafe { avx512::run(layers, lanes) },
    }
}
