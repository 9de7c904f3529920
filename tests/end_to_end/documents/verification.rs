//! The verification page is what its command makes of the sources.

use tern_tests::page::{page, path};

#[test]
fn the_page_is_up_to_date() {
    let made = page().unwrap_or_else(|error| panic!("{error}"));
    let there = std::fs::read_to_string(path()).expect("docs/verification.md can be read");
    assert!(
        made == there,
        "docs/verification.md is not up to date: cargo run --release --bin verification-page"
    );
}
