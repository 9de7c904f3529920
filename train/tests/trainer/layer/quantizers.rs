//! The quantizers' values and their straight-through gradients.

use candle_core::{Device, Tensor, Var};
use tern_train::quantize::{
    Draws, Quantizer, Range, quantize_straight_through, round_straight_through, round_within,
    ternary, ternary_straight_through,
};

fn gradient(variable: &Var, result: &Tensor, weights: &[f32]) -> Vec<f32> {
    let weights = Tensor::from_slice(weights, result.dims(), &Device::Cpu).unwrap();
    let loss = (result * weights).unwrap().sum_all().unwrap();
    let gradients = loss.backward().unwrap();
    let gradient = gradients.get(variable).unwrap();
    gradient.flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn weights_below_seven_tenths_of_the_block_mean_become_zero() {
    // Mean magnitude 0.5, threshold 0.35; a threshold of its own for the second block.
    let weights = [1.0, -0.36, 0.34, -0.3, 0.01, -0.02, 0.03, 0.0];
    assert_eq!(ternary(&weights, 2), [1, -1, 0, 0, 0, -1, 1, 0]);
    assert_eq!(ternary(&weights, 1), [1, -1, 1, -1, 0, 0, 0, 0]);
    assert_eq!(ternary(&[0.0; 4], 1), [0; 4]);
}

#[test]
fn the_ternary_gradient_passes_unchanged() {
    let values = [1.0f32, -0.36, 0.34, -0.3];
    let shadow = Var::from_slice(&values, (2, 2), &Device::Cpu).unwrap();
    let trits = ternary_straight_through(&shadow, 1).unwrap();
    assert_eq!(
        trits.flatten_all().unwrap().to_vec1::<f32>().unwrap(),
        [1.0, -1.0, 0.0, 0.0]
    );
    let weights = [0.5, -2.0, 3.0, 0.25];
    assert_eq!(gradient(&shadow, &trits, &weights), weights);
}

#[test]
fn rounding_takes_halves_away_from_zero_and_saturates() {
    let rounded = |v| round_within(v, 4.0);
    assert_eq!(
        [0.4, 0.5, -0.5, -1.6, 3.7, 9.0, -9.0].map(rounded),
        [0.0, 1.0, -1.0, -2.0, 4.0, 4.0, -4.0]
    );
}

#[test]
fn the_rounding_gradient_stops_where_the_value_saturates() {
    let values = [0.4f32, 3.9, 4.0, 4.1, -4.1];
    let value = Var::from_slice(&values, 5, &Device::Cpu).unwrap();
    let rounded = round_straight_through(&value, 4.0).unwrap();
    assert_eq!(
        rounded.to_vec1::<f32>().unwrap(),
        [0.0, 4.0, 4.0, 4.0, -4.0]
    );
    let weights = [1.0, 2.0, 3.0, 4.0, 5.0];
    assert_eq!(
        gradient(&value, &rounded, &weights),
        [1.0, 2.0, 3.0, 0.0, 0.0]
    );
}

/// Every quantizer with the name that a recipe gives it.
const QUANTIZERS: [(&str, Quantizer); 4] = [
    ("full", Quantizer::Full),
    ("uniform", Quantizer::Uniform { bits: 2 }),
    ("threshold", Quantizer::Threshold),
    ("bernoulli", Quantizer::Bernoulli),
];

#[test]
fn quantizers_have_the_values_of_their_definitions() {
    let at = |quantizer: Quantizer, range, draw| {
        [-1.0, -0.7, -0.3, 0.0, 0.2, 0.4, 0.6, 1.0].map(|x| quantizer.value(x, range, draw))
    };
    let third = 1.0 / 3.0;
    let [full, uniform, threshold, bernoulli] = QUANTIZERS.map(|(_, quantizer)| quantizer);
    assert_eq!(
        at(full, Range::Signed, 0.5),
        [-1.0, -0.7, -0.3, 0.0, 0.2, 0.4, 0.6, 1.0]
    );
    let close = |a: [f32; 8], b: [f32; 8]| {
        let apart = a.iter().zip(&b).any(|(a, b)| (a - b).abs() > 1e-6);
        assert!(!apart, "{a:?} and {b:?}");
    };
    // The four values -1, -1/3, 1/3, 1; a half between two goes up, away from -1.
    close(
        at(uniform, Range::Signed, 0.5),
        [-1.0, -1.0, -third, third, third, third, third, 1.0],
    );
    close(
        at(uniform, Range::Unsigned, 0.5),
        [0.0, 0.0, 0.0, 0.0, third, third, 2.0 * third, 1.0],
    );
    assert_eq!(
        at(threshold, Range::Signed, 0.5),
        [-1.0, -1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    );
    assert_eq!(threshold.value(0.36, Range::Unsigned, 0.9), 1.0);
    assert_eq!(threshold.value(0.34, Range::Unsigned, 0.1), 0.0);
    assert_eq!(
        at(bernoulli, Range::Signed, 0.5),
        [-1.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]
    );
    assert_eq!(bernoulli.value(0.2, Range::Unsigned, 0.1), 1.0);
    assert_eq!(bernoulli.value(-0.2, Range::Signed, 0.3), 0.0);
    let eight = Quantizer::Uniform { bits: 8 };
    assert!((eight.value(0.123, Range::Signed, 0.5) - 0.123).abs() < 1.0 / 255.0);
    let one = Quantizer::Uniform { bits: 1 };
    assert_eq!(
        [-0.1, 0.1].map(|x| one.value(x, Range::Signed, 0.5)),
        [-1.0, 1.0]
    );
}

#[test]
fn quantizers_keep_their_range_and_their_gradient_ends_with_it() {
    for (_, quantizer) in QUANTIZERS {
        for (range, low) in [(Range::Signed, -1.0), (Range::Unsigned, 0.0)] {
            let Some(values) = quantizer.values(range) else {
                assert_eq!(quantizer.gradient(7.0, range), 1.0);
                continue;
            };
            assert_eq!((*values.start(), *values.end()), (low, 1.0));
            for step in 0..=300 {
                let x = low - 1.0 + (3.0 - low) * step as f32 / 300.0;
                for draw in [0.0, 0.25, 0.5, 0.99] {
                    let clamped = x.clamp(low, 1.0);
                    let value = quantizer.value(clamped, range, draw);
                    assert!(
                        values.contains(&value),
                        "{quantizer:?} of {clamped}: {value}"
                    );
                }
                let inside = f32::from(values.contains(&x));
                assert_eq!(quantizer.gradient(x, range), inside, "{quantizer:?} at {x}");
            }
        }
    }
}

#[test]
fn the_expectation_of_bernoulli_is_its_argument_and_the_draws_follow_from_the_seed() {
    let count = 40_000;
    let mean = |x: f32, range, seed| {
        let draws = Draws::of(seed);
        let values = (0..count).map(|at| Quantizer::Bernoulli.value(x, range, draws.at(at)));
        values.sum::<f32>() / count as f32
    };
    // Five standard deviations of a mean of 40,000 are 0.0125 at most.
    for x in [-1.0, -0.8, -0.5, -0.1, 0.0, 0.3, 0.5, 0.9, 1.0] {
        let reached = mean(x, Range::Signed, 1);
        assert!((reached - x).abs() < 0.0125, "{x}: {reached}");
    }
    assert!((mean(0.3, Range::Unsigned, 1) - 0.3).abs() < 0.0125);
    assert_eq!(mean(0.3, Range::Signed, 2), mean(0.3, Range::Signed, 2));
    assert_ne!(mean(0.3, Range::Signed, 2), mean(0.3, Range::Signed, 3));
    let numbers = |draws: Draws| [0, 1, 2].map(|at| draws.at(at));
    assert_ne!(numbers(Draws::of(1).part(0)), numbers(Draws::of(1).part(1)));
    assert_eq!(numbers(Draws::CERTAIN.part(1)), [0.5; 3]);
}

#[test]
fn a_block_of_weights_has_its_scale_and_a_straight_through_gradient() {
    // Mean magnitudes 0.5 and 0.05: the second block is the first, ten times smaller.
    let block = [1.4f32, -0.45, 0.12, -0.03];
    let shadow = [block, block.map(|w| 0.1 * w)].concat();
    let shadow = Var::from_slice(&shadow, (2, 4), &Device::Cpu).unwrap();
    let quantized = |quantizer, draws| {
        let values = quantize_straight_through(&shadow, quantizer, 2, draws).unwrap();
        let [first, second] = [0, 1].map(|row| values.get(row).unwrap().to_vec1::<f32>().unwrap());
        for (a, b) in first.iter().zip(&second) {
            assert!(
                (a - 10.0 * b).abs() < 1e-5 || draws != Draws::CERTAIN,
                "{first:?} {second:?}"
            );
        }
        (first, gradient(&shadow, &values, &[2.0; 8])[..4].to_vec())
    };
    let close = |a: &[f32], b: [f32; 4]| {
        assert!(
            a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-5),
            "{a:?} and {b:?}"
        );
    };
    let [full, uniform, threshold, bernoulli] = QUANTIZERS.map(|(_, quantizer)| quantizer);
    let all = [2.0; 4];
    // The range of the first block is that of twice its mean, [-1, 1]: 1.4 is beyond it.
    let inside = [0.0, 2.0, 2.0, 2.0];
    for (quantizer, values, slope) in [
        (full, block, all),
        (uniform, [1.0, -1.0 / 3.0, 1.0 / 3.0, -1.0 / 3.0], inside),
        (threshold, [0.925, -0.925, 0.0, 0.0], all),
        (bernoulli, [1.0, 0.0, 0.0, 0.0], inside),
    ] {
        let (reached, gradient) = quantized(quantizer, Draws::CERTAIN);
        close(&reached, values);
        close(&gradient, slope);
    }
    let drawn = |seed| quantized(bernoulli, Draws::of(seed)).0;
    assert_eq!(drawn(1), drawn(1));
    let often: Vec<Vec<f32>> = (0..4000).map(drawn).collect();
    let mean = |at: usize| often.iter().map(|values| values[at]).sum::<f32>() / 4000.0;
    close(&[mean(0)], [1.0; 4]);
    assert!((mean(1) + 0.45).abs() < 0.04, "{}", mean(1));
    let zero = Var::zeros((2, 4), candle_core::DType::F32, &Device::Cpu).unwrap();
    for (_, quantizer) in QUANTIZERS {
        let values = quantize_straight_through(&zero, quantizer, 2, Draws::of(1)).unwrap();
        let values = values.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(values.iter().all(|value| value.abs() < 1e-30), "{values:?}");
    }
}

#[test]
fn recipes_spell_quantizers_by_name() {
    let spelt = [
        "'full'",
        "{ uniform = { bits = 2 } }",
        "'threshold'",
        "'bernoulli'",
    ];
    for ((name, quantizer), spelt) in QUANTIZERS.into_iter().zip(spelt) {
        assert_eq!(quantizer.name(), name);
        let table: std::collections::HashMap<String, Quantizer> =
            toml::from_str(&format!("weights = {spelt}")).unwrap();
        assert_eq!(table["weights"], quantizer);
        assert!(quantizer.validate("study.weights").is_ok());
    }
    for bits in [0, 9] {
        let error = Quantizer::Uniform { bits }
            .validate("study.weights")
            .unwrap_err();
        let expected = format!("study.weights.uniform.bits is {bits}, expected 1 to 8");
        assert_eq!(error.to_string(), expected);
    }
}
