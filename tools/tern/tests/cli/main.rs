//! The command line as a user meets it, one file per topic, in the rooms of `src`.

mod board;
mod support;

/// Commands that take a network to a device.
mod hardware {
    mod explore;
    mod patch;
    mod random_and_trace;
    mod synth;
    mod tools;
    mod weights;
}

/// Commands that run a network.
mod measure {
    mod recordings;
    mod run_integers;
    mod verify;
}

/// Commands that make networks.
mod network {
    mod classify;
    mod import;
    mod language;
    mod runs;
    mod study;
}

/// The program as a whole.
mod program {
    mod bad_input;
    mod installed;
    mod usage;
}
