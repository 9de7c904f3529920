//! Widths of binary numbers.

/// Bits of a two's complement number that holds -bound..=bound.
///
/// ```
/// use tern_compile::bits::signed_bits;
///
/// assert_eq!([0, 1, 127, 128].map(signed_bits), [1, 2, 8, 9]);
/// ```
pub fn signed_bits(bound: usize) -> usize {
    (usize::BITS - bound.leading_zeros()) as usize + 1
}

/// Bits of an unsigned number that holds 0..count, at least 1.
///
/// ```
/// use tern_compile::bits::index_bits;
///
/// assert_eq!([0, 1, 2, 256, 257].map(index_bits), [1, 1, 1, 8, 9]);
/// ```
pub fn index_bits(count: usize) -> usize {
    ((usize::BITS - count.saturating_sub(1).leading_zeros()) as usize).max(1)
}
