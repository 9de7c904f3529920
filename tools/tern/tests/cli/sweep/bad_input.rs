//! Sweep files that are refused with one line, and nothing is written.

use super::{RUN, model};
use crate::support::Place;

const GOOD: &str = r#"
stage = "estimate"
devices = ["ice40-hx8k"]
arrays = ["1x4"]
dataflows = ["dense"]
seeds = [1]

[[networks]]
model = "m.safetensors"

[[networks]]
random = { input_size = 4, hidden_size = [8], seed = 3 }
"#;

#[test]
fn each_field_is_checked() {
    let place = Place::new();
    model(&place);
    place.write("broken.safetensors", b"no model");
    let wrong: [(&str, &str, &[&str]); 24] = [
        (
            "stage = \"estimate\"",
            "stage = \"synth\"",
            &["stage is \"synth\", expected \"estimate\" or \"route\""],
        ),
        ("stage = \"estimate\"", "", &["field `stage` is missing"]),
        ("stage = \"estimate\"", "stage = ", &["not a TOML file"]),
        (
            "stage = \"estimate\"",
            "stage = \"estimate\"\ncolour = 1",
            &["unknown field `colour`"],
        ),
        (
            "[\"ice40-hx8k\"]",
            "[\"ice40-hx9k\"]",
            &["devices[0] is \"ice40-hx9k\"", "ecp5-85k"],
        ),
        (
            "[\"ice40-hx8k\"]",
            "[\"simulation\"]",
            &["devices[0] is \"simulation\""],
        ),
        (
            "[\"ice40-hx8k\"]",
            "[]",
            &["devices is empty, expected at least one"],
        ),
        (
            "[\"ice40-hx8k\"]",
            "[\"ecp5-25k\", \"ecp5-25k\"]",
            &["devices[1] is \"ecp5-25k\", expected another than devices[0]"],
        ),
        (
            "[\"ice40-hx8k\"]",
            "[8]",
            &["field `devices[0]` cannot be read: ", "expected a string"],
        ),
        (
            "\"1x4\"",
            "\"1x1\"",
            &["arrays[0] is \"1x1\", expected \"largest\""],
        ),
        ("\"1x4\"", "\"4\"", &["arrays[0] is \"4\""]),
        ("\"1x4\"", "\"01x4\"", &["arrays[0] is \"01x4\""]),
        ("\"1x4\"", "\"65x4\"", &["arrays[0] is \"65x4\""]),
        (
            "\"dense\"",
            "\"sparse\"",
            &["dataflows[0] is \"sparse\", expected \"dense\" or \"events\""],
        ),
        (
            "seeds = [1]",
            "seeds = [1, -1]",
            &["seeds[1] is -1, expected 0 to 2147483647"],
        ),
        (
            "\"m.safetensors\"",
            "\"gone.safetensors\"",
            &["networks[0]: gone.safetensors: cannot be read"],
        ),
        (
            "\"m.safetensors\"",
            "\"broken.safetensors\"",
            &["networks[0]: broken.safetensors: "],
        ),
        (
            "model = \"m.safetensors\"",
            "name = \"m\"",
            &["networks[0].model and .random is neither, expected either"],
        ),
        (
            "model = \"m.safetensors\"",
            "model = \"m.safetensors\"\nrandom = { input_size = 1, hidden_size = [1] }",
            &["networks[0].model and .random is both"],
        ),
        (
            "model = \"m.safetensors\"",
            "name = \"a/b\"\nmodel = \"m.safetensors\"",
            &["networks[0].name is \"a/b\""],
        ),
        (
            "model = \"m.safetensors\"",
            "name = \"lstm-4-8\"\nmodel = \"m.safetensors\"",
            &["networks[1].name is \"lstm-4-8\", expected another than that of networks[0]"],
        ),
        (
            "input_size = 4",
            "input_size = 0",
            &["networks[1].random.input_size is 0, expected 1 to 1024"],
        ),
        (
            "hidden_size = [8]",
            "hidden_size = [8, 2000]",
            &["networks[1].random.hidden_size[1] is 2000, expected 1 to 1024"],
        ),
        (
            "seed = 3",
            "cell = \"rnn\"",
            &["networks[1].random.cell is \"rnn\", expected \"lstm\" or \"gru\""],
        ),
    ];
    for (good, bad, words) in wrong {
        assert!(GOOD.contains(good), "{good}");
        place.write("sweep.toml", GOOD.replacen(good, bad, 1).as_bytes());
        place.refused(&RUN, &[&["sweep.toml: "], words].concat());
        assert!(!place.path("out").exists(), "{bad}");
    }
    place.write("sweep.toml", GOOD.as_bytes());
    place.succeed(&RUN);
}

#[test]
fn points_and_results_that_are_not_there_are_refused() {
    let place = Place::new();
    model(&place);
    place.refused(&RUN, &["sweep.toml: cannot be read"]);
    place.write("sweep.toml", GOOD.as_bytes());
    let with = |more: &[&'static str]| [&RUN[..], more].concat();
    let words = ["--point is \"m\"", "such as m-ice40-hx8k-1x4-dense"];
    place.refused(&with(&["--point", "m"]), &words);
    place.refused(&with(&["--collect"]), &["out: 2 of 2 points are not done"]);
    place.succeed(&with(&["--point", "m-ice40-hx8k-1x4-dense"]));
    place.refused(&with(&["--collect"]), &["out: 1 of 2 points are not done"]);
    assert!(!place.path("out/points.csv").exists());
    for wrong in [
        &["--model", "m.safetensors"][..],
        &["--route"],
        &["--device", "ecp5-25k"],
    ] {
        let output = place.run(&with(wrong));
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
    let output = place.run(&["explore", "--workflow"]);
    assert_eq!(output.status.code(), Some(2), "--workflow is of a sweep");
}

#[test]
fn no_input_is_written_over() {
    let place = Place::new();
    model(&place);
    place.write("points.csv", GOOD.as_bytes());
    let run = ["explore", "--sweep", "points.csv", "--out", "."];
    place.refused(&run, &["points.csv, which is also read"]);
}
