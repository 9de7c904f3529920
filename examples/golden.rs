//! The golden model: recordings to features, features to logits, in integers.

use std::error::Error;
use std::path::Path;

use tern_features::FrontEnd;
use tern_model::golden::Golden;
use tern_model::network::Model;
use tern_train::classify::evaluate::predict;
use tern_train::data::fsdd::Recording;

/// Prints what the shipped network recognizes in each of the ten recordings.
pub fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(folder.join("../models/spoken-digits.safetensors"))?;
    let front_end = FrontEnd::of_model(&model)?;
    let labels = model.labels.as_ref().ok_or("the model has no labels")?;
    let mut golden = Golden::new(&model);
    let mut right = 0;
    for file in folder.join("recordings").read_dir()? {
        let Some(recording) = Recording::from_path(&file?.path()) else {
            continue;
        };
        let features = front_end.read(&recording.path)?;
        let outputs = golden.run(&features);
        let logits = outputs.last().ok_or("no output")?;
        let digit = predict(logits);
        println!(
            "{}: {} time steps, \"{}\"",
            recording.name(),
            features.len(),
            labels[digit]
        );
        right += usize::from(digit == recording.digit as usize);
    }
    println!("{right} of 10 right");
    match right {
        10 => Ok(()),
        _ => Err("expected 10 of 10".into()),
    }
}
