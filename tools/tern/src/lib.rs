//! What the program `tern` reads besides model and design files, where tests and fuzzers reach it.

pub mod input;
