//! The integer functions that the equations are written in.

/// `sum_k weights[k] * x[k]`.
pub(super) fn dot(weights: &[i8], x: &[i64]) -> i64 {
    weights
        .iter()
        .zip(x)
        .map(|(&weight, &x)| i64::from(weight) * x)
        .sum()
}

/// `clamp_n(v)`: saturates `v` to `bits`-bit two's complement.
pub(crate) fn clamp(v: i64, bits: u32) -> i64 {
    let half = 1 << (bits - 1);
    v.clamp(-half, half - 1)
}

/// `clampsym_b(v)`: saturates `v` to ±(2^(b-1) - 1), b being `bits`.
pub(crate) fn clamp_symmetric(v: i64, bits: u32) -> i64 {
    let high = (1 << (bits - 1)) - 1;
    v.clamp(-high, high)
}

/// `rshift_round(v, F)`: divides by `2^frac`, rounding to nearest, halves up.
pub(crate) fn rshift_round(v: i64, frac: u32) -> i64 {
    match frac {
        0 => v,
        frac => (v + (1 << (frac - 1))) >> frac,
    }
}

/// `lookup(T, v, s) = T[clamp_A(v >> s) + 2^(A-1)]`, with `2^A` the length of the table.
pub(crate) fn lookup(table: &[i16], v: i64, shift: u32) -> i64 {
    let lut_bits = table.len().ilog2();
    let address = clamp(v >> shift, lut_bits) + (1 << (lut_bits - 1));
    i64::from(table[address as usize])
}

/// +1 where `v` reaches `threshold`, -1 where `-v` does, else 0.
pub(crate) fn ternary(v: i64, threshold: i32) -> i64 {
    let threshold = i64::from(threshold);
    i64::from(v >= threshold) - i64::from(v <= -threshold)
}
