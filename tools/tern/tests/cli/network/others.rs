//! What a run of `tern train` is not made of: another task, other data, the teacher of another, files elsewhere.

use super::runs::{place, train};

#[test]
fn a_run_of_another_task_does_not_go_on() {
    let place = place();
    place.succeed(&train("walks", "own.toml", &["--out", "run"]));
    // As if it had been trained on the vowels.
    let file = place.path("run/checkpoint.safetensors");
    let bytes = std::fs::read(&file).expect("a checkpoint");
    let task = br#"\"task\":\"folder\""#;
    let at = bytes.windows(task.len()).position(|part| part == task);
    let other = [&bytes[..at.expect("a task")], br#"\"task\":\"vowels\""#].concat();
    let rest = &bytes[other.len()..];
    std::fs::write(&file, [&other[..], rest].concat()).expect("room");
    let resumed = train("walks", "taught.toml", &["--out", "run", "--resume"]);
    place.refused(
        &resumed,
        &[
            "run/checkpoint.safetensors",
            "recipe differs from the one given",
            "field `task` is \"folder\", expected \"vowels\"",
        ],
    );
    assert!(!place.path("run/teacher").exists());
}

/// Features and labels are looked at, not only how many there are and how they are scaled.
#[test]
fn a_run_on_other_data_does_not_go_on() {
    let place = place();
    let list = |swapped: bool| {
        let line = |k: usize| {
            let part = ["train", "train", "train", "validation", "test"][k / 2 % 5];
            let class = (k + usize::from(swapped && k / 2 == 1)) % 2;
            format!("{k}.csv,{},{part}\n", ["a", "b"][class])
        };
        let lines: String = (0..24).map(line).collect();
        place.write(
            "walks/labels.csv",
            format!("file,label,split\n{lines}").as_bytes(),
        );
    };
    list(false);
    place.succeed(&train("walks", "own.toml", &["--out", "run"]));
    let resumed = train("walks", "own.toml", &["--out", "run", "--resume"]);
    place.succeed(&resumed);
    list(true);
    place.refused(
        &resumed,
        &[
            "run/checkpoint.safetensors",
            "data set differs from the one given",
            "`sha256`",
        ],
    );
    list(false);
    place.succeed(&resumed);
}

#[test]
fn nothing_begins_beside_the_teacher_of_another_run() {
    let place = place();
    place.succeed(&train("walks", "taught.toml", &["--out", "run"]));
    // As if it had been interrupted while the teacher was trained.
    std::fs::remove_file(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
    place.refused(
        &train("walks", "own.toml", &["--out", "run", "--resume"]),
        &[
            "run: its teacher alone has begun",
            "the recipe and data of the teacher",
        ],
    );
    place.succeed(&train(
        "walks",
        "taught.toml",
        &["--out", "run", "--resume"],
    ));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_folder_of_a_run_leads_to_no_loss() {
    let place = place();
    std::fs::create_dir(place.path("run")).expect("room");
    std::os::unix::fs::symlink(place.path("walks/labels.csv"), place.path("run/log.jsonl"))
        .expect("a link");
    let before = std::fs::read(place.path("walks/labels.csv")).expect("the list");
    place.refused(
        &train("walks", "own.toml", &["--out", "run", "--force"]),
        &["--out", "run/log.jsonl", "a link"],
    );
    let after = std::fs::read(place.path("walks/labels.csv")).expect("the list");
    assert!(before == after, "the list is untouched");
    std::fs::create_dir(place.path("taught")).expect("room");
    std::os::unix::fs::symlink(place.path("walks"), place.path("taught/teacher")).expect("a link");
    place.refused(
        &train("walks", "taught.toml", &["--out", "taught", "--force"]),
        &["--out", "taught/teacher", "a link"],
    );
    assert!(!place.path("walks/checkpoint.safetensors").exists());
}
