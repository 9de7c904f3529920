//! Products of matrices in plain slices, for operations that the tensor library does not have.

use candle_core::utils::get_num_threads;
use candle_core::{Result, Storage, Tensor, bail};
use gemm::Parallelism;

use crate::quantize::floats;

/// Calls `with` on the elements of tensors of 32-bit floats, row-major.
pub(crate) fn with_floats<const N: usize, R>(
    tensors: [&Tensor; N],
    with: impl FnOnce([&[f32]; N]) -> R,
) -> Result<R> {
    let contiguous: Vec<Tensor> = tensors
        .into_iter()
        .map(Tensor::contiguous)
        .collect::<Result<_>>()?;
    let held: Vec<_> = contiguous.iter().map(Tensor::storage_and_layout).collect();
    let mut slices = [[].as_slice(); N];
    for (slice, (storage, layout)) in slices.iter_mut().zip(&held) {
        let Storage::Cpu(storage) = &**storage else {
            bail!("a tensor is in main memory");
        };
        *slice = floats(storage, layout)?;
    }
    Ok(with(slices))
}

/// A matrix in a slice: element `(r, c)` stands at `r * row_stride + c * column_stride`.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// `values` as `[rows, columns]`, row-major.
    ///
    /// # Panics
    /// When there are not as many values.
    pub(crate) fn new(values: &'a [f32], rows: usize, columns: usize) -> Matrix<'a> {
        assert_eq!(values.len(), rows * columns, "[{rows}, {columns}]");
        Matrix {
            values,
            rows,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    /// The same values with rows and columns exchanged.
    pub(crate) fn transposed(self) -> Matrix<'a> {
        Matrix {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }
}

/// Whether a product replaces what is in its place or is added to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Into {
    /// The product alone.
    Replace,
    /// The sum of the product and what was there.
    Add,
}

/// Writes `left * right` to `out`, row-major.
///
/// # Panics
/// When the sizes do not fit together.
pub(crate) fn multiply(out: &mut [f32], left: Matrix, right: Matrix, into: Into) {
    let (m, k, n) = (left.rows, left.columns, right.columns);
    assert_eq!(k, right.rows, "columns of the left and rows of the right");
    assert_eq!(out.len(), m * n, "[{m}, {n}]");
    let parallelism = match get_num_threads() {
        1 => Parallelism::None,
        threads => Parallelism::Rayon(threads),
    };
    // SAFETY: the three matrices lie within their slices, by the assertions here and in
    // `Matrix::new`, and `out` is borrowed exclusively.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            n as isize,
            into == Into::Add,
            left.values.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.values.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_the_definition() {
        let left: Vec<f32> = (0..6).map(|v| v as f32).collect();
        let right: Vec<f32> = (0..12).map(|v| (v * v) as f32).collect();
        let element = |r: usize, c: usize| -> f32 {
            (0..3).map(|k| left[r * 3 + k] * right[k * 4 + c]).sum()
        };
        let expected: Vec<f32> = (0..8).map(|i| element(i / 4, i % 4)).collect();
        let mut out = vec![1.0; 8];
        let (left, right) = (Matrix::new(&left, 2, 3), Matrix::new(&right, 3, 4));
        multiply(&mut out, left, right, Into::Replace);
        assert_eq!(out, expected);
        multiply(&mut out, left, right, Into::Add);
        let twice: Vec<f32> = expected.iter().map(|v| 2.0 * v).collect();
        assert_eq!(out, twice);

        let mut transposed = vec![0.0; 8];
        let (left, right) = (left.transposed(), right.transposed());
        multiply(&mut transposed, right, left, Into::Replace);
        let expected: Vec<f32> = (0..8).map(|i| expected[i % 2 * 4 + i / 2]).collect();
        assert_eq!(transposed, expected);
    }
}
