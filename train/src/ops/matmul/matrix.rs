//! Matrices in slices.

use std::ops::Range;

/// A matrix in a slice: element `(r, c)` stands at `r * row_stride + c * column_stride`.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    pub(super) values: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
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

    /// These rows and columns.
    pub(super) fn part(self, rows: Range<usize>, columns: Range<usize>) -> Matrix<'a> {
        let first = rows.start * self.row_stride + columns.start * self.column_stride;
        Matrix {
            values: &self.values[first..],
            rows: rows.len(),
            columns: columns.len(),
            ..self
        }
    }

    /// The same matrix with the columns one after another, in `copy`.
    pub(super) fn columns_into<'c>(&self, copy: &'c mut Vec<f32>) -> Matrix<'c> {
        copy.clear();
        for column in 0..self.columns {
            let values = &self.values[column * self.column_stride..];
            match self.row_stride {
                1 => copy.extend_from_slice(&values[..self.rows]),
                stride => copy.extend((0..self.rows).map(|row| values[row * stride])),
            }
        }
        Matrix {
            values: copy,
            row_stride: 1,
            column_stride: self.rows,
            ..*self
        }
    }

    /// Copies elements of a row from column `first` on.
    pub(super) fn copy_row(&self, row: usize, first: usize, to: &mut [f32]) {
        let values = &self.values[row * self.row_stride + first * self.column_stride..];
        match self.column_stride {
            1 => to.copy_from_slice(&values[..to.len()]),
            stride => (0..to.len()).for_each(|j| to[j] = values[j * stride]),
        }
    }
}

/// Whether a product replaces what is in its place or is added to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accumulate {
    /// The product alone.
    Replace,
    /// The sum of the product and what was there.
    Add,
}
