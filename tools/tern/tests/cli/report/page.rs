//! The page about one core.

use super::{DENSE, core, facts};
use crate::support::Place;
use tern_report::facts::{Core, Facts, Routed, SegmentKind};

const REPORT: [&str; 4] = ["report", "core", "--model", "m.safetensors"];

fn page(place: &Place) -> String {
    std::fs::read_to_string(place.path("core/report.html")).expect("the page")
}

fn only(facts: Facts) -> Core {
    let mut cores = facts.cores;
    assert_eq!(cores.len(), 1);
    cores.remove(0)
}

#[test]
fn a_page_needs_no_other_file_and_says_what_is_missing() {
    let place = Place::new();
    core(&place, "core", DENSE);
    let said = place.succeed(&REPORT);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            "wrote core/report.html",
            "wrote core/report.facts.json",
            "not synthesized: tern synth --model m.safetensors --design core/design.json --out core/synth",
            "not verified: tern verify --model m.safetensors --design core/design.json --out core/verify",
        ]
    );
    let first = page(&place);
    assert!(first.len() < 2_000_000, "{} bytes", first.len());
    for words in ["http:", "https:", "src=", "url(", "@import", "<script"] {
        assert!(!first.contains(words), "{words}");
    }
    // An icon that is here keeps browsers from asking for one.
    let links: Vec<&str> = first.split("<link").skip(1).collect();
    assert!(links.len() == 1 && links[0].contains("href=\"data:,\""));
    for line in &lines[2..] {
        let (_, command) = line.split_once(": ").expect("a command");
        assert!(first.replace("&#x2f;", "/").contains(command), "{command}");
    }
    let core = only(facts(&place, "core/report.facts.json"));
    assert_eq!((core.array.columns, core.array.lanes), (4, 2));
    assert!(core.logic.is_none() && core.routed.is_none() && core.verified.is_none());
    assert!(core.accuracy.is_none() && core.activity.is_none());
    let step = core.step.expect("a simulated step");
    assert!(step.cycles >= core.cycles.per_step, "{step:?}");
    place.succeed(&REPORT);
    assert_eq!(page(&place), first, "the same bytes");
}

/// Synthesizes and verifies the core, and gives its page and facts.
fn measured(place: &Place, design: &str) -> (String, Core) {
    core(place, "core", design);
    let files = ["--model", "m.safetensors", "--design", "core/design.json"];
    let synth = ["--seed", "1,2", "--out", "core/synth"];
    place.succeed(&[&["synth"], &files[..], &synth].concat());
    let verify = [
        "--executor",
        "golden,rust-hdl",
        "--cases",
        "3",
        "--out",
        "core/verify",
    ];
    place.succeed(&[&["verify"], &files[..], &verify].concat());
    let said = place.succeed(&REPORT);
    assert_eq!(said.lines().count(), 2, "nothing is missing: {said}");
    (page(place), only(facts(place, "core/report.facts.json")))
}

/// What holds for the routing of every family.
fn check(routed: &Routed) {
    assert_eq!(routed.seeds.len(), 2);
    let plan = routed.floor_plan.as_ref().expect("a floor plan");
    let placed: usize = plan.tiles.iter().flat_map(|tile| tile.logic.values()).sum();
    assert_eq!(placed, plan.logic);
    assert_eq!(plan.logic + plan.unplaced, routed.logic_cells);
    assert!(
        plan.unplaced < 10 + plan.logic / 10,
        "{} unplaced",
        plan.unplaced
    );
    let rams: usize = plan.tiles.iter().map(|tile| tile.rams).sum();
    assert_eq!(rams, routed.block_rams);
    for seed in &routed.seeds {
        let path = &seed.critical_path;
        let sum = |kind: SegmentKind| -> f64 {
            let segments = path.segments.iter().filter(|segment| segment.kind == kind);
            segments.map(|segment| segment.ns).sum()
        };
        assert!(
            (sum(SegmentKind::Logic) - path.logic_ns).abs() < 1e-6,
            "{path:?}"
        );
        assert!(
            (sum(SegmentKind::Routing) - path.routing_ns).abs() < 1e-6,
            "{path:?}"
        );
        assert!(
            path.segments.iter().all(|segment| segment.at.is_some()),
            "{path:?}"
        );
    }
}

#[test]
fn what_was_synthesized_and_verified_is_on_the_page() {
    let place = Place::new();
    let (page, core) = measured(&place, DENSE);
    let routed = core.routed.expect("it is routed");
    check(&routed);
    let verified = core.verified.expect("it is verified");
    let names: Vec<&str> = verified
        .executors
        .iter()
        .map(|t| t.executor.as_str())
        .collect();
    assert_eq!(names, ["golden", "rust-hdl"]);
    assert!(verified.not_run.contains(&"verilator".to_owned()));
    assert_eq!(verified.differences(), 0);
    for words in [
        "Area by module",
        "Floor plan",
        "The slowest path",
        "Not run: verilator",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(
        page.contains(&format!(
            "{:.2} ns from",
            routed.seeds[0].critical_path.delay_ns()
        )) || page.contains(&format!(
            "{:.2} ns from",
            routed.seeds[1].critical_path.delay_ns()
        ))
    );
    let modules = core.logic.expect("it is synthesized").modules;
    assert_eq!(modules[0].module, "tern_core");
}

#[test]
fn an_ecp5_has_a_floor_plan_too() {
    let place = Place::new();
    let (_, core) = measured(&place, &DENSE.replace("ice40-hx8k", "ecp5-25k"));
    check(&core.routed.expect("it is routed"));
}

#[test]
fn results_of_another_core_are_left_out_unless_they_are_named() {
    let place = Place::new();
    core(&place, "core", DENSE);
    core(
        &place,
        "other",
        &DENSE.replace("\"rows\": 1", "\"rows\": 2"),
    );
    let files = ["--model", "m.safetensors", "--design", "other/design.json"];
    let verify = [
        "--executor",
        "golden,rust-hdl",
        "--cases",
        "1",
        "--out",
        "core/verify",
    ];
    place.succeed(&[&["verify"], &files[..], &verify].concat());
    let output = place.run(&REPORT);
    let note = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && note.contains("it is left out"),
        "{note}"
    );
    assert!(
        only(facts(&place, "core/report.facts.json"))
            .verified
            .is_none()
    );
    let named = [&REPORT[..], &["--verify", "core/verify"]].concat();
    place.refused(
        &named,
        &["core/verify/verify.json", "verilog_sha256", "expected"],
    );
}

#[test]
fn the_recordings_that_ship_give_accuracy_activity_and_a_step() {
    let place = Place::new();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    place.succeed(&["report", "--eval", examples, "--out", "digits.html"]);
    let core = only(facts(&place, "digits.facts.json"));
    let classes = core
        .accuracy
        .and_then(|accuracy| accuracy.classes)
        .expect("classes");
    assert_eq!((classes.total(), classes.labels.len()), (10, 10));
    assert!(classes.correct() >= 9, "{classes:?}");
    let activity = core.activity.expect("activity");
    assert!(activity.source.contains("examples") && activity.steps > 100);
    let step = core.step.expect("a step");
    assert!(
        step.input.contains("the first sequence of"),
        "{}",
        step.input
    );
    assert!(
        place.names().iter().all(|name| name.starts_with("digits.")),
        "no other file"
    );
}

#[test]
fn the_schema_is_that_of_the_documents() {
    let written = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/report.schema.json");
    let written = std::fs::read_to_string(written).expect("the schema");
    let place = Place::new();
    let schema = place.succeed(&["report", "--schema"]);
    assert!(
        schema == written,
        "tern report --schema > docs/report.schema.json writes it"
    );
    let value: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    assert!(value["properties"]["cores"].is_object());
    assert!(place.names().is_empty());
}
