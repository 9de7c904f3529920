//! The sweep as a workflow of Snakemake.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::{RUN, is_marked, kept, mark, model, routed, seed};
use crate::support::Place;

const SWEEP: &str = r#"
stage = "estimate"
devices = ["ice40-hx8k", "ecp5-25k"]
arrays = ["1x4"]

[[networks]]
model = "m.safetensors"

[[networks]]
random = { input_size = 4, hidden_size = [8] }
"#;

#[test]
fn the_workflow_is_this() {
    let place = Place::new();
    model(&place);
    place.write("sweep.toml", SWEEP.as_bytes());
    let text = place.succeed(&[&RUN[..], &["--workflow"]].concat());
    assert!(text.contains("cd out && snakemake --cores 2"), "{text}");
    let written = std::fs::read_to_string(place.path("out/Snakefile")).expect("a workflow");
    assert_eq!(written, include_str!("Snakefile"));
    assert!(!place.path("out/points").exists(), "nothing is done");
}

#[test]
fn what_is_out_of_date_is_not_there_for_a_workflow() {
    let place = Place::new();
    model(&place);
    place.write("sweep.toml", SWEEP.as_bytes());
    place.succeed(&RUN);
    let changed = SWEEP.replace("hidden_size = [8]", "hidden_size = [8], seed = 2");
    place.write("sweep.toml", changed.as_bytes());
    place.succeed(&[&RUN[..], &["--workflow"]].concat());
    let there = |id: &str| place.path(&format!("out/points/{id}.json")).exists();
    assert!(there("m-ice40-hx8k-1x4-dense") && there("m-ecp5-25k-1x4-dense"));
    assert!(!there("lstm-4-8-ice40-hx8k-1x4-dense") && !there("lstm-4-8-ecp5-25k-1x4-dense"));
}

#[test]
fn a_point_alone_keeps_its_failure_for_those_who_collect() {
    let place = Place::new();
    routed(&place, "[1]");
    std::fs::create_dir_all(place.path("out/work")).expect("a new folder");
    place.write(&format!("out/work/{}", seed(1)), b"no folder");
    let name = seed(1);
    place.succeed(&[&RUN[..], &["--point", &name]].concat());
    assert_eq!(kept(&place, &name)["outcome"]["result"], "failed");
    let output = place.run(&[&RUN[..], &["--collect"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(place.path("out/points.csv").exists());
    assert!(
        !place.path(&format!("out/points/{name}.json")).exists(),
        "it is not done"
    );
}

/// Snakemake of the environment, in the workflow's folder; a later value of `tern` takes the place of this one.
fn snakemake(place: &Place, arguments: &[&str]) -> Command {
    let program = std::env::var_os("SNAKEMAKE").map_or("snakemake".into(), PathBuf::from);
    let mut command = Command::new(program);
    let tern = format!("tern={}", env!("CARGO_BIN_EXE_tern"));
    command.current_dir(place.path("out"));
    command
        .args(["--cores", "2"])
        .args(arguments)
        .args(["--config", &tern]);
    command
}

#[track_caller]
fn run(place: &Place, arguments: &[&str]) -> Output {
    snakemake(place, arguments)
        .output()
        .expect("Snakemake starts")
}

#[test]
#[ignore = "needs Snakemake: SNAKEMAKE=FILE cargo test --release --workspace --test cli -- --ignored sweep::workflow"]
fn snakemake_does_the_points_and_again_those_alone_that_were_killed_or_failed() {
    let place = Place::new();
    routed(&place, "[1, 2, 3, 4, 5]");
    std::fs::create_dir_all(place.path("out/work")).expect("a new folder");
    let block = format!("out/work/{}", seed(5));
    place.write(&block, b"no folder");
    place.succeed(&[&RUN[..], &["--workflow"]].concat());

    // Killed in the middle, itself and its jobs.
    let mut command = snakemake(&place, &[]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().expect("Snakemake starts");
    let is_done = |k: u32| place.path(&format!("out/points/{}.json", seed(k))).exists();
    while !(1..=4).any(is_done) {
        assert!(
            child.try_wait().expect("a child").is_none(),
            "it ended too soon"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    // Time for Snakemake to see that the first is done.
    std::thread::sleep(Duration::from_secs(1));
    let kill = format!("kill -9 -{}", child.id());
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .expect("sh runs")
            .success()
    );
    child.wait().expect("it ends");
    let before: Vec<u32> = (1..=4).filter(|k| is_done(*k)).collect();
    assert!(before.len() < 4, "it was killed in the middle");
    mark(&place, &seed(before[0]));

    let unlocked = run(&place, &["--unlock"]);
    assert!(unlocked.status.success());
    let second = run(&place, &["--rerun-incomplete"]);
    let said = String::from_utf8_lossy(&second.stderr).into_owned()
        + &String::from_utf8_lossy(&second.stdout);
    assert!(!second.status.success(), "seed 5 fails: {said}");
    assert!(said.contains(&format!("error: {}: ", seed(5))), "{said}");
    assert!((1..=4).all(is_done), "the others are done: {said}");
    assert!(is_marked(&place, &seed(before[0])), "what was done stays");
    assert!(place.path("out/report.html").exists(), "{said}");

    std::fs::remove_file(place.path(&block)).expect("it is there");
    (1..=4).for_each(|k| mark(&place, &seed(k)));
    let third = run(&place, &[]);
    assert!(
        third.status.success(),
        "{}",
        String::from_utf8_lossy(&third.stderr)
    );
    assert!(
        (1..=4).all(|k| is_marked(&place, &seed(k))),
        "what was done stays"
    );
    assert!(kept(&place, &seed(5))["outcome"]["routed"]["fmax_mhz"].is_number());
    let table = std::fs::read_to_string(place.path("out/points.csv")).expect("a table");
    assert_eq!(table.lines().count(), 6);
}

#[test]
#[ignore = "needs Snakemake: SNAKEMAKE=FILE cargo test --release --workspace --test cli -- --ignored sweep::workflow"]
fn a_job_that_is_killed_is_done_by_the_next_run_and_no_other() {
    let place = Place::new();
    routed(&place, "[1, 2, 3]");
    place.succeed(&[&RUN[..], &["--workflow"]].concat());
    // The first time, the job of seed 2 is killed while it works.
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *seed2)\n  [ -e once ] || {{ touch once; {0} \"$@\" & sleep 1; kill -9 $!; exit 137; }};;\nesac\nexec {0} \"$@\"\n",
        env!("CARGO_BIN_EXE_tern")
    );
    place.write("tern.sh", script.as_bytes());
    let go = || {
        let mut command = snakemake(&place, &["--keep-going"]);
        command.args(["tern=sh ../tern.sh"]);
        command.output().expect("Snakemake starts")
    };
    let first = go();
    assert!(!first.status.success(), "a job was killed");
    let is_done = |k: u32| place.path(&format!("out/points/{}.json", seed(k))).exists();
    assert_eq!([1, 2, 3].map(is_done), [true, false, true]);
    [1, 3].iter().for_each(|k| mark(&place, &seed(*k)));
    let second = go();
    assert!(
        second.status.success(),
        "{}",
        String::from_utf8_lossy(&second.stderr)
    );
    assert_eq!(
        [1, 2, 3].map(|k| is_marked(&place, &seed(k))),
        [true, false, true]
    );
    assert!(place.path("out/report.html").exists());
}
