//! Runs of `tern train`: their names, what a second one does to a first, how an interrupted one ends and goes on.

use crate::support::Place;
#[cfg(unix)]
use crate::support::Signal;

const RECIPE: &str = "task = 'folder'\nunits = 6\ninput_bits = 4\nseed = 1\nepochs = 3\nbatch = 4\nlearning_rate = 0.02\n\
    norm_limit = 1.0\n";
const HITNET: &str = "[precision.hitnet]\ngate_frac = 7\nlut_bits = 6\nstate_bits = 12\nlut_shift = 4\nstate_lut_shift = 4\n\
    threshold = 0.9\nhidden_scale = 0.5\n";

/// Two folders of data and recipes, of which one has a teacher.
pub(super) fn place() -> Place {
    let place = Place::new();
    for folder in ["walks", "steps"] {
        std::fs::create_dir_all(place.path(folder)).expect("a folder for the test");
        let mut list = String::from("file,label\n");
        for k in 0..24 {
            let value = [1.0, -1.0][k % 2] + 0.01 * k as f64;
            let rows = format!("{value},{k}\n").repeat(4);
            place.write(&format!("{folder}/{k}.csv"), rows.as_bytes());
            list += &format!("{k}.csv,{}\n", ["a", "b"][k % 2]);
        }
        place.write(&format!("{folder}/labels.csv"), list.as_bytes());
    }
    place.write("own.toml", format!("{RECIPE}{HITNET}").as_bytes());
    let taught = format!("{RECIPE}distillation = 0.5\nalive = 0.5\n{HITNET}");
    place.write("taught.toml", taught.as_bytes());
    place
}

pub(super) fn train<'a>(data: &'a str, recipe: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let all = ["train", "folder", data, "--recipe", recipe];
    all.iter().chain(more).copied().collect()
}

/// What the program writes to standard error as it succeeds.
#[track_caller]
fn told(place: &Place, arguments: &[&str]) -> String {
    let output = place.run(arguments);
    let told = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{told}");
    told
}

#[test]
fn a_run_has_the_name_of_its_data() {
    let place = place();
    place.succeed(&train("walks", "own.toml", &[]));
    place.succeed(&train("./steps/", "own.toml", &[]));
    for run in ["walks-lstm-f7", "steps-lstm-f7"] {
        assert!(place.path("runs").join(run).is_dir(), "{run}");
    }
    let inside = std::process::Command::new(env!("CARGO_BIN_EXE_tern"))
        .args(["train", "folder", ".", "--recipe", "../own.toml"])
        .current_dir(place.path("walks"))
        .status();
    assert!(inside.expect("the program starts").success());
    assert!(place.path("walks/runs/walks-lstm-f7").is_dir());
}

#[test]
fn a_run_is_replaced_only_by_force() {
    let place = place();
    let out = ["--out", "run"];
    place.succeed(&train("walks", "own.toml", &out));
    let first = std::fs::read(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
    let other = train("steps", "own.toml", &["--out", "run", "--seed", "2"]);
    place.refused(
        &other,
        &[
            "run/checkpoint.safetensors: a run is there already",
            "--resume",
            "--force",
            "--out",
        ],
    );
    let kept = std::fs::read(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
    assert!(kept == first, "the first run is untouched");
    let kept_by = |more: &[&str], words: &[&str]| {
        place.refused(&[&other[..], &["--force"], more].concat(), words);
        let kept = std::fs::read(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
        assert!(kept == first, "the first run is untouched by {more:?}");
        assert!(place.path("run/log.jsonl").exists());
    };
    let read = "run/checkpoint.safetensors, which is also read";
    kept_by(&["--warm-start", "run"], &["--force", read]);
    kept_by(&["--teacher", "run"], &["--force", read]);
    for file in ["checkpoint.safetensors", "log.jsonl", "curve.svg"] {
        for folder in ["run", "run/teacher"] {
            let file = format!("{folder}/{file}");
            if place.path(&file).exists() {
                let export = ["export", "--run", "run", "--out", &file];
                place.refused(&export, &["--out", &file, "also read"]);
            }
        }
    }
    let export = ["export", "--run", "run", "--data", "walks", "--out"];
    place.refused(
        &[&export[..], &["walks/labels.csv"]].concat(),
        &[
            "--out",
            "walks/labels.csv",
            "a file in the folder of the data",
        ],
    );
    place.succeed(&[&export[..], &["walks/own.safetensors"]].concat());
    let eval = [
        "eval",
        "--model",
        "walks/own.safetensors",
        "--data",
        "walks",
    ];
    place.refused(
        &[&eval[..], &["--record", "walks/3.csv"]].concat(),
        &[
            "--record",
            "walks/3.csv",
            "a file in the folder of the data",
        ],
    );
    kept_by(
        &["--warm-start", "nosuch"],
        &["nosuch/checkpoint.safetensors"],
    );
    kept_by(&["--teacher", "nosuch"], &["nosuch/checkpoint.safetensors"]);
    place.succeed(&[&other[..], &["--force"]].concat());
    let second = std::fs::read(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
    assert!(second != first);
    let log = std::fs::read_to_string(place.path("run/log.jsonl")).expect("a log");
    assert_eq!(log.lines().count(), 3, "{log}");
    place.refused(
        &[&other[..], &["--force", "--resume"]].concat(),
        &["--force", "--resume"],
    );
}

/// Neither the data nor the recipe of a run is where it writes.
#[test]
fn a_run_is_not_in_the_place_of_what_it_reads() {
    let place = place();
    place.refused(
        &train("walks", "own.toml", &["--out", "./walks/"]),
        &["--out", "the folder of the data"],
    );
    place.refused(
        &["train", "folder", "walks", "--out", "walks"],
        &["--out", "the folder of the data"],
    );
    std::fs::create_dir(place.path("run")).expect("a folder for the test");
    std::fs::rename(place.path("own.toml"), place.path("run/log.jsonl")).expect("room");
    place.refused(
        &train("walks", "run/log.jsonl", &["--out", "run"]),
        &["--out", "run/log.jsonl", "also read"],
    );
}

/// A folder in which a program trains is locked, whatever another is asked to do with it.
#[test]
fn two_programs_do_not_train_in_one_folder() {
    let place = place();
    std::fs::create_dir(place.path("run")).expect("a folder for the test");
    let lock = tern_gen_verilog::folder::lock(&place.path("run")).ok();
    assert!(lock.is_some(), "nobody else has it");
    for more in [
        &["--out", "run"][..],
        &["--out", "run", "--force"],
        &["--out", "run", "--resume"],
    ] {
        place.refused(
            &train("walks", "own.toml", more),
            &["run: another command is writing to it", "--out"],
        );
    }
    drop(lock);
    place.succeed(&train("walks", "own.toml", &["--out", "run"]));
}

#[test]
fn a_resumed_run_says_what_it_found() {
    let place = place();
    let arguments = train("walks", "own.toml", &["--out", "run", "--resume"]);
    let new = told(&place, &arguments);
    assert!(
        new.contains("run: no checkpoint is there, the run begins anew"),
        "{new}"
    );
    let finished = told(&place, &arguments);
    let expected = "run/checkpoint.safetensors: 3 of 3 epochs are done, the run is finished, nothing is left to train";
    assert!(finished.contains(expected), "{finished}");
}

#[test]
fn a_recipe_with_a_teacher_trains_it_first_unless_there_is_one() {
    let place = place();
    place.succeed(&train("walks", "taught.toml", &[]));
    let run = place.path("runs/walks-lstm-f7");
    for file in [
        "checkpoint.safetensors",
        "teacher/checkpoint.safetensors",
        "teacher/log.jsonl",
    ] {
        assert!(run.join(file).exists(), "{file}");
    }
    let error = place
        .run(&["export", "--run", "runs/walks-lstm-f7/teacher"])
        .stderr;
    let error = String::from_utf8(error).expect("text");
    assert!(
        error.contains("precision is full, expected hitnet"),
        "{error}"
    );
    let teacher = "runs/walks-lstm-f7/teacher";
    for (out, option) in [("warm", "--warm-start"), ("taught", "--teacher")] {
        place.succeed(&train(
            "walks",
            "taught.toml",
            &["--out", out, option, teacher],
        ));
        assert!(!place.path(out).join("teacher").exists(), "{option}");
    }
    place.refused(
        &train("walks", "own.toml", &["--out", "new", "--teacher", teacher]),
        &["distillation is 0 in the recipe, expected more with a teacher"],
    );
    place.refused(
        &train("steps", "own.toml", &["--warm-start", "runs/nowhere"]),
        &["runs/nowhere/checkpoint.safetensors"],
    );
}

/// A threshold that no hidden state reaches, without a start that sets it: units that do nothing and a result that guessing
/// gives too are told.
#[test]
fn a_network_that_learned_nothing_is_told() {
    let place = place();
    let told = told(&place, &train("walks", "own.toml", &["--out", "dead"]));
    for expected in [
        "warning: of validation and test 4 of 8 are right, which chance explains",
        "training is at chance too",
        "warning: layer 1: 6 of 6 units stay 0 in all training sequences; every output is the same",
        "`alive = 0.5`",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
}

/// 24 sequences whose class is the sign of a feature are enough for the recipe that nobody named, and there is nothing to tell.
#[test]
fn a_plain_rule_is_learned_by_default() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("signs")).expect("a folder for the test");
    let mut list = String::from("file,label\n");
    for k in 0..24 {
        let rows = format!("{},5.0\n", ["1.0", "-1.0"][k % 2]).repeat(10);
        place.write(&format!("signs/{k}.csv"), rows.as_bytes());
        list += &format!("{k}.csv,{}\n", ["a", "b"][k % 2]);
    }
    place.write("signs/labels.csv", list.as_bytes());
    let output = place.run(&["train", "folder", "signs"]);
    let [text, told] = [output.stdout, output.stderr].map(|t| String::from_utf8(t).expect("text"));
    let right = ": train 16 of 16, validation 4 of 4, test 4 of 4 right\n";
    assert!(text.ends_with(right), "{text}");
    assert!(!told.contains("units stay 0"), "{told}");
}

/// Ctrl-C, a request to end and a terminal that closes leave a checkpoint, and half a network is exported only where that is asked for.
#[cfg(unix)]
#[test]
fn an_interrupted_run_is_not_taken_for_a_finished_one() {
    let place = place();
    for (run, signal, is_told) in [
        ("one", Signal::Interrupt, true),
        ("two", Signal::Terminate, true),
        ("three", Signal::HangUp, false),
    ] {
        let checkpoint = format!("{run}/checkpoint.safetensors");
        let arguments = train("walks", "own.toml", &["--out", run, "--epochs", "9000"]);
        let text = place.interrupted(&arguments, &checkpoint, signal);
        let expected =
            format!("wrote {checkpoint}: interrupted, the same command with --resume goes on\n");
        assert_eq!(text, if is_told { &expected } else { "" });
        place.refused(
            &["export", "--run", run],
            &[&checkpoint, "of 9000 epochs", "--resume", "--unfinished"],
        );
        assert!(!place.path(&format!("{run}.safetensors")).exists());
        place.succeed(&[
            "export",
            "--run",
            run,
            "--unfinished",
            "--out",
            "m.safetensors",
        ]);
    }
    // Another number of epochs is another recipe: what was found is said before it is refused.
    let found = place.run(&train("walks", "own.toml", &["--out", "one", "--resume"]));
    assert_eq!(found.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn under_nohup_a_run_outlives_its_terminal() {
    let place = place();
    let script = "trap '' HUP; \"$0\" \"$@\" & run=$!; until [ -e run/checkpoint.safetensors ]; do sleep 0.05; done; \
        kill -HUP $run; sleep 0.5; kill -TERM $run; wait $run";
    let status = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_tern"), "--quiet"])
        .args(train(
            "walks",
            "own.toml",
            &["--out", "run", "--epochs", "9000"],
        ))
        .current_dir(place.path("."))
        .status();
    assert_eq!(status.expect("sh runs").code(), Some(143));
}

/// A run that is interrupted while its teacher is trained goes on with the teacher.
#[cfg(unix)]
#[test]
fn an_interrupted_teacher_goes_on() {
    let place = place();
    let arguments = train("walks", "taught.toml", &["--out", "run", "--epochs", "300"]);
    let teacher = "run/teacher/checkpoint.safetensors";
    let text = place.interrupted(&arguments, teacher, Signal::Interrupt);
    assert!(
        text.starts_with(&format!("wrote {teacher}: interrupted")),
        "{text}"
    );
    assert!(!place.path("run/checkpoint.safetensors").exists());
    place.refused(
        &arguments,
        &["run/teacher/checkpoint.safetensors: a run is there already"],
    );
    for command in [&["export", "--unfinished"][..], &["export"], &["eval"]] {
        let words = ["run: its teacher alone has begun", "--resume"];
        place.refused(&[command, &["--run", "run"]].concat(), &words);
    }
    let resumed = [&arguments[..], &["--resume"]].concat();
    let text = place.interrupted(&resumed, "run/checkpoint.safetensors", Signal::Interrupt);
    assert!(
        text.starts_with("wrote run/checkpoint.safetensors: interrupted"),
        "{text}"
    );
}

/// A run of another task is told before the teacher is trained, of which it has none.
#[test]
fn what_is_wrong_with_a_recipe_is_told_of_its_file() {
    let place = place();
    let recipe = std::fs::read_to_string(place.path("own.toml")).expect("the recipe");
    for (from, to, words) in [
        (
            "lut_shift = 4",
            "lut_shift = 1",
            ["hitnet.lut_shift is 1, expected 2 to ", "inputs"],
        ),
        (
            "'folder'",
            "'vowels'",
            ["task is \"vowels\", expected \"folder\"", ""],
        ),
        (
            "threshold = 0.9",
            "threshold = 1e300",
            ["hitnet.threshold is 1e300, expected", ""],
        ),
    ] {
        place.write("wrong.toml", recipe.replacen(from, to, 1).as_bytes());
        let line = train("walks", "wrong.toml", &["--out", "run"]);
        place.refused(&line, &["wrong.toml: ", words[0], words[1]]);
    }
    assert!(!place.path("run").exists());
}
