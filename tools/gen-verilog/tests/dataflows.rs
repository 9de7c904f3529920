//! Which dataflow a core has, and which would be faster.

mod support;

use serde_json::{Value, json};
use support::{Place, assert_refused};
use tern_model::network::Model;

/// What the program says, and its report.
#[track_caller]
fn generate(place: &Place, arguments: &[&str]) -> (String, Value) {
    let output = place.run(&[arguments, &["--out", "out"]].concat());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let summary = String::from_utf8(output.stdout).expect("text");
    let report = serde_json::from_slice(&place.read("out/report.json")).expect("JSON");
    (summary, report)
}

fn row(summary: &str, name: &str) -> Option<String> {
    let row = |line: &str| Some(line.strip_prefix(&format!("{name:<8} "))?.to_owned());
    summary.lines().find_map(row)
}

#[test]
fn the_other_dataflow_is_shown_beside_the_chosen_one() {
    let place = Place::new();
    let (dense, report) = generate(&place, &[]);
    assert_eq!(report["array"]["dataflow"], "dense");
    assert_eq!(
        report["recorded_cycles"],
        Value::Null,
        "they are always the same"
    );
    let other = row(&dense, "or").expect("the other dataflow");
    let (events, event_report) = generate(&place, &["--dataflow", "events"]);
    assert_eq!(event_report["array"]["dataflow"], "events");
    assert_eq!(event_report["dataflows"], report["dataflows"]);
    let recorded = &event_report["recorded_cycles"];
    let number = |value: &Value| value.as_f64().expect("a number");
    let (mean, most) = (
        number(&recorded["mean"]),
        number(&event_report["cycles_per_step"]),
    );
    assert!(mean < number(&recorded["percentile_99"]), "{recorded}");
    assert!(number(&recorded["most"]) <= most, "{recorded}");
    let array = &event_report["array"];
    let [rows, lanes] = ["rows", "lanes"].map(|field| &array[field]);
    assert_eq!(
        other,
        format!(
            "faster, --dataflow events: 4 x {rows} x {lanes} takes {mean:.1} cycles on average, at most {most}"
        )
    );
    let speed = row(&events, "speed").expect("a speed");
    assert!(
        speed.starts_with(&format!("{mean:.1} cycles per time step")),
        "{speed}"
    );
    assert_eq!(report["dataflows"]["faster"], "events");
    let fastest = &report["dataflows"]["dense"];
    let other = row(&events, "or").expect("the other dataflow");
    let size = format!("4 x {} x {}", fastest["rows"], fastest["lanes"]);
    let cycles = format!("takes {} cycles", fastest["cycles_per_step"]);
    assert_eq!(other, format!("slower, --dataflow dense: {size} {cycles}"));
}

#[test]
fn without_activity_nothing_is_compared() {
    let place = Place::new();
    for dataflow in ["dense", "events"] {
        let options = ["--model", "model.safetensors", "--dataflow", dataflow];
        let (summary, report) = generate(&place, &options);
        assert_eq!(report["array"]["dataflow"], dataflow);
        assert_eq!(report["dataflows"], Value::Null);
        assert_eq!(report["recorded_cycles"], Value::Null);
        assert_eq!(row(&summary, "or"), None);
        let speed = row(&summary, "speed").expect("a speed");
        assert_eq!(
            speed.contains("when every element is an event"),
            dataflow == "events",
            "{speed}"
        );
    }
}

#[test]
fn the_option_stands_in_place_of_the_design_file_s() {
    let place = Place::new();
    let events = json!({
        "columns": 4, "rows": 2, "lanes": 4, "device": "ecp5-25k", "dataflow": "events", "skip": "zero"
    });
    place.write("events.json", events.to_string().as_bytes());
    let options = ["--model", "model.safetensors", "--design", "events.json"];
    let (_, report) = generate(&place, &options);
    assert_eq!(report["array"]["skip"], "zero");
    let (_, report) = generate(&place, &[&options[..], &["--dataflow", "dense"]].concat());
    assert_eq!(report["array"]["dataflow"], "dense");
    assert_eq!(report["array"]["skip"], Value::Null);
    let narrow = json!({"columns": 4, "rows": 2, "lanes": 3, "device": "ecp5-25k"});
    place.write("narrow.json", narrow.to_string().as_bytes());
    let options = ["--model", "model.safetensors", "--design", "narrow.json"];
    generate(&place, &options);
    let refused = place.run(&[&options[..], &["--dataflow", "events"]].concat());
    let words = ["narrow.json with these options: field `lanes` is 3, expected 4 to 64"];
    assert_refused(&refused, 2, &words);
    let unknown = place.run(&["--dataflow", "sparse"]);
    assert_refused(&unknown, 2, &["sparse", "dense, events"]);
}

#[test]
fn an_activity_that_is_not_the_model_s_is_refused() {
    let place = Place::new();
    let mut model = Model::read(place.path("model.safetensors")).expect("a model");
    model.training = Some(json!({"activity": {"changed": [[[6, 0]]], "nonzero": [[[0, 0]]]}}));
    model
        .write(place.path("wrong.safetensors"))
        .expect("writable");
    let refused = place.run(&["--model", "wrong.safetensors", "--out", "out"]);
    let words = [
        "wrong.safetensors",
        "field `training.activity` has [6, 0], expected at most [5, 8]",
    ];
    assert_refused(&refused, 2, &words);
    assert!(!place.path("out").exists(), "nothing is written");
}
