//! Data as users bring them: the default recipes reach what full precision reaches.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use super::sets::{SETS, csv};
use crate::support::{config, shipped};
use tern_train::classify::{Data, Figures, Recipe, train, vowels};
use tern_train::run::RunConfig;

/// What the network of a recipe and its teacher reach on a folder.
fn taught(recipe: &Recipe, folder: &Path) -> [Figures; 2] {
    let data = Data::read(recipe, folder).unwrap();
    let runs = tempfile::tempdir().unwrap();
    let teacher = RunConfig {
        checkpoint: runs.path().join("teacher.safetensors"),
        ..config(runs.path())
    };
    let own = RunConfig {
        warm_start: Some(teacher.checkpoint.clone()),
        teacher: Some(teacher.checkpoint.clone()),
        ..config(runs.path())
    };
    let of_teacher = recipe.teacher().expect("a recipe with a teacher");
    [(of_teacher, teacher), (recipe.clone(), own)].map(|(recipe, config)| {
        let figures = train(&recipe, &data, &config, |_| ControlFlow::Continue(()));
        figures.unwrap().expect("nothing breaks the run off")
    })
}

/// A share of the training and validation part of Japanese Vowels, and all of its test part.
fn write_vowels(folder: &Path, percent: usize) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var("TERN_DATA").map_or(data, Into::into);
    let all = vowels::read(&data).unwrap();
    let mut list = String::from("file,label,split\n");
    for (name, part) in [
        ("train", &all.train),
        ("validation", &all.validation),
        ("test", &all.test),
    ] {
        let mut seen = vec![0; all.labels.len()];
        let mut of_class = vec![0; all.labels.len()];
        part.iter().for_each(|s| of_class[s.class] += 1);
        for (k, sequence) in part.iter().enumerate() {
            seen[sequence.class] += 1;
            let kept = (of_class[sequence.class] * percent).div_ceil(100);
            if name != "test" && seen[sequence.class] > kept {
                continue;
            }
            let file = format!("{name}-{k}.csv");
            std::fs::write(folder.join(&file), csv(&sequence.values)).unwrap();
            list += &format!("{file},{},{name}\n", all.labels[sequence.class]);
        }
    }
    std::fs::write(folder.join("labels.csv"), list).unwrap();
}

/// Sequences of `of` that a network may have wrong beside another.
fn two_percent(of: usize) -> usize {
    of.div_ceil(50)
}

/// Holds a recipe on a folder against full precision; returns a row of a table.
fn hold(what: &str, name: &str, folder: &Path) -> (bool, String) {
    let start = Instant::now();
    let [full, own] = taught(&shipped(name), folder);
    let of = full.test.of;
    let holds = own.test.correct + two_percent(of) >= full.test.correct;
    let (full, own) = (full.test.correct, own.test.correct);
    let seconds = start.elapsed().as_secs();
    let sign = if holds { "" } else { " <" };
    (
        holds,
        format!("| {what} | {name} | {full} of {of} | {own} of {of}{sign} | {seconds} s |"),
    )
}

fn hold_on_set(index: usize, name: &str) {
    let folder = tempfile::tempdir().unwrap();
    SETS[index].write(folder.path());
    let (holds, row) = hold(SETS[index].name, name, folder.path());
    assert!(holds, "{row}");
}

#[test]
fn few_short_sequences_are_learned() {
    hold_on_set(0, "folder-lstm-f7");
}

#[test]
fn sequences_of_one_step_are_learned_by_every_recipe() {
    for name in RECIPES {
        hold_on_set(2, name);
    }
}

const RECIPES: [&str; 4] = [
    "folder-lstm-f7",
    "folder-gru-f7",
    "folder-lstm-f0",
    "folder-gru-f0",
];

/// All sets and Japanese Vowels cut to 5, 10 and 50 percent, as a table: of the default recipe, or of
/// those that RECIPES names.
#[test]
#[ignore = "minutes, and needs Japanese Vowels: cargo test --release --workspace --test trainer -- --ignored every_set --nocapture"]
fn every_set_is_learned_as_in_full_precision() {
    let recipes = std::env::var("RECIPES").unwrap_or_else(|_| RECIPES[0].to_owned());
    println!("| data | recipe | full precision | ternary | time |\n|---|---|---|---|---|");
    let mut failed = Vec::new();
    for name in recipes.split(',') {
        for set in &SETS {
            let folder = tempfile::tempdir().unwrap();
            set.write(folder.path());
            let (holds, row) = hold(set.name, name, folder.path());
            println!("{row}");
            failed.extend((!holds).then_some(row));
        }
        for percent in [5, 10, 50] {
            let folder = tempfile::tempdir().unwrap();
            write_vowels(folder.path(), percent);
            let what = format!("Japanese Vowels, {percent} %");
            let (holds, row) = hold(&what, name, folder.path());
            println!("{row}");
            failed.extend((!holds).then_some(row));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
