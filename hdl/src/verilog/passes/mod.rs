//! What is done to modules between reading and printing, in this order: small ones are written into those that use them, those
//! that differ in constants alone become one, what no output depends on goes, and wires are put in order.

pub mod inline;
pub mod prune;
pub mod share;
pub mod wires;
