//! `tern run` and `tern eval` on recordings.

use crate::support::Place;
use serde_json::Value;
use tern_compile::cycles::events::Activity;
use tern_compile::design::Skip;
use tern_gen_verilog::choice::Choice;
use tern_model::network::Model;

/// A data set of six recordings of noise, four of them in the test split.
fn data() -> Place {
    let place = Place::new();
    std::fs::create_dir_all(place.path("data/fsdd/recordings")).expect("a new folder");
    let names = [
        "0_ann_0", "1_ann_0", "0_ann_4", "9_bob_1", "0_ann_5", "3_bob_40",
    ];
    for (seed, name) in (0..).zip(names) {
        let name = format!("data/fsdd/recordings/{name}.wav");
        place.recording(&name, 8000, 1200 + 300 * seed as usize, seed);
    }
    place.write("data/fsdd/recordings/notes.txt", b"no recording");
    place
}

fn json(place: &Place, arguments: &[&str]) -> Value {
    let text = place.succeed(&[&["eval", "--json"], arguments].concat());
    serde_json::from_str(&text).expect("JSON")
}

/// Recordings of a digit in the confusion table.
fn of_digit(value: &Value, digit: usize) -> u64 {
    let row = value["confusion"][digit].as_array().expect("a row");
    row.iter()
        .map(|count| count.as_u64().expect("a count"))
        .sum()
}

#[test]
fn a_recording_gives_its_digit_and_its_logits() {
    let place = data();
    let text = place.succeed(&["run", "--input", "data/fsdd/recordings/9_bob_1.wav"]);
    let lines: Vec<&str> = text.lines().collect();
    let [class, outputs] = lines[..] else {
        panic!("two lines: {text}");
    };
    let label = class.strip_prefix("class    ").expect("its label");
    let outputs = outputs.strip_prefix("outputs  ").expect("its label");
    let pairs = outputs.split(", ").map(|pair| pair.split_once(' '));
    let pairs: Vec<(&str, &str)> = pairs.map(|pair| pair.expect("label and number")).collect();
    let number = |(_, number): &(&str, &str)| number.parse().expect("a number");
    let logits: Vec<i32> = pairs.iter().map(number).collect();
    let labels = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    assert!(pairs.iter().map(|(label, _)| *label).eq(labels), "{text}");
    let class = labels
        .iter()
        .position(|name| *name == label)
        .expect("a digit");
    assert_eq!(logits.len(), labels.len());
    assert_eq!(Some(&logits[class]), logits.iter().max());
}

#[test]
fn what_was_converted_is_told_in_one_line() {
    let place = data();
    place.wav("stereo.wav", 44_100, 2, 44_100, 1);
    let output = place.run(&["run", "--input", "stereo.wav"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "note: stereo.wav: converted from 2 channels of 16-bit integers at 44100 Hz to 1 channel at 8000 Hz\n"
    );
    let plain = place.run(&["run", "--input", "data/fsdd/recordings/9_bob_1.wav"]);
    assert_eq!(String::from_utf8_lossy(&plain.stderr), "");
    let name = "data/fsdd/recordings/0_ann_0.wav";
    place.wav(name, 16_000, 1, 8000, 1);
    let output = place.run(&["eval", "--data", "data"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "note: {name}: converted from 1 channel of 16-bit integers at 16000 Hz to 1 channel at 8000 Hz; of 4 recordings 1 are converted\n"
        )
    );
}

#[test]
fn splits_are_by_index() {
    let place = data();
    for (arguments, count, zeros) in [
        (&[][..], 4, 2),
        (&["--split", "train"], 1, 1),
        (&["--split", "validation"], 1, 0),
        (&["--split", "all"], 6, 3),
        (&["--limit", "2"], 2, 1),
        (&["--limit", "1000"], 4, 2),
    ] {
        for folder in ["data", "data/fsdd", "data/fsdd/recordings"] {
            let value = json(&place, &[&["--data", folder], arguments].concat());
            assert_eq!(value["recordings"], count, "{arguments:?}");
            assert_eq!(of_digit(&value, 0), zeros, "{arguments:?}");
            let right = (0..10)
                .map(|d| value["confusion"][d][d].as_u64())
                .sum::<Option<u64>>();
            assert_eq!(value["correct"].as_u64(), right);
            let accuracy = value["correct"].as_f64().expect("a number") / f64::from(count);
            assert_eq!(value["accuracy"], accuracy);
            assert_eq!(
                value["differing"],
                Value::Null,
                "golden is not compared with itself"
            );
        }
    }
}

#[test]
fn people_get_a_table() {
    let place = data();
    let text = place.succeed(&["eval", "--data", "data"]);
    assert!(text.contains("of 4 recordings"), "{text}");
    assert!(
        !text.contains("differ"),
        "golden is not compared with itself: {text}"
    );
    let rows = text
        .lines()
        .filter(|line| line.trim_start().starts_with("seven"));
    assert_eq!(rows.count(), 1, "{text}");
}

#[test]
fn the_verilog_equals_golden() {
    let place = data();
    let value = json(&place, &["--data", "data", "--executor", "verilator"]);
    assert_eq!(value["executor"], "verilator");
    assert_eq!(value["differing"], serde_json::json!([]));
    assert_eq!(value["recordings"], 4);
    let golden = json(&place, &["--data", "data"]);
    assert_eq!(value["confusion"], golden["confusion"]);
}

#[test]
fn cycles_and_activity_are_those_of_the_recordings() {
    let place = data();
    let options = ["--data", "data", "--dataflow", "events"];
    let record = [&options[..], &["--record", "recorded.safetensors"]].concat();
    let cycles = json(&place, &record)["cycles_per_step"].clone();
    assert!(
        cycles["mean"].as_f64() < cycles["most"].as_f64(),
        "{cycles}"
    );
    assert_eq!(json(&place, &options[..2])["cycles_per_step"], Value::Null);
    let model = Model::read(place.path("recorded.safetensors")).expect("a model file");
    let activity = Activity::recorded(&model)
        .expect("its own")
        .expect("an activity");
    assert_eq!(activity.changed.len(), 4, "one per recording");
    assert!(activity.mean(Skip::Delta)[0] > 0.0);
    // What was recorded before is replaced, and nothing else.
    let mut bundled = Choice::default().model().expect("the bundled model");
    activity.record(&mut bundled);
    assert_eq!(model, bundled);
    place.refused(
        &[
            "eval",
            "--data",
            "data",
            "--model",
            "recorded.safetensors",
            "--record",
            "recorded.safetensors",
        ],
        &["--record would write recorded.safetensors, which is also read"],
    );
}
