//! Progress on standard error, shown only where that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

/// A bar over `count` pieces of work; it vanishes when it is dropped.
pub fn bar(what: &str, count: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {eta} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(count as u64)
        .with_finish(ProgressFinish::AndClear)
        .with_style(style)
        .with_prefix(what.to_owned())
}

/// A line that changes as stages pass; it vanishes when it is dropped.
pub fn stages() -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
    spinner.enable_steady_tick(Duration::from_millis(200));
    spinner
}

/// Tells on standard error what a user should know, one line each.
pub fn warn(sentences: &[String]) {
    for sentence in sentences {
        eprintln!("warning: {sentence}");
    }
}
