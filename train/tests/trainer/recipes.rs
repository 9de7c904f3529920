//! The recipes of all published figures can be followed.

use std::path::{Path, PathBuf};

use tern_train::{TrainError, classify, language};

/// The name of the run that follows a recipe.
fn name(file: &Path) -> Result<String, TrainError> {
    let text = std::fs::read_to_string(file).expect("a recipe that can be read");
    if text.lines().any(|line| line.starts_with("corpus = ")) {
        let recipe = language::Recipe::read(file)?;
        recipe.validate().map(|()| recipe.name())
    } else {
        let recipe = classify::Recipe::read(file)?;
        recipe.validate().map(|()| recipe.name())
    }
}

/// All files in a folder and those below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of recipes");
    let paths = entries.map(|entry| entry.expect("a recipe").path());
    let files = paths.map(|path| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    });
    files.collect::<Vec<_>>().concat()
}

#[test]
fn every_recipe_is_in_range_and_named_as_its_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../recipes");
    let mut names = Vec::new();
    for file in files(&folder) {
        let name = name(&file).unwrap();
        let stem = file.file_stem().unwrap().to_str().unwrap();
        // A study and its ablation are many runs, in folders of their own.
        if !stem.starts_with("ablation-") && stem != "study" {
            let same = name.starts_with(stem) || stem.starts_with(&name);
            assert!(same, "{stem}: {name}");
            names.push(name);
        }
    }
    assert!(names.iter().any(|name| name == "ptb-lstm-f0-distilled"));
}
