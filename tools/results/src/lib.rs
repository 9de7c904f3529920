//! Every figure of the documents: how it is measured, of which sources, and the tables that state it.
//!
//! `docs/results/rows.toml` says what is measured, `docs/results/results.json` what came out, and `docs/results/passages.md`
//! how README and docs state it.

pub mod figures;
pub mod measure;
pub mod pages;
pub mod row;
pub mod setup;
pub mod source;
