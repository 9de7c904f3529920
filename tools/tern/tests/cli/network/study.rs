//! The quantizer study and the histograms on the command line.

use crate::support::Place;

/// A folder `data` with a small text, and recipes for it.
fn place() -> Place {
    let place = Place::new();
    std::fs::create_dir_all(place.path("data/ptb")).expect("a folder for the test");
    for (name, lines) in [("train", 60), ("valid", 10), ("test", 10)] {
        let text: String = (0..lines)
            .map(|k| format!(" one two w{} four five \n", k * k % 5))
            .collect();
        place.write(&format!("data/ptb/{name}.txt"), text.as_bytes());
    }
    let recipe = "corpus = 'ptb'\ncell = 'lstm'\nunits = 6\nseed = 1\nepochs = 1\nbatch = 4\n\
        unroll = 10\nlearning_rate = 0.02\nnorm_limit = 1.0\ndropout_input = 0.0\n\
        dropout_output = 0.0\nsample = 20\n";
    let study =
        "[precision.study]\nweights = 'threshold'\nactivations = 'bernoulli'\nslope = 2.0\n";
    place.write("study.toml", format!("{recipe}{study}").as_bytes());
    let full = format!("precision = 'full'\n{recipe}");
    place.write("full.toml", full.as_bytes());
    place
}

const STUDY: [&str; 7] = [
    "study",
    "--data",
    "data",
    "--recipe",
    "study.toml",
    "--out",
    "s",
];

#[test]
fn the_study_fills_every_cell_and_goes_on_where_it_was_killed() {
    let place = place();
    let table = place.succeed(&STUDY);
    let read = |file: &str| std::fs::read(place.path("s").join(file)).expect("a file of the study");
    assert_eq!(table.lines().count(), 8, "{table}");
    assert!(
        table.starts_with("Test perplexity, ptb, LSTM of 6 units, epochs 1"),
        "{table}"
    );
    assert_eq!(read("study.md"), table.as_bytes());
    let json: serde_json::Value = serde_json::from_slice(&read("study.json")).expect("JSON");
    let cells = json["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 28);
    for cell in cells {
        let perplexity = cell["test_perplexity"].as_f64().expect("a number");
        assert!(perplexity > 1.0 && perplexity < 20.0, "{cell}");
        let row = format!("| {} |", cell["weights"].as_str().expect("a name"));
        let row = table
            .lines()
            .find(|line| line.starts_with(&row))
            .expect("a row");
        assert!(row.contains(&format!("{perplexity:.2}")), "{cell} in {row}");
    }
    let svg = String::from_utf8(read("study.svg")).expect("a text");
    // The background, the cells, and the shades of the legend.
    assert_eq!(svg.matches("<rect").count(), 1 + 28 + 10);

    // A killed study lacks the figures of one cell, and what that cell trained may be gone too; of
    // finished cells nothing is trained again.
    let before = ["study.md", "study.json", "study.svg"].map(read);
    let cell = |name: &str, file: &str| place.path("s").join(name).join(file);
    for (name, file) in [
        ("full-full", "result.json"),
        ("threshold-bernoulli-sloped", "result.json"),
        ("threshold-bernoulli-sloped", "checkpoint.safetensors"),
        ("uniform-full", "checkpoint.safetensors"),
    ] {
        std::fs::remove_file(cell(name, file)).expect("the file was written");
    }
    place.succeed(&STUDY);
    assert!(["study.md", "study.json", "study.svg"].map(read) == before);
    assert!(cell("full-full", "result.json").exists());
    assert!(!cell("uniform-full", "checkpoint.safetensors").exists());

    let text = std::fs::read_to_string(place.path("study.toml")).expect("the recipe");
    place.write(
        "study.toml",
        text.replace("seed = 1", "seed = 2").as_bytes(),
    );
    place.refused(
        &STUDY,
        &["full-full/result.json", "recipe differs", "--out"],
    );
}

#[test]
fn a_study_needs_a_recipe_for_one() {
    let place = place();
    let full = ["study", "--data", "data", "--recipe", "full.toml"];
    place.refused(
        &full,
        &["full.toml: precision is \"full\", expected \"study\""],
    );
    let text = std::fs::read_to_string(place.path("study.toml")).expect("the recipe");
    place.write("bad.toml", text.replace("'bernoulli'", "'coin'").as_bytes());
    let bad = ["study", "--data", "data", "--recipe", "bad.toml"];
    place.refused(&bad, &["bad.toml", "coin", "bernoulli"]);
}

#[test]
fn histograms_show_every_gate_and_matrix() {
    let place = place();
    let train = [
        "train",
        "ptb",
        "--data",
        "data",
        "--recipe",
        "study.toml",
        "--out",
        "run",
    ];
    place.succeed(&train);
    place.succeed(&[
        "histogram",
        "--run",
        "run",
        "--data",
        "data",
        "--out",
        "pictures",
    ]);
    for (file, panels) in [("weights", 6), ("pre-activations", 4), ("activations", 5)] {
        let file = place.path("pictures").join(format!("{file}.svg"));
        let svg = std::fs::read_to_string(file).expect("a picture");
        // Each panel has a title and a share at half of its height and at its top.
        assert_eq!(svg.matches("font-size=\"12\"").count(), panels, "{svg}");
        assert!(
            svg.contains("ptb-lstm-threshold-bernoulli-sloped: "),
            "{svg}"
        );
    }
    place.refused(
        &["histogram", "--run", "nowhere", "--data", "data"],
        &["nowhere/checkpoint.safetensors"],
    );
    place.refused(
        &["histogram", "--run", "run", "--data", "nowhere"],
        &["nowhere/ptb/train.txt"],
    );
}
