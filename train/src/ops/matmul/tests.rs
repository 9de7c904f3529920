use super::kernels;
use super::matrix::{Accumulate, Matrix};
use super::panels::{Panels, multiply};

#[test]
fn products_are_those_of_the_definition() {
    let left: Vec<f32> = (0..6).map(|v| v as f32).collect();
    let right: Vec<f32> = (0..12).map(|v| (v * v) as f32).collect();
    let element =
        |r: usize, c: usize| -> f32 { (0..3).map(|k| left[r * 3 + k] * right[k * 4 + c]).sum() };
    let expected: Vec<f32> = (0..8).map(|i| element(i / 4, i % 4)).collect();
    let mut out = vec![1.0; 8];
    let (left, right) = (Matrix::new(&left, 2, 3), Matrix::new(&right, 3, 4));
    multiply(&mut out, left, right, Accumulate::Replace);
    assert_eq!(out, expected);
    multiply(&mut out, left, right, Accumulate::Add);
    let twice: Vec<f32> = expected.iter().map(|v| 2.0 * v).collect();
    assert_eq!(out, twice);

    let mut transposed = vec![0.0; 8];
    let (left, right) = (left.transposed(), right.transposed());
    multiply(&mut transposed, right, left, Accumulate::Replace);
    let expected: Vec<f32> = (0..8).map(|i| expected[i % 2 * 4 + i / 2]).collect();
    assert_eq!(transposed, expected);
}

#[test]
fn a_product_of_nothing_is_zero() {
    let (left, right) = (Matrix::new(&[], 2, 0), Matrix::new(&[], 0, 3));
    let mut out = vec![1.0; 6];
    multiply(&mut out, left, right, Accumulate::Add);
    assert_eq!(out, [1.0; 6]);
    multiply(&mut out, left, right, Accumulate::Replace);
    assert_eq!(out, [0.0; 6]);
    multiply(
        &mut [],
        Matrix::new(&[], 0, 2),
        Matrix::new(&[], 2, 0),
        Accumulate::Replace,
    );
}

/// A sum as documented: parts whose terms are added one by one, each with one rounding.
fn sum(terms: &[(f32, f32)], part: usize, before: Option<f32>) -> f32 {
    let parts = terms.chunks(part).map(|terms| {
        let add = |sum: f32, &(a, b): &(f32, f32)| a.mul_add(b, sum);
        terms.iter().fold(0.0, add)
    });
    let first = before.into_iter().chain(parts);
    first.reduce(|sum, part| sum + part).expect("a part")
}

/// Rows, terms, columns, and terms of a part: around the sizes of all kernels and of all parts.
const SHAPES: [[usize; 4]; 8] = [
    [1, 1, 1, 1],
    [6, 16, 64, 16],
    [7, 300, 65, 300],
    [13, 5, 3, 5],
    [64, 513, 64, 512],
    [65, 1024, 17, 1024],
    [5, 1025, 80, 513],
    [140, 2500, 130, 834],
];

#[test]
fn vectors_of_every_size_give_the_bits_of_the_documented_sums() {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut values = |count: usize| -> Vec<f32> { (0..count).map(|_| rng.f32() - 0.5).collect() };
    for [m, k, n, part] in SHAPES {
        let (left, right, before) = (values(m * k), values(k * n), values(m * n));
        for transposed in [false, true] {
            let matrix = |values, rows, columns| match transposed {
                false => Matrix::new(values, rows, columns),
                true => Matrix::new(values, columns, rows).transposed(),
            };
            let (left, right) = (matrix(&left, m, k), matrix(&right, k, n));
            let at = |matrix: Matrix, r: usize, c: usize| {
                matrix.values[r * matrix.row_stride + c * matrix.column_stride]
            };
            let bits = |accumulate| -> Vec<u32> {
                let element = |i: usize| {
                    let terms = (0..k).map(|k| (at(left, i / n, k), at(right, k, i % n)));
                    let terms: Vec<_> = terms.collect();
                    sum(
                        &terms,
                        part,
                        (accumulate == Accumulate::Add).then_some(before[i]),
                    )
                    .to_bits()
                };
                (0..m * n).map(element).collect()
            };
            for accumulate in [Accumulate::Replace, Accumulate::Add] {
                let expected = bits(accumulate);
                for kernels in kernels::all() {
                    let mut out = before.clone();
                    Panels::with(right, Some(kernels)).multiply(&mut out, left, accumulate);
                    let out: Vec<u32> = out.into_iter().map(f32::to_bits).collect();
                    assert!(out == expected, "{m} x {k} x {n}, {kernels:?}");
                }
            }
        }
    }
}

#[test]
fn a_machine_without_kernels_gives_the_same_but_for_roundings() {
    let mut rng = fastrand::Rng::with_seed(2);
    let mut values = |count: usize| -> Vec<f32> { (0..count).map(|_| rng.f32() - 0.5).collect() };
    let (left, right) = (values(70 * 600), values(600 * 90));
    let (left, right) = (Matrix::new(&left, 70, 600), Matrix::new(&right, 600, 90));
    let (mut without, mut with) = (vec![0.0; 70 * 90], vec![0.0; 70 * 90]);
    Panels::with(right, None).multiply(&mut without, left, Accumulate::Replace);
    multiply(&mut with, left, right, Accumulate::Replace);
    let close = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
    assert!(without.iter().zip(&with).all(close));
}
