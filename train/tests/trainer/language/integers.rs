//! Language models whose softmax is ternary too, so that a model file is all there is.

use tern_features::tokens::Tokens;
use tern_model::network::{CellKind, Layer, Model};
use tern_train::language::{
    Recipe, SoftmaxKind, export, integer_perplexity, perplexity, read, token_perplexity,
};
use tern_train::quantize::Precision;
use tern_train::run::RunConfig;

use super::{config, corpus, failure, hitnet, one_sentence, recipe, run, unigram};

#[test]
fn a_ternary_softmax_is_the_head_of_what_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let unigram = unigram(&corpus);
    let first = config(folder.path());
    let config = RunConfig {
        checkpoint: folder.path().join("integers.safetensors"),
        ..first.clone()
    };
    run(&recipe(CellKind::Lstm, Precision::Full), &corpus, &first);
    let mut integers = recipe(CellKind::Lstm, hitnet(7));
    integers.softmax = SoftmaxKind::Ternary;
    assert_eq!(integers.name(), "ptb-lstm-f7-integer");
    let short = Recipe {
        epochs: 1,
        learning_rate: 0.005,
        ..integers.clone()
    };
    let warm = RunConfig {
        warm_start: Some(first.checkpoint.clone()),
        ..config.clone()
    };
    let reached = |recipe: &Recipe, config: &RunConfig| {
        perplexity(&run(recipe, &corpus, config), &corpus.test).unwrap()
    };
    let (cold, started) = (reached(&short, &config), reached(&short, &warm));
    assert!(started < 0.8 * cold, "{started} and {cold}");

    let reached = reached(&integers, &config);
    assert!(reached < 0.4 * unigram, "{reached} of {unigram}");
    let (model, words) = export(&read(&config.checkpoint).unwrap()).unwrap();
    assert!(words.softmax.is_none());
    assert!(matches!(
        model.layers[..],
        [Layer::Lstm(_), Layer::Linear(_)]
    ));
    assert_eq!(model.labels.as_ref(), Some(&corpus.vocabulary));
    assert_eq!(
        integer_perplexity(&model, &words, &corpus.test).unwrap(),
        reached
    );
    let file = folder.path().join("model.safetensors");
    model.write(&file).unwrap();
    let alone = Model::read(&file).unwrap();
    assert_eq!(token_perplexity(&alone, &corpus.test).unwrap(), reached);

    // A run can go on from this one, but not into a full-precision softmax.
    let again = RunConfig {
        warm_start: Some(config.checkpoint.clone()),
        checkpoint: folder.path().join("again.safetensors"),
        ..config.clone()
    };
    let slow = Recipe {
        learning_rate: 1e-9,
        ..short
    };
    let same = perplexity(&run(&slow, &corpus, &again), &corpus.test).unwrap();
    assert!((same / reached - 1.0).abs() < 1e-3, "{same} and {reached}");
    let error = failure(&recipe(CellKind::Lstm, hitnet(7)), &corpus, &again);
    assert!(
        error.contains("softmax is ternary, expected 32-bit floats as in the recipe"),
        "{error}"
    );
}

#[test]
fn tokens_are_those_of_a_language_model_alone() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let mut recipe = recipe(CellKind::Gru, hitnet(7));
    (recipe.softmax, recipe.epochs) = (SoftmaxKind::Ternary, 1);
    let config = config(folder.path());
    run(&recipe, &corpus, &config);
    let (model, words) = export(&read(&config.checkpoint).unwrap()).unwrap();
    let tokens = Tokens::of_model(&model).unwrap();
    let text = "who3 nobody does\n";
    let encoded = tokens.encode(text).unwrap();
    let decoded: String = encoded.iter().map(|&token| tokens.text(token)).collect();
    assert_eq!(decoded, "who3 <unk> does \n");
    let row = encoded[0] as usize * recipe.units..(encoded[0] as usize + 1) * recipe.units;
    let row: Vec<i32> = words.embedding[row].iter().map(|&x| i32::from(x)).collect();
    assert_eq!(tokens.input(encoded[0]), row);
    assert!(one_sentence(&tokens.encode("").unwrap_err()).contains("expected at least one"));

    type Break = fn(&mut Model);
    let broken: [(&str, Break); 5] = [
        ("has no embedding", |m| m.embedding = None),
        ("has no labels", |m| m.labels = None),
        ("has no preprocessing", |m| m.preprocessing = None),
        (
            "has a preprocessing that cannot be read: field `corpus` is missing",
            |m| m.preprocessing = Some(serde_json::json!({"tokens": "words"})),
        ),
        ("has the logit_scale 0", |m| {
            m.preprocessing.as_mut().unwrap()["logit_scale"] = 0.0.into()
        }),
    ];
    for (expected, break_it) in broken {
        let mut model = model.clone();
        break_it(&mut model);
        let error = one_sentence(&Tokens::of_model(&model).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }
}
