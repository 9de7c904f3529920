//! The quantizers' values and their straight-through gradients.

use candle_core::{Device, Tensor, Var};
use tern_train::quantize::{
    round_straight_through, round_within, ternary, ternary_straight_through,
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
