//! Rows of row-major matrices and what their products can reach.

/// Row `index` of a row-major matrix with `width` columns.
pub(crate) fn row<T>(matrix: &[T], index: usize, width: usize) -> &[T] {
    &matrix[index * width..(index + 1) * width]
}

/// Sum of the weights' magnitudes: the largest product with inputs no larger than 1.
pub(crate) fn magnitude(weights: &[i8]) -> i64 {
    weights.iter().map(|&weight| i64::from(weight).abs()).sum()
}
