//! Files that PyTorch, ONNX, tf2onnx and Keras wrote, with what these compute from them.
//!
//! `cases.json` in each folder of `tests/vectors` lists them; `tests/python` makes them.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use tern_import::network::Network;

/// Largest difference, as a share of the largest output.
const TOLERANCE: f32 = 1e-5;

#[derive(Deserialize)]
struct Case {
    name: String,
    file: String,
    taken: bool,
    words: Vec<String>,
    node: Option<String>,
    /// Inputs `[time][X]`.
    #[serde(default)]
    x: Vec<Vec<f64>>,
    /// Outputs `[time][N]`, or `[N]` of the last step.
    #[serde(default)]
    y: Value,
    /// The folder of the file.
    #[serde(skip)]
    folder: PathBuf,
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for tool in ["onnx", "torch", "keras", "flaws"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/vectors")
            .join(tool);
        let list = std::fs::read(folder.join("cases.json")).expect("the list of cases");
        let cases: Vec<Case> = serde_json::from_slice(&list).expect("cases");
        all.extend(cases.into_iter().map(|case| Case {
            folder: folder.clone(),
            ..case
        }));
    }
    all
}

fn network(case: &Case) -> Result<Network, String> {
    let contents =
        tern_import::read(&case.folder.join(&case.file)).map_err(|error| error.to_string())?;
    let network = contents.network(case.node.as_deref());
    network.map_err(|error| error.to_string())
}

/// The largest difference between outputs and those of the file's own tool, as a share of the largest.
fn difference(case: &Case, network: &Network) -> f32 {
    let outputs = network.run(&case.x).expect("inputs of the network");
    let numbers = |list: &Value| -> Vec<f32> {
        let list = list.as_array().expect("a list").iter();
        list.map(|number| number.as_f64().expect("a number") as f32)
            .collect()
    };
    let rows = case.y.as_array().expect("outputs");
    let (outputs, expected) = match rows[0].is_array() {
        true => (outputs.concat(), rows.iter().flat_map(numbers).collect()),
        false => (
            outputs.last().expect("a time step").clone(),
            numbers(&case.y),
        ),
    };
    assert_eq!(outputs.len(), expected.len(), "{}", case.name);
    let most = expected.iter().fold(0f32, |most, y| most.max(y.abs()));
    let pairs = outputs.iter().zip(&expected);
    pairs.fold(0f32, |most, (a, b)| most.max((a - b).abs())) / most
}

#[test]
fn what_is_taken_computes_what_its_own_tool_does() {
    let mut taken = 0;
    for case in cases().iter().filter(|case| case.taken) {
        let network = network(case).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let difference = difference(case, &network);
        assert!(difference <= TOLERANCE, "{}: {difference}", case.name);
        taken += 1;
    }
    assert!(taken >= 40, "{taken} cases");
}

#[test]
fn what_is_refused_is_refused_by_name() {
    let mut refused = 0;
    for case in cases().iter().filter(|case| !case.taken) {
        let error = network(case).expect_err(&case.name);
        for word in &case.words {
            assert!(
                error.contains(word),
                "{}: {word} is missing: {error}",
                case.name
            );
        }
        refused += 1;
    }
    assert!(refused >= 60, "{refused} cases");
}

/// A gate in the wrong place, or a bias left out, is far beyond the tolerance: the cases see it.
#[test]
fn the_cases_tell_gates_apart() {
    use tern_import::network::{Layer, Parameters};
    let all = cases();
    let is_told = |case: &&Case| {
        let Ok(mut network) = network(case) else {
            return false;
        };
        let layer = &network.layers[0];
        let Parameters {
            mut weight_ih,
            weight_hh,
            bias_ih,
            bias_hh,
        } = layer.parameters().clone();
        let size = layer.hidden_size() * layer.input_size();
        let (first, second) = weight_ih.split_at_mut(size);
        first.swap_with_slice(&mut second[..size]);
        let sizes = [layer.input_size(), layer.hidden_size()];
        let parameters = Parameters {
            weight_ih,
            weight_hh,
            bias_ih,
            bias_hh,
        };
        network.layers[0] = Layer::new(layer.kind(), sizes, parameters).expect("the same sizes");
        difference(case, &network) > 100.0 * TOLERANCE
    };
    let random = all
        .iter()
        .filter(|case| case.taken && !case.name.starts_with("test_"));
    let random: Vec<&Case> = random.collect();
    let told = random.iter().copied().filter(|case| is_told(case)).count();
    assert!(10 * told >= 9 * random.len(), "{told} of {}", random.len());
}

#[test]
fn files_of_others_beside_the_checkout_are_taken() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/onnx");
    let Ok(entries) = std::fs::read_dir(&shared) else {
        // They are no part of the project; their node tests are in the vectors.
        return;
    };
    let mut nodes = [0, 0];
    for entry in entries {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|extension| extension == "md") {
            continue;
        }
        let contents = tern_import::read(&path).unwrap_or_else(|error| panic!("{error}"));
        for part in &contents.parts {
            match &part.layers {
                Ok(_) => nodes[0] += 1,
                Err(error) => {
                    assert!(error.to_string().contains("bidirectional"), "{part}");
                    nodes[1] += 1;
                }
            }
        }
    }
    assert_eq!(nodes, [14, 6], "taken and refused");
}
