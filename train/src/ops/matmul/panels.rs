//! The right matrix of products, laid out for the vector instructions of the machine.
//!
//! The weights of a recurrent layer stay as they are over all time steps, so they are laid out once
//! a sequence. The kernels are those of the crate `gemm`, whose own loops lay a matrix out anew for
//! each product and split sums by the caches of the machine.

use candle_core::utils::get_num_threads;
use gemm::Parallelism;
use rayon::prelude::*;

use super::kernels::{Kernels, widest};
use super::matrix::{Accumulate, Matrix};

/// Most terms of one part of a sum, unless the product is small.
const PART: usize = 1024;
/// Most terms of one part of a sum in a product of at most [`SMALL`] rows and columns.
const SMALL_PART: usize = 512;
const SMALL: usize = 64;

/// Products of elements that are worth more than one thread: about a fifth of a millisecond.
const THREADED: usize = 16_000_000;

/// Parts of a product that each thread takes about, so that none waits long for another.
const SHARES: usize = 4;

/// Elements of panels that stay in the cache while rows pass by.
const NEAR: usize = 1 << 18;

/// Lines that a thread lays out at least.
const LINES: usize = 4096;

/// Elements of a line of the cache.
const LINE: usize = 16;

/// Elements that lie in one line of the cache.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([f32; LINE]);

/// The right matrix of products.
pub(crate) struct Panels<'a> {
    matrix: Matrix<'a>,
    /// Where the machine has kernels for it: panels of so many columns as they take, in each the
    /// rows of the matrix one after another, filled up with zeros.
    panels: Option<(Kernels, Vec<Line>)>,
}

impl<'a> Panels<'a> {
    /// A matrix laid out.
    pub(crate) fn new(matrix: Matrix<'a>) -> Panels<'a> {
        Panels::with(matrix, widest())
    }

    pub(super) fn with(matrix: Matrix<'a>, kernels: Option<Kernels>) -> Panels<'a> {
        let panels = kernels.map(|kernels| (kernels, lay_out(matrix, kernels.width())));
        Panels { matrix, panels }
    }

    /// Writes the product of `left` and this matrix to `out`, row-major.
    ///
    /// A sum of K products has `ceil(K / 1024)` parts of the same length, or parts of 512 where the
    /// product has at most 64 rows and columns. In a part the products are added one after another,
    /// each with a single rounding, then the parts: with vectors of every size the same bits. Only
    /// a machine without such instructions gives others.
    ///
    /// # Panics
    /// When the sizes do not fit together.
    pub(crate) fn multiply(&self, out: &mut [f32], left: Matrix, accumulate: Accumulate) {
        let (m, k, n) = (left.rows, left.columns, self.matrix.columns);
        assert_eq!(
            k, self.matrix.rows,
            "columns of the left, rows of the right"
        );
        assert_eq!(out.len(), m * n, "[{m}, {n}]");
        if k == 0 && accumulate == Accumulate::Replace {
            out.fill(0.0);
        }
        if k == 0 || out.is_empty() {
            return;
        }
        let threads = match m * k * n < THREADED {
            true => 1,
            false => get_num_threads(),
        };
        let Some((kernels, lines)) = &self.panels else {
            return self.without_panels(out, left, accumulate, threads);
        };
        let rows = m.div_ceil(threads * SHARES).next_multiple_of(kernels.rows);
        let product = |(index, out): (usize, &mut [f32])| {
            let left = left.part(index * rows..index * rows + out.len() / n, 0..k);
            let part = match m <= SMALL && n <= SMALL {
                true => SMALL_PART.min(k),
                false => k.div_ceil(k.div_ceil(PART)),
            };
            multiply_rows(*kernels, lines, out, left, n, part, accumulate);
        };
        match threads {
            1 => product((0, out)),
            _ => out.par_chunks_mut(rows * n).enumerate().for_each(product),
        }
    }

    /// The product on a machine that has no kernels for panels.
    fn without_panels(
        &self,
        out: &mut [f32],
        left: Matrix,
        accumulate: Accumulate,
        threads: usize,
    ) {
        let right = self.matrix;
        let parallelism = match threads {
            1 => Parallelism::None,
            threads => Parallelism::Rayon(threads),
        };
        // SAFETY: the three matrices lie within their slices, by the assertions of `multiply` and
        // of `Matrix`, and `out` is borrowed exclusively.
        unsafe {
            gemm::gemm(
                left.rows,
                right.columns,
                right.rows,
                out.as_mut_ptr(),
                1,
                right.columns as isize,
                accumulate == Accumulate::Add,
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
}

/// Panels of `width` columns, a multiple of a line.
fn lay_out(matrix: Matrix, width: usize) -> Vec<Line> {
    let (rows, columns) = (matrix.rows, matrix.columns);
    let of_row = width / LINE;
    let lines = columns.div_ceil(width) * rows * of_row;
    let line = |index: usize| {
        let (row, panel) = (index / of_row % rows, index / of_row / rows);
        let first = panel * width + index % of_row * LINE;
        let mut line = Line([0.0; LINE]);
        if first < columns {
            matrix.copy_row(row, first, &mut line.0[..LINE.min(columns - first)]);
        }
        line
    };
    let lines = (0..lines).into_par_iter().with_min_len(LINES);
    lines.map(line).collect()
}

/// Writes the product of `left` and the panels, of `columns` columns, to `out`.
///
/// What is near in the cache is used often: a few panels with every row, and rows, copied together
/// where their elements lie apart, with each of these panels.
fn multiply_rows(
    kernels: Kernels,
    panels: &[Line],
    out: &mut [f32],
    left: Matrix,
    columns: usize,
    part: usize,
    accumulate: Accumulate,
) {
    let (depth, width) = (left.columns, kernels.width());
    let panel = depth * width / LINE;
    let near = (NEAR / (part * width)).max(1);
    let mut copy = Vec::new();
    for (block, panels) in panels.chunks(near * panel).enumerate() {
        for start in (0..depth).step_by(part) {
            let add = accumulate == Accumulate::Add || start > 0;
            let terms = start..depth.min(start + part);
            for (group, out) in out.chunks_mut(kernels.rows * columns).enumerate() {
                let rows = group * kernels.rows..group * kernels.rows + out.len() / columns;
                let mut left = left.part(rows, terms.clone());
                if left.column_stride != 1 {
                    left = left.columns_into(&mut copy);
                }
                for (index, lines) in panels.chunks_exact(panel).enumerate() {
                    let first = (block * near + index) * width;
                    // SAFETY: `left` has these rows and terms, the panel holds `depth` times
                    // `width` elements, and `out` has these rows, of which the columns from
                    // `first` are written.
                    unsafe {
                        kernels.run(
                            [left.rows, width.min(columns - first)],
                            left.columns,
                            left.values.as_ptr(),
                            [left.row_stride, left.column_stride],
                            lines.as_ptr().cast::<f32>().add(start * width),
                            out.as_mut_ptr().add(first),
                            columns,
                            add,
                        );
                    }
                }
            }
        }
    }
}

/// Writes `left * right` to `out`, row-major.
///
/// # Panics
/// When the sizes do not fit together.
pub(crate) fn multiply(out: &mut [f32], left: Matrix, right: Matrix, accumulate: Accumulate) {
    Panels::new(right).multiply(out, left, accumulate);
}
