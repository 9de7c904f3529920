//! Single changes of the Verilog and of the golden model are noticed, but for those that are known and listed.

use std::path::Path;

use tern_tests::mutation::{Hunt, Sample, Survey, parameter_changes, survey};
use tern_tests::small_cores::cores;

/// Seed of cases.
const SEED: u64 = 1;

/// Modules of which the first core uses everything.
const MODULES: [&str; 4] = [
    "tern_product",
    "tern_count",
    "tern_plane",
    "tern_sign_magnitude",
];

/// The changes that are known not to be noticed, with what is known about why.
fn known() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("equivalent_changes.md");
    let text = std::fs::read_to_string(path).expect("tests/equivalent_changes.md can be read");
    let changes = text.lines().filter_map(|line| line.strip_prefix("- "));
    changes.map(str::to_owned).collect()
}

fn assert_noticed(survey: &Survey) {
    let known = known();
    let survivors = survey.survivors.iter().map(ToString::to_string);
    let (equivalent, missed): (Vec<String>, Vec<String>) =
        survivors.partition(|survivor| known.contains(survivor));
    println!(
        "{} of {} changes: {} noticed, {} known not to be, {} missed",
        survey.tried,
        survey.known,
        survey.tried - equivalent.len() - missed.len(),
        equivalent.len(),
        missed.len()
    );
    assert!(missed.is_empty(), "not noticed:\n- {}", missed.join("\n- "));
}

#[test]
fn changes_of_one_core_are_noticed() {
    let cores = cores();
    let sample = Sample {
        seeds: &[1],
        size: usize::MAX,
        modules: &MODULES,
    };
    let found = survey(&cores[..1], SEED, 60, &sample).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.tried >= 20);
    assert_noticed(&found);
}

/// Several cores, so that what one of them does not use is used in another.
#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- mutation --include-ignored --nocapture"]
fn changes_of_every_module_are_noticed() {
    let sample = Sample {
        seeds: &[1, 2, 3],
        size: 200,
        modules: &[],
    };
    let found = survey(&cores(), SEED, 240, &sample).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.tried >= 500);
    assert_noticed(&found);
    let survivors: Vec<String> = found.survivors.iter().map(ToString::to_string).collect();
    let (known, listed) = (
        known(),
        "tests/equivalent_changes.md lists, but they are noticed",
    );
    let stale: Vec<String> = known
        .into_iter()
        .filter(|k| !survivors.contains(k))
        .collect();
    assert!(stale.is_empty(), "{listed}:\n- {}", stale.join("\n- "));
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- mutation --include-ignored --nocapture"]
fn changes_of_the_golden_model_are_noticed() {
    let (mut tried, mut missed) = (0, vec![]);
    for core in cores() {
        let hunt = Hunt::new(&core, SEED, 400).unwrap_or_else(|error| panic!("{error}"));
        let networks: Vec<_> = core.models.iter().map(parameter_changes).collect();
        for (what, _) in &networks[0] {
            tried += 1;
            let noticed = networks.iter().enumerate().any(|(network, changes)| {
                let changed = changes.iter().find(|(other, _)| other == what);
                changed
                    .is_some_and(|(_, changed)| hunt.caught_in_golden(network, changed).is_some())
            });
            if !noticed {
                missed.push(format!("{}: {what}", core.name));
            }
        }
    }
    println!(
        "{tried} changes of the golden model, {} missed",
        missed.len()
    );
    assert!(
        tried >= 200 && missed.is_empty(),
        "not noticed:\n{}",
        missed.join("\n")
    );
}
