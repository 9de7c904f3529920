//! Layers whose weights and activations any quantizer rounds: they learn, resume, and can be looked at.

use std::ops::ControlFlow;
use std::path::Path;

use tern_features::tokens::CorpusName;
use tern_model::network::CellKind;
use tern_train::language::corpus::Corpus;
use tern_train::language::{LanguageModel, Masks, Recipe, perplexity, read, train};
use tern_train::quantize::Quantizer;
use tern_train::quantize::{Hitnet, Precision, Study};
use tern_train::run::RunConfig;

/// Sentences in which a word depends on one three words before it.
fn corpus(folder: &Path) -> Corpus {
    let ptb = folder.join("ptb");
    std::fs::create_dir_all(&ptb).unwrap();
    for (name, sentences, seed) in [("train", 300, 1), ("valid", 40, 2), ("test", 40, 3)] {
        let mut rng = fastrand::Rng::with_seed(seed);
        let sentence = |_| {
            let k = rng.usize(0..6);
            format!(" who{k} the does what{k} end \n")
        };
        let text: String = (0..sentences).map(sentence).collect();
        std::fs::write(ptb.join(format!("{name}.txt")), text).unwrap();
    }
    Corpus::read(CorpusName::Ptb, folder).unwrap()
}

fn study(weights: Quantizer, activations: Quantizer) -> Study {
    Study {
        weights,
        activations,
        slope: 1.0,
        slope_end: Some(2.0),
    }
}

fn study_of(recipe: &Recipe) -> &Study {
    match &recipe.precision {
        Precision::Study(study) => study,
        _ => panic!("{recipe:?}"),
    }
}

/// A recipe as its file has it.
fn recipe(cell: CellKind, precision: Precision) -> Recipe {
    let text = "corpus = 'ptb'\nprecision = 'full'\nunits = 24\nseed = 1\nepochs = 5\nbatch = 8\n\
        unroll = 10\nlearning_rate = 0.02\nnorm_limit = 1.0\ndropout_input = 0.0\n\
        dropout_output = 0.1\nsample = 20\n";
    Recipe {
        cell,
        precision,
        ..Recipe::parse(text, Path::new("recipe")).unwrap()
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
fn every_quantizer_learns_on_weights_and_on_activations() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let unigram = unigram(&corpus);
    let config = config(folder.path());
    for cell in [CellKind::Lstm, CellKind::Gru] {
        for quantizer in Quantizer::STUDIED {
            for study in [
                study(quantizer, Quantizer::Full),
                study(Quantizer::Full, quantizer),
            ] {
                let recipe = recipe(cell, Precision::Study(study));
                let model = run(&recipe, &corpus, &config);
                let reached = perplexity(&model, &corpus.test).unwrap();
                // sigmoid(0) is beyond the threshold: the update gate of such a GRU begins at 1, so
                // that its state stays 0 and nothing reaches the other gates.
                let dead =
                    cell == CellKind::Gru && study_of(&recipe).activations == Quantizer::Threshold;
                assert_eq!(
                    reached < 0.5 * unigram,
                    !dead,
                    "{recipe:?}: {reached} of {unigram}"
                );
                let trained = read(&config.checkpoint).unwrap();
                assert_eq!(perplexity(&trained.model, &corpus.test).unwrap(), reached);
            }
        }
    }
}

#[test]
fn draws_follow_from_the_seed_and_a_resumed_run_makes_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let mut config = config(folder.path());
    let study = study(Quantizer::Bernoulli, Quantizer::Bernoulli);
    let mut recipe = recipe(CellKind::Lstm, Precision::Study(study.clone()));
    recipe.epochs = 2;
    run(&recipe, &corpus, &config);
    let whole = std::fs::read(&config.checkpoint).unwrap();
    run(&recipe, &corpus, &config);
    assert!(std::fs::read(&config.checkpoint).unwrap() == whole);

    std::fs::remove_file(&config.checkpoint).unwrap();
    let mut updates = 0;
    let broken_off = train(&recipe, &corpus, &config, |_| {
        updates += 1;
        match updates < 29 {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    assert!(broken_off.unwrap().is_none());
    config.resume = true;
    run(&recipe, &corpus, &config);
    assert!(std::fs::read(&config.checkpoint).unwrap() == whole);

    // The slope of the best epoch, after which the schedule was so far, is kept with the network.
    let slopes = || {
        let trained = read(&config.checkpoint).unwrap();
        let parameters = trained.model.layers()[0].parameters().into_iter();
        let mut slopes = parameters.filter(|(name, ..)| *name == "slopes");
        let (_, slopes, _) = slopes.next_back().unwrap();
        (trained.best_epoch, slopes.to_vec1::<f32>().unwrap())
    };
    let (best, scheduled) = slopes();
    assert_eq!(scheduled, [1.0 + best as f32 / 2.0; 5]);
    recipe.precision = Precision::Study(Study {
        slope_end: None,
        slope: 3.0,
        ..study
    });
    config.resume = false;
    run(&recipe, &corpus, &config);
    assert_eq!(slopes().1, [3.0; 5]);
}

#[test]
fn the_slope_goes_from_one_end_to_the_other_and_names_the_run() {
    let mut study = study(Quantizer::Threshold, Quantizer::Uniform { bits: 2 });
    assert_eq!(
        [0.0, 0.5, 1.0].map(|share| study.slope_at(share)),
        [1.0, 1.5, 2.0]
    );
    let name = |study: &Study| recipe(CellKind::Gru, Precision::Study(study.clone())).name();
    assert_eq!(name(&study), "ptb-gru-threshold-uniform-sloped");
    study.slope_end = None;
    assert_eq!(study.slope_at(0.7), 1.0);
    assert_eq!(name(&study), "ptb-gru-threshold-uniform");

    let refused = |study: &Study| {
        let recipe = recipe(CellKind::Gru, Precision::Study(study.clone()));
        recipe.validate().unwrap_err().to_string()
    };
    study.slope_end = Some(0.0);
    assert_eq!(
        refused(&study),
        "study.slope_end is 0, expected above 0 and at most 100"
    );
    study.activations = Quantizer::Uniform { bits: 9 };
    assert_eq!(
        refused(&study),
        "study.activations.uniform.bits is 9, expected 1 to 8"
    );
}

#[test]
fn the_activity_is_what_the_layers_compute() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let config = config(folder.path());
    let hitnet = Hitnet {
        gate_frac: 7,
        lut_bits: 7,
        state_bits: 12,
        lut_shift: 2,
        state_lut_shift: 4,
        threshold: 0.25,
        hidden_scale: 0.5,
        state_slope: 1.5,
    };
    for cell in [CellKind::Lstm, CellKind::Gru] {
        for precision in [
            Precision::Full,
            Precision::Hitnet(hitnet.clone()),
            Precision::Study(study(Quantizer::Threshold, Quantizer::Bernoulli)),
        ] {
            let mut recipe = recipe(cell, precision);
            (recipe.epochs, recipe.layers) = (1, 2);
            let model = run(&recipe, &corpus, &config);
            let text = &corpus.test[..50];
            let activity = model.activity(text).unwrap();
            let mut state = model.start(1);
            let hidden = model.hidden_states(text, &mut state, &Masks::new());
            let hidden = hidden.unwrap().flatten_all().unwrap();
            assert_eq!(activity.len(), 2);
            assert_eq!(activity[1].hidden, hidden.to_vec1::<f32>().unwrap());
            let count = 50 * recipe.units;
            for layer in &activity {
                assert_eq!(
                    layer.gates.len(),
                    if cell == CellKind::Lstm { 4 } else { 3 }
                );
                // The first gate is a sigmoid in both cells.
                let gate = &layer.gates[0];
                assert_eq!([gate.arguments.len(), gate.values.len()], [count; 2]);
                for (argument, value) in gate.arguments.iter().zip(&gate.values) {
                    let exact = 1.0 / (1.0 + (-argument).exp());
                    match recipe.precision {
                        Precision::Full => assert!((value - exact).abs() < 1e-5),
                        // The tables have the step of their addresses, 4 integers.
                        Precision::Hitnet(_) => assert!((value - exact).abs() < 0.15),
                        Precision::Study(_) => assert_eq!(*value, f32::from(exact > 0.5)),
                    }
                }
            }
            let pairs = model.weight_pairs().unwrap();
            assert_eq!(pairs.len(), 5);
            assert_eq!(pairs[4].name, "layers.1.weight_hh");
            for pair in &pairs {
                let zeros = pair.used.iter().filter(|&&used| used == 0.0).count();
                let full = recipe.precision == Precision::Full;
                assert_eq!(pair.used == pair.shadow, full, "{}", pair.name);
                assert_eq!(zeros > 0, !full, "{}", pair.name);
            }
        }
    }
}
