//! Widths of binary numbers.

/// Bits of a two's complement number that holds -bound..=bound.
pub fn signed_bits(bound: usize) -> usize {
    (usize::BITS - bound.leading_zeros()) as usize + 1
}

/// Bits of an unsigned number that holds 0..count, at least 1.
pub fn index_bits(count: usize) -> usize {
    ((usize::BITS - count.saturating_sub(1).leading_zeros()) as usize).max(1)
}
