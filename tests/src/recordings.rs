//! The shipped networks and the recordings they were made for.

use std::io::Write;
use std::path::Path;

use tern_model::{Design, Model, Program};
use tern_train::FrontEnd;
use tern_train::evaluate::{Example, examples};
use tern_train::fsdd::{Split, default_data_dir, split};

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
    let model = Model::read(&folder.join(format!("{name}.safetensors")));
    let model = model.unwrap_or_else(|error| panic!("{error}"));
    let design = Design::read(&folder.join("spoken-digits.design.json"));
    let design = design.unwrap_or_else(|error| panic!("{error}"));
    let program = Program::compile(&model, &design).unwrap_or_else(|error| panic!("{error}"));
    Shipped { model, program }
}

/// Every `stride`-th test recording as `model` sees it; `None`, with a sentence that names `test`, where the data set is
/// not on this machine.
///
/// # Panics
/// When a recording or the model's front end is faulty.
pub fn test_recordings(test: &str, model: &Model, stride: usize) -> Option<Vec<Example>> {
    let found = split(&default_data_dir(), Split::Test);
    let recordings = match found {
        Ok(recordings) => recordings,
        Err(error) => {
            // Past the test harness, which shows what a passing test prints to nobody.
            let sentence = format!("{test} SKIPPED, it needs the spoken digits: {error}\n");
            let _ = std::io::stderr().write_all(sentence.as_bytes());
            return None;
        }
    };
    let some: Vec<_> = recordings.into_iter().step_by(stride).collect();
    let examples = FrontEnd::of_model(model).and_then(|front_end| examples(&front_end, &some));
    Some(examples.unwrap_or_else(|error| panic!("{error}")))
}
