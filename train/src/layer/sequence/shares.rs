//! The sequences of a batch, shared out among threads: each takes its own through all time steps.

/// Of values `[T, B, W]`, what each share of `rows` sequences has: of each time step, its
/// part; none where W is 0.
pub(super) fn shares(
    values: &mut [f32],
    batch: usize,
    width: usize,
    rows: usize,
) -> Vec<Vec<&mut [f32]>> {
    let mut shares: Vec<Vec<&mut [f32]>> = Vec::new();
    shares.resize_with(batch.div_ceil(rows), Vec::new);
    for step in values.chunks_exact_mut((batch * width).max(1)) {
        for (share, part) in shares.iter_mut().zip(step.chunks_mut(rows * width)) {
            share.push(part);
        }
    }
    shares
}

/// The parts of time step t and of the one that follows.
pub(super) fn before_and_after<'s>(
    share: &'s mut [&mut [f32]],
    t: usize,
) -> (&'s [f32], &'s mut [f32]) {
    let (before, after) = share.split_at_mut(t + 1);
    (&*before[t], &mut *after[0])
}
