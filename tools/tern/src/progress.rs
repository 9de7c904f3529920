//! Progress on standard error, shown only where that is a terminal and unless `--quiet` is given.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use tern_gen_verilog::console;

/// A bar over `count` pieces of work; it vanishes when it is dropped.
pub fn bar(what: &str, count: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {eta} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(count as u64), target())
        .with_finish(ProgressFinish::AndClear)
        .with_style(style)
        .with_prefix(what.to_owned())
}

/// A line that changes as stages pass; it vanishes when it is dropped.
pub fn stages() -> ProgressBar {
    let spinner = ProgressBar::with_draw_target(None, target())
        .with_style(ProgressStyle::default_spinner())
        .with_finish(ProgressFinish::AndClear);
    spinner.enable_steady_tick(Duration::from_millis(200));
    spinner
}

/// Where progress is drawn.
pub fn target() -> ProgressDrawTarget {
    match console::is_quiet() {
        true => ProgressDrawTarget::hidden(),
        false => ProgressDrawTarget::stderr(),
    }
}

/// Tells on standard error what a user should know, one line each.
pub fn warn(sentences: &[String]) {
    for sentence in sentences {
        console::note(&format!("warning: {sentence}"));
    }
}

/// Tells on standard error what was done with an input, where there is something to tell.
pub fn note(sentence: Option<&str>) {
    if let Some(sentence) = sentence {
        console::note(&format!("note: {sentence}"));
    }
}
