//! `tern import`: lists, outputs, refusals, and a run that training goes on from.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::support::{Place, npy};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::Value;

/// A file that another tool wrote.
fn vector(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../import/tests/vectors");
    folder.join(name).display().to_string()
}

fn floats(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

#[test]
fn every_recurrent_node_is_a_line() {
    let place = Place::new();
    let list = |name: &str| place.succeed(&["import", &vector(name), "--list"]);
    assert_eq!(list("onnx/form_if.onnx"), "lstm  LSTM 3 -> 4  taken\n");
    let two = list("flaws/graph_two.onnx");
    assert_eq!(two, "lstm  LSTM 2 -> 3  taken\nother  LSTM 2 -> 3  taken\n");
    let refused = list("flaws/reverse.safetensors");
    assert!(
        refused.starts_with("lstm  LSTM 2 -> 3  refused: "),
        "{refused}"
    );
    assert!(refused.contains("_l0_reverse: "), "{refused}");
    let modules = list("flaws/two_modules.safetensors");
    assert_eq!(modules, "a  LSTM 2 -> 3  taken\nb  LSTM 2 -> 3  taken\n");
    let json = place.succeed(&[
        "import",
        &vector("flaws/graph_rnn.onnx"),
        "--list",
        "--json",
    ]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[0]["name"], "rnn");
    assert!(json[0]["refused"].is_string());
}

#[test]
fn a_run_prints_a_line_of_numbers_per_time_step() {
    let place = Place::new();
    let cases = std::fs::read(vector("onnx/cases.json")).expect("cases");
    let cases: Value = serde_json::from_slice(&cases).expect("JSON");
    let case = cases.as_array().expect("a list").iter();
    let case = case.clone().find(|case| case["name"] == "form_folded");
    let case = case.expect("the case");
    let rows: Vec<Vec<f32>> = serde_json::from_value(case["x"].clone()).expect("inputs");
    let expected: Vec<Vec<f32>> = serde_json::from_value(case["y"].clone()).expect("outputs");
    let shape = [rows.len(), rows[0].len()];
    place.write("x.npy", &npy("<f4", false, &shape, &floats(&rows.concat())));
    let file = vector("onnx/form_folded.onnx");
    let printed = place.succeed(&["import", &file, "--run", "x.npy"]);
    let number = |text: &str| text.parse::<f32>().expect("a number");
    let lines: Vec<Vec<f32>> = printed
        .lines()
        .map(|line| line.split(' ').map(number).collect())
        .collect();
    assert_eq!(lines.len(), expected.len());
    for (found, expected) in lines.concat().iter().zip(expected.concat()) {
        assert!((found - expected).abs() <= 1e-5, "{found} and {expected}");
    }
    let alone = ["import", &file, "--node", "lstm", "--run", "x.npy"];
    assert_eq!(place.succeed(&alone), printed, "the graph is that node");
    let json: Value =
        serde_json::from_str(&place.succeed(&[&alone[..], &["--json"]].concat())).expect("JSON");
    assert_eq!(json["outputs"].as_array().map(Vec::len), Some(lines.len()));

    place.refused(
        &["import", &file, "--node", "gru", "--run", "x.npy"],
        &["no node gru", "one of lstm"],
    );
    place.write("wide.npy", &npy("<f4", false, &[1, 4], &floats(&[0.0; 4])));
    place.refused(
        &["import", &file, "--run", "wide.npy"],
        &["wide.npy", "[1, 4]", "[time, 3]"],
    );
    place.write(
        "nan.npy",
        &npy("<f4", false, &[1, 3], &floats(&[0.0, f32::NAN, 0.0])),
    );
    place.refused(
        &["import", &file, "--run", "nan.npy"],
        &["nan.npy", "[0, 1]", "finite"],
    );
}

#[test]
fn what_is_refused_is_one_line_and_writes_nothing() {
    let place = Place::new();
    for (name, words) in [
        (
            "flaws/system.pt",
            &["system.pt", "posix.system", "not run"][..],
        ),
        ("flaws/bomb.pt", &["bomb.pt", "more memory"]),
        ("flaws/bomb.keras", &["bomb.keras", "more memory"]),
        ("flaws/half.safetensors", &["float16"]),
        ("flaws/graph_data_missing.onnx", &["missing.data"]),
        ("missing.onnx", &["missing.onnx", "cannot be read"]),
        ("onnx/cases.json", &["json", "expected .safetensors"]),
    ] {
        for action in [&["--run", "x.npy"][..], &["--calibrate", "."]] {
            let file = vector(name);
            place.refused(&[&["import", file.as_str()], action].concat(), words);
        }
    }
    place.refused(&["import", "a.onnx"], &["--list", "--run", "--calibrate"]);
    for option in [&["--out", "b"][..], &["--force"]] {
        let line = [&["import", "a.onnx", "--list"], option].concat();
        place.refused(&line, &["--list", option[0]]);
    }
    let left = std::fs::read_dir(place.path("."))
        .expect("the folder")
        .count();
    assert_eq!(left, 0, "nothing is written");
}

/// Writes the state dict of a network that knows the sign of `x[0] - 5` at the last step: two units, three features.
fn threshold_network(place: &Place, gates: usize) {
    let rows = 2 * gates;
    // The candidate is gate g of i, f, g, o, and n of r, z, n; the other gates are open or shut by their biases.
    let biases: &[f32] = match gates {
        4 => &[10.0, -10.0, -10.0, 10.0],
        _ => &[0.0, -10.0, -10.0],
    };
    let mut weight_ih = vec![0.0; rows * 3];
    let bias_ih: Vec<f32> = biases.iter().flat_map(|bias| [*bias; 2]).collect();
    for unit in 0..2 {
        weight_ih[(2 * 2 + unit) * 3] = 2.0;
    }
    let tensors = [
        ("rnn.weight_ih_l0", vec![rows, 3], floats(&weight_ih)),
        (
            "rnn.weight_hh_l0",
            vec![rows, 2],
            floats(&vec![0.0; rows * 2]),
        ),
        ("rnn.bias_ih_l0", vec![rows], floats(&bias_ih)),
        ("rnn.bias_hh_l0", vec![rows], floats(&vec![0.0; rows])),
        ("fc.weight", vec![2, 2], floats(&[1.0, 0.0, -1.0, 0.0])),
        ("fc.bias", vec![2], floats(&[0.0, 0.0])),
    ];
    let view = |shape: &Vec<usize>, data| {
        TensorView::new(Dtype::F32, shape.clone(), data).expect("a tensor")
    };
    let views: HashMap<&str, TensorView> = tensors
        .iter()
        .map(|(name, shape, data)| (*name, view(shape, data)))
        .collect();
    place.write(
        "net.safetensors",
        &safetensors::serialize(views, None).expect("a file"),
    );
}

/// A folder of sequences whose last x[0] is above or below 5: as many of each, a third of them for testing.
fn sequences(place: &Place, high: &str, low: &str) -> PathBuf {
    let folder = place.path("data");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut random = fastrand::Rng::with_seed(3);
    let mut list = "file,label,split\n".to_owned();
    for place in 0..36 {
        let (label, sign) = if place % 2 == 0 {
            (high, 1.0)
        } else {
            (low, -1.0)
        };
        let split = ["train", "validation", "test"][place / 2 % 3];
        list += &format!("{place}.csv,{label},{split}\n");
        let steps = 4 + place % 3;
        let line = |step: usize| {
            let side = if step + 1 == steps {
                sign
            } else {
                2.0 * random.f64() - 1.0
            };
            let first = 5.0 + 3.0 * side * (0.3 + 0.7 * random.f64());
            format!("{first},{},{}\n", 40.0 * random.f64(), random.f64() - 7.0)
        };
        let text: String = (0..steps).map(line).collect();
        std::fs::write(folder.join(format!("{place}.csv")), text).expect("room");
    }
    std::fs::write(folder.join("labels.csv"), list).expect("room");
    folder
}

#[test]
fn a_network_becomes_a_run_that_training_goes_on_from() {
    for gates in [4, 3] {
        let place = Place::new();
        threshold_network(&place, gates);
        sequences(&place, "high", "low");
        let line = [
            "import",
            "net.safetensors",
            "--calibrate",
            "data",
            "--out",
            "runs/a",
            "--json",
        ];
        let json: Value = serde_json::from_str(&place.succeed(&line)).expect("JSON");
        let full = &json["full_precision"];
        // The features have other means and deviations: the scaling is folded in, or most would be wrong.
        assert_eq!(
            (&full["correct"], &full["of"]),
            (&12.into(), &12.into()),
            "{json}"
        );
        assert_eq!(json["ternary_without_training"]["of"], 12);
        place.succeed(&["eval", "--run", "runs/a", "--data", "data"]);
        let train = [
            "train",
            "folder",
            "data",
            "--recipe",
            "runs/a/recipe.toml",
            "--warm-start",
            "runs/a",
            "--teacher",
            "runs/a",
            "--epochs",
            "2",
            "--out",
            "runs/b",
        ];
        place.succeed(&train);
        place.succeed(&["export", "--run", "runs/b", "--out", "net-f7.safetensors"]);
        place.refused(&line, &["runs/a", "--force"]);
        place.succeed(&[&line[..], &["--force"]].concat());
    }
}

/// What the command line of the next step says is one word for each path, and no path is an option.
#[test]
fn the_next_command_can_be_pasted() {
    let place = Place::new();
    threshold_network(&place, 4);
    sequences(&place, "high", "low");
    std::fs::rename(place.path("data"), place.path("my data")).expect("room");
    let line = ["import", "net.safetensors", "--calibrate", "my data"];
    let told = place.succeed(&[&line[..], &["--out=-it's"]].concat());
    let (_, next) = told.split_once("next: tern ").expect("a next command");
    let words = std::process::Command::new("sh")
        .args(["-c", &format!("printf '%s\\n' {next}")])
        .output()
        .expect("a shell");
    let words = String::from_utf8(words.stdout).expect("text");
    let words: Vec<&str> = words.lines().collect();
    let run = "./-it's";
    let recipe = format!("{run}/recipe.toml");
    let expected = [
        "train",
        "folder",
        "my data",
        "--recipe",
        &recipe,
        "--warm-start",
        run,
        "--teacher",
        run,
    ];
    assert_eq!(words, expected);
    place.refused(
        &[&line[..], &["--out", "my data"]].concat(),
        &["--out", "the folder of the data"],
    );
}

/// A link in the folder of the run could lead to what is read.
#[cfg(unix)]
#[test]
fn a_recipe_is_written_through_no_link() {
    let place = Place::new();
    threshold_network(&place, 4);
    sequences(&place, "high", "low");
    std::fs::create_dir(place.path("run")).expect("room");
    std::os::unix::fs::symlink(place.path("net.safetensors"), place.path("run/recipe.toml"))
        .expect("a link");
    let before = std::fs::read(place.path("net.safetensors")).expect("the network");
    let line = [
        "import",
        "net.safetensors",
        "--calibrate",
        "data",
        "--out",
        "run",
        "--force",
    ];
    place.refused(&line, &["run/recipe.toml", "a link"]);
    let after = std::fs::read(place.path("net.safetensors")).expect("the network");
    assert!(before == after, "the network is untouched");
}

#[test]
fn a_folder_of_other_features_or_labels_is_refused() {
    let place = Place::new();
    threshold_network(&place, 4);
    let folder = sequences(&place, "high", "low");
    let list = std::fs::read_to_string(folder.join("labels.csv")).expect("the list");
    let third = list.replacen("high", "medium", 1);
    std::fs::write(folder.join("labels.csv"), third).expect("room");
    let line = ["import", "net.safetensors", "--calibrate", "data"];
    place.refused(&line, &["data", "outputs", "2", "expected 3", "labels"]);
    place.refused(
        &[
            "import",
            &vector("onnx/form_folded.onnx"),
            "--calibrate",
            "data",
        ],
        &["no linear head"],
    );
    assert!(!place.path("runs").exists(), "nothing is written");
}
