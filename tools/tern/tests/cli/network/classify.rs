//! Classifiers on the command line: train on a folder, resume, export, evaluate, run.

use crate::support::Place;
use tern_compile::cycles::events::Activity;
use tern_compile::design::Skip;
use tern_model::network::Model;

/// A folder `data` of CSV files in two classes, one of rising and one of falling features, and recipes for it.
fn place() -> Place {
    let place = Place::new();
    std::fs::create_dir_all(place.path("data")).expect("a folder for the test");
    let mut list = String::from("file,label\n");
    for k in 0..48 {
        let (label, sign) = [("up", 1.0), ("down", -1.0)][k % 2];
        let row = |t: usize| {
            let noise = 0.1 * ((k * 7 + t * 3) % 5) as f64 + 0.0005 * k as f64;
            let value = sign * 0.25 * t as f64 + noise;
            format!("{value},{}\n", 1000.0 - 40.0 * value)
        };
        let rows: String = (0..4 + k % 3).map(row).collect();
        place.write(&format!("data/{k}.csv"), rows.as_bytes());
        list += &format!("{k}.csv,{label}\n");
    }
    place.write("data/labels.csv", list.as_bytes());
    let recipe = "task = 'folder'\ncell = 'gru'\nunits = 12\ninput_bits = 5\nseed = 1\nepochs = 12\n\
        batch = 8\nlearning_rate = 0.02\nnorm_limit = 1.0\n";
    let hitnet = "[precision.hitnet]\ngate_frac = 7\nlut_bits = 6\nstate_bits = 9\nlut_shift = 4\n\
        threshold = 0.4\nhidden_scale = 0.5\n";
    place.write("f7.toml", format!("{recipe}{hitnet}").as_bytes());
    place.write(
        "full.toml",
        format!("precision = 'full'\n{recipe}").as_bytes(),
    );
    place
}

fn train<'a>(recipe: &'a str, run: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let all = ["train", "folder", "data", "--recipe", recipe, "--out", run];
    all.iter().chain(more).copied().collect()
}

#[test]
fn a_network_for_ones_own_data_from_full_precision_to_its_class() {
    let place = place();
    let text = place.succeed(&train("full.toml", "full", &[]));
    assert!(
        text.starts_with("wrote full/checkpoint.safetensors: train "),
        "{text}"
    );
    let text = place.succeed(&train("f7.toml", "f7", &["--warm-start", "full"]));
    assert!(text.ends_with("test 8 of 8 right\n"), "{text}");
    for file in ["checkpoint.safetensors", "log.jsonl", "curve.svg"] {
        assert!(place.path("f7").join(file).exists(), "{file}");
    }
    let log = std::fs::read_to_string(place.path("f7/log.jsonl")).expect("the log");
    assert_eq!(log.lines().count(), 12);
    assert!(log.starts_with(r#"{"epoch":1,"#), "{log}");

    let eval = ["eval", "--run", "f7", "--full", "full", "--data", "data"];
    let text = place.succeed(&eval);
    for what in ["full precision", "quantized simulation", "integers"] {
        assert_eq!(
            text.lines().filter(|l| l.starts_with(what)).count(),
            1,
            "{text}"
        );
    }
    let json = place.succeed(&[&eval[..], &["--json", "--split", "all"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["sequences"], 48);
    let figures = json["figures"].as_array().expect("figures");
    assert_eq!(figures.len(), 3);
    assert_eq!(figures[1]["correct"], figures[2]["correct"]);

    // Where the data of one's own are nobody can know.
    let export = ["export", "--run", "f7", "--out", "m.safetensors"];
    let output = place.run(&export);
    let note = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && note.contains("the file records no activity"),
        "{note}"
    );
    let read = || Model::read(place.path("m.safetensors")).expect("a model file");
    assert_eq!(Activity::recorded(&read()).expect("nothing wrong"), None);
    place.refused(
        &[&export[..], &["--data", "nowhere"]].concat(),
        &["nowhere"],
    );
    place.succeed(&[&export[..], &["--data", "data"]].concat());
    let model = read();
    let activity = Activity::recorded(&model)
        .expect("its own")
        .expect("an activity");
    assert!(activity.mean(Skip::Zero)[0] > 0.0);
    assert_eq!((model.name.as_str(), model.input_bits), ("f7", 5));
    let eval = ["eval", "--model", "m.safetensors", "--data", "data"];
    let text = place.succeed(&eval);
    assert!(text.contains("(8 of 8 sequences)"), "{text}");
    let design = br#"{"columns": 4, "rows": 2, "lanes": 3, "device": "ice40-hx8k"}"#;
    place.write("design.json", design);
    let verilator = [
        "--design",
        "design.json",
        "--prefix",
        "mine_",
        "--executor",
        "verilator",
        "--json",
    ];
    let json = place.succeed(&[&eval[..], &verilator].concat());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&json["sequences"], &json["correct"]),
        (&8.into(), &8.into())
    );
    assert_eq!(json["differing"], serde_json::json!([]));

    let text = place.succeed(&["run", "--model", "m.safetensors", "--input", "data/1.csv"]);
    assert!(text.starts_with("class    down\n"), "{text}");
    place.write("wide.csv", b"1,2,3\n");
    let run = ["run", "--model", "m.safetensors", "--input"];
    place.refused(
        &[&run[..], &["wide.csv"]].concat(),
        &["wide.csv: has 3 columns, expected 2"],
    );
    place.write("nan.csv", b"1,NaN\n");
    place.refused(
        &[&run[..], &["nan.csv"]].concat(),
        &["nan.csv: line 1, column 2 is \"NaN\""],
    );
    let other = [&eval[..4], &["nowhere"]].concat();
    place.refused(&other, &["nowhere/labels.csv"]);
    for eval in [["--model", "m.safetensors"], ["--run", "f7"]] {
        place.refused(
            &[&["eval"], &eval[..]].concat(),
            &["a folder of your own", "--data"],
        );
    }
    measured_on_test_alone(&place);
}

/// The run `f7` and its model on a folder whose list has test rows of one class alone.
fn measured_on_test_alone(place: &Place) {
    place.write("data/labels.csv", b"File,Label,Split\n1.csv,down,Test\n");
    let model = ["eval", "--model", "m.safetensors", "--data", "data"];
    let text = place.succeed(&model);
    assert!(text.contains("(1 of 1 sequences)"), "{text}");
    let run = ["eval", "--run", "f7", "--full", "full", "--data", "data"];
    let text = place.succeed(&run);
    assert!(text.contains("sequences              1\n"), "{text}");
    assert_eq!(
        text.matches("100.00 % (1 of 1 sequences)").count(),
        3,
        "{text}"
    );
    for eval in [&model[..], &run] {
        place.refused(
            &[eval, &["--split", "train"]].concat(),
            &["data: has 0 sequences for --split train"],
        );
    }
    place.write("data/labels.csv", b"file,label,split\n1.csv,left,test\n");
    for eval in [&model[..], &run] {
        place.refused(eval, &["labels.csv: line 2", "\"left\"", "down, up"]);
    }
}

#[test]
fn what_a_list_does_not_say_is_told_and_a_leak_is_refused() {
    let place = place();
    let list = std::fs::read_to_string(place.path("data/labels.csv")).expect("the list");
    let mut parts = String::from("file,label,split\n");
    for (k, line) in list.lines().skip(1).enumerate() {
        parts += &format!("{line},{}\n", ["train", "test"][usize::from(k >= 40)]);
    }
    place.write("data/labels.csv", parts.as_bytes());
    std::fs::copy(place.path("data/0.csv"), place.path("data/46.csv")).expect("a copy");
    let output = place.run(&train("f7.toml", "run", &["--epochs", "1"]));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    for told_line in [
        "warning: data/labels.csv: no line is for validation, for which 8 sequences",
        "warning: data/labels.csv: 1 of 48 files repeat the contents of another, such as line 48, \"46.csv\" for test, those of line 2, \"0.csv\" for validation",
    ] {
        assert!(told.contains(told_line), "{told_line}: {told}");
    }
    parts += "0.csv,up,test\n";
    place.write("data/labels.csv", parts.as_bytes());
    place.refused(
        &train("f7.toml", "leak", &[]),
        &["data/labels.csv: lines 2 and 50", "for train and for test"],
    );
}

#[test]
fn a_finished_run_resumes_to_its_end_and_another_recipe_is_refused() {
    let place = place();
    place.succeed(&train("f7.toml", "run", &["--epochs", "2"]));
    let first = std::fs::read(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
    place.succeed(&train("f7.toml", "run", &["--epochs", "2", "--resume"]));
    let second = std::fs::read(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
    assert!(first == second, "nothing is left to train");
    place.refused(
        &train("f7.toml", "run", &["--resume"]),
        &[
            "run/checkpoint.safetensors",
            "recipe differs",
            "`epochs` is 12, expected 2",
        ],
    );
}

/// What the help of `train folder` offers has a recipe.
#[test]
fn every_cell_and_all_numbers_train_on_a_folder() {
    let place = place();
    for cell in ["lstm", "gru"] {
        for numbers in ["full", "f7", "f0"] {
            let out = format!("{cell}-{numbers}");
            let options = [
                "--cell",
                cell,
                "--numbers",
                numbers,
                "--epochs",
                "1",
                "--out",
                &out,
            ];
            place.succeed(&[&["train", "folder", "data"][..], &options].concat());
            let teacher = place.path(&out).join("teacher/checkpoint.safetensors");
            assert_eq!(teacher.exists(), numbers != "full", "{out}");
        }
    }
}

#[test]
fn wrong_commands_are_refused() {
    let place = place();
    place.refused(&["train", "folder"], &["DIR"]);
    place.refused(&["train", "folder", "nowhere"], &["nowhere/labels.csv"]);
    place.refused(
        &["train", "vowels", "--data", "nowhere"],
        &["nowhere/japanese-vowels", "TERN_DATA"],
    );
    place.refused(
        &["train", "vowels", "--cell", "gru", "--numbers", "f0"],
        &["no recipe vowels-gru-f0", "--recipe"],
    );
    place.refused(
        &["train", "digits", "--recipe", "f7.toml"],
        &["f7.toml: task is \"folder\", expected \"digits\""],
    );
    place.refused(
        &["export", "--run", "nowhere"],
        &["nowhere/checkpoint.safetensors"],
    );
    place.succeed(&train("full.toml", "full", &["--epochs", "1"]));
    place.refused(
        &["export", "--run", "full"],
        &["precision is full, expected hitnet"],
    );
    place.write("data/3.csv", b"");
    place.refused(
        &train("f7.toml", "new", &[]),
        &["data/3.csv: the number of time steps is 0"],
    );
    assert!(!place.path("new").exists());
    place.write("text.safetensors", b"no checkpoint");
    std::fs::create_dir(place.path("garbled")).expect("a folder");
    place.write("garbled/checkpoint.safetensors", b"no");
    place.refused(
        &["eval", "--run", "garbled"],
        &["garbled/checkpoint.safetensors: not a checkpoint"],
    );
}
