//! The C interface of the engine: `include/tern.h`, which documents it.
//!
//! Every function checks its pointers and sizes as far as they can be checked, and stops panics: nothing unwinds into C.

mod array;
mod failure;
mod network;
mod state;

pub use failure::{Status, tern_error};
pub use network::{
    Network, tern_network_free, tern_network_from_bytes, tern_network_gives_every_step,
    tern_network_input_bits, tern_network_input_size, tern_network_instructions,
    tern_network_label, tern_network_label_count, tern_network_load, tern_network_name,
    tern_network_output_size, tern_network_token, tern_network_token_count,
};
pub use state::{
    State, tern_state_free, tern_state_new, tern_state_reset, tern_state_run, tern_state_sequences,
    tern_state_step,
};
