//! `tern explore`: the table, the report and the picture of the arrays of a network.

use crate::support::{Place, small_model};
use serde_json::Value;
use tern_model::network::{CellKind, Output};
use tern_model::random::{RandomSpec, random_model};

/// The arrays of the report in the folder `out`, and the text of the picture there.
fn report(place: &Place) -> (Vec<Value>, String) {
    let json = std::fs::read(place.path("out/explore.json")).expect("a report");
    let json: Value = serde_json::from_slice(&json).expect("JSON");
    let arrays = json["arrays"].as_array().expect("a list").clone();
    let svg = std::fs::read_to_string(place.path("out/explore.svg")).expect("a picture");
    (arrays, svg)
}

#[test]
fn each_array_is_larger_and_faster_than_the_one_before() {
    let place = Place::new();
    place.model("model.safetensors", &small_model(3, Output::Every));
    let text = place.succeed(&["explore", "--model", "model.safetensors", "--out", "out"]);
    let (arrays, svg) = report(&place);
    assert!(arrays.len() >= 3, "{text}");
    let of = |array: &Value, field: &str| array[field].as_u64().expect("a number");
    let recommended = |array: &&Value| array["recommended"] == true;
    // What gen-verilog takes is dense, and an event array may be smaller and faster.
    let others: Vec<&Value> = arrays.iter().filter(|array| !recommended(array)).collect();
    for pair in others.windows(2) {
        assert!(
            of(pair[0], "logic_cells") < of(pair[1], "logic_cells"),
            "{text}"
        );
        assert!(
            of(pair[0], "mean_cycles") > of(pair[1], "mean_cycles"),
            "{text}"
        );
    }
    let listed = |array: &&Value| {
        let fields = ["columns", "rows", "lanes", "mean_cycles", "cycles_per_step"];
        let cells = fields.map(|field| of(array, field).to_string());
        let mut rows = text.lines();
        rows.any(|line| line.split_whitespace().skip(1).take(5).eq(cells.iter()))
    };
    let rows: Vec<&Value> = arrays.iter().filter(listed).collect();
    let count = format!("{} of {} arrays", rows.len(), arrays.len());
    assert!(
        rows.len() >= 3.max(arrays.len().min(8) - 1) && text.contains(&count),
        "{text}"
    );
    for wanted in [
        arrays.first(),
        arrays.last(),
        arrays.iter().find(recommended),
    ] {
        let array = wanted.expect("an array");
        assert!(listed(&array), "{array}: {text}");
    }
    assert!(arrays.iter().all(|array| array.get("routed").is_none()));
    let fastest = arrays.last().expect("an array");
    let name = format!("{} × {}", of(fastest, "rows"), of(fastest, "lanes"));
    assert!(svg.contains(&name), "{name}: {svg}");
}

#[test]
fn a_routed_array_has_its_clock_and_the_time_of_a_step() {
    let place = Place::new();
    let spec = RandomSpec::hitnet(CellKind::Lstm, 1, 1);
    place.model("model.safetensors", &random_model(&spec, 1));
    let files = ["--model", "model.safetensors", "--out", "out", "--route"];
    let text = place.succeed(&[&["explore"], &files[..]].concat());
    let (arrays, svg) = report(&place);
    assert!(
        arrays
            .iter()
            .all(|array| array["routed"]["fmax_mhz"].is_number()),
        "{text}"
    );
    let routed = |field: &str| arrays[0]["routed"][field].as_f64().expect("a number");
    let (fmax, step) = (routed("fmax_mhz"), routed("step_us"));
    assert!(fmax > 0.0 && routed("lut4") > 0.0, "{text}");
    let cycles = arrays[0]["mean_cycles"].as_f64().expect("a number");
    assert!((step * fmax - cycles).abs() < 1e-6 * cycles, "{text}");
    assert!(text.contains(&format!("{fmax:.1}")), "{text}");
    assert!(text.contains("fmax/MHz"), "{text}");
    assert!(svg.contains(&format!("{step:.2} µs")), "{svg}");
}

#[test]
fn event_arrays_stand_among_the_dense_ones() {
    let place = Place::new();
    let text = place.succeed(&["explore", "--out", "out"]);
    let (arrays, _) = report(&place);
    let fastest = arrays.last().expect("an array");
    assert_eq!(fastest["dataflow"], "events", "{text}");
    let number = |field: &str| fastest[field].as_f64().expect("a number");
    assert!(
        number("mean_cycles") < 0.5 * number("cycles_per_step"),
        "{fastest}"
    );
    assert!(
        number("efficiency") > 1.0,
        "what is left out counts as done: {fastest}"
    );
    let recommended = arrays.iter().find(|array| array["recommended"] == true);
    assert_eq!(recommended.expect("an array")["dataflow"], "dense");
    let next = "gen-verilog --device ice40-hx8k --dataflow events";
    assert!(text.contains(next), "{text}");
}
