//! Links: the summary lists every page, and every relative link of a page leads somewhere, in the tree and in the site.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::pages::{linked, links, pages, root};

fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

#[test]
fn the_summary_lists_every_page_once() {
    let pages = pages();
    let mut listed = BTreeSet::new();
    for page in &pages {
        let new = listed.insert(page.path.clone());
        assert!(new, "docs/SUMMARY.md: {} twice", page.path.display());
    }
    let entries = fs::read_dir(root().join("docs")).expect("the folder of the documents");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let there: Vec<PathBuf> = names.map(|name| Path::new("docs").join(name)).collect();
    for path in there.iter().filter(|path| is_page(path)) {
        let is_summary = path.ends_with("SUMMARY.md");
        let known = is_summary || listed.contains(path);
        assert!(known, "docs/SUMMARY.md lacks {}", path.display());
    }
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_relative_link_leads_somewhere() {
    let pages = pages();
    let mut count = 0;
    for page in &pages {
        let name = page.path.display();
        for target in links(&page.text).filter(|target| !target.contains("://")) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => page.path.clone(),
                file => linked(&page.path, file),
            };
            assert!(root().join(&path).exists(), "{name}: no {target}");
            if is_page(&path) {
                let other = pages.iter().find(|other| other.path == path);
                let other = other.unwrap_or_else(|| panic!("{name}: {target} is in no summary"));
                let mut headings = other.text.lines().filter(|line| line.starts_with('#'));
                let found = heading.is_empty() || headings.any(|line| anchor(line) == heading);
                assert!(found, "{name}: no heading {target}");
            }
            count += 1;
        }
    }
    assert!(count >= 80, "{count} links");
}
