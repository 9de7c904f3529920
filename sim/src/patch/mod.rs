//! Other memory contents for a placed and routed iCE40 core, without synthesis and routing.
//!
//! The block RAMs of a routed design are a part of their own of its text ([`text::RoutedText`]): 4096 bits at a place of the device.
//! [`map::MemoryMap`] says which bit of which memory of the core each of them is. It is derived with rules about how Yosys cuts
//! memories into block RAMs and how the device's narrow modes order their bits, and every map is verified bit by bit against
//! the netlist and the routed design, so that a rule that does not hold is an error and never a wrong bitstream.
//!
//! The core has to be synthesized with contents that are distinct, [`tern_compile::program::Program::with_random_memories`]. With those
//! of a network Yosys leaves constant columns out, and memories of constants altogether, and the verification proves little
//! (any map is right for zeros). The netlist of random contents does not depend on the network.

pub mod map;
mod netlist;
pub mod ram;
pub mod routed_core;
pub mod text;
