//! The proof that the generated hardware is the network, one file per topic, in rooms.

/// Cores behind a serial line.
mod board {
    mod clients;
    mod frames;
    mod line;
}

/// What is broken on purpose is noticed.
mod breaks {
    mod broken_pe;
    mod mutation;
}

/// A core at its streams: stalls, resets, loads, bytes.
mod cores {
    mod byte_streams;
    mod coverage;
    mod load;
    mod rust_hdl;
    mod stream;
}

/// The documents and the command line.
mod documents {
    mod commands;
    mod executed;
    mod links;
    mod pages;
    mod shown;
    mod verification;
}

mod formal;

/// Modules that are tested alone, beside those of [`formal`].
mod modules {
    mod converters;
    mod expressions;
    mod leaves;
}

/// Cores after synthesis, and what they take.
mod netlist {
    mod patch;
    mod resources;
    mod shipped;
    mod silicon;
    mod single_port;
    mod synthesized;
}

/// Networks of every kind, size and number format.
mod networks {
    mod digits;
    mod events;
    mod integer_states;
    mod large;
    mod matrix;
    mod random_networks;
    mod random_shapes;
}

/// The generated text.
mod verilog {
    mod bench;
    mod lint;
    mod readable;
    mod tidy;
}
