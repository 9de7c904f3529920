//! Activations of real-valued cells, fast enough that the matrix products decide the pace.

/// `e^x` to a relative error below 1e-6, for all x; 0 below -87 and about 1e38 above 88.
///
/// Without branches, so that loops over it become vector instructions: `2^n` for the integer part n
/// of `x / ln 2` through the exponent's bits, times a polynomial for the rest.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it leaves no fraction bits
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = (p * r + 0.5) * r * r + r + 1.0;
    let exponent = (shifted.to_bits() as i32).wrapping_shl(23);
    f32::from_bits((p.to_bits() as i32).wrapping_add(exponent) as u32)
}

/// `1 / (1 + e^-x)`.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `tanh x`.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_activations_are_those_of_the_library() {
        for step in -8600..8800 {
            let x = step as f32 / 100.0;
            let error = (exp(x) / x.exp() - 1.0).abs();
            assert!(error < 1e-6, "e^{x}: {error}");
            assert!((tanh(x) - x.tanh()).abs() < 1e-6, "tanh {x}");
        }
        assert!(exp(-1e9) < 1e-37 && exp(1e9) > 1e38);
        assert_eq!((sigmoid(0.0), tanh(0.0)), (0.5, 0.0));
    }
}
