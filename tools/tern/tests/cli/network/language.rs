//! Language models on the command line: train, resume, export, evaluate.

use crate::support::Place;
#[cfg(unix)]
use crate::support::Signal;
use tern_model::network::Model;

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
    let rest = rest.strip_prefix("perplexity ").unwrap_or(rest);
    let number = rest.split([' ', ',']).next().expect("a figure");
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
    let numbers = |figure: usize| {
        let figure = &json["figures"][figure];
        let text = |field: &str| figure[field].as_str().expect("a text").to_owned();
        [text("what"), text("embedding"), text("softmax")]
    };
    let floats = "32-bit floats";
    assert_eq!(numbers(0), ["full precision", floats, floats]);
    assert_eq!(numbers(1), ["quantized simulation", "ternary", floats]);
    assert_eq!(numbers(2), ["integers", "ternary", floats]);

    place.succeed(&["export", "--run", "f7", "--out", "f7.safetensors"]);
    let model = Model::read(place.path("f7.safetensors")).expect("a model file");
    assert_eq!((model.name.as_str(), model.input_bits), ("ptb-gru-f7", 2));
    assert!(place.path("f7.words.safetensors").exists());
}

/// The run and the model file of a character model on a made-up text.
fn character_model() -> Place {
    let place = place();
    let sentences = [
        "to be or not to be.\n",
        "that is the question.\n",
        "be it so.\n",
    ];
    let text: String = (0..300).map(|k| sentences[k * k % 7 % 3]).collect();
    place.write("data/tinyshakespeare.txt", text.as_bytes());
    let recipe = std::fs::read_to_string(place.path("f7.toml")).expect("the recipe");
    let recipe = recipe.replace("'ptb'", "'shakespeare'\nsoftmax = 'ternary'");
    place.write(
        "characters.toml",
        recipe.replace("sample = 6", "sample = 100").as_bytes(),
    );
    let mut arguments = train("characters.toml", "run", &[]);
    arguments[1] = "shakespeare";
    place.succeed(&arguments);
    let export = [
        "export",
        "--run",
        "run",
        "--data",
        "data",
        "--out",
        "m.safetensors",
    ];
    let text = place.succeed(&export);
    assert_eq!(
        text,
        "wrote m.safetensors: shakespeare-gru-f7-integer, ternary embedding, ternary softmax over 15 tokens\n"
    );
    assert!(!place.path("m.words.safetensors").exists());
    place
}

const SAY: [&str; 7] = [
    "run",
    "--model",
    "m.safetensors",
    "--say",
    "30",
    "--prompt",
    "be ",
];

#[test]
fn a_character_model_is_one_file_that_is_measured_and_speaks() {
    let place = character_model();
    let run = place.succeed(&["eval", "--data", "data", "--run", "run"]);
    let file = place.succeed(&["eval", "--data", "data", "--model", "m.safetensors"]);
    let perplexity = figure(&file, "integers");
    assert_eq!(figure(&run, "quantized simulation"), perplexity);
    assert_eq!(figure(&run, "integers"), perplexity);
    assert!(perplexity < 10.0, "{file}");
    assert!(
        file.trim_end()
            .ends_with("embedding ternary, softmax ternary"),
        "{file}"
    );

    let text = place.succeed(&SAY);
    assert_eq!(text.chars().count(), 3 + 30 + 1, "{text}");
    assert!(text.starts_with("be "), "{text}");
    assert_eq!(place.succeed(&SAY), text);
    let with = |more: &[&'static str]| place.succeed(&[&SAY[..], more].concat());
    assert_ne!(with(&["--seed", "2"]), text);
    let greedy = with(&["--temperature", "0"]);
    assert_eq!(with(&["--temperature", "0", "--seed", "2"]), greedy);
    assert_eq!(with(&["--executor", "verilator"]), text);
}

#[test]
fn the_shipped_character_model_speaks_the_same_words_in_the_generated_verilog() {
    let place = Place::new();
    let model = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../models/shakespeare.safetensors"
    );
    let design = br#"{"columns": 4, "rows": 8, "lanes": 16, "device": "simulation"}"#;
    place.write("d.json", design);
    let say = ["run", "--model", model, "--say", "40", "--prompt", "ROMEO:"];
    let text = place.succeed(&say);
    assert_eq!(text.chars().count(), 6 + 40 + 1, "{text}");
    let letters = text.chars().filter(|c| c.is_ascii_lowercase()).count();
    assert!(letters >= 20, "{text}");
    let verilator = ["--design", "d.json", "--executor", "verilator"];
    assert_eq!(place.succeed(&[&say[..], &verilator].concat()), text);
}

#[test]
fn a_model_that_cannot_speak_and_a_wrong_prompt_are_refused() {
    let place = character_model();
    let say = |more: &[&'static str], words: &[&str]| {
        place.refused(&[&["run", "--say", "5"], more].concat(), words);
    };
    let model = ["--model", "m.safetensors"];
    say(&[], &["spoken-digits has no embedding", "ternary softmax"]);
    say(
        &[&model[..], &["--prompt", "be €"]].concat(),
        &["--prompt holds \"€\" as token 4", "\"t\""],
    );
    say(
        &[&model[..], &["--prompt", ""]].concat(),
        &["--prompt holds no token"],
    );
    for (given, said) in [("-1", "-1"), ("101", "101"), ("NaN", "NaN")] {
        let arguments = [
            "run",
            "--say",
            "5",
            "--model",
            "m.safetensors",
            "--temperature",
            given,
        ];
        place.refused(
            &arguments,
            &[&format!("--temperature is {said}, expected 0 to 100")],
        );
    }
    place.refused(&["run", "--say", "0"], &["--say", "0"]);
    place.refused(&["run", "--prompt", "be"], &["--say"]);
    place.refused(&["run", "--say", "5", "--input", "x.csv"], &["--input"]);
    place.refused(
        &["eval", "--model", "m.safetensors", "--limit", "3"],
        &["--limit", "shakespeare-gru-f7-integer", "tern run --say"],
    );
    place.write(
        "data/tinyshakespeare.txt",
        "other letters\n".repeat(9).as_bytes(),
    );
    place.refused(
        &["eval", "--data", "data", "--model", "m.safetensors"],
        &[
            "labels of the model shakespeare-gru-f7-integer",
            "corpus shakespeare",
        ],
    );
}

#[test]
fn any_number_of_threads_trains_to_the_same_bits() {
    let place = place();
    let trained = |threads: usize| {
        let run = format!("on{threads}");
        place.succeed_on(threads, &train("full.toml", &run, &[]));
        let f7 = format!("{run}-f7");
        place.succeed_on(threads, &train("f7.toml", &f7, &["--warm-start", &run]));
        let checkpoint = place.path(&f7).join("checkpoint.safetensors");
        std::fs::read(checkpoint).expect("a checkpoint")
    };
    let one = trained(1);
    for threads in [2, 3, 7] {
        assert!(trained(threads) == one, "{threads} threads");
    }
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

/// The checkpoint says what a run trains, before anything else in its folder is read.
#[test]
fn a_run_of_another_kind_does_not_go_on() {
    let (place, folders) = (place(), super::runs::place());
    let path = |place: &Place| place.path("run").display().to_string();
    let (words, walks) = (path(&place), path(&folders));
    place.succeed(&train("full.toml", &words, &["--epochs", "1"]));
    folders.succeed(&super::runs::train("walks", "own.toml", &["--out", &walks]));
    place.refused(
        &train("full.toml", &walks, &["--resume"]),
        &["not a checkpoint of a language model: it is one of a classifier"],
    );
    let resumed = ["--out", &words, "--resume"];
    folders.refused(
        &super::runs::train("walks", "own.toml", &resumed),
        &["not a checkpoint of a classifier: it is one of a language model"],
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
        &["train", "shakespeare", "--data", "data", "--cell", "gru"],
        &["no recipe shakespeare-gru-f7", "--recipe"],
    );
    place.refused(
        &["train", "wikitext2", "--recipe", "f7.toml"],
        &["f7.toml: corpus is \"ptb\", expected \"wikitext2\""],
    );
    place.refused(
        &["export", "--run", "nowhere"],
        &["nowhere/checkpoint.safetensors"],
    );
    place.refused(
        &["eval", "--run", "nowhere"],
        &["nowhere/checkpoint.safetensors"],
    );
    place.succeed(&train("full.toml", "full", &["--epochs", "1"]));
    place.refused(
        &["export", "--run", "full"],
        &["precision is full, expected hitnet"],
    );
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
        Signal::Interrupt,
    );
    assert!(
        text.contains("interrupted, the same command with --resume goes on"),
        "{text}"
    );
    place.refused(
        &["export", "--run", "run"],
        &["of 4000 epochs", "--unfinished"],
    );
    place.succeed(&["export", "--run", "run", "--unfinished"]);
}
