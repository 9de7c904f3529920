//! Language models on the command line: train, resume, export, evaluate.

mod support;

use support::Place;
use tern_model::Model;

/// A folder `data` with a small text, and a recipe for it.
fn place() -> Place {
    let place = Place::new();
    std::fs::create_dir_all(place.path("data/ptb")).expect("a folder for the test");
    for (name, lines) in [("train", 200), ("valid", 20), ("test", 20)] {
        let text: String = (0..lines)
            .map(|k| format!(" one two w{} four five \n", k * k % 5))
            .collect();
        place.write(&format!("data/ptb/{name}.txt"), text.as_bytes());
    }
    let recipe = "corpus = 'ptb'\ncell = 'gru'\nunits = 12\nseed = 1\nepochs = 2\nbatch = 4\n\
        unroll = 10\nlearning_rate = 0.02\nnorm_limit = 1.0\ndropout_input = 0.0\n\
        dropout_output = 0.1\nsample = 6\n";
    let hitnet = "[precision.hitnet]\ngate_frac = 7\nlut_bits = 7\nstate_bits = 9\nlut_shift = 1\n\
        threshold = 0.25\nhidden_scale = 0.5\n";
    place.write("f7.toml", format!("{recipe}{hitnet}").as_bytes());
    let full = format!("precision = 'full'\n{recipe}");
    place.write("full.toml", full.as_bytes());
    place
}

fn train<'a>(recipe: &'a str, run: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let all = [
        "train", "ptb", "--data", "data", "--recipe", recipe, "--out", run,
    ];
    all.iter().chain(more).copied().collect()
}

/// The figure in a line of the evaluation.
fn figure(text: &str, what: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(what));
    let rest = line.unwrap_or_else(|| panic!("{what} in {text}"))[what.len()..].trim();
    let number = rest.split(' ').next().expect("a figure");
    number.parse().expect("a number")
}

#[test]
fn a_ternary_network_from_a_full_precision_one_to_its_files() {
    let place = place();
    let text = place.succeed(&train("full.toml", "full", &[]));
    assert!(
        text.starts_with("wrote full/checkpoint.safetensors: test perplexity "),
        "{text}"
    );
    place.succeed(&train("f7.toml", "f7", &["--warm-start", "full"]));
    for file in ["checkpoint.safetensors", "log.jsonl", "curve.svg"] {
        assert!(place.path("f7").join(file).exists(), "{file}");
    }
    let log = std::fs::read_to_string(place.path("f7/log.jsonl")).expect("the log");
    assert_eq!(log.lines().count(), 2);
    assert!(log.starts_with(r#"{"epoch":1,"#), "{log}");

    let eval = ["eval", "--data", "data", "--run", "f7", "--full", "full"];
    let text = place.succeed(&eval);
    assert_eq!(figure(&text, "tokens"), 119.0);
    let simulated = figure(&text, "quantized simulation");
    assert_eq!(figure(&text, "integers"), simulated);
    assert!(
        figure(&text, "full precision") < 6.0 && simulated < 6.0,
        "{text}"
    );
    let json = place.succeed(&[&eval[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["embedding"], "ternary");
    assert_eq!(json["figures"].as_array().map(Vec::len), Some(3));

    place.succeed(&["export", "f7", "--out", "f7.safetensors"]);
    let model = Model::read(&place.path("f7.safetensors")).expect("a model file");
    assert_eq!((model.name.as_str(), model.input_bits), ("ptb-gru-f7", 2));
    assert!(place.path("f7.words.safetensors").exists());
}

#[test]
fn a_finished_run_resumes_to_its_end_and_another_recipe_is_refused() {
    let place = place();
    place.succeed(&train("f7.toml", "run", &["--epochs", "1"]));
    let first = std::fs::read(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
    place.succeed(&train("f7.toml", "run", &["--epochs", "1", "--resume"]));
    let second = std::fs::read(place.path("run/checkpoint.safetensors")).expect("a checkpoint");
    assert!(first == second, "nothing is left to train");
    let log = std::fs::read_to_string(place.path("run/log.jsonl")).expect("the log");
    assert_eq!(log.lines().count(), 1);
    place.refused(
        &train("f7.toml", "run", &["--resume"]),
        &["run/checkpoint.safetensors", "recipe differs"],
    );
}

#[test]
fn wrong_commands_are_refused() {
    let place = place();
    place.refused(
        &["train", "ptb", "--data", "nowhere"],
        &["nowhere/ptb/train.txt", "TERN_DATA"],
    );
    place.refused(
        &["train", "shakespeare", "--data", "data"],
        &["no recipe shakespeare-lstm-f7", "--recipe"],
    );
    place.refused(
        &["train", "wikitext2", "--recipe", "f7.toml"],
        &["corpus is ptb, expected wikitext2"],
    );
    place.refused(&["export", "nowhere"], &["nowhere/checkpoint.safetensors"]);
    place.refused(
        &["eval", "--run", "nowhere"],
        &["nowhere/checkpoint.safetensors"],
    );
    place.succeed(&train("full.toml", "full", &["--epochs", "1"]));
    place.refused(&["export", "full"], &["precision is full, expected hitnet"]);
    place.refused(
        &["eval", "--run", "full", "--data", "data", "--split", "all"],
        &["--split is all"],
    );
}

/// Ctrl-C writes a checkpoint from which the run goes on.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_a_checkpoint() {
    let place = place();
    let text = place.interrupted(
        &train("f7.toml", "run", &["--epochs", "4000"]),
        "run/checkpoint.safetensors",
    );
    assert!(
        text.contains("interrupted, the same command with --resume goes on"),
        "{text}"
    );
    place.succeed(&["export", "run"]);
}
