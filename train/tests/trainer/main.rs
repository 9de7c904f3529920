//! The trainer, one file per topic, in the rooms of `src`.

mod classify;
mod language;
mod recipes;
mod study;
mod support;

/// From files to features.
mod data {
    mod data_sets;
    mod folders;
    mod split;
}

/// Quantizers and recurrent layers.
mod layer {
    mod quantizers;
    mod recurrent;
}
