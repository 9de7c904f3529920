//! What is wrong with a run, a text or a recipe is one sentence that names it.

use super::*;

#[test]
fn what_is_wrong_with_a_run_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let config = config(folder.path());
    let good = recipe(CellKind::Lstm, hitnet(7));
    type Break = fn(&mut Recipe);
    let broken: [(&str, Break); 11] = [
        ("layers is 5, expected 1 to 4", |r| r.layers = 5),
        ("epochs is 0, expected 1 to 1000000", |r| r.epochs = 0),
        ("dropout_input is 1, expected at least 0", |r| {
            r.dropout_input = 1.0
        }),
        ("distillation is 1.1, expected 0 to 1", |r| {
            r.distillation = 1.1
        }),
        ("learning_rate is NaN, expected", |r| {
            r.learning_rate = f64::NAN
        }),
        ("schedule.plateau.factor is 1, expected", |r| {
            r.schedule = schedule::plateau(1.0)
        }),
        ("softmax is ternary, expected full where", |r| {
            (r.softmax, r.precision) = (SoftmaxKind::Ternary, Precision::Full)
        }),
        ("patience is 0, expected", |r| r.patience = Some(0)),
        ("hitnet.gate_frac is 9, expected 0 to 8", |r| {
            r.precision = hitnet(9)
        }),
        ("training text has 2800 tokens, expected at least", |r| {
            r.unroll = 4000
        }),
        (
            "learning_rate is 1e38, expected above 0 and at most 10",
            |r| r.learning_rate = 1e38,
        ),
    ];
    for (expected, break_it) in broken {
        let mut recipe = good.clone();
        break_it(&mut recipe);
        let error = failure(&recipe, &corpus, &config);
        assert!(error.contains(expected), "{error}");
    }
    let once = Recipe {
        epochs: 1,
        ..good.clone()
    };
    run(&once, &corpus, &config);
    let resumed = RunConfig {
        resume: true,
        ..config.clone()
    };
    let other = failure(&good, &corpus, &resumed);
    assert!(other.contains("checkpoint's recipe differs"), "{other}");
    std::fs::write(&config.checkpoint, "no").unwrap();
    let garbled = failure(&good, &corpus, &resumed);
    assert!(
        garbled.contains("not a checkpoint of a language model"),
        "{garbled}"
    );
    assert!(one_sentence(&read(Path::new("nowhere")).unwrap_err()).contains("nowhere: cannot"));
}

#[test]
fn what_is_wrong_with_a_text_or_a_recipe_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    corpus(folder.path());
    let read = |name: CorpusName| one_sentence(&Corpus::read(name, folder.path()).unwrap_err());
    let missing = read(CorpusName::Wikitext2);
    assert!(
        missing.contains("wikitext-2/train.txt: cannot be read"),
        "{missing}"
    );
    std::fs::write(folder.path().join("tinyshakespeare.txt"), "abc").unwrap();
    let short = read(CorpusName::Shakespeare);
    assert!(
        short.contains("validation part: has 0 tokens, expected"),
        "{short}"
    );
    std::fs::write(folder.path().join("ptb/test.txt"), "").unwrap();
    let empty = read(CorpusName::Ptb);
    assert!(empty.contains("test.txt: has 0 tokens"), "{empty}");
    std::fs::write(
        folder.path().join("tinyshakespeare.txt"),
        format!("{}z", "ab".repeat(99)),
    )
    .unwrap();
    let unknown = read(CorpusName::Shakespeare);
    assert!(
        unknown.contains(r#"test part: holds "z", expected only"#),
        "{unknown}"
    );

    let file = folder.path().join("recipe.toml");
    for (text, expected) in [
        ("units = 3", "recipe.toml: "),
        ("units = ", "recipe.toml: "),
        ("colour = 1", "unknown field `colour`"),
    ] {
        std::fs::write(&file, text).unwrap();
        let error = one_sentence(&Recipe::read(&file).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }
    let good = toml::to_string(&recipe(CellKind::Gru, hitnet(0))).unwrap();
    std::fs::write(&file, &good).unwrap();
    assert_eq!(
        Recipe::read(&file).unwrap(),
        recipe(CellKind::Gru, hitnet(0))
    );
    std::fs::write(&file, good.replace("unroll = 10", "unroll = 0")).unwrap();
    let error = one_sentence(&Recipe::read(&file).unwrap_err());
    assert!(
        error.ends_with("unroll is 0, expected 1 to 4096"),
        "{error}"
    );
}
