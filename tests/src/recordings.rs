//! The shipped networks and the recordings they were made for.

use std::path::Path;

use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_features::FrontEnd;
use tern_model::network::Model;
use tern_train::classify::evaluate::{Example, examples};
use tern_train::data::fsdd::{Recording, Split, default_data_dir, split};

/// A network of `models/`, compiled for its design.
pub struct Shipped {
    /// The network.
    pub model: Model,
    /// Its hardware.
    pub program: Program,
}

/// The network `models/NAME.safetensors` on the array of the spoken digits, `models/spoken-digits.design.json`.
///
/// # Panics
/// When a file is missing or faulty: the repository ships them.
pub fn shipped(name: &str) -> Shipped {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("models");
    let model = Model::read(folder.join(format!("{name}.safetensors")));
    let model = model.unwrap_or_else(|error| panic!("{error}"));
    let design = Design::read(folder.join("spoken-digits.design.json"));
    let design = design.unwrap_or_else(|error| panic!("{error}"));
    let program = Program::compile(&model, &design).unwrap_or_else(|error| panic!("{error}"));
    Shipped { model, program }
}

/// Whether the whole data set is on this machine; the ten recordings that ship are a part of it.
pub fn has_data_set() -> bool {
    split(&default_data_dir(), Split::Test).is_ok()
}

/// Every `stride`-th test recording as `model` sees it; where the data set is not on this machine, the ten recordings of
/// `examples/recordings`.
///
/// # Panics
/// When a recording or the model's front end is faulty.
pub fn test_recordings(model: &Model, stride: usize) -> Vec<Example> {
    let recordings = split(&default_data_dir(), Split::Test);
    let recordings: Vec<_> = match recordings {
        Ok(recordings) => recordings.into_iter().step_by(stride).collect(),
        Err(_) => shipped_recordings(),
    };
    let front_end = FrontEnd::of_model(model).unwrap_or_else(|error| panic!("{error}"));
    examples(&front_end, &recordings).unwrap_or_else(|error| panic!("{error}"))
}

/// The recordings of `examples/recordings`, by digit.
fn shipped_recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("examples");
    let files = std::fs::read_dir(folder.join("recordings")).expect("the repository ships them");
    let path = |file: std::io::Result<std::fs::DirEntry>| file.expect("a file").path();
    let mut found: Vec<_> = files
        .filter_map(|file| Recording::from_path(&path(file)))
        .collect();
    found.sort_by_key(|recording| recording.digit);
    found
}
