//! Work that the threads of the pool share, with the same results for any number of them.

use rayon::prelude::*;

/// Elements that a thread takes at least.
const ELEMENTS: usize = 1 << 16;
/// Columns that a thread adds up at least.
const COLUMNS: usize = 512;

/// Runs `work` on a thread of the pool. One outside would sleep while the pool works for it, and
/// every operation of a training step would begin and end with waking a thread.
pub(crate) fn in_pool<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| work())
}

/// Calls `with` on the rows of `values` `[_, N]` and their indices.
pub(crate) fn for_each_row(
    values: &mut [f32],
    width: usize,
    with: impl Fn(usize, &mut [f32]) + Sync,
) {
    let rows = values.par_chunks_exact_mut(width).enumerate();
    let rows = rows.with_min_len(ELEMENTS.div_ceil(width));
    rows.for_each(|(index, row)| with(index, row));
}

/// Adds the rows of `values` `[_, N]` to `sums` `[N]`, one after another.
pub(crate) fn add_rows(sums: &mut [f32], values: &[f32]) {
    let width = sums.len();
    let parts = sums.par_chunks_mut(COLUMNS).enumerate();
    parts.for_each(|(part, sums)| {
        let columns = part * COLUMNS..part * COLUMNS + sums.len();
        for row in values.chunks_exact(width) {
            let row = &row[columns.clone()];
            sums.iter_mut()
                .zip(row)
                .for_each(|(sum, value)| *sum += value);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draw, values};

    #[test]
    fn shared_work_is_that_of_one_thread() {
        let (rows, width) = (150, 2 * COLUMNS + 7);
        let values = values(&Draw::new(1).values(&[rows, width], 1.0, 1e-6));
        assert!(values.len() > 2 * ELEMENTS);

        let mut sums = vec![0.5; width];
        add_rows(&mut sums, &values);
        for (column, sum) in sums.into_iter().enumerate() {
            let column = values.iter().skip(column).step_by(width);
            assert_eq!(sum, column.fold(0.5, |sum, value| sum + value));
        }

        let mut counted = vec![0.0; values.len()];
        for_each_row(&mut counted, width, |index, row| row.fill(index as f32));
        let expected = (0..values.len()).map(|at| (at / width) as f32);
        assert!(counted.into_iter().eq(expected));
    }
}
