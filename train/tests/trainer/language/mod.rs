//! Language models on a small made-up text: they learn, resume, start warm and export what they are.

mod errors;
mod integers;
mod schedule;

use std::error::Error;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tern_features::tokens::CorpusName;
use tern_model::network::CellKind;
use tern_train::language::corpus::Corpus;
use tern_train::language::{
    Event, LanguageModel, Recipe, SoftmaxKind, export, integer_perplexity, perplexity, read, train,
};
use tern_train::quantize::Hitnet;
use tern_train::quantize::Precision;
use tern_train::run::RunConfig;
use tern_train::run::schedule::Schedule;

/// Sentences in which a word depends on one three words before it.
fn text(sentences: usize, seed: u64) -> String {
    let mut rng = fastrand::Rng::with_seed(seed);
    let sentence = |_| {
        let k = rng.usize(0..6);
        let filler = ["the", "a", "<unk>"][rng.usize(0..3)];
        format!(" who{k} {filler} does what{k} {filler} end \n")
    };
    (0..sentences).map(sentence).collect()
}

fn corpus(folder: &Path) -> Corpus {
    let ptb = folder.join("ptb");
    std::fs::create_dir_all(&ptb).unwrap();
    for (name, sentences, seed) in [("train", 400, 1), ("valid", 60, 2), ("test", 60, 3)] {
        let text = text(sentences, seed);
        std::fs::write(ptb.join(format!("{name}.txt")), text).unwrap();
    }
    Corpus::read(CorpusName::Ptb, folder).unwrap()
}

fn hitnet(gate_frac: u32) -> Precision {
    Precision::Hitnet(Hitnet {
        gate_frac,
        lut_bits: 7,
        state_bits: gate_frac + 5,
        lut_shift: 2,
        state_lut_shift: gate_frac.saturating_sub(3),
        threshold: 0.25,
        hidden_scale: 0.5,
        state_slope: 1.5,
    })
}

fn recipe(cell: CellKind, precision: Precision) -> Recipe {
    Recipe {
        corpus: CorpusName::Ptb,
        cell,
        layers: 1,
        units: 24,
        precision,
        softmax: SoftmaxKind::Full,
        seed: 1,
        epochs: 6,
        batch: 8,
        unroll: 10,
        learning_rate: 0.02,
        schedule: Schedule::Cosine,
        patience: None,
        norm_limit: 1.0,
        average: None,
        dropout_input: 0.0,
        dropout_output: 0.1,
        sample: 10,
        distillation: 0.0,
    }
}

fn config(folder: &Path) -> RunConfig {
    RunConfig {
        checkpoint: folder.join("checkpoint.safetensors"),
        resume: false,
        warm_start: None,
        teacher: None,
    }
}

fn run(recipe: &Recipe, corpus: &Corpus, config: &RunConfig) -> LanguageModel {
    let model = train(recipe, corpus, config, |_| ControlFlow::Continue(()));
    model.unwrap().expect("nothing breaks the run off")
}

/// The best that a model of single words could do.
fn unigram(corpus: &Corpus) -> f64 {
    let shares = corpus.log_shares();
    let loss = |&token: &u32| -f64::from(shares[token as usize]);
    let total: f64 = corpus.test[1..].iter().map(loss).sum();
    (total / (corpus.test.len() - 1) as f64).exp()
}

#[test]
fn every_cell_learns_in_all_numbers_and_exports_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    assert_eq!(corpus.vocabulary.len(), 18);
    assert_eq!(corpus.train.len(), 400 * 7);
    let unigram = unigram(&corpus);
    for cell in [CellKind::Lstm, CellKind::Gru] {
        for (precision, share) in [
            (Precision::Full, 0.25),
            (hitnet(7), 0.25),
            (hitnet(0), 0.45),
        ] {
            let recipe = recipe(cell, precision);
            let config = config(folder.path());
            let model = run(&recipe, &corpus, &config);
            let reached = perplexity(&model, &corpus.test).unwrap();
            assert!(
                reached < share * unigram,
                "{recipe:?}: {reached} of {unigram}"
            );

            let trained = read(&config.checkpoint).unwrap();
            assert_eq!(trained.recipe, recipe);
            assert_eq!(perplexity(&trained.model, &corpus.test).unwrap(), reached);
            if recipe.precision == Precision::Full {
                let error = export(&trained).unwrap_err().to_string();
                assert!(
                    error.contains("precision is full, expected hitnet"),
                    "{error}"
                );
                continue;
            }
            let (model, words) = export(&trained).unwrap();
            let exported = integer_perplexity(&model, &words, &corpus.test).unwrap();
            assert_eq!(exported, reached, "{recipe:?}");
            let embedding = model.embedding.expect("18 words are few enough");
            assert_eq!(embedding.weight, words.embedding);
        }
    }
}

#[test]
fn two_layers_export_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let mut recipe = recipe(CellKind::Lstm, hitnet(7));
    (recipe.layers, recipe.epochs) = (2, 2);
    let config = config(folder.path());
    let reached = perplexity(&run(&recipe, &corpus, &config), &corpus.test).unwrap();
    let (model, words) = export(&read(&config.checkpoint).unwrap()).unwrap();
    assert_eq!(model.layers.len(), 2);
    assert_eq!(
        integer_perplexity(&model, &words, &corpus.test).unwrap(),
        reached
    );
}

#[test]
fn a_run_broken_off_anywhere_resumes_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let mut recipe = recipe(CellKind::Gru, hitnet(7));
    recipe.epochs = 2;
    let mut config = config(folder.path());
    for (average, stop) in [(None, 3), (None, 17), (Some(20), 34), (Some(20), 40)] {
        recipe.average = average;
        config.resume = false;
        run(&recipe, &corpus, &config);
        let whole = std::fs::read(&config.checkpoint).unwrap();
        std::fs::remove_file(&config.checkpoint).unwrap();
        let mut updates = 0;
        config.resume = false;
        let broken_off = train(&recipe, &corpus, &config, |event| {
            updates += usize::from(matches!(event, Event::Update { .. }));
            match updates >= stop {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        assert!(broken_off.unwrap().is_none());
        config.resume = true;
        let mut rest = 0;
        train(&recipe, &corpus, &config, |event| {
            rest += usize::from(matches!(event, Event::Update { .. }));
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(updates + rest, 2 * ((400 * 7 - 10) / 80), "{stop}");
        assert!(
            std::fs::read(&config.checkpoint).unwrap() == whole,
            "{stop}"
        );
    }
}

#[test]
fn a_warm_start_begins_near_where_the_trained_network_ends() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    for cell in [CellKind::Lstm, CellKind::Gru] {
        let mut first = config(folder.path());
        let full = recipe(cell, Precision::Full);
        run(&full, &corpus, &first);
        let mut short = recipe(cell, hitnet(7));
        (short.epochs, short.learning_rate) = (1, 0.005);
        let reached = |warm_start: Option<PathBuf>| {
            let config = RunConfig {
                checkpoint: folder.path().join("hitnet.safetensors"),
                resume: false,
                warm_start,
                teacher: None,
            };
            perplexity(&run(&short, &corpus, &config), &corpus.test).unwrap()
        };
        let cold = reached(None);
        let warm = reached(Some(first.checkpoint.clone()));
        assert!(warm < 0.7 * cold, "{cell:?}: {warm} and {cold}");
        first.warm_start = Some(first.checkpoint.clone());
        let other = Recipe {
            units: 20,
            ..short.clone()
        };
        let error = failure(&other, &corpus, &first);
        assert!(
            error.ends_with("units is 24, expected 20 as in the recipe"),
            "{error}"
        );
    }
}

#[test]
fn a_teacher_helps_and_an_interrupted_student_resumes_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let of_teacher = RunConfig {
        checkpoint: folder.path().join("teacher.safetensors"),
        ..config(folder.path())
    };
    run(
        &recipe(CellKind::Lstm, Precision::Full),
        &corpus,
        &of_teacher,
    );
    let mut student = recipe(CellKind::Gru, hitnet(7));
    student.epochs = 2;
    let mut config = config(folder.path());
    let alone = perplexity(&run(&student, &corpus, &config), &corpus.test).unwrap();
    let error = failure(
        &student,
        &corpus,
        &RunConfig {
            teacher: Some(of_teacher.checkpoint.clone()),
            ..config.clone()
        },
    );
    assert!(error.contains("distillation is 0 in the recipe"), "{error}");

    student.distillation = 0.7;
    assert_eq!(student.name(), "ptb-gru-f7-distilled");
    let error = failure(&student, &corpus, &config);
    assert!(
        error.contains("distillation is 0.7 and there is no teacher"),
        "{error}"
    );
    config.teacher = Some(of_teacher.checkpoint);
    let taught = perplexity(&run(&student, &corpus, &config), &corpus.test).unwrap();
    assert!(taught < 0.97 * alone, "{taught} and {alone}");

    let whole = std::fs::read(&config.checkpoint).unwrap();
    std::fs::remove_file(&config.checkpoint).unwrap();
    let mut updates = 0;
    let broken_off = train(&student, &corpus, &config, |_| {
        updates += 1;
        match updates < 17 {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    assert!(broken_off.unwrap().is_none());
    config.resume = true;
    run(&student, &corpus, &config);
    assert!(std::fs::read(&config.checkpoint).unwrap() == whole);
}

fn one_sentence(error: &impl Error) -> String {
    let error = error.to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

fn failure(recipe: &Recipe, corpus: &Corpus, config: &RunConfig) -> String {
    one_sentence(&train(recipe, corpus, config, |_| ControlFlow::Continue(())).unwrap_err())
}
