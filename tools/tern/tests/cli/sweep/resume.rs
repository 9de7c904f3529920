//! A sweep goes on where it was: only what is not done, or is out of date, is done.

use std::process::{Command, Stdio};
use std::time::Duration;

use tern_model::network::Output;

use super::{RUN, is_marked, kept, mark, model, routed, seed};
use crate::support::{Place, small_model};

const SWEEP: &str = r#"
stage = "estimate"
devices = ["ice40-hx8k"]
arrays = ["1x2", "1x4"]

[[networks]]
model = "m.safetensors"

[[networks]]
model = "other.safetensors"
"#;

const POINTS: [&str; 4] = [
    "m-ice40-hx8k-1x2-dense",
    "m-ice40-hx8k-1x4-dense",
    "other-ice40-hx8k-1x2-dense",
    "other-ice40-hx8k-1x4-dense",
];

/// A sweep that is done and marked.
fn done() -> Place {
    let place = Place::new();
    model(&place);
    place.model("other.safetensors", &small_model(3, Output::Every));
    place.write("sweep.toml", SWEEP.as_bytes());
    place.succeed(&RUN);
    POINTS.iter().for_each(|id| mark(&place, id));
    place
}

fn marks(place: &Place) -> [bool; 4] {
    POINTS.map(|id| is_marked(place, id))
}

#[test]
fn a_point_whose_file_is_gone_is_done_alone() {
    let place = done();
    std::fs::remove_file(place.path(&format!("out/points/{}.json", POINTS[1])))
        .expect("it is there");
    place.succeed(&RUN);
    assert_eq!(marks(&place), [true, false, true, true]);
    // Half a file is none.
    place.write(
        &format!("out/points/{}.json", POINTS[2]),
        b"{\"depends\": \"",
    );
    place.succeed(&RUN);
    assert_eq!(marks(&place), [true, false, false, true]);
}

#[test]
fn another_model_under_the_same_name_is_done_anew() {
    let place = done();
    place.model("other.safetensors", &small_model(4, Output::Every));
    place.succeed(&RUN);
    assert_eq!(marks(&place), [true, true, false, false]);
}

#[test]
fn points_that_a_sweep_gains_are_done_and_the_others_stay() {
    let place = done();
    let more = SWEEP.replace(r#""1x4"]"#, r#""1x4", "2x4"]"#);
    place.write("sweep.toml", more.as_bytes());
    let text = place.succeed(&RUN);
    assert!(text.contains("6 points: 6 done"), "{text}");
    assert_eq!(marks(&place), [true; 4]);
    let gained = kept(&place, "other-ice40-hx8k-2x4-dense");
    assert_eq!(gained["outcome"]["rows"], 2);
}

#[test]
fn after_a_kill_only_unfinished_points_are_done() {
    let place = Place::new();
    routed(&place, "[1, 2, 3]");
    let mut child = Command::new(env!("CARGO_BIN_EXE_tern"))
        .args(RUN)
        .current_dir(place.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let first = place.path(&format!("out/points/{}.json", seed(1)));
    while !first.exists() {
        assert!(
            child.try_wait().expect("a child").is_none(),
            "it ended too soon"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("kill -9");
    child.wait().expect("it ends");
    let last = place.path(&format!("out/points/{}.json", seed(3)));
    assert!(!last.exists(), "it was killed in the middle");
    assert!(!place.path("out/points.csv").exists());
    let again: Vec<u32> = [2, 3]
        .into_iter()
        .filter(|k| {
            !place
                .path(&format!("out/points/{}.json", seed(*k)))
                .exists()
        })
        .collect();
    (1..=3)
        .filter(|k| !again.contains(k))
        .for_each(|k| mark(&place, &seed(k)));
    let text = place.succeed(&RUN);
    assert!(text.contains("3 points: 3 done"), "{text}");
    for k in 1..=3 {
        assert_eq!(is_marked(&place, &seed(k)), !again.contains(&k), "seed {k}");
    }
}
