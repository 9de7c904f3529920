//! Cases of `cases.json`: a file, an input, and what the file's own tool computes from it.

// Each test binary uses its own part of this module.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use tern_import::network::Network;

/// Largest difference, as a share of the largest output.
pub const TOLERANCE: f32 = 1e-5;

/// A case.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub file: String,
    pub taken: bool,
    pub words: Vec<String>,
    pub node: Option<String>,
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

/// The cases in a folder of `tests/vectors`, whose files are in `files`.
pub fn cases(list: &str, files: &Path) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(list);
    let list = std::fs::read(folder.join("cases.json")).expect("the list of cases");
    let cases: Vec<Case> = serde_json::from_slice(&list).expect("cases");
    let here = |case: Case| Case {
        folder: files.to_owned(),
        ..case
    };
    cases.into_iter().map(here).collect()
}

/// The network of a case, or why it is refused.
pub fn network(case: &Case) -> Result<Network, String> {
    let contents =
        tern_import::read(&case.folder.join(&case.file)).map_err(|error| error.to_string())?;
    let network = contents.network(case.node.as_deref());
    network.map_err(|error| error.to_string())
}

/// The largest difference between outputs and those of the file's own tool, as a share of the largest.
pub fn difference(case: &Case, network: &Network) -> f32 {
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

/// Fails where a case is taken or refused against its will, or computes something else.
pub fn check(case: &Case) {
    match (network(case), case.taken) {
        (Ok(network), true) => {
            let difference = difference(case, &network);
            assert!(difference <= TOLERANCE, "{}: {difference}", case.name);
        }
        (Err(error), false) => {
            let missing = case.words.iter().find(|word| !error.contains(*word));
            assert!(
                missing.is_none(),
                "{}: {missing:?} is missing: {error}",
                case.name
            );
        }
        (Err(error), true) => panic!("{}: {error}", case.name),
        (Ok(_), false) => panic!("{} is taken, expected refused", case.name),
    }
}
