//! Several cores side by side.

use super::{DENSE, core, facts};
use crate::support::Place;

#[test]
fn dense_and_events_on_two_devices_stand_side_by_side() {
    let place = Place::new();
    core(&place, "dense", DENSE);
    let events = DENSE
        .replace("2,", "4,")
        .replace('}', r#", "dataflow": "events"}"#);
    core(&place, "events", &events);
    core(&place, "ecp5", &DENSE.replace("ice40-hx8k", "ecp5-25k"));
    let cores = [
        "report",
        "dense",
        "events",
        "ecp5",
        "--model",
        "m.safetensors",
    ];
    place.succeed(&[&cores[..], &["--out", "all.html"]].concat());
    let facts = facts(&place, "all.facts.json");
    let of = |k: usize| &facts.cores[k].array;
    assert_eq!(facts.cores.len(), 3);
    assert_eq!(
        [of(0), of(1), of(2)].map(|a| a.dataflow.as_str()),
        ["dense", "events", "dense"]
    );
    assert_eq!(of(2).device, "ecp5-25k");
    assert_ne!(
        facts.cores[0].cycles.per_step,
        facts.cores[1].cycles.per_step
    );
    let page = std::fs::read_to_string(place.path("all.html")).expect("the page");
    for core in &facts.cores {
        assert!(page.contains(&core.name), "{}", core.name);
        let cycles = format!("<td>{}</td>", core.cycles.per_step);
        assert!(page.contains(&cycles), "{cycles}");
    }
    assert!(page.contains("<h1>3 cores compared</h1>"));
}

#[test]
fn what_is_given_for_each_core_is_given_for_all_of_them() {
    let place = Place::new();
    for name in ["a", "b", "c"] {
        core(&place, name, DENSE);
    }
    let cores = ["report", "a", "b", "c", "--model", "m.safetensors"];
    let with = |more: &[&'static str]| [&cores[..], more].concat();
    place.refused(
        &with(&["--model", "m.safetensors"]),
        &["--model", "2 times", "1 or 3"],
    );
    place.refused(
        &with(&["--synth", "a"]),
        &["--synth", "1 times", "expected 3"],
    );
    place.refused(
        &with(&["--verify", "a", "--verify", "b"]),
        &["--verify", "2 times", "expected 3"],
    );
    place.refused(&with(&[]), &["--out is missing", "3 cores", ".html"]);
    assert!(!place.path("a/report.html").exists());
    place.succeed(&with(&[
        "--out",
        "all.html",
        "--model",
        "m.safetensors",
        "--model",
        "m.safetensors",
    ]));
}
