use candle_core::{Device, Tensor};

use super::*;
use crate::testing::{Draw, close, gradients, values};

const WORDS: usize = 40;

#[test]
fn over_all_words_it_is_the_exact_cross_entropy() {
    let mut draw = Draw::new(1);
    let hidden = draw.values(&[6, 5], 2.0, 1e-6);
    let weight = draw.values(&[WORDS, 5], 1.0, 1e-6);
    let bias = draw.values(&[WORDS], 1.0, 1e-6);
    let targets = [3, 0, 39, 7, 7, 20];
    let all = Candidates::all(WORDS);
    let loss = cross_entropy(&hidden, &weight, &bias, &targets, all, None).unwrap();

    let logits = hidden.matmul(&weight.t().unwrap()).unwrap();
    let logits = logits.broadcast_add(&bias).unwrap();
    let columns = Tensor::new(&targets, &Device::Cpu)
        .unwrap()
        .unsqueeze(1)
        .unwrap();
    let own = logits.gather(&columns, 1).unwrap().squeeze(1).unwrap();
    let exact = (logits.log_sum_exp(1).unwrap() - own)
        .unwrap()
        .mean_all()
        .unwrap();
    close(&values(&loss), &values(&exact), 1e-5);
    let total = total_cross_entropy(values(&logits), &targets);
    close(&[total as f32 / 6.0], &values(&exact), 1e-5);

    let variables = [&hidden, &weight, &bias];
    // An upstream gradient other than 1 has to reach all three.
    let expected = gradients(&(exact * 3.0).unwrap(), &variables);
    let own = gradients(&(loss * 3.0).unwrap(), &variables);
    for (own, expected) in own.iter().zip(&expected) {
        close(own, expected, 1e-4);
    }
}

#[test]
fn samples_estimate_the_sum_without_bias() {
    let mut draw = Draw::new(2);
    let hidden = draw.values(&[1, 5], 1.0, 1e-6);
    let weight = draw.values(&[WORDS, 5], 1.0, 1e-6);
    let bias = Tensor::zeros(WORDS, candle_core::DType::F32, &Device::Cpu).unwrap();
    let counts: Vec<usize> = (0..WORDS).map(|word| 200 / (word + 1)).collect();
    let probabilities = inclusion(&counts, 12);
    let expected: f32 = probabilities.iter().sum();
    assert!((expected - 12.0).abs() < 0.01, "{expected} words expected");
    assert!(probabilities[0] == 1.0 && probabilities[WORDS - 1] < 0.2);

    let own = values(&hidden.matmul(&weight.t().unwrap()).unwrap());
    let mut rng = fastrand::Rng::with_seed(3);
    for target in [0, WORDS as u32 - 1] {
        let sum = |loss: f32| f64::from((loss + own[target as usize]).exp());
        let exact = sum(total_cross_entropy(own.clone(), &[target]) as f32);
        let mut total = 0.0;
        for _ in 0..4_000 {
            let sample = Candidates::draw(&probabilities, &mut rng);
            let loss = cross_entropy(&hidden, &weight, &bias, &[target], sample, None).unwrap();
            total += sum(loss.to_scalar().unwrap());
        }
        let mean = total / 4_000.0;
        assert!((mean / exact - 1.0).abs() < 0.02, "{mean} for {exact}");
    }
}

/// Checks the gradient of a sample, with a teacher's share of the targets, against differences.
fn gradient_is_that_of_the_loss(share: Option<f64>) {
    let mut draw = Draw::new(4);
    let shapes: [&[usize]; 3] = [&[3, 5], &[WORDS, 5], &[WORDS]];
    let variables = shapes.map(|shape| draw.values(shape, 1.0, 1e-6));
    let [hidden, weight, bias] = &variables;
    let other = shapes.map(|shape| draw.values(shape, 2.0, 1e-6));
    let mut rng = fastrand::Rng::with_seed(5);
    let sample = Candidates::draw(&[0.3; WORDS], &mut rng);
    let inside = sample.words[0];
    let outside = (0..).find(|w| !sample.words.contains(w)).unwrap();
    let targets = [inside, outside, outside];
    let teacher = share.map(|share| {
        let [hidden, weight, bias] = &other;
        let taught = distribution(hidden, weight, bias, &targets, &sample).unwrap();
        (share, taught)
    });
    let loss = |h: &Tensor, w: &Tensor, b: &Tensor| {
        cross_entropy(h, w, b, &targets, sample.clone(), teacher.clone()).unwrap()
    };
    let gradients = gradients(&loss(hidden, weight, bias), &[hidden, weight, bias]);
    for (index, gradient) in gradients.iter().enumerate() {
        let direction = draw.values(variables[index].dims(), 1.0, 1e-6);
        let products = gradient.iter().zip(values(&direction));
        let slope: f32 = products.map(|(g, d)| g * d).sum();
        let moved = |by: f64| {
            let mut at: [Tensor; 3] = variables.each_ref().map(|v| v.as_tensor().clone());
            at[index] = (&at[index] + (direction.as_tensor() * by).unwrap()).unwrap();
            let loss = loss(&at[0], &at[1], &at[2]);
            loss.to_scalar::<f32>().unwrap()
        };
        let measured = (moved(1e-2) - moved(-1e-2)) / 2e-2;
        assert!(
            (measured - slope).abs() < 2e-3 * slope.abs().max(0.1),
            "{measured} {slope}"
        );
    }
}

#[test]
fn the_gradient_of_a_sample_is_that_of_its_loss() {
    gradient_is_that_of_the_loss(None);
    gradient_is_that_of_the_loss(Some(0.7));
}

#[test]
fn a_teacher_spreads_its_share_of_the_targets() {
    let mut draw = Draw::new(6);
    let mut network = || {
        let shapes: [&[usize]; 3] = [&[4, 5], &[WORDS, 5], &[WORDS]];
        shapes.map(|shape| draw.values(shape, 2.0, 1e-6))
    };
    let ([hidden, weight, bias], [h, w, b]) = (network(), network());
    let targets = [0, 39, 7, 7];
    let all = Candidates::all(WORDS);
    let taught = distribution(&h, &w, &b, &targets, &all).unwrap();
    let log_softmax = |h: &Tensor, w: &Tensor, b: &Tensor| {
        let logits = h.matmul(&w.t().unwrap()).unwrap();
        let logits = logits.broadcast_add(b).unwrap();
        let sums = logits.log_sum_exp(1).unwrap().unsqueeze(1).unwrap();
        logits.broadcast_sub(&sums).unwrap()
    };
    let of_teacher = log_softmax(&h, &w, &b).exp().unwrap();
    close(&taught.words, &values(&of_teacher), 1e-5);

    let own = log_softmax(&hidden, &weight, &bias);
    let spread = (&of_teacher * &own).unwrap().sum_all().unwrap();
    let spread = -spread.to_scalar::<f32>().unwrap() / 4.0;
    let loss = |share: f64| {
        let teacher = Some((share, taught.clone()));
        let loss = cross_entropy(&hidden, &weight, &bias, &targets, all.clone(), teacher);
        loss.unwrap().to_scalar::<f32>().unwrap()
    };
    close(&[loss(1.0)], &[spread], 1e-5);
    let mixed = 0.25 * loss(0.0) + 0.75 * spread;
    close(&[loss(0.75)], &[mixed], 1e-5);
}

#[test]
fn the_smallest_sample_has_a_word() {
    for counts in [vec![5, 5, 5, 5], vec![0, 1, 9, 2]] {
        let probabilities = inclusion(&counts, 1);
        assert_eq!(probabilities.iter().filter(|p| **p == 1.0).count(), 1);
        let mut rng = fastrand::Rng::with_seed(1);
        for _ in 0..100 {
            assert!(!Candidates::draw(&probabilities, &mut rng).words.is_empty());
        }
    }
}
