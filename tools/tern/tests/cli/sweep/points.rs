//! The points of a sweep: which they are, what they are, and what is made of them.

use std::path::Path;

use serde_json::Value;
use tern_compile::design::Design;
use tern_compile::shape::Shape;
use tern_model::network::Output;

use super::{RUN, kept, model, routed, seed};
use crate::support::{Place, small_model};

const SWEEP: &str = r#"
stage = "estimate"
devices = ["ice40-hx8k", "ecp5-25k"]
arrays = ["largest", "2x4", "64x64"]
dataflows = ["dense", "events"]

[[networks]]
model = "m.safetensors"

[[networks]]
name = "mine"
random = { input_size = 4, input_bits = 3, hidden_size = [8, 6], cell = "gru", outputs = 2, every = true, seed = 7 }
"#;

/// The rows of `points.csv` by the names of their columns.
fn rows(place: &Place) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_path(place.path("out/points.csv")).expect("a table");
    let names = reader.headers().expect("a line of names").clone();
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        let pairs = names.iter().zip(row.iter());
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    });
    rows.collect()
}

fn field<'r>(row: &'r [(String, String)], name: &str) -> &'r str {
    let found = row.iter().find(|(column, _)| column == name);
    &found.expect("a column").1
}

#[test]
fn every_combination_is_a_point_with_the_figures_of_its_core() {
    let place = Place::new();
    model(&place);
    place.write("sweep.toml", SWEEP.as_bytes());
    let text = place.succeed(&RUN);
    let rows = rows(&place);
    let mut wanted = vec![];
    for network in ["m", "mine"] {
        for device in ["ice40-hx8k", "ecp5-25k"] {
            for array in ["largest", "2x4", "64x64"] {
                for dataflow in ["dense", "events"] {
                    wanted.push(format!("{network}-{device}-{array}-{dataflow}"));
                }
            }
        }
    }
    let found: Vec<&str> = rows.iter().map(|row| field(row, "point")).collect();
    assert_eq!(found, wanted);

    let network = small_model(3, Output::Last);
    let design = Design::new(2, 4, "ice40-hx8k").expect("a design");
    let shape = Shape::of(&network, &design).expect("it runs");
    let point = kept(&place, "m-ice40-hx8k-2x4-dense");
    let of = |name: &str| point["outcome"][name].as_u64();
    assert_eq!(of("most_cycles"), Some(shape.cycles_per_step()));
    assert_eq!(of("estimated_cells"), Some(shape.cell_estimate() as u64));
    assert_eq!(of("estimated_block_rams"), Some(shape.block_rams() as u64));
    assert_eq!(
        (of("columns"), of("rows"), of("lanes")),
        (Some(4), Some(2), Some(4))
    );
    let gru = kept(&place, "mine-ice40-hx8k-2x4-dense");
    assert_eq!(gru["outcome"]["columns"], 3, "GRUs alone need three");
    assert_eq!(gru["seed"], Value::Null, "nothing is placed");
    let largest = Design::largest(&network, "ecp5-25k").expect("it fits");
    let row = &rows[6];
    assert_eq!(field(row, "rows"), largest.rows.to_string());
    assert_eq!(field(row, "lanes"), largest.lanes.to_string());

    // What does not fit is a row with its reason.
    let unfit: Vec<_> = rows
        .iter()
        .filter(|row| field(row, "result") == "unfit")
        .collect();
    assert!(
        unfit
            .iter()
            .any(|row| field(row, "point") == "m-ice40-hx8k-64x64-dense")
    );
    for row in &unfit {
        assert!(
            field(row, "reason").len() > 10 && field(row, "rows").is_empty(),
            "{row:?}"
        );
    }
    let done = rows.len() - unfit.len();
    let counts = format!(
        "24 points: {done} done, {} do not fit, 0 failed",
        unfit.len()
    );
    assert!(text.contains(&counts), "{text}");
}

#[test]
fn one_point_of_each_network_and_device_is_recommended_and_drawn() {
    let place = Place::new();
    model(&place);
    place.write("sweep.toml", SWEEP.as_bytes());
    let text = place.succeed(&RUN);
    let rows = rows(&place);
    for (network, device) in [
        ("m", "ice40-hx8k"),
        ("m", "ecp5-25k"),
        ("mine", "ice40-hx8k"),
        ("mine", "ecp5-25k"),
    ] {
        let group = rows
            .iter()
            .filter(|row| field(row, "network") == network && field(row, "device") == device);
        let group: Vec<_> = group.filter(|row| field(row, "result") == "done").collect();
        let cycles = |row: &&Vec<(String, String)>| {
            field(row, "mean_cycles").parse::<f64>().expect("a number")
        };
        let fewest = group.iter().map(&cycles).fold(f64::INFINITY, f64::min);
        let taken: Vec<_> = group
            .iter()
            .filter(|row| field(row, "recommended") == "true")
            .collect();
        assert_eq!(taken.len(), 1, "{network} on {device}");
        assert!(cycles(taken[0]) <= 1.01 * fewest, "{:?}", taken[0]);
        let line = text.lines().find(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(network) && words.next() == Some(device)
        });
        let array = ["columns", "rows", "lanes"]
            .map(|name| field(taken[0], name))
            .join("x");
        assert!(line.expect("a line").contains(&array), "{array}: {text}");
    }
    let svg = std::fs::read_to_string(place.path("out/pareto.svg")).expect("a picture");
    for words in [
        "xmlns=\"http://www.w3.org/2000/svg\"",
        "prefers-color-scheme:dark",
        "logic cells, by estimate",
        "Clock cycles per time step",
        "1: m on ice40-hx8k",
        "4: mine on ecp5-25k",
        "Pareto front",
        "recommended",
    ] {
        assert!(svg.contains(words), "{words}");
    }
    let page = std::fs::read_to_string(place.path("out/report.html")).expect("a page");
    for row in &rows {
        let shown = [field(row, "most_cycles"), field(row, "reason")]
            .map(|text| text.replace('\'', "&#x27;"));
        assert!(
            shown.iter().all(|text| page.contains(text.as_str())),
            "{row:?}"
        );
    }
    for words in [
        "http:", "https:", "src=", "url(", "@import", "<script", "<link",
    ] {
        assert!(!page.contains(words), "{words}");
    }
    assert!(page.contains("4 → GRU 8 → GRU 6 → linear 2"));
}

#[test]
fn results_are_the_same_bytes_for_any_number_of_jobs_and_as_json() {
    let files = |jobs: &str| {
        let place = Place::new();
        model(&place);
        place.write("sweep.toml", SWEEP.as_bytes());
        let json = place.succeed(&[&RUN[..], &["--jobs", jobs, "--json"]].concat());
        let names = [
            "points.csv",
            "pareto.svg",
            "report.html",
            "points/m-ice40-hx8k-2x4-events.json",
        ];
        let read = |name: &str| std::fs::read(place.path(&format!("out/{name}"))).expect("a file");
        (json, names.map(read))
    };
    let (one, three) = (files("1"), files("3"));
    assert!(one == three);
    let value: Value = serde_json::from_str(&one.0).expect("one value");
    assert_eq!(value["stage"], "estimate");
    assert_eq!(value["points"].as_array().map(Vec::len), Some(24));
}

#[test]
fn the_shipped_sweep_gives_the_picture_of_the_documents() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let place = Place::new();
    let file = root.join("examples/sweep.toml");
    let file = file.to_str().expect("a path in UTF-8");
    let text = place.succeed(&["explore", "--sweep", file, "--out", "out", "--quiet"]);
    assert!(
        text.contains("40 points: ") && text.contains(" 0 failed"),
        "{text}"
    );
    let [drawn, shown] = [
        place.path("out/pareto.svg"),
        root.join("docs/pictures/sweep.svg"),
    ];
    let [drawn, shown] =
        [drawn, shown].map(|path| std::fs::read_to_string(path).expect("a picture"));
    assert!(
        drawn == shown,
        "docs/pictures/sweep.svg is not what examples/sweep.toml gives"
    );
}

#[test]
fn a_point_that_fails_does_not_stop_the_rest_and_is_tried_again() {
    let place = Place::new();
    routed(&place, "[1, 2, 3]");
    // Where the tools are to write for seed 2, they cannot.
    std::fs::create_dir_all(place.path("out/work")).expect("a new folder");
    let block = format!("out/work/{}", seed(2));
    place.write(&block, b"no folder");
    let output = place.run(&RUN);
    let (text, error) = [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8_lossy(bytes))
        .into();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(
        text.contains("3 points: 2 done, 0 do not fit, 1 failed"),
        "{text}"
    );
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), 2, "{error}");
    assert!(
        lines[0].starts_with(&format!("error: {}: ", seed(2))),
        "{error}"
    );
    assert!(lines[0].contains("expected a folder"), "{error}");
    assert!(
        lines[1].starts_with("error: 1 of 3 points failed"),
        "{error}"
    );
    for number in [1, 3] {
        let routed = &kept(&place, &seed(number))["outcome"]["routed"];
        let of = |name: &str| routed[name].as_f64().expect("a number");
        assert!(
            of("fmax_mhz") > 10.0 && of("logic_cells") > 10.0,
            "{routed}"
        );
        let cycles = kept(&place, &seed(number))["outcome"]["mean_cycles"].as_f64();
        let step = of("step_us") * of("fmax_mhz");
        assert!((step - cycles.expect("a number")).abs() < 1e-6, "{routed}");
    }
    let rows = rows(&place);
    assert_eq!(field(&rows[1], "result"), "failed");
    assert!(field(&rows[1], "reason").contains("cannot be written"));
    let failed = kept(&place, &format!("{}.failed", seed(2)));
    assert_eq!(failed["outcome"]["result"], "failed", "the failure is kept");

    std::fs::remove_file(place.path(&block)).expect("it is there");
    super::mark(&place, &seed(1));
    let text = place.succeed(&RUN);
    assert!(text.contains("3 points: 3 done"), "{text}");
    assert!(
        super::is_marked(&place, &seed(1)),
        "only what failed is done again"
    );
    assert!(kept(&place, &seed(2))["outcome"]["routed"]["fmax_mhz"].is_number());
    assert!(
        !place
            .path(&format!("out/points/{}.failed.json", seed(2)))
            .exists()
    );
    assert!(
        !place.path(&format!("out/work/{}", seed(2))).exists(),
        "tools' files go"
    );
}
