//! The documents state what was measured, and what takes seconds to measure is of the present sources.

use tern_results::figures::Figures;
use tern_results::pages::{changed, enter_root};
use tern_results::row::{Group, Rows, read_records};

#[test]
fn quick_figures_are_of_the_present_sources_and_pages_state_them() {
    enter_root().expect("the project's root");
    let rows = Rows::read().expect("rows");
    let quick = rows.row.iter().filter(|row| row.group == Group::Cheap);
    let quick: Vec<String> = quick.map(|row| row.id.clone()).collect();
    assert!(quick.len() > 10, "{quick:?}");
    let figures = Figures::new(rows, read_records().expect("records")).expect("figures");
    let mut stale = figures.to_measure();
    stale.retain(|id| quick.iter().any(|quick| quick == id));
    assert!(
        stale.is_empty(),
        "run cargo run --release --bin tern-results: {stale:?}"
    );
    let pages = changed(&figures).expect("pages");
    let pages: Vec<&String> = pages.iter().map(|(page, _)| page).collect();
    assert!(
        pages.is_empty(),
        "run cargo run --release --bin tern-results -- --tables: {pages:?}"
    );
}
